// SPDX-License-Identifier: MPL-2.0

// Package accesstoken is the ephemeral resource streamkap_access_token: a token
// for the Streamkap API that no state and no plan ever holds.
package accesstoken

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var (
	_ ephemeral.EphemeralResource                   = &AccessTokenEphemeralResource{}
	_ ephemeral.EphemeralResourceWithConfigure      = &AccessTokenEphemeralResource{}
	_ ephemeral.EphemeralResourceWithValidateConfig = &AccessTokenEphemeralResource{}
)

// tokenType is how every token is presented (contract, "Endpoints").
const tokenType = "Bearer"

// AccessTokenEphemeralResource exchanges credentials for an access token.
type AccessTokenEphemeralResource struct {
	own *streamkap.Client
}

// AccessTokenModel is the ephemeral resource as Terraform sees it.
type AccessTokenModel struct {
	ProjectKey  types.String `tfsdk:"project_key"`
	UseOwn      types.Bool   `tfsdk:"use_provider_credentials"`
	AccessToken types.String `tfsdk:"access_token"`
	TokenType   types.String `tfsdk:"token_type"`
	ExpiresAt   types.String `tfsdk:"expires_at"`
	ExpiresIn   types.Int64  `tfsdk:"expires_in"`
}

// NewAccessTokenEphemeralResource makes the ephemeral resource.
func NewAccessTokenEphemeralResource() ephemeral.EphemeralResource {
	return &AccessTokenEphemeralResource{}
}

// Metadata names the ephemeral resource.
func (e *AccessTokenEphemeralResource) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_token"
}

// Schema describes the ephemeral resource.
func (e *AccessTokenEphemeralResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Exchanges credentials for an access token to the Streamkap API. The token is in no state and no plan. " +
			"Every plan and every apply gets a token of its own, which lives as long as the tenant's settings say: " +
			"it is not revoked when Terraform is done with it.",
		Attributes: map[string]schema.Attribute{
			"project_key": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "Credential file of a project key with API access, as JSON or as Base64, whose token is wanted, " +
					"such as `credential_json` of a `streamkap_project_key`. " +
					"It is exchanged at the `api_url` in the file, or at the provider's `host` where the file has none. " +
					"Exactly one of `project_key` and `use_provider_credentials = true` is required. A file that turns out null or empty is an error: " +
					"`credential_json` is null for a key that has `secret_recipients`, was imported, or has no API access.",
			},
			"use_provider_credentials": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Set it to `true` for a token of the provider's own credentials, with all of their rights.",
			},
			"access_token": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The token, for the header `Authorization: Bearer …`.",
			},
			"token_type": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "`" + tokenType + "`.",
			},
			"expires_at": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the token expires, as RFC 3339 text in UTC; null where Streamkap does not say.",
			},
			"expires_in": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "How many seconds the token was valid for when it was issued; null where Streamkap does not say.",
			},
		},
	}
}

// Configure takes the API client from the provider.
func (e *AccessTokenEphemeralResource) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.own = diagnosis.Client(req.ProviderData, &resp.Diagnostics)
}

// ValidateConfig checks whose token is wanted, as far as that is known.
func (e *AccessTokenEphemeralResource) ValidateConfig(ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	var data AccessTokenModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if !resp.Diagnostics.HasError() && !data.ProjectKey.IsUnknown() && !data.UseOwn.IsUnknown() {
		data.check(&resp.Diagnostics)
	}
}

// check refuses a configuration that does not say whose token is wanted. A null or
// empty file never means the provider's credentials: they may have more rights.
func (m *AccessTokenModel) check(diags *diag.Diagnostics) {
	switch own, file := m.UseOwn.ValueBool(), !m.ProjectKey.IsNull(); {
	case own && file:
		diags.AddAttributeError(path.Root("project_key"), "Two sets of credentials",
			"Both project_key and use_provider_credentials = true are set, and a token belongs to one set of credentials. Remove one of the two.")
	case !own && !file:
		diags.AddAttributeError(path.Root("project_key"), "Credential file missing",
			"project_key is null, so there are no credentials to exchange for a token. The provider's own credentials are not used in its place, "+
				"because they may have more rights.\n\n"+
				"The credential_json of a streamkap_project_key is null where the key has secret_recipients (use the function decrypt_credential), "+
				"was imported (keep its credential file elsewhere, or replace the key), or has no API access. "+
				"For a token of the provider's own credentials, set use_provider_credentials = true.")
	}
}

// Open gets a new token each time. The provider's own may be about to expire.
func (e *AccessTokenEphemeralResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var data AccessTokenModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	client := e.client(&data, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	token, err := client.NewToken(ctx)
	if err != nil {
		explain(data.ProjectKey, err, &resp.Diagnostics)
		return
	}
	data.set(token, time.Now())
	resp.Diagnostics.Append(resp.Result.Set(ctx, data)...)
}

// client is of the credentials whose token is wanted.
func (e *AccessTokenEphemeralResource) client(data *AccessTokenModel, diags *diag.Diagnostics) *streamkap.Client {
	if data.check(diags); diags.HasError() {
		return nil
	}
	if data.UseOwn.ValueBool() {
		return e.own
	}
	client, err := e.own.ForFile(data.ProjectKey.ValueString())
	if err != nil {
		diags.AddAttributeError(path.Root("project_key"), "Credential file refused",
			"The credential file can't be used: "+err.Error()+".\n\n"+
				"Give the credential file of a project key with API access, as JSON or as Base64. "+
				"For a token of the provider's own credentials, leave project_key out and set use_provider_credentials = true.")
	}
	return client
}

// set puts a token into the model.
func (m *AccessTokenModel) set(token *streamkap.Token, now time.Time) {
	m.AccessToken = types.StringValue(token.AccessToken)
	m.TokenType = types.StringValue(tokenType)
	if !token.ExpiresAt.IsZero() {
		m.ExpiresAt = types.StringValue(token.ExpiresAt.UTC().Format(time.RFC3339))
		m.ExpiresIn = types.Int64Value(int64(token.ExpiresAt.Sub(now).Round(time.Second) / time.Second))
	}
}

func explain(file types.String, err error, diags *diag.Diagnostics) {
	whose := "the provider's credentials"
	if !file.IsNull() {
		whose = "the credential file in project_key"
	}
	summary, detail := diagnosis.Explain(diagnosis.Operation{
		Action:     "exchange " + whose + " for an access token",
		Permission: "the permission to get an access token",
	}, err)
	if file.IsNull() {
		diags.AddError(summary, detail)
		return
	}
	diags.AddAttributeError(path.Root("project_key"), summary, detail)
}
