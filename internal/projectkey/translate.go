package projectkey

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// This file alone knows both worlds: the model and the API's requests and
// answers.

// createRequest asks for the planned key.
func (m *ProjectKeyModel) createRequest(ctx context.Context, password string, diags *diag.Diagnostics) streamkap.CreateProjectKeyRequest {
	req := streamkap.CreateProjectKeyRequest{
		Name:          m.Name.ValueString(),
		Description:   m.Description.ValueString(),
		RoleIDs:       texts(m.RoleIDs),
		PermissionIDs: texts(m.PermissionIDs),
	}
	if kafka := m.kafka(ctx, diags); kafka != nil {
		req.KafkaConfig = kafka.config(password)
	}
	if mcp := m.mcp(ctx, diags); mcp != nil {
		req.ToolProfile = mcp.ToolProfile.ValueString()
		req.AllowedTools = texts(mcp.AllowedTools)
		req.BlockedTools = texts(mcp.BlockedTools)
	}
	return req
}

// config asks for Kafka access.
func (k *KafkaModel) config(password string) *streamkap.KafkaConfig {
	rules, _ := rulesFrom(k.ACL)
	return &streamkap.KafkaConfig{
		Username:               k.Username.ValueString(),
		Password:               password,
		WhitelistIPs:           streamkap.AddressList(texts(k.WhitelistIPs)).String(),
		KafkaACLs:              ruleRequests(rules),
		IsCreateSchemaRegistry: k.SchemaRegistry.ValueBool(),
	}
}

func ruleRequests(rules []streamkap.ACL) []streamkap.ACLRequest {
	requests := make([]streamkap.ACLRequest, len(rules))
	for i, rule := range rules {
		requests[i] = streamkap.ACLRequest{
			TopicName:           rule.Name,
			Operation:           rule.Operation,
			ResourcePatternType: rule.PatternType,
			Resource:            rule.Resource,
		}
	}
	return requests
}

// updateRequest holds what has to change to get from the prior key to the
// planned one, and nothing else. The password is the planned key's, from
// whichever attribute gives it.
func updateRequest(ctx context.Context, prior, planned *ProjectKeyModel, password string, diags *diag.Diagnostics) streamkap.UpdateProjectKeyRequest {
	req := streamkap.UpdateProjectKeyRequest{AddsAPI: prior.API.IsNull() && planned.wantsAPI()}
	if !sameText(prior.Name, planned.Name) {
		req.Name = streamkap.Value(planned.Name.ValueString())
	}
	if !sameText(prior.Description, planned.Description) {
		req.Description = streamkap.Value(planned.Description.ValueString())
	}
	if !planned.RoleIDs.IsNull() && !sameTexts(prior.RoleIDs, planned.RoleIDs) {
		req.RoleIDs = streamkap.Value(texts(planned.RoleIDs))
	}
	// Permissions of a key that has API access are not sent: they can't be
	// changed, so they differ only where an import could not read them.
	if req.AddsAPI && !planned.PermissionIDs.IsNull() {
		req.PermissionIDs = streamkap.Value(texts(planned.PermissionIDs))
	}
	updateKafka(&req, prior.kafka(ctx, diags), planned.kafka(ctx, diags), password)
	updateScope(&req, prior.mcp(ctx, diags), planned.mcp(ctx, diags))
	return req
}

func updateKafka(req *streamkap.UpdateProjectKeyRequest, prior, planned *KafkaModel, password string) {
	switch {
	case planned == nil:
		return
	case prior == nil:
		req.KafkaConfig = planned.config(password)
		return
	}
	if rotates(prior, planned) {
		req.KafkaPassword = password
	}
	if !sameRules(prior.ACL, planned.ACL) {
		rules, _ := rulesFrom(planned.ACL)
		req.KafkaACLs = streamkap.Value(ruleRequests(rules))
	}
	if !sameAddresses(prior.WhitelistIPs, planned.WhitelistIPs) {
		req.WhitelistIPs = streamkap.Value(streamkap.AddressList(texts(planned.WhitelistIPs)).String())
	}
}

// rotates reports whether the planned block gives the Kafka user another
// password. Taking a password out of the configuration does not.
func rotates(prior, planned *KafkaModel) bool {
	if !planned.Password.IsNull() {
		return !planned.Password.Equal(prior.Password)
	}
	return !planned.PasswordWOVersion.IsNull() && !planned.PasswordWOVersion.Equal(prior.PasswordWOVersion)
}

