// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// This file and the table of fields know both worlds: the model and the API's
// requests and answers.

func (p *Model) expandCreate(password string) streamkap.CreateProjectKeyRequest {
	request := streamkap.CreateProjectKeyRequest{KafkaConfig: &streamkap.KafkaConfig{Password: password}}
	if p.Kafka.known == nil {
		request.KafkaConfig = nil
	}
	for _, f := range fields {
		f.expandCreate(&request, p)
	}
	return request
}

// flattenIssued takes what is issued once, where the plan left it unknown.
func (p *Model) flattenIssued(file *streamkap.CredentialFile) {
	if file.API != nil && p.API.IsUnknown() {
		p.API = p.newAPI()
	}
	p.flattenFrom(&answer{issued: file})
}

// flattenComputed completes the unknown values of a model with a read of the key. Terraform
// requires that known ones stay.
func (p *Model) flattenComputed(key *streamkap.ProjectKey, host string) {
	if key.APIClientID != "" && p.API.IsUnknown() {
		p.API = p.newAPI()
	}
	p.flattenFrom(&answer{ProjectKey: key, host: host})
	p.nullUnknowns()
}

func (p *Model) flattenFrom(from *answer) {
	from.into = p
	for _, f := range fields {
		f.flatten(from)
	}
}

// nullUnknowns makes unknown values null: no state may hold one, not even one saved before
// an error.
func (p *Model) nullUnknowns() {
	for _, f := range fields {
		f.nullUnknown(p)
	}
	if api := p.API.known; api == nil || api.ClientID.IsNull() && !api.hasSecret() {
		p.API = nested[apiModel]{}
	}
}

// flatten brings the model in line with a read of the key. What means the same keeps its
// spelling, order and form. What no read shows is kept, and so is what was issued.
func (p *Model) flatten(key *streamkap.ProjectKey, host string, held *string) {
	if key.APIClientID != "" && p.API.known == nil {
		p.API = nestedOfNulls[apiModel]()
	}
	if key.KafkaUsername != "" && p.Kafka.known == nil {
		p.Kafka = nestedOfNulls[kafkaModel]()
	}
	p.flattenScope(key)
	p.flattenFrom(&answer{ProjectKey: key, host: host, refreshes: true, held: held})
}

// flattenScope decides whether there is an mcp block.
func (p *Model) flattenScope(key *streamkap.ProjectKey) {
	switch {
	case isScoped(key) && p.MCP.known == nil:
		p.MCP = nestedOfNulls[mcpModel]()
	case hasAPI(key) && !isScoped(key) && !p.scope().neutral(), !hasAPI(key) && p.API.known == nil:
		p.MCP = nested[mcpModel]{}
	}
}

// sameInstant reports whether a time keeps its first spelling. An answer that can't be
// parsed replaces nothing.
func sameInstant(held, now streamkap.Text) bool {
	at, known := now.Time()
	was, sure := held.Time()
	return !known && held != "" || sure && was.Equal(at)
}

// describes reports whether a description is the one that the service shows, perhaps in
// another form.
func (a *answer) describes(description types.String) bool {
	if a.held != nil {
		return string(a.Description) == *a.held
	}
	return mayBeHeldAs(description.ValueString(), string(a.Description))
}

func (a *answer) roleIDs() []string {
	ids := make([]string, len(a.Roles))
	for i, role := range a.Roles {
		ids[i] = role.ID
	}
	return ids
}

func ruleRequests(acl types.List) []streamkap.ACLRequest {
	rules, _ := rulesFrom(acl)
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

// contradiction says how a read contradicts what was issued, or is empty. Nothing removes
// access from a key, renames its Kafka user or issues another client id (contract,
// "Update"). Such an answer is not believed: it would drop secrets that nobody can issue
// again. A key that is not in use need not show all of it: one that is being created, whose
// creation failed, or that is being deleted. It keeps what was issued until it is replaced.
func (p *Model) contradiction(key *streamkap.ProjectKey) string {
	unused := key.Status.Is(streamkap.StatusCreating) || key.Status.Dead()
	what := ""
	if p.API.known != nil {
		what = contradicts(p.API.known.ClientID, key.APIClientID, unused, "without its API access", "with another client id")
	}
	if p.Kafka.known != nil && what == "" {
		what = contradicts(p.Kafka.known.Username, key.KafkaUsername, unused, "without its Kafka access", "with another Kafka username")
	}
	if what == "" && p.ServiceID.ValueString() != "" && key.ServiceID != "" && p.ServiceID.ValueString() != key.ServiceID {
		what = "in another project"
	}
	return what
}

// contradicts compares what was issued with what is shown, ignoring case.
func contradicts(issued types.String, shown streamkap.Text, unused bool, without, another string) string {
	switch {
	case shown == "" && unused:
		return ""
	case shown == "":
		return without
	case issued.ValueString() != "" && !strings.EqualFold(string(shown), issued.ValueString()):
		return another
	}
	return ""
}
