// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"maps"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// What core proposes, and the two sets of rules that it holds against a provider. They
// are written after core's own, whose package can't be imported.

// leaves are the parts of a value that have no parts of their own, by their paths. A
// set is one, and so is what is null, empty or unknown.
func leaves(value cty.Value) map[string]cty.Value {
	found := map[string]cty.Value{}
	must(cty.Walk(value, func(at cty.Path, value cty.Value) (bool, error) {
		ty := value.Type()
		if !value.IsNull() && value.IsKnown() && (ty.IsObjectType() || isBlockList(ty) && value.LengthInt() > 0) {
			return true, nil
		}
		found[pathText(at)] = value
		return false, nil
	}))
	return found
}

// parts are a value and all that is in it, by their paths.
func parts(value cty.Value) map[string]cty.Value {
	found := map[string]cty.Value{}
	transform(value, func(path string, part cty.Value) cty.Value {
		found[path] = part
		return part
	})
	return found
}

// transform replaces the parts of a value, the inner ones first.
func transform(value cty.Value, replace func(path string, value cty.Value) cty.Value) cty.Value {
	value, err := cty.Transform(value, func(at cty.Path, value cty.Value) (cty.Value, error) { return replace(pathText(at), value), nil })
	must(err)
	return value
}

// generate makes a configuration of a state, as -generate-config-out does: of all
// that can be configured and is not sensitive.
func (s *schema) generate(state cty.Value) cty.Value {
	return transform(state, func(path string, value cty.Value) cty.Value {
		if a := s.attributeAt(path); a.Computed && !a.Optional || a.Sensitive {
			return cty.NullVal(value.Type())
		}
		return value
	})
}

// propose merges a configuration with the prior state, as core does before it asks
// for a plan: what is configured has the configured value, and what is computed the
// prior one.
func (s *schema) propose(prior, config cty.Value) cty.Value {
	before := parts(prior)
	return transform(config, func(path string, value cty.Value) cty.Value {
		if s.attributeAt(path).Computed && value.IsNull() && before[path] != cty.NilVal {
			return before[path]
		}
		return value
	})
}

// assertPlanValid checks a plan: what is configured has the configured value or the
// prior one, the provider chooses only what is computed, and blocks are there if
// and only if they are configured.
func (s *schema) assertPlanValid(prior, config, planned cty.Value) (errs []error) {
	before, given := leaves(prior), leaves(config)
	for path, value := range leaves(planned) {
		a := s.attributeOf(path)
		configured, isGiven := given[path]
		delete(given, path)
		switch was, known := before[path]; {
		case a.Computed && !a.Optional:
		case isGiven && value.RawEquals(configured):
		case isGiven && configured.IsNull() && a.Computed:
		case isGiven && !configured.IsNull() && a.Name != "" && (a.WriteOnly && value.IsNull() || known && !was.IsNull() && value.RawEquals(was)):
		default:
			errs = append(errs, fmt.Errorf("%s: planned %#v is neither configured (%#v) nor prior (%#v)", path, value, configured, was))
		}
	}
	for path, configured := range given {
		if !s.attributeOf(path).Computed {
			errs = append(errs, fmt.Errorf("%s: configured as %#v, but not planned", path, configured))
		}
	}
	return errs
}

// assertCompatible checks a new state, or a second plan, against a plan: all that was
// known is as planned.
func assertCompatible(planned, actual cty.Value) (errs []error) {
	after := leaves(actual)
	for path, value := range leaves(planned) {
		if !value.IsKnown() {
			maps.DeleteFunc(after, func(below string, _ cty.Value) bool { return below == path || strings.HasPrefix(below, path+".") })
			continue
		}
		if now, there := after[path]; !there || !now.RawEquals(value) {
			errs = append(errs, fmt.Errorf("%s: was %#v, but now %#v", path, value, now))
		}
		delete(after, path)
	}
	for path, value := range after {
		errs = append(errs, fmt.Errorf("%s: was absent, but now %#v", path, value))
	}
	return errs
}

// pathText shows a path. The number of a block is a part of it.
func pathText(path cty.Path) string {
	var steps []string
	for _, step := range path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			steps = append(steps, step.Name)
		case cty.IndexStep:
			number := "element"
			if step.Key.Type() == cty.Number {
				number = step.Key.AsBigFloat().String()
			}
			steps = append(steps, number)
		}
	}
	return strings.Join(steps, ".")
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