func updateScope(req *streamkap.UpdateProjectKeyRequest, prior, planned *MCPModel) {
	before, after := scopeOf(prior), scopeOf(planned)
	if before.equal(after) {
		return
	}
	if before.profile != after.profile {
		req.ToolProfile = streamkap.Null[string]()
		if planned != nil && !planned.ToolProfile.IsNull() {
			req.ToolProfile = streamkap.Value(planned.ToolProfile.ValueString())
		}
	}
	if !slices.Equal(before.allowed, after.allowed) {
		req.AllowedTools = valueOrNull(after.allowed)
	}
	if !slices.Equal(before.blocked, after.blocked) {
		req.BlockedTools = valueOrNull(after.blocked)
	}
}

func valueOrNull(items []string) streamkap.Field[[]string] {
	if len(items) == 0 {
		return streamkap.Null[[]string]()
	}
	return streamkap.Value(items)
}

// takeAPI keeps what a create, or a change that adds API access, has issued.
func (m *ProjectKeyModel) takeAPI(ctx context.Context, issued *streamkap.APICredentials, diags *diag.Diagnostics) {
	if issued == nil || issued.ClientID == "" {
		return
	}
	m.setAPI(ctx, &APIModel{
		ClientID:      text(issued.ClientID),
		ClientSecret:  text(issued.ClientSecret),
		TokenEndpoint: text(issued.TokenEndpoint),
		APIURL:        text(issued.APIURL),
	}, diags)
}

// takeKafka keeps what a create, or a change that adds Kafka access, has
// issued. The password is not taken: it is what the configuration says.
func (m *ProjectKeyModel) takeKafka(ctx context.Context, issued *streamkap.KafkaCredentials, diags *diag.Diagnostics) {
	kafka := m.kafka(ctx, diags)
	if kafka == nil || issued == nil {
		return
	}
	fill(&kafka.BootstrapServers, issued.BootstrapServers)
	fill(&kafka.SecurityProtocol, issued.SecurityProtocol)
	fill(&kafka.SASLMechanism, issued.SASLMechanism)
	fill(&kafka.SchemaRegistryURL, issued.SchemaRegistryURL)
	m.setKafka(ctx, kafka, diags)
}

// takeComputed fills in, from a read of the key, what the plan left unknown.
// Nothing that the plan knew is touched: Terraform insists on it.
func (m *ProjectKeyModel) takeComputed(ctx context.Context, key *streamkap.ProjectKey, host string, diags *diag.Diagnostics) {
	fill(&m.ID, key.ID)
	fill(&m.ServiceID, key.ServiceID)
	fill(&m.CreatedAt, key.CreatedAt)
	if m.Status.IsUnknown() {
		m.Status = text(key.Status)
	}
	if m.API.IsUnknown() && key.APIClientID != "" {
		m.setAPI(ctx, readableAPI(key, host), diags)
	}
	if kafka := m.kafka(ctx, diags); kafka != nil {
		fill(&kafka.BootstrapServers, key.KafkaProxyEndpoint)
		fill(&kafka.SecurityProtocol, securityProtocol)
		fill(&kafka.SASLMechanism, saslMechanism)
		if kafka.SchemaRegistry.ValueBool() {
			fill(&kafka.SchemaRegistryURL, key.SchemaProxyEndpoint)
		}
		m.setKafka(ctx, kafka, diags)
	}
	m.nullUnknowns(ctx, diags)
}

// securityProtocol and saslMechanism are the only ones there are (contract,
// "Create").
const (
	securityProtocol = "SASL_SSL"
	saslMechanism    = "PLAIN"
)

// readableAPI is the API access of a key whose secret is not known. A read
// does not tell the two addresses, so they are the documented ones of the
// service at hand.
func readableAPI(key *streamkap.ProjectKey, host string) *APIModel {
	return &APIModel{
		ClientID:      text(key.APIClientID),
		ClientSecret:  types.StringNull(),
		TokenEndpoint: types.StringValue(host + streamkap.TokenPath),
		APIURL:        types.StringValue(host),
	}
}

// fill sets what is unknown, where there is something to set it to.
func fill[T ~string](target *types.String, value T) {
	if target.IsUnknown() && value != "" {
		*target = types.StringValue(string(value))
	}
}

// nullUnknowns makes null whatever is still unknown: a state may hold nothing
// unknown, not even one that is saved before an error.
func (m *ProjectKeyModel) nullUnknowns(ctx context.Context, diags *diag.Diagnostics) {
	for _, value := range []*types.String{&m.ID, &m.Status, &m.ServiceID, &m.CreatedAt, &m.CredentialJSON} {
		nullUnknown(value)
	}
	if m.API.IsUnknown() {
		m.API = types.ObjectNull(apiTypes)
	}
	kafka := m.kafka(ctx, diags)
	if kafka == nil {
		return
	}
	for _, value := range []*types.String{&kafka.BootstrapServers, &kafka.SecurityProtocol, &kafka.SASLMechanism, &kafka.SchemaRegistryURL} {
		nullUnknown(value)
	}
	m.setKafka(ctx, kafka, diags)
}

