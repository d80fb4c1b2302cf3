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
	{2, "token", "", observeToken},
	{3, "create-code", "", observeCreateCode},
	{4, "create-timing", "", observeCreateTiming},
	{5, "create-outcome", "", observeCreateOutcome},
	{6, "delete-answer", "", observeDeleteAnswer},
	{6, "delete-timing", "", observeDeleteTiming},
	{7, "gone", "", observeGone},
	{8, "acl-name", "-kafka", observeACLName},
	{8, "acl-order", "-kafka", observeACLOrder},
	{8, "acl-resource", "-kafka", observeACLResource},
	{9, "whitelist-form", "-kafka", observeWhitelistForm},
	{9, "whitelist-empty", "-kafka -empty-whitelist", observeWhitelistEmpty},
	{10, "clearing", "", observeClearing},
	{11, "list-in-patch", "", observeListInPatch},
	{12, "empty-values", "", observeEmptyValues},
	{13, "default-scope", "", observeDefaultScope},
	{14, "description", "", observeDescription},
	{15, "permission-roles", "-permissions", observePermissionRoles},
	{16, "new-credentials", "-kafka", observeNewCredentials},
	{17, "update-timing", "-kafka", observeUpdateTiming},
	{18, "role-order", "-roles", observeRoleOrder},
	{19, "extra-fields", "", observeExtraFields},
	{20, "same-name", "", observeSameName},
	{21, "other-project", "", observeOtherProject},
	{22, "granting", "-permissions", observeGranting},
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
