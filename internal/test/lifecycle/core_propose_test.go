// SPDX-License-Identifier: MPL-2.0

package lifecycle

import "github.com/zclconf/go-cty/cty"

// generate makes a configuration of a state, as -generate-config-out does: of all
// that can be configured and is not sensitive.
func (b *block) generate(state cty.Value) cty.Value {
	if state.IsNull() {
		return state
	}
	values := state.AsValueMap()
	for name, attribute := range b.attributes {
		if attribute.computed && !attribute.optional || attribute.sensitive {
			values[name] = cty.NullVal(attribute.ty)
		}
	}
	for name, nested := range b.blocks {
		if !nested.list {
			values[name] = nested.generate(values[name])
		}
	}
	return cty.ObjectVal(values)
}

// propose merges a configuration with the prior state, as core does before it asks
// for a plan: what is configured has the configured value, and what is computed the
// prior one.
func (b *block) propose(prior, config cty.Value) cty.Value {
	if config.IsNull() && prior.IsNull() {
		return prior
	}
	if prior.IsNull() {
		prior = b.empty()
	}
	if config.IsNull() || !config.IsKnown() {
		return prior
	}
	values := map[string]cty.Value{}
	for name, attribute := range b.attributes {
		values[name] = config.GetAttr(name)
		if attribute.computed && values[name].IsNull() {
			values[name] = prior.GetAttr(name)
		}
	}
	for name, nested := range b.blocks {
		values[name] = nested.propose(prior.GetAttr(name), config.GetAttr(name))
	}
	return cty.ObjectVal(values)
}

func (n nestedBlock) propose(prior, config cty.Value) cty.Value {
	switch {
	case !config.IsKnown(), config.IsNull():
		return config
	case !n.list:
		return n.block.propose(prior, config)
	}
	var elements []cty.Value
	for it := config.ElementIterator(); it.Next(); {
		index, element := it.Element()
		if !prior.IsNull() && prior.HasIndex(index).True() {
			element = n.block.propose(prior.Index(index), element)
		}
		elements = append(elements, element)
	}
	if len(elements) == 0 {
		return config
	}
	return cty.ListVal(elements)
}