func nullUnknown(value *types.String) {
	if value.IsUnknown() {
		*value = types.StringNull()
	}
}

// refresh brings the model in line with what a read of the key answers. What
// means the same keeps its spelling, its order and its form; what no read can
// tell is kept. held is the description that the service held when the model's
// was last seen to agree with it, if that is known.
func (m *ProjectKeyModel) refresh(ctx context.Context, key *streamkap.ProjectKey, host string, held *string, diags *diag.Diagnostics) {
	imported := m.Name.IsNull()
	// While a key is being created its answers need not show all of it yet.
	creating := key.Status.Is(streamkap.StatusCreating) && !imported

	m.Name = types.StringValue(key.Name)
	if imported || !m.describedAs(string(key.Description), held) {
		m.Description = text(key.Description)
	}
	m.Status = text(key.Status)
	if m.ServiceID.IsNull() {
		m.ServiceID = text(key.ServiceID)
	}
	if m.CreatedAt.IsNull() {
		m.CreatedAt = text(key.CreatedAt)
	}
	if key.APIClientID != "" || !creating {
		m.refreshAPI(ctx, key, host, diags)
	}
	if key.KafkaUsername != "" || !creating {
		m.refreshKafka(ctx, key, diags)
	}
	if !creating {
		m.refreshMCP(ctx, key, diags)
	}
}

// describedAs reports whether the held description is the model's own.
func (m *ProjectKeyModel) describedAs(now string, held *string) bool {
	if held != nil {
		return now == *held
	}
	return mayBeHeldAs(m.Description.ValueString(), now)
}

func (m *ProjectKeyModel) refreshAPI(ctx context.Context, key *streamkap.ProjectKey, host string, diags *diag.Diagnostics) {
	if key.APIClientID == "" {
		m.setAPI(ctx, nil, diags)
		m.RoleIDs, m.PermissionIDs = textSet(nil), textSet(nil)
		return
	}
	if api := m.api(ctx, diags); api == nil || api.ClientID.ValueString() != string(key.APIClientID) {
		m.setAPI(ctx, readableAPI(key, host), diags)
	}
	// A key with permissions has no roles to show (contract, dialect 15).
	roles := make([]string, len(key.Roles))
	for i, role := range key.Roles {
		roles[i] = role.ID
	}
	if set := textSet(roles); !sameTexts(set, m.RoleIDs) {
		m.RoleIDs = set
	}
	if len(roles) > 0 {
		m.PermissionIDs = textSet(nil)
	}
}

func (m *ProjectKeyModel) refreshKafka(ctx context.Context, key *streamkap.ProjectKey, diags *diag.Diagnostics) {
	if key.KafkaUsername == "" {
		m.setKafka(ctx, nil, diags)
		return
	}
	kafka := m.kafka(ctx, diags)
	if kafka == nil {
		kafka = &KafkaModel{
			WhitelistIPs:     textSet(nil),
			ACL:              ruleList(nil),
			SchemaRegistry:   types.BoolValue(key.SchemaProxyEndpoint != ""),
			SecurityProtocol: types.StringValue(securityProtocol),
			SASLMechanism:    types.StringValue(saslMechanism),
		}
	}
	kafka.Username = text(key.KafkaUsername)
	if kafka.BootstrapServers.IsNull() {
		kafka.BootstrapServers = text(key.KafkaProxyEndpoint)
	}
	if kafka.SchemaRegistryURL.IsNull() && kafka.SchemaRegistry.ValueBool() {
		kafka.SchemaRegistryURL = text(key.SchemaProxyEndpoint)
	}
	if addresses := texts(kafka.WhitelistIPs); !sameAddressTexts(addresses, key.WhitelistIPs) {
		kafka.WhitelistIPs = textSet(inSpellingOf(addresses, key.WhitelistIPs))
	}
	if rules, _ := rulesFrom(kafka.ACL); !sameRuleLists(rules, key.KafkaACLs) {
		kafka.ACL = ruleList(inOrderOf(rules, key.KafkaACLs))
	}
	m.setKafka(ctx, kafka, diags)
}

func (m *ProjectKeyModel) refreshMCP(ctx context.Context, key *streamkap.ProjectKey, diags *diag.Diagnostics) {
	var answered scope
	// A Kafka-only key may show a profile that means nothing.
	if key.APIClientID != "" {
		answered = newScope(string(key.ToolProfile), key.AllowedTools, key.BlockedTools)
	}
	if scopeOf(m.mcp(ctx, diags)).equal(answered) {
		return
	}
	if answered.neutral() {
		m.setMCP(ctx, nil, diags)
		return
	}
	m.setMCP(ctx, &MCPModel{
		ToolProfile:  text(answered.profile),
		AllowedTools: textSet(answered.allowed),
		BlockedTools: textSet(answered.blocked),
	}, diags)
}
