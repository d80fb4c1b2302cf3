// SPDX-License-Identifier: MPL-2.0

// Package provider is the Streamkap provider: it turns a provider block and
// the environment into an API client and hands that to the resources.
package provider

import (
	"context"
	"net/http"
	"os"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/accesstoken"
	functions "github.com/streamkap-com/terraform-provider-streamkap/internal/function"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/projectkey"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/role"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/whoami"
)

var (
	_ provider.Provider                       = &StreamkapProvider{}
	_ provider.ProviderWithEphemeralResources = &StreamkapProvider{}
	_ provider.ProviderWithListResources      = &StreamkapProvider{}
	_ provider.ProviderWithFunctions          = &StreamkapProvider{}
	_ provider.ProviderWithValidateConfig     = &StreamkapProvider{}
)

// StreamkapProvider is the provider.
type StreamkapProvider struct {
	version   string
	transport http.RoundTripper
	// quiet is so where nobody reads the log.
	quiet bool
	// keys is what the last Configure has made.
	keys atomic.Pointer[projectkey.Setup]
}

// StreamkapProviderModel is the provider block.
type StreamkapProviderModel struct {
	Host       types.String `tfsdk:"host"`
	ClientID   types.String `tfsdk:"client_id"`
	Secret     types.String `tfsdk:"secret"`
	ProjectKey types.String `tfsdk:"project_key"`
	MaxRetries types.Int64  `tfsdk:"max_retries"`
	ServiceID  types.String `tfsdk:"service_id"`
	Preflight  types.Bool   `tfsdk:"preflight"`
}

// Option changes how a provider is made.
type Option func(*StreamkapProvider)

// WithTransport has all requests to the API carried by the transport, in place
// of a pool of connections. A test can so keep them in memory.
func WithTransport(transport http.RoundTripper) Option {
	return func(p *StreamkapProvider) { p.transport = transport }
}

// New returns the constructor that a provider server wants. The version is
// shown to the service in the User-Agent.
func New(version string, options ...Option) func() provider.Provider {
	return func() provider.Provider {
		p := &StreamkapProvider{version: version}
		for _, option := range options {
			option(p)
		}
		return p
	}
}

// Metadata names the provider.
func (p *StreamkapProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "streamkap"
	resp.Version = p.version
}

// Schema describes the provider block.
func (p *StreamkapProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages Streamkap Project Keys: credentials that bundle access to the REST API, " +
			"access to Kafka, and the tools an AI agent may use. " +
			"An argument or a variable that is empty counts as not given. White space and a byte order mark at the ends of a value mean nothing.",
		Attributes: map[string]schema.Attribute{
			"host": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Base URL of the Streamkap API. Defaults to the environment variable `STREAMKAP_HOST`, " +
					"then to the `api_url` in `project_key`, then to `" + streamkap.DefaultHost + "`. " +
					"Plain `http://` is accepted for a loopback address only, and goes through no proxy.",
			},
			"client_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Client ID of a project key with API access, or of an API token. Needs `secret`. " +
					"Defaults to the environment variable `STREAMKAP_CLIENT_ID`.",
			},
			"secret": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "Client secret. Needs `client_id`. Defaults to the environment variable `STREAMKAP_SECRET`, " +
					"then to `STREAMKAP_CLIENT_SECRET`.",
			},
			"project_key": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "Credential file of a project key with API access, as JSON or as Base64. " +
					"Excludes `client_id` and `secret`. Defaults to the environment variable `STREAMKAP_PROJECT_KEY`, " +
					"which is used only where the environment holds no client ID and secret.",
			},
			"max_retries": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "How often a request that failed for a passing reason is repeated. " +
					"Defaults to 5; 0 turns retrying off. A request that creates a key is repeated only where the service has certainly not acted on it.",
				Validators: []validator.Int64{
					int64validator.AtLeast(0),
				},
			},
			"service_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "ID of the project that the credentials have to be of, so that a wrong `host`, alias or set of credentials " +
					"changes nothing: others are refused at the first call. The data source `streamkap_whoami` shows the ID. " +
					"Defaults to the environment variable `STREAMKAP_SERVICE_ID`; without either, the credentials may be of any project. " +
					"A `project_key` given to `streamkap_access_token` is not checked.",
			},
			"preflight": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether plans that create or change keys ask Streamkap what it would refuse at apply, and warn of it. " +
					"See the guide [Preflight](guides/preflight). Defaults to the environment variable `STREAMKAP_PREFLIGHT` (`true` or `false`), then to `false`.",
			},
		},
	}
}

// ValidateConfig checks what no single argument can tell.
func (p *StreamkapProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var data StreamkapProviderModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	refuseFileBesidePair(data, &resp.Diagnostics)
}

// Configure makes the API client. It makes no request: the first call that
// needs a token fetches it.
func (p *StreamkapProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var data StreamkapProviderModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	secret.Add(streamkap.Trim(data.Secret.ValueString()), streamkap.Trim(data.ProjectKey.ValueString()))
	config, diags := clientConfig(data, os.Getenv)
	resp.Diagnostics.Append(diags...)
	preflight := checksPlans(data.Preflight, os.Getenv, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserAgent = "terraform-provider-streamkap/" + p.version + " terraform/" + req.TerraformVersion
	config.Transport = p.transport
	if !p.quiet {
		config.Log = logDebug
	}

	if unknownArgument(data) != "" && req.ClientCapabilities.DeferralAllowed {
		// Everything waits until the configuration is known. Where that can't be,
		// only what needs a call fails.
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
	}

	client := streamkap.New(config)
	p.keys.Store(projectkey.NewSetup(client, preflight))
	resp.ResourceData, resp.ListResourceData = client, client
	resp.DataSourceData, resp.EphemeralResourceData = client, client
}

// Resources lists the resources.
func (p *StreamkapProvider) Resources(_ context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return projectkey.NewResource(p.keys.Load()) }}
}

// DataSources lists the data sources.
func (p *StreamkapProvider) DataSources(_ context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		projectkey.NewKeyDataSource,
		projectkey.NewKeysDataSource,
		projectkey.NewMCPConfigDataSource,
		role.NewRoleDataSource,
		role.NewRolesDataSource,
		whoami.NewWhoAmIDataSource,
	}
}

// EphemeralResources lists the ephemeral resources.
func (p *StreamkapProvider) EphemeralResources(_ context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{accesstoken.NewAccessTokenEphemeralResource}
}

// ListResources lists the list resources.
func (p *StreamkapProvider) ListResources(_ context.Context) []func() list.ListResource {
	return []func() list.ListResource{func() list.ListResource { return projectkey.NewListResource(p.keys.Load()) }}
}

// Functions lists the functions.
func (p *StreamkapProvider) Functions(_ context.Context) []func() function.Function {
	return []func() function.Function{
		functions.NewParseCredentialFileFunction,
		projectkey.NewDecryptCredentialFunction,
		functions.NewDecryptFunction,
		functions.NewKafkaClientPropertiesFunction,
	}
}
