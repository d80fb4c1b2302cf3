// SPDX-License-Identifier: MPL-2.0

package main

import "github.com/hashicorp/terraform-plugin-framework/resource/schema"

// withoutValidators takes the logic out of a schema.
func withoutValidators(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	for name, attribute := range attributes {
		switch a := attribute.(type) {
		case schema.StringAttribute:
			a.Validators = nil
			attributes[name] = a
		case schema.Int64Attribute:
			a.Validators = nil
			attributes[name] = a
		case schema.SetAttribute:
			a.Validators = nil
			attributes[name] = a
		case schema.BoolAttribute, schema.SingleNestedAttribute:
			// These have none.
		default:
			panic("an attribute of a kind that the benchmark does not know: " + name)
		}
	}
	return attributes
}

func blocksWithoutValidators(blocks map[string]schema.Block) map[string]schema.Block {
	for name, block := range blocks {
		switch b := block.(type) {
		case schema.SingleNestedBlock:
			b.Validators = nil
			b.Attributes = withoutValidators(b.Attributes)
			b.Blocks = blocksWithoutValidators(b.Blocks)
			blocks[name] = b
		case schema.ListNestedBlock:
			b.Validators = nil
			b.NestedObject.Attributes = withoutValidators(b.NestedObject.Attributes)
			blocks[name] = b
		}
	}
	return blocks
}
