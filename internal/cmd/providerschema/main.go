// SPDX-License-Identifier: MPL-2.0

// Command providerschema prints the provider's schema in the form of
// "terraform providers schema -json", for the documentation generator.
//
// No CLI is asked for it: a CLI leaves out what it does not know itself, such as
// list resources before Terraform 1.14, and their documentation would be lost.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "providerschema:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	server := provider.NewServer("dev")()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return err
	}
	if err := asError(append(schemas.Diagnostics, identities.Diagnostics...)); err != nil {
		return err
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(map[string]any{
		"format_version":   "1.0",
		"provider_schemas": map[string]any{"streamkap": providerJSON(schemas, identities)},
	})
}

func asError(diagnostics []*tfprotov6.Diagnostic) error {
	var errs []error
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			errs = append(errs, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return errors.Join(errs...)
}

type object = map[string]any

func providerJSON(schemas *tfprotov6.GetProviderSchemaResponse, identities *tfprotov6.GetResourceIdentitySchemasResponse) object {
	return object{
		"provider":                   schemaJSON(schemas.Provider),
		"resource_schemas":           mapValues(schemas.ResourceSchemas, schemaJSON),
		"data_source_schemas":        mapValues(schemas.DataSourceSchemas, schemaJSON),
		"ephemeral_resource_schemas": mapValues(schemas.EphemeralResourceSchemas, schemaJSON),
		"list_resource_schemas":      mapValues(schemas.ListResourceSchemas, schemaJSON),
		"resource_identity_schemas":  mapValues(identities.IdentitySchemas, identityJSON),
		"functions":                  mapValues(schemas.Functions, functionJSON),
	}
}

func mapValues[V any](from map[string]V, convert func(V) object) object {
	to := make(object, len(from))
	for name, value := range from {
		to[name] = convert(value)
	}
	return to
}

func schemaJSON(schema *tfprotov6.Schema) object {
	return object{"version": schema.Version, "block": blockJSON(schema.Block)}
}

func blockJSON(block *tfprotov6.SchemaBlock) object {
	nested := object{}
	for _, b := range block.BlockTypes {
		nested[b.TypeName] = object{
			"nesting_mode": strings.ToLower(b.Nesting.String()),
			"block":        blockJSON(b.Block),
			"min_items":    b.MinItems,
			"max_items":    b.MaxItems,
		}
	}
	return object{
		"attributes":       attributesJSON(block.Attributes),
		"block_types":      nested,
		"description":      block.Description,
		"description_kind": kind(block.DescriptionKind),
		"deprecated":       block.Deprecated,
	}
}

func attributesJSON(attributes []*tfprotov6.SchemaAttribute) object {
	all := object{}
	for _, a := range attributes {
		one := object{
			"description":      a.Description,
			"description_kind": kind(a.DescriptionKind),
			"deprecated":       a.Deprecated,
			"required":         a.Required,
			"optional":         a.Optional,
			"computed":         a.Computed,
			"sensitive":        a.Sensitive,
			"write_only":       a.WriteOnly,
		}
		if a.NestedType != nil {
			one["nested_type"] = object{
				"attributes":   attributesJSON(a.NestedType.Attributes),
				"nesting_mode": strings.ToLower(a.NestedType.Nesting.String()),
			}
		} else {
			one["type"] = a.Type
		}
		all[a.Name] = one
	}
	return all
}

func identityJSON(schema *tfprotov6.ResourceIdentitySchema) object {
	attributes := object{}
	for _, a := range schema.IdentityAttributes {
		attributes[a.Name] = object{
			"type":                a.Type,
			"description":         a.Description,
			"required_for_import": a.RequiredForImport,
			"optional_for_import": a.OptionalForImport,
		}
	}
	return object{"version": schema.Version, "attributes": attributes}
}

func functionJSON(function *tfprotov6.Function) object {
	parameters := []object{}
	for _, p := range function.Parameters {
		parameters = append(parameters, parameterJSON(p))
	}
	signature := object{
		"description":         function.Description,
		"summary":             function.Summary,
		"deprecation_message": function.DeprecationMessage,
		"return_type":         function.Return.Type,
		"parameters":          parameters,
	}
	if function.VariadicParameter != nil {
		signature["variadic_parameter"] = parameterJSON(function.VariadicParameter)
	}
	return signature
}

func parameterJSON(p *tfprotov6.FunctionParameter) object {
	return object{"name": p.Name, "description": p.Description, "is_nullable": p.AllowNullValue, "type": p.Type}
}

func kind(k tfprotov6.StringKind) string {
	if k == tfprotov6.StringKindMarkdown {
		return "markdown"
	}
	return "plain"
}
