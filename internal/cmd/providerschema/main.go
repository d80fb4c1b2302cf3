// SPDX-License-Identifier: MPL-2.0

// Command providerschema prints the provider's schema in the form of
// "terraform providers schema -json", for the documentation generator. A CLI
// leaves out what it does not know itself, such as list resources before
// Terraform 1.14, and the generator then deletes the documentation of that.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
)

type object = map[string]any

func main() {
	ctx := context.Background()
	server := provider.NewServer("dev")()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		log.Fatal(err)
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range append(schemas.Diagnostics, identities.Diagnostics...) {
		log.Fatalf("%s: %s", d.Summary, d.Detail)
	}
	err = json.NewEncoder(os.Stdout).Encode(object{"format_version": "1.0", "provider_schemas": object{"streamkap": object{
		"provider":                   schema(schemas.Provider),
		"resource_schemas":           each(schemas.ResourceSchemas, schema),
		"data_source_schemas":        each(schemas.DataSourceSchemas, schema),
		"ephemeral_resource_schemas": each(schemas.EphemeralResourceSchemas, schema),
		"list_resource_schemas":      each(schemas.ListResourceSchemas, schema),
		"resource_identity_schemas":  each(identities.IdentitySchemas, identity),
		"functions":                  each(schemas.Functions, function),
	}}})
	if err != nil {
		log.Fatal(err)
	}
}

func each[V any](from map[string]V, convert func(V) object) object {
	to := object{}
	for name, value := range from {
		to[name] = convert(value)
	}
	return to
}

func schema(s *tfprotov6.Schema) object { return object{"version": s.Version, "block": block(s.Block)} }

func block(b *tfprotov6.SchemaBlock) object {
	nested := object{}
	for _, n := range b.BlockTypes {
		nested[n.TypeName] = object{"nesting_mode": strings.ToLower(n.Nesting.String()), "block": block(n.Block), "min_items": n.MinItems, "max_items": n.MaxItems}
	}
	return object{
		"attributes": attributes(b.Attributes), "block_types": nested,
		"description": b.Description, "description_kind": strings.ToLower(b.DescriptionKind.String()), "deprecated": b.Deprecated,
	}
}

func attributes(all []*tfprotov6.SchemaAttribute) object {
	to := object{}
	for _, a := range all {
		one := object{
			"description": a.Description, "description_kind": strings.ToLower(a.DescriptionKind.String()), "deprecated": a.Deprecated,
			"required": a.Required, "optional": a.Optional, "computed": a.Computed, "sensitive": a.Sensitive, "write_only": a.WriteOnly,
		}
		if n := a.NestedType; n != nil {
			one["nested_type"] = object{"attributes": attributes(n.Attributes), "nesting_mode": strings.ToLower(n.Nesting.String())}
		} else {
			one["type"] = a.Type
		}
		to[a.Name] = one
	}
	return to
}

func identity(s *tfprotov6.ResourceIdentitySchema) object {
	to := object{}
	for _, a := range s.IdentityAttributes {
		to[a.Name] = object{"type": a.Type, "description": a.Description, "required_for_import": a.RequiredForImport, "optional_for_import": a.OptionalForImport}
	}
	return object{"version": s.Version, "attributes": to}
}

func function(f *tfprotov6.Function) object {
	parameters := []object{}
	for _, p := range f.Parameters {
		parameters = append(parameters, object{"name": p.Name, "description": p.Description, "is_nullable": p.AllowNullValue, "type": p.Type})
	}
	return object{
		"description": f.Description, "summary": f.Summary, "deprecation_message": f.DeprecationMessage,
		"return_type": f.Return.Type, "parameters": parameters,
	}
}
