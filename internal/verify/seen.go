// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"net/http"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// maxKept is the longest answer that observers get to see. Those about the run's
// own keys are much shorter.
const maxKept = 64 << 10

// seen is what a run has asked and been answered: all that an observer knows.
type seen struct {
	options       Options
	name          string // how the names of the run's keys begin
	answers       []owned.Answer
	before, after *owned.List
	stopped       string          // why the run ended early, if it did
	roles         []string        // the ids of those that keys are given
	statuses      []string        // of all keys, in different spellings
	unknown       map[string]bool // names of members that the contract does not have
}

// hear takes in an answer.
func (s *seen) hear(a owned.Answer) {
	if a.Method != http.MethodDelete && a.Step != stepOpenAPI { // their answers have no form
		s.look(a.Body)
	}
	if len(a.Raw) > maxKept && a.Step != stepRoles {
		a.Body = owned.Value{}
	}
	a.Header, a.Raw = nil, slices.Clone(a.Raw[:min(1, len(a.Raw))]) // whether there was a body
	s.answers = append(s.answers, a)
}

// contractMembers are all that the contract names, of whatever object. What
// openMembers hold may have more.
var (
	contractMembers = strings.Fields(`accessToken refreshToken expires expiresIn access_token refresh_token expires_in token_type
		tenant_id service_id sub project_key_id id name status description created_at created_by_user api_client_id
		api_client_id_masked_secret kafka_username roles last_used_at tool_profile allowed_tools blocked_tools kafka_acls
		whitelist_ips kafka_proxy_endpoint schema_proxy_endpoint token_ttl_seconds new_api_credentials new_kafka_credentials
		topic_name operation resource resource_pattern_type type project api kafka created_by client_id client_secret
		token_endpoint api_url username password bootstrap_servers security_protocol sasl_mechanism schema_registry_url detail`)
	openMembers = []string{"roles", "created_by_user", "created_by", "detail"}
)

// look takes in the statuses of keys, and counts the members that the contract
// does not have.
func (s *seen) look(v owned.Value) {
	status := v.At("status").Text()
	if status != "" && v.At("name").IsText() && len(s.statuses) < 100 && !slices.Contains(s.statuses, status) {
		s.statuses = append(s.statuses, status)
	}
	for name, inner := range v.Members() {
		switch {
		case slices.Contains(openMembers, name):
		case slices.Contains(contractMembers, name):
			s.look(owned.ValueOf(inner))
		case len(s.unknown) < 1000:
			s.unknown[strings.Clone(name[:min(len(name), 100)])] = true
		}
	}
	for _, item := range v.Items() {
		if !item.At("permissions").There { // roles have more members, too
			s.look(item)
		}
	}
}

// given are the roles that keys are given, in the order of the list of roles.
func (s *seen) given() []owned.Value {
	roles, _ := s.step(stepRoles)
	return slices.DeleteFunc(roles.Body.Items(), func(role owned.Value) bool { return !slices.Contains(s.roles, role.At("id").ID()) })
}

// steps returns the answers of some steps: what the service itself said, and
// said last.
func (s *seen) steps(steps ...string) []owned.Answer {
	return slices.DeleteFunc(slices.Clone(s.answers), func(a owned.Answer) bool { return !a.Clear() || !slices.Contains(steps, a.Step) })
}

// step returns the last answer of a step.
func (s *seen) step(step string) (owned.Answer, bool) {
	found := s.steps(step)
	if len(found) == 0 {
		return owned.Answer{}, false
	}
	return found[len(found)-1], true
}

// accepted are the answers of steps that were not refused.
func (s *seen) accepted(steps ...string) []owned.Answer {
	return slices.DeleteFunc(s.steps(steps...), func(a owned.Answer) bool { return !a.OK() })
}
