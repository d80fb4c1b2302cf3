package projectkey

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// setCredentialJSON writes the credential file that the model amounts to. It
// depends on nothing but the model and the parts of the base, an earlier file
// of the key, that no other attribute holds; so it changes only when something
// in it does. Without the client secret of a key that has one, it is null.
func (m *ProjectKeyModel) setCredentialJSON(ctx context.Context, base *streamkap.CredentialFile, diags *diag.Diagnostics) {
	m.CredentialJSON = types.StringNull()
	api, kafka := m.api(ctx, diags), m.kafka(ctx, diags)
	if api != nil && api.ClientSecret.IsNull() {
		return
	}
	file := streamkap.CredentialFile{
		Type:         streamkap.CredentialFileType,
		ProjectKeyID: m.ID.ValueString(),
		CreatedAt:    streamkap.Text(m.CreatedAt.ValueString()),
	}
	if base != nil {
		file.Project, file.CreatedBy = base.Project, base.CreatedBy
	}
	file.Project.ServiceID = streamkap.Text(m.ServiceID.ValueString())
	if api != nil {
		file.API = &streamkap.APICredentials{
			ClientID:      streamkap.Text(api.ClientID.ValueString()),
			ClientSecret:  streamkap.Text(api.ClientSecret.ValueString()),
			TokenEndpoint: streamkap.Text(api.TokenEndpoint.ValueString()),
			APIURL:        streamkap.Text(api.APIURL.ValueString()),
			Roles:         texts(m.RoleIDs),
		}
	}
	if kafka != nil {
		file.Kafka, file.KafkaACLs = kafka.credentials()
	}
	if mcp := m.mcp(ctx, diags); mcp != nil {
		file.ToolProfile = streamkap.Text(mcp.ToolProfile.ValueString())
		file.AllowedTools = texts(mcp.AllowedTools)
		file.BlockedTools = texts(mcp.BlockedTools)
	}
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(file); err != nil {
		diags.AddError("Credential file not written", "The provider could not write credential_json: "+err.Error()+". This is a defect of the provider: please report it.")
		return
	}
	m.CredentialJSON = types.StringValue(string(bytes.TrimSpace(buffer.Bytes())))
}

// credentials are the Kafka part of a credential file. The rules are sorted,
// because their order in the model means nothing.
func (k *KafkaModel) credentials() (*streamkap.KafkaCredentials, []streamkap.ACL) {
	rules, _ := rulesFrom(k.ACL)
	slices.SortFunc(rules, compareRules)
	return &streamkap.KafkaCredentials{
		Username:          streamkap.Text(k.Username.ValueString()),
		Password:          streamkap.Text(k.Password.ValueString()),
		BootstrapServers:  streamkap.Text(k.BootstrapServers.ValueString()),
		SecurityProtocol:  streamkap.Text(k.SecurityProtocol.ValueString()),
		SASLMechanism:     streamkap.Text(k.SASLMechanism.ValueString()),
		SchemaRegistryURL: streamkap.Text(k.SchemaRegistryURL.ValueString()),
	}, rules
}

// credentialFile reads the model's own file, or returns nil where it has none.
func (m *ProjectKeyModel) credentialFile() *streamkap.CredentialFile {
	var file streamkap.CredentialFile
	if json.Unmarshal([]byte(m.CredentialJSON.ValueString()), &file) != nil {
		return nil
	}
	return &file
}

// sameCredentials reports whether the planned key's credential file is the
// prior one's.
func sameCredentials(ctx context.Context, prior, planned *ProjectKeyModel, diags *diag.Diagnostics) bool {
	priorKafka, plannedKafka := prior.kafka(ctx, diags), planned.kafka(ctx, diags)
	priorMCP, plannedMCP := prior.mcp(ctx, diags), planned.mcp(ctx, diags)
	switch {
	case planned.API.IsUnknown(), planned.Kafka.IsUnknown(), planned.MCP.IsUnknown():
		return false
	case !sameTexts(prior.RoleIDs, planned.RoleIDs):
		return false
	case (priorKafka == nil) != (plannedKafka == nil):
		return false
	case priorKafka != nil && (!priorKafka.Password.Equal(plannedKafka.Password) || !sameRules(priorKafka.ACL, plannedKafka.ACL)):
		return false
	}
	return plannedMCP.isKnown() && sameScopeText(priorMCP, plannedMCP)
}

// sameScopeText is stricter than comparing scopes: a profile of full and none
// at all mean the same, but the file spells them differently.
func sameScopeText(a, b *MCPModel) bool {
	return scopeOf(a).equal(scopeOf(b)) && profileOf(a) == profileOf(b)
}

func profileOf(mcp *MCPModel) string {
	if mcp == nil {
		return ""
	}
	return mcp.ToolProfile.ValueString()
}
