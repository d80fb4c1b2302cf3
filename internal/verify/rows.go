// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// row is one row of the contract's table of dialects, and what looks for it.
type row struct {
	number  int
	name    string // as the simulator has it
	flag    string // that it takes to see it, if any
	observe func(*seen) Finding
}

// rows are in the order of the contract. Rows 11 and 16 are assumptions, so
// the simulator has no variants of them.
var rows = []row{
	{1, "status", "", observeStatus},
	{2, "token", "", observe(accepted(owned.StepExchange, stepPair), "", tokenForm)},
	{3, "create-code", "", byCode(accepted(stepCreate), map[int]string{200: "200", 201: "201"})},
	{4, "create-timing", "", byStatus(first(all(stepReadNew)), timing, "at-once", "creating", "not-found-first")},
	{5, "create-outcome", "", byStatus(last(accepted(stepReadNew)), outcome, "active", "failed")},
	{6, "delete-answer", "", observe(accepted(owned.StepDelete), "", deletionAnswer)},
	{6, "delete-timing", "", observe(first(accepted(owned.StepDelete)), "", deletionTiming, "at-once", "deleting", "failed-once", "failed-forever")},
	{7, "gone", "", observe(goneKeys, "", goneAnswer)},
	{8, "acl-name", "-kafka", observe(ruled, "kafka_acls", aclName)},
	{8, "acl-order", "-kafka", observe(ruled, "kafka_acls", aclOrder, "kept", "sorted", "shuffled")},
	{8, "acl-resource", "-kafka", observe(ruled, "kafka_acls", aclResource)},
	{9, "whitelist-form", "-kafka", observe(accepted(stepReadAdded), "whitelist_ips", whitelistForm, "as-sent", "spaced", "cidr", "reordered")},
	{9, "whitelist-empty", "-kafka -empty-whitelist", byForm(unrestricted, "whitelist_ips", map[string]string{"null": "null", `""`: "empty-string"})},
	{10, "clearing", "", observeClearing},
	{11, "list-in-patch", "", observeListInPatch},
	{12, "empty-values", "", observeEmptyValues},
	{13, "default-scope", "", byForm(fresh(kindRole, kindKafka), "tool_profile", map[string]string{"null": "null", `""`: "null", `"full"`: "full"}, "null", "full")},
	{14, "description", "", observe(described, "description", descriptionForm)},
	{15, "permission-roles", "-permissions", byForm(fresh(kindPermissions), "roles", map[string]string{"null": "null", "a list of 0": "empty"})},
	{16, "new-credentials", "-kafka", observeNewCredentials},
	{17, "update-timing", "-kafka", byStatus(atFirst, timing, "at-once", "creating")},
	{18, "role-order", "-roles", observeRoleOrder},
	{19, "extra-fields", "", observeExtraFields},
	{20, "same-name", "", byCode(all(stepTwin), map[int]string{200: "accepted", 201: "accepted", 409: "409", 422: "422"})},
	{21, "other-project", "", observe(all(stepReadOther), "", otherProject)},
	{22, "granting", "-permissions", observe(all(stepOwnGrant), "", granting)},
}

// assumed are the rows that the simulator has no variants of.
var assumed = map[string]bool{"list-in-patch": true, "new-credentials": true}

// statuses and profiles are those that the contract names.
var (
	statuses = []string{"active", "creating", "failed", "deleting", "delete_failed"}
	profiles = []string{"full", "read-only", "agent-operator", "infra-admin"}
)

// find is what the observer makes of a run, or why it is nothing.
func (r row) find(s *seen) Finding {
	found := r.observe(s)
	if found.Variant != "" {
		return found
	}
	given := map[string]bool{
		"": true, "-kafka": s.options.Kafka, "-kafka -empty-whitelist": s.options.Kafka && s.options.EmptyWhitelist,
		"-permissions": len(s.options.Permissions) > 0, "-roles": len(s.options.Roles) > 1,
	}
	kafka, _ := s.step(stepAddKafka)
	refused := slices.DeleteFunc(s.steps(stepCreate), func(a owned.Answer) bool { return a.Key != kindPermissions || a.OK() })
	found = Finding{Variant: NotSeen, Detail: "the run did not come to it"}
	switch {
	case !given[r.flag]:
		found.Detail = "it takes " + r.flag
	case strings.HasPrefix(r.flag, "-kafka") && kafka.Refused():
		found.Detail = "the service refused Kafka access: " + kafka.Shape()
	case r.flag == "-permissions" && len(refused) > 0:
		found.Detail = "the service refused the key by permissions: " + refused[0].Shape()
	}
	return found
}
