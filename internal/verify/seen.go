// SPDX-License-Identifier: MPL-2.0

package verify

import (
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
	answers       []owned.Answer
	before, after *owned.List
	// stopped is why the run ended early, if it did.
	stopped string
	// roles are the ids of those that keys are given, and more tells whether they
	// hold a permission that a key by permissions is not given.
	roles []string
	more  bool
	// statuses are those of all keys, in different spellings, and unknown the
	// names of members that the contract does not have.
	statuses []string
	unknown  map[string]bool
}

// give notes a role that keys are given.
func (s *seen) give(role owned.Value) {
	s.roles = append(s.roles, role.At("id").ID())
	for _, permission := range role.At("permissions").Items() {
		s.more = s.more || !slices.Contains(s.options.Permissions, permission.Text())
	}
}

// hear takes in an answer.
func (s *seen) hear(a owned.Answer) {
	s.row(a.Body)
	if len(a.Raw) > maxKept {
		a.Body = owned.Value{}
	}
	a.Header = nil
	a.Raw = a.Raw[:min(1, len(a.Raw))] // whether there was a body
	s.answers = append(s.answers, a)
}

// row takes in a row of a list, or a whole answer.
func (s *seen) row(v owned.Value) {
	if status := v.At("status").Text(); status != "" && v.At("name").IsText() && len(s.statuses) < 100 && !slices.Contains(s.statuses, status) {
		s.statuses = append(s.statuses, status)
	}
	s.count(v)
}

// contractMembers are all that the contract names, of whatever object. Those that
// openMembers hold may have more.
var (
	contractMembers = strings.Fields(`accessToken refreshToken expires expiresIn access_token refresh_token expires_in token_type
		tenant_id service_id sub project_key_id id name status description created_at created_by_user api_client_id
		api_client_id_masked_secret kafka_username roles last_used_at tool_profile allowed_tools blocked_tools kafka_acls
		whitelist_ips kafka_proxy_endpoint schema_proxy_endpoint token_ttl_seconds new_api_credentials new_kafka_credentials
		topic_name operation resource resource_pattern_type type project api kafka created_by client_id client_secret
		token_endpoint api_url username password bootstrap_servers security_protocol sasl_mechanism schema_registry_url
		detail message loc msg input ctx`)
	openMembers = []string{"roles", "created_by_user", "created_by", "detail"}
)

// count counts the members that the contract does not have.
func (s *seen) count(v owned.Value) {
	for name, inner := range v.Members() {
		switch {
		case slices.Contains(openMembers, name):
		case slices.Contains(contractMembers, name):
			s.count(owned.ValueOf(inner))
		case len(s.unknown) < 1000:
			if s.unknown == nil {
				s.unknown = make(map[string]bool)
			}
			s.unknown[name[:min(len(name), 100)]] = true
		}
	}
	for _, item := range v.Items() {
		if !item.At("permissions").There { // roles have more members, too
			s.count(item)
		}
	}
}

// steps returns the answers of some steps: what the service itself said, and
// said last.
func (s *seen) steps(steps ...string) []owned.Answer {
	var found []owned.Answer
	for _, a := range s.answers {
		if a.Clear() && slices.Contains(steps, a.Step) {
			found = append(found, a)
		}
	}
	return found
}

// step returns the last answer of a step.
func (s *seen) step(step string) (owned.Answer, bool) {
	found := s.steps(step)
	if len(found) == 0 {
		return owned.Answer{}, false
	}
	return found[len(found)-1], true
}

// looks are the answers of a step about keys of a kind.
func (s *seen) looks(kind string, steps ...string) []owned.Answer {
	return slices.DeleteFunc(s.steps(steps...), func(a owned.Answer) bool { return a.Key != kind })
}

// accepted are the answers of steps that were not refused.
func (s *seen) accepted(steps ...string) []owned.Answer {
	return slices.DeleteFunc(s.steps(steps...), func(a owned.Answer) bool { return !a.OK() })
}

// fresh is the first read of a key of a kind that showed it, ready.
func (s *seen) fresh(kind string) (owned.Answer, bool) {
	for _, a := range s.looks(kind, stepReadNew) {
		if a.OK() && !owned.IsStatus(a.Body.At("status").Text(), "creating") {
			return a, true
		}
	}
	return owned.Answer{}, false
}

// eachKind looks at the keys that were made, by kind.
func (s *seen) eachKind(look func(kind string) Finding) []Finding {
	var findings []Finding
	for _, a := range s.accepted(stepCreate) {
		if a.Key != "" {
			findings = append(findings, look(a.Key))
		}
	}
	return findings
}
