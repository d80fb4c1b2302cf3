// SPDX-License-Identifier: MPL-2.0

package simulator

import "slices"

// Row is one point on which the service's behaviour is not known: its name
// here, its number in the API contract's table of dialects, and the variants.
type Row struct {
	Name     string
	Number   int
	About    string
	Variants []Variant // the first is the default
}

// Variant is one of the behaviours that a Row allows.
type Variant struct {
	Name  string
	Means string
}

// Rows lists every row in the order of the contract. Rows 11 (a list in a PATCH
// replaces the list) and 16 (new credentials look like the sections of the
// credential file) are assumptions without variants, so they are missing here.
func Rows() []Row {
	rows := slices.Clone(dialectRows)
	for i := range rows {
		rows[i].Variants = slices.Clone(rows[i].Variants)
	}
	return rows
}

// dialectRows stand in the order of the fields of a Dialect.
var dialectRows = []Row{
	{"status", 1, "spelling of a status", []Variant{
		{"lower", "active, delete_failed"},
		{"title", "Active, Delete Failed"},
		{"upper", "ACTIVE, DELETE_FAILED"},
		{"kebab", "active, delete-failed"},
	}},
	{"token", 2, "answer to a token exchange", []Variant{
		{"camel", "accessToken, refreshToken, expires, expiresIn"},
		{"snake", "access_token, refresh_token, expires_in"},
		{"no-lifetime", "accessToken and refreshToken alone"},
	}},
	{"create-code", 3, "HTTP status of a creation", []Variant{
		{"200", "200 OK"},
		{"201", "201 Created"},
	}},
	{"create-timing", 4, "what a new key looks like", []Variant{
		{"at-once", "settled at once"},
		{"creating", "creating for a while"},
		{"not-found-first", "the first reads say that it does not exist; the list has it"},
	}},
	{"create-outcome", 5, "status a creation ends with", []Variant{
		{"active", "active"},
		{"failed", "failed"},
	}},
	{"delete-answer", 6, "answer to an accepted deletion", []Variant{
		{"200-empty", "200 without a body"},
		{"200-body", "200 with a message"},
		{"202", "202 with id and status"},
		{"204", "204"},
	}},
	{"delete-timing", 6, "what becomes of a deleted key", []Variant{
		{"at-once", "gone at once"},
		{"deleting", "deleting for a while, then gone"},
		{"failed-once", "delete_failed first, gone after a retry"},
		{"failed-forever", "delete_failed after every attempt"},
	}},
	{"gone", 7, "answer for a key that does not exist", []Variant{
		{"404", "404, not found"},
		{"400", "400, does not exist"},
	}},
	{"acl-name", 8, "member of an ACL rule that holds the name", []Variant{
		{"name", "name"},
		{"topic_name", "topic_name"},
	}},
	{"acl-order", 8, "order of ACL rules", []Variant{
		{"kept", "as sent"},
		{"sorted", "by name, resource, operation and pattern type"},
		{"shuffled", "another order in every answer"},
	}},
	{"acl-resource", 8, "the default resource of an ACL rule", []Variant{
		{"shown", "resource is always there"},
		{"absent-when-topic", "resource is missing when it is TOPIC"},
	}},
	{"whitelist-form", 9, "addresses in whitelist_ips", []Variant{
		{"as-sent", "as sent"},
		{"spaced", "a space after every comma"},
		{"reordered", "last address first"},
		{"cidr", "1.2.3.4 comes back as 1.2.3.4/32"},
	}},
	{"whitelist-empty", 9, "an empty whitelist of a Kafka user", []Variant{
		{"empty-string", `""`},
		{"null", "null"},
	}},
	{"clearing", 10, "what clears a value in a PATCH", []Variant{
		{"empty-clears", `"" and []; null is ignored`},
		{"null-clears", `null; "" and [] are values like any other`},
		{"null-only", `null; "" and [] are ignored`},
		{"nothing-clears", "all three are ignored"},
	}},
	{"empty-values", 12, "a text or list that is not set", []Variant{
		{"null", "null"},
		{"empty-string", `texts are "", lists null`},
		{"empty-list", "lists are [], texts null"},
		{"both", `texts are "", lists []`},
	}},
	{"default-scope", 13, "MCP scope of an unrestricted key", []Variant{
		{"null", "no tool_profile"},
		{"full", "tool_profile full, on a Kafka-only key too"},
	}},
	{"description", 14, "description in answers", []Variant{
		{"as-sent", "as sent"},
		{"trimmed", "without space around it"},
		{"html-removed", "without tags and angle brackets"},
		{"html-escaped", "with &lt;, &gt; and &amp;"},
	}},
	{"permission-roles", 15, "roles of a permission-based key", []Variant{
		{"empty", "[]"},
		{"null", "null"},
	}},
	{"update-timing", 17, "status after Kafka access was added", []Variant{
		{"at-once", "active at once"},
		{"creating", "creating for a while"},
	}},
	{"role-order", 18, "order of roles", []Variant{
		{"catalogue", "as the list of roles has them"},
		{"kept", "as sent"},
		{"reversed", "last role first"},
		{"shuffled", "another order in every answer"},
	}},
	{"extra-fields", 19, "members nobody has heard of", []Variant{
		{"none", "none"},
		{"some", "in every object of every answer, errors included"},
	}},
	{"same-name", 20, "a second key of the same name", []Variant{
		{"accepted", "accepted, as a new key's name and as a changed one"},
		{"409", "409, already exists"},
		{"422", "422, already exists"},
	}},
	{"other-project", 21, "a key of another project of the tenant", []Variant{
		{"readable", "can be read; changes are answered 403"},
		{"forbidden", "403"},
		{"missing", "as a key that is gone, though listed"},
	}},
	{"granting", 22, "what roles and permissions a caller can give", []Variant{
		{"any", "all"},
		{"own", "those whose permissions it has itself; others are answered 403"},
	}},
}
