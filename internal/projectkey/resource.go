// SPDX-License-Identifier: MPL-2.0

// Package projectkey is the resource streamkap_project_key, with its list resource
// (list_resource.go), the data sources of keys (data_source_*.go) and the function
// that decrypts a key's credentials (function_*.go).
//
// Of the resource, resource_schema.go says what people can write, and
// resource_fields.go with its table says all that is known of each attribute: what
// means the same, how it is sent, read and cleared, and what a change of it does.
// The operations are in resource_plan.go, resource_create.go, resource_read.go,
// resource_update.go and resource_delete.go.
package projectkey

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var (
	_ resource.Resource                   = &Resource{}
	_ resource.ResourceWithConfigure      = &Resource{}
	_ resource.ResourceWithIdentity       = &Resource{}
	_ resource.ResourceWithImportState    = &Resource{}
	_ resource.ResourceWithModifyPlan     = &Resource{}
	_ resource.ResourceWithValidateConfig = &Resource{}
)

// How long each operation may take where the timeouts block does not say.
const (
	defaultWriteTimeout = 20 * time.Minute
	defaultReadTimeout  = 5 * time.Minute
)

// timeout is how long an operation of this name may take.
func (p *Model) timeout(ctx context.Context, operation string) time.Duration {
	of := map[string]func(context.Context, time.Duration) (time.Duration, diag.Diagnostics){
		"create": p.Timeouts.Create, "read": p.Timeouts.Read, "update": p.Timeouts.Update, "delete": p.Timeouts.Delete,
	}[operation]
	usual := defaultWriteTimeout
	if operation == "read" {
		usual = defaultReadTimeout
	}
	// A duration that can't be parsed was refused by the schema.
	timeout, _ := of(ctx, usual)
	return timeout
}

// Resource manages one project key.
type Resource struct {
	client *streamkap.Client
	*Setup
}

// NewResource makes the resource. For its schema it needs no setup.
func NewResource(setup *Setup) resource.Resource { return &Resource{Setup: setup} }

// Metadata names the resource.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_key"
}

// IdentitySchema describes what identifies a key.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{
				RequiredForImport: true,
				Description:       "The key's id.",
			},
		},
	}
}

// Configure takes the API client from the provider.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.client = diagnosis.Client(req.ProviderData, &resp.Diagnostics)
}

// ImportState takes the key's id, from an import id or from an identity. The
// read that follows fills in the rest.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resource.ImportStatePassthroughWithIdentity(ctx, path.Root("id"), path.Root("id"), req, resp)
	var id types.String
	resp.Diagnostics.Append(resp.State.GetAttribute(ctx, path.Root("id"), &id)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !streamkap.PlausibleID(id.ValueString()) {
		resp.Diagnostics.AddError(idRefused, idMayBe)
		return
	}
	r.keys.found(keyLabels{ID: id.ValueString()}, "")
	setPrivate(ctx, resp.Private, privateImported, "yes", &resp.Diagnostics)
}

// What is remembered of a key beside its state, and why no attribute holds it.
// None of it is secret.
const (
	// privateImported is set for an imported key, which has no client secret. Nothing else
	// distinguishes it from a key whose secret was lost.
	privateImported = "imported"
	// privateHeldDescription is the description as the service last showed it. It
	// need not be what was sent, which the state holds (contract, dialect 14).
	privateHeldDescription = "held_description"
	// privateUnseenSince is when a key was created, until a read shows it: until then
	// a 404 does not mean that it is gone (dialect 4). It is soon of no use.
	privateUnseenSince = "unseen_since"
	// privateLastUsed is when the key was last used. As an attribute it would change
	// with every plan.
	privateLastUsed = "last_used_at"
	// privatePlannedID is the id of the key that a plan was made for. Terraform plans
	// a replacement a second time, as a new key, and hands over no more than this.
	privatePlannedID = "planned_id"
)

type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// getPrivate reads a value, and reports whether there is one.
func getPrivate(ctx context.Context, private privateState, name string, diags *diag.Diagnostics) (string, bool) {
	data, getDiags := private.GetKey(ctx, name)
	diags.Append(getDiags...)
	var value *string
	if len(data) == 0 || json.Unmarshal(data, &value) != nil || value == nil {
		return "", false
	}
	return *value, true
}

func setPrivate(ctx context.Context, private privateState, name, value string, diags *diag.Diagnostics) {
	data, _ := json.Marshal(value) // a text always can be
	diags.Append(private.SetKey(ctx, name, data)...)
}

// clearPrivate sets a value to null. Private state can't be removed.
func clearPrivate(ctx context.Context, private privateState, name string, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, name, []byte("null"))...)
}
