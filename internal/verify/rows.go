// SPDX-License-Identifier: MPL-2.0

package verify

// Row is one row of the contract's table of dialects, and what looks for it.
type Row struct {
	Number  int
	Name    string // as the simulator has it
	About   string
	observe func(*sight) Finding
}

// rows are in the order of the contract. Rows 11 and 16 are assumptions, so
// the simulator has no variants of them.
var rows = []Row{
	{1, "status", "spelling of a status", observeStatus},
	{2, "token", "answer to a token exchange", observeToken},
	{3, "create-code", "HTTP status of a creation", observeCreateCode},
	{4, "create-timing", "what a new key looks like", observeCreateTiming},
	{5, "create-outcome", "status a creation ends with", observeCreateOutcome},
	{6, "delete-answer", "answer to an accepted deletion", observeDeleteAnswer},
	{6, "delete-timing", "what becomes of a deleted key", observeDeleteTiming},
	{7, "gone", "answer for a key that does not exist", observeGone},
	{8, "acl-name", "member of an ACL rule that holds the name", observeACLName},
	{8, "acl-order", "order of ACL rules", observeACLOrder},
	{8, "acl-resource", "the default resource of an ACL rule", observeACLResource},
	{9, "whitelist-form", "addresses in whitelist_ips", observeWhitelistForm},
	{9, "whitelist-empty", "an empty whitelist of a Kafka user", observeWhitelistEmpty},
	{10, "clearing", "what clears a value in a PATCH", observeClearing},
	{11, "list-in-patch", "a list in a PATCH", observeListInPatch},
	{12, "empty-values", "a text or list that is not set", observeEmptyValues},
	{13, "default-scope", "MCP scope of an unrestricted key", observeDefaultScope},
	{14, "description", "description in answers", observeDescription},
	{15, "permission-roles", "roles of a permission-based key", observePermissionRoles},
	{16, "new-credentials", "credentials of what was added", observeNewCredentials},
	{17, "update-timing", "status after Kafka access was added", observeUpdateTiming},
	{18, "role-order", "order of roles", observeRoleOrder},
	{19, "extra-fields", "members nobody has heard of", observeExtraFields},
	{20, "same-name", "a second key of the same name", observeSameName},
	{21, "other-project", "a key of another project of the tenant", observeOtherProject},
	{22, "granting", "what roles and permissions a caller can give", observeGranting},
}

// Rows are the rows that a run looks for.
func Rows() []Row { return append([]Row(nil), rows...) }
