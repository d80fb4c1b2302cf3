// SPDX-License-Identifier: MPL-2.0

package verify

// row is one row of the contract's table of dialects, and what looks for it.
type row struct {
	number  int
	name    string // as the simulator has it
	observe func(*seen) Finding
}

// rows are in the order of the contract. Rows 11 and 16 are assumptions, so
// the simulator has no variants of them.
var rows = []row{
	{1, "status", observeStatus},
	{2, "token", observeToken},
	{3, "create-code", observeCreateCode},
	{4, "create-timing", observeCreateTiming},
	{5, "create-outcome", observeCreateOutcome},
	{6, "delete-answer", observeDeleteAnswer},
	{6, "delete-timing", observeDeleteTiming},
	{7, "gone", observeGone},
	{8, "acl-name", observeACLName},
	{8, "acl-order", observeACLOrder},
	{8, "acl-resource", observeACLResource},
	{9, "whitelist-form", observeWhitelistForm},
	{9, "whitelist-empty", observeWhitelistEmpty},
	{10, "clearing", observeClearing},
	{11, "list-in-patch", observeListInPatch},
	{12, "empty-values", observeEmptyValues},
	{13, "default-scope", observeDefaultScope},
	{14, "description", observeDescription},
	{15, "permission-roles", observePermissionRoles},
	{16, "new-credentials", observeNewCredentials},
	{17, "update-timing", observeUpdateTiming},
	{18, "role-order", observeRoleOrder},
	{19, "extra-fields", observeExtraFields},
	{20, "other-project", observeOtherProject},
	{21, "granting", observeGranting},
}

// assumed are the rows that the simulator has no variants of.
var assumed = map[string]bool{"list-in-patch": true, "new-credentials": true}

// statuses and profiles are those that the contract names.
var (
	statuses = []string{"active", "creating", "failed", "deleting", "delete_failed"}
	profiles = []string{"full", "read-only", "agent-operator", "infra-admin"}
)
