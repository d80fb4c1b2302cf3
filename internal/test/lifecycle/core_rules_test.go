// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"errors"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// The two sets of rules that core holds against a provider. They are written after
// core's own, whose package can't be imported.

// assertPlanValid checks a plan: what is configured has the configured value or the
// prior one, the provider chooses only what is computed, and blocks are there if
// and only if they are configured.
func (b *block) assertPlanValid(prior, config, planned cty.Value, at cty.Path) []error {
	switch {
	case planned.IsNull() && !config.IsNull():
		return []error{ruleError(at, "planned for absence, but configured")}
	case config.IsNull() && !planned.IsNull():
		return []error{ruleError(at, "planned for existence, but not configured")}
	case planned.IsNull():
		return nil
	}
	var errs []error
	for name, attribute := range b.attributes {
		before := cty.NullVal(attribute.ty)
		if !prior.IsNull() {
			before = prior.GetAttr(name)
		}
		errs = append(errs, attribute.assertPlanValid(before, config.GetAttr(name), planned.GetAttr(name), at.GetAttr(name))...)
	}
	for name, nested := range b.blocks {
		before := cty.NullVal(b.implied.AttributeType(name))
		if !prior.IsNull() {
			before = prior.GetAttr(name)
		}
		errs = append(errs, nested.assertPlanValid(before, config.GetAttr(name), planned.GetAttr(name), at.GetAttr(name))...)
	}
	return errs
}

func (a attribute) assertPlanValid(prior, config, planned cty.Value, at cty.Path) []error {
	switch {
	case planned.RawEquals(config),
		planned.RawEquals(prior) && !prior.IsNull() && !config.IsNull(),
		a.computed && !a.optional,
		config.IsNull() && a.computed,
		!config.IsNull() && planned.IsNull() && a.writeOnly:
		return nil
	case config.IsNull() && !planned.IsNull():
		return []error{ruleError(at, "planned %#v for an attribute that is neither configured nor computed", planned)}
	}
	return []error{ruleError(at, "planned %#v is neither configured (%#v) nor prior (%#v)", planned, config, prior)}
}

func (n nestedBlock) assertPlanValid(prior, config, planned cty.Value, at cty.Path) []error {
	switch {
	case planned.RawEquals(config):
		return nil
	case !config.IsKnown():
		return []error{ruleError(at, "planned %#v for an unknown dynamic block", planned)}
	case !planned.IsKnown():
		return []error{ruleError(at, "a nested block must not be unknown itself")}
	case !n.list:
		return n.block.assertPlanValid(prior, config, planned, at)
	case planned.IsNull():
		return []error{ruleError(at, "a list of nested blocks must be empty, not null")}
	case planned.LengthInt() != config.LengthInt():
		return []error{ruleError(at, "%d blocks planned, %d configured", planned.LengthInt(), config.LengthInt())}
	}
	var errs []error
	for it := planned.ElementIterator(); it.Next(); {
		index, element := it.Element()
		before := cty.NullVal(n.implied)
		if !prior.IsNull() && prior.HasIndex(index).True() {
			before = prior.Index(index)
		}
		errs = append(errs, n.block.assertPlanValid(before, config.Index(index), element, at.Index(index))...)
	}
	return errs
}

// assertCompatible checks a new state, or a second plan, against a plan: all that was
// known is as planned.
func (b *block) assertCompatible(planned, actual cty.Value, at cty.Path) []error {
	switch {
	case planned.IsNull() && !actual.IsNull():
		return []error{ruleError(at, "was absent, but now present")}
	case actual.IsNull() && !planned.IsNull():
		return []error{ruleError(at, "was present, but now absent")}
	case planned.IsNull():
		return nil
	}
	var errs []error
	for name := range b.attributes {
		errs = append(errs, assertValueCompatible(planned.GetAttr(name), actual.GetAttr(name), at.GetAttr(name))...)
	}
	for name, nested := range b.blocks {
		errs = append(errs, nested.assertCompatible(planned.GetAttr(name), actual.GetAttr(name), at.GetAttr(name))...)
	}
	return errs
}

func (n nestedBlock) assertCompatible(planned, actual cty.Value, at cty.Path) []error {
	switch {
	case !planned.IsKnown(), !actual.IsKnown():
		return nil
	case !n.list:
		return n.block.assertCompatible(planned, actual, at)
	case planned.IsNull(), actual.IsNull():
		return nil
	case planned.LengthInt() != actual.LengthInt():
		return []error{ruleError(at, "%d blocks became %d", planned.LengthInt(), actual.LengthInt())}
	}
	var errs []error
	for it := planned.ElementIterator(); it.Next(); {
		index, element := it.Element()
		errs = append(errs, n.block.assertCompatible(element, actual.Index(index), at.Index(index))...)
	}
	return errs
}

func assertValueCompatible(planned, actual cty.Value, at cty.Path) []error {
	switch {
	case !planned.IsKnown():
		return nil
	case !actual.IsKnown():
		return []error{ruleError(at, "was known, but now unknown")}
	case planned.IsNull() && !actual.IsNull():
		return []error{ruleError(at, "was null, but now %#v", actual)}
	case actual.IsNull() && !planned.IsNull():
		return []error{ruleError(at, "was %#v, but now null", planned)}
	case planned.IsNull():
		return nil
	}
	if !planned.Type().IsObjectType() {
		if !planned.RawEquals(actual) {
			return []error{ruleError(at, "was %#v, but now %#v", planned, actual)}
		}
		return nil
	}
	var errs []error
	for name := range planned.Type().AttributeTypes() {
		errs = append(errs, assertValueCompatible(planned.GetAttr(name), actual.GetAttr(name), at.GetAttr(name))...)
	}
	return errs
}

func ruleError(at cty.Path, format string, arguments ...any) error {
	return errors.New(pathText(at) + ": " + fmt.Sprintf(format, arguments...))
}

func pathText(path cty.Path) string {
	var steps []string
	for _, step := range path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			steps = append(steps, step.Name)
		case cty.IndexStep:
			steps = append(steps, fmt.Sprintf("%#v", step.Key))
		}
	}
	return strings.Join(steps, ".")
}
