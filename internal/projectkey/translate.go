// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// This file and fields.go know both worlds: the model and the API's requests
// and answers.

// createRequest asks for the planned key.
func (p *parts) createRequest(password string) streamkap.CreateProjectKeyRequest {
	var req streamkap.CreateProjectKeyRequest
	for _, f := range fields {
		if f.create != nil {
			f.create(&req, p)
		}
	}
	if p.kafka != nil {
		req.KafkaConfig = p.kafkaConfig(password)
	}
	return req
}

// kafkaConfig asks for Kafka access.
func (p *parts) kafkaConfig(password string) *streamkap.KafkaConfig {
	config := &streamkap.KafkaConfig{Password: password}
	for _, f := range fields {
		if f.inKafka() {
			f.grant(config, p)
		}
	}
	return config
}

func (k *KafkaModel) addresses() streamkap.AddressList { return texts(k.WhitelistIPs) }

func (k *KafkaModel) rules() []streamkap.ACLRequest {
	rules, _ := rulesFrom(k.ACL)
	return ruleRequests(rules)
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

// takeAPI keeps what a create, or a change that adds API access, has issued.
func (p *parts) takeAPI(issued *streamkap.APICredentials) {
	if issued == nil {
		return
	}
	if p.api == nil && p.API.IsUnknown() {
		p.api = p.newAPI()
	}
	if p.api == nil {
		return
	}
	fill(&p.api.ClientID, issued.ClientID)
	fill(&p.api.ClientSecret, issued.ClientSecret)
	fill(&p.api.TokenEndpoint, issued.TokenEndpoint)
	fill(&p.api.APIURL, issued.APIURL)
}

// takeKafka keeps what a create, or a change that adds Kafka access, has
// issued. The password is not taken: it is what the configuration says.
func (p *parts) takeKafka(issued *streamkap.KafkaCredentials) {
	if p.kafka == nil || issued == nil {
		return
	}
	fill(&p.kafka.BootstrapServers, issued.BootstrapServers)
	fill(&p.kafka.SecurityProtocol, issued.SecurityProtocol)
	fill(&p.kafka.SASLMechanism, issued.SASLMechanism)
	fill(&p.kafka.SchemaRegistryURL, issued.SchemaRegistryURL)
}

// takeComputed fills in, from a read of the key, what the plan left unknown.
// Nothing that the plan knew is touched: Terraform insists on it.
func (p *parts) takeComputed(key *streamkap.ProjectKey, host string) {
	fill(&p.ID, key.ID)
	fill(&p.ServiceID, key.ServiceID)
	fill(&p.CreatedAt, key.CreatedAt)
	fill(&p.Status, key.Status)
	if p.api == nil && p.API.IsUnknown() && key.APIClientID != "" {
		p.api = p.newAPI()
	}
	if p.api != nil {
		fill(&p.api.ClientID, key.APIClientID)
		fill(&p.api.TokenEndpoint, host+streamkap.TokenPath)
		fill(&p.api.APIURL, host)
	}
	if p.kafka != nil {
		fill(&p.kafka.BootstrapServers, key.KafkaProxyEndpoint)
		fill(&p.kafka.SecurityProtocol, securityProtocol)
		fill(&p.kafka.SASLMechanism, saslMechanism)
		if p.kafka.SchemaRegistry.ValueBool() {
			fill(&p.kafka.SchemaRegistryURL, key.SchemaProxyEndpoint)
		}
	}
	p.nullUnknowns()
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
func (p *parts) nullUnknowns() {
	for _, value := range p.issuedTexts() {
		if value.IsUnknown() {
			*value = types.StringNull()
		}
	}
	if p.API.IsUnknown() {
		p.API = types.ObjectNull(apiTypes)
	}
	if p.api != nil && p.api.ClientID.IsNull() && !p.api.hasSecret() {
		p.api = nil
	}
}

// issuedTexts are the texts that the service issues.
func (p *parts) issuedTexts() []*types.String {
	issued := []*types.String{&p.ID, &p.Status, &p.ServiceID, &p.CreatedAt, &p.CredentialJSON}
	if p.api != nil {
		issued = append(issued, &p.api.ClientID, &p.api.ClientSecret, &p.api.EncryptedClientSecret, &p.api.TokenEndpoint, &p.api.APIURL)
	}
	if p.kafka != nil {
		issued = append(issued, &p.kafka.EncryptedPassword, &p.kafka.BootstrapServers, &p.kafka.SecurityProtocol, &p.kafka.SASLMechanism, &p.kafka.SchemaRegistryURL)
	}
	return issued
}

// refresh brings the model in line with what a read of the key answers. What
// means the same keeps its spelling, its order and its form; what no read can
// tell is kept, and so is whatever was issued. held is the description that the
// service held when the model's was last seen to agree with it, if that is
// known.
func (p *parts) refresh(key *streamkap.ProjectKey, host string, held *string) {
	imported := p.Name.IsNull()
	p.Name = types.StringValue(key.Name)
	if imported || !p.describedAs(string(key.Description), held) {
		p.Description = text(key.Description)
	}
	p.Status = text(key.Status)
	if p.ServiceID.IsNull() {
		p.ServiceID = text(key.ServiceID)
	}
	if !sameInstant(streamkap.Text(p.CreatedAt.ValueString()), key.CreatedAt) {
		p.CreatedAt = text(key.CreatedAt)
	}
	switch {
	case key.APIClientID != "":
		p.refreshAPI(key, host)
		p.refreshMCP(key)
	case p.api == nil:
		p.RoleIDs, p.PermissionIDs, p.mcp = textSet(nil), textSet(nil), nil
	}
	if key.KafkaUsername != "" {
		p.refreshKafka(key)
	}
}

// sameInstant reports whether a time may stay as it is held, in the spelling in
// which it came first. What is read and is no time takes no other one's place.
func sameInstant(held, now streamkap.Text) bool {
	at, known := now.Time()
	was, sure := held.Time()
	return !known && held != "" || sure && was.Equal(at)
}

// describedAs reports whether the held description is the model's own.
func (p *parts) describedAs(now string, held *string) bool {
	if held != nil {
		return now == *held
	}
	return mayBeHeldAs(p.Description.ValueString(), now)
}

func (p *parts) refreshAPI(key *streamkap.ProjectKey, host string) {
	if p.api == nil {
		p.api = readableAPI(key, host)
	}
	if p.api.ClientID.IsNull() {
		p.api.ClientID = text(key.APIClientID)
	}
	// A key with permissions has no roles to show (contract, dialect 15).
	roles := make([]string, len(key.Roles))
	for i, role := range key.Roles {
		roles[i] = role.ID
	}
	if set := textSet(roles); !sameTexts(set, p.RoleIDs) {
		p.RoleIDs = set
	}
	if len(roles) > 0 {
		p.PermissionIDs = textSet(nil)
	}
}

func (p *parts) refreshKafka(key *streamkap.ProjectKey) {
	if p.kafka == nil {
		p.kafka = &KafkaModel{
			Username:         text(key.KafkaUsername),
			WhitelistIPs:     textSet(nil),
			ACL:              ruleList(nil),
			SchemaRegistry:   types.BoolValue(key.SchemaProxyEndpoint != ""),
			SecurityProtocol: types.StringValue(securityProtocol),
			SASLMechanism:    types.StringValue(saslMechanism),
		}
	}
	kafka := p.kafka
	if kafka.BootstrapServers.IsNull() {
		kafka.BootstrapServers = text(key.KafkaProxyEndpoint)
	}
	if kafka.SchemaRegistryURL.IsNull() && kafka.SchemaRegistry.ValueBool() {
		kafka.SchemaRegistryURL = text(key.SchemaProxyEndpoint)
	}
	if addresses := texts(kafka.WhitelistIPs); !sameAddressTexts(addresses, key.WhitelistIPs) {
		kafka.WhitelistIPs = textSet(inSpellingOf(addresses, key.WhitelistIPs))
	}
	// The same rule twice is one rule. A configuration can't repeat it.
	answered := distinctRules(key.KafkaACLs)
	if rules, _ := rulesFrom(kafka.ACL); !sameRuleLists(rules, answered) {
		kafka.ACL = ruleList(inOrderOf(rules, answered))
	}
}

// refreshMCP takes the scope of a key that has API access: a Kafka-only key may
// show a profile that means nothing (contract, dialect 13).
func (p *parts) refreshMCP(key *streamkap.ProjectKey) {
	answered := newScope(string(key.ToolProfile), key.AllowedTools, key.BlockedTools)
	switch {
	case p.scope().equal(answered):
	case answered.neutral():
		p.mcp = nil
	default:
		p.mcp = &MCPModel{
			ToolProfile:  text(answered.profile),
			AllowedTools: textSet(answered.allowed),
			BlockedTools: textSet(answered.blocked),
		}
	}
}

// contradiction says how a read of a key contradicts what is known of it, or
// is empty. Nothing takes access away from a key, renames its Kafka user or
// issues another client id (contract, "Update"), so such an answer is not
// believed: it would drop secrets that nobody can issue again. A key that is
// still being created need not show all of it.
func (p *parts) contradiction(key *streamkap.ProjectKey) string {
	creating := key.Status.Is(streamkap.StatusCreating)
	what := ""
	if p.api != nil {
		what = contradicts(p.api.ClientID, key.APIClientID, creating, "without its API access", "with another client id")
	}
	if p.kafka != nil && what == "" {
		what = contradicts(p.kafka.Username, key.KafkaUsername, creating, "without its Kafka access", "with another Kafka username")
	}
	if what == "" && p.ServiceID.ValueString() != "" && key.ServiceID != "" && p.ServiceID.ValueString() != key.ServiceID {
		what = "in another project"
	}
	return what
}

// contradicts compares a name that was issued with the one that is shown. Case
// makes no difference.
func contradicts(issued types.String, shown streamkap.Issued, creating bool, without, another string) string {
	switch {
	case shown == "" && creating:
		return ""
	case shown == "":
		return without
	case issued.ValueString() != "" && !strings.EqualFold(string(shown), issued.ValueString()):
		return another
	}
	return ""
}
