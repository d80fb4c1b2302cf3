// SPDX-License-Identifier: MPL-2.0

package simulator

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
	rows := make([]Row, len(dialectTable))
	for i, entry := range dialectTable {
		rows[i] = entry.Row
		rows[i].Variants = append([]Variant(nil), entry.Variants...)
	}
	return rows
}

// tableEntry joins a row to the Dialect field that it sets.
type tableEntry struct {
	Row
	get func(Dialect) string
	set func(*Dialect, string)
}

// row makes the entry of one field; the variants are pairs of name and meaning.
func row[T ~string](name string, number int, about string, field func(*Dialect) *T, variants ...Variant) tableEntry {
	return tableEntry{
		Row: Row{Name: name, Number: number, About: about, Variants: variants},
		get: func(d Dialect) string { return string(*field(&d)) },
		set: func(d *Dialect, variant string) { *field(d) = T(variant) },
	}
}

var dialectTable = []tableEntry{
	row("status", 1, "spelling of a status", func(d *Dialect) *StatusSpelling { return &d.Status },
		Variant{"lower", "active, delete_failed"},
		Variant{"title", "Active, Delete Failed"},
		Variant{"upper", "ACTIVE, DELETE_FAILED"},
		Variant{"kebab", "active, delete-failed"}),
	row("token", 2, "answer to a token exchange", func(d *Dialect) *TokenSpelling { return &d.Token },
		Variant{"camel", "accessToken, refreshToken, expires, expiresIn"},
		Variant{"snake", "access_token, refresh_token, expires_in"},
		Variant{"no-lifetime", "accessToken and refreshToken alone"}),
	row("create-code", 3, "HTTP status of a creation", func(d *Dialect) *CreateCode { return &d.CreateCode },
		Variant{"200", "200 OK"},
		Variant{"201", "201 Created"}),
	row("create-timing", 4, "what a new key looks like", func(d *Dialect) *CreateTiming { return &d.CreateTiming },
		Variant{"at-once", "settled at once"},
		Variant{"creating", "creating for a while"},
		Variant{"not-found-first", "the first reads say that it does not exist; the list has it"}),
	row("create-outcome", 5, "status a creation ends with", func(d *Dialect) *CreateOutcome { return &d.CreateOutcome },
		Variant{"active", "active"},
		Variant{"failed", "failed"}),
	row("delete-answer", 6, "answer to an accepted deletion", func(d *Dialect) *DeleteAnswer { return &d.DeleteAnswer },
		Variant{"200-empty", "200 without a body"},
		Variant{"200-body", "200 with a message"},
		Variant{"202", "202 with id and status"},
		Variant{"204", "204"}),
	row("delete-timing", 6, "what becomes of a deleted key", func(d *Dialect) *DeleteTiming { return &d.DeleteTiming },
		Variant{"at-once", "gone at once"},
		Variant{"deleting", "deleting for a while, then gone"},
		Variant{"failed-once", "delete_failed first, gone after a retry"},
		Variant{"failed-forever", "delete_failed after every attempt"}),
	row("gone", 7, "answer for a key that does not exist", func(d *Dialect) *GoneAnswer { return &d.Gone },
		Variant{"404", "404, not found"},
		Variant{"400", "400, does not exist"}),
	row("acl-name", 8, "member of an ACL rule that holds the name", func(d *Dialect) *ACLName { return &d.ACLName },
		Variant{"name", "name"},
		Variant{"topic_name", "topic_name"}),
	row("acl-order", 8, "order of ACL rules", func(d *Dialect) *ACLOrder { return &d.ACLOrder },
		Variant{"kept", "as sent"},
		Variant{"sorted", "by name, resource, operation and pattern type"},
		Variant{"shuffled", "another order in every answer"}),
	row("acl-resource", 8, "the default resource of an ACL rule", func(d *Dialect) *ACLResource { return &d.ACLResource },
		Variant{"shown", "resource is always there"},
		Variant{"absent-when-topic", "resource is missing when it is TOPIC"}),
	row("whitelist-form", 9, "addresses in whitelist_ips", func(d *Dialect) *WhitelistForm { return &d.WhitelistForm },
		Variant{"as-sent", "as sent"},
		Variant{"spaced", "a space after every comma"},
		Variant{"reordered", "last address first"},
		Variant{"cidr", "1.2.3.4 comes back as 1.2.3.4/32"}),
	row("whitelist-empty", 9, "an empty whitelist of a Kafka user", func(d *Dialect) *WhitelistEmpty { return &d.WhitelistEmpty },
		Variant{"empty-string", `""`},
		Variant{"null", "null"}),
	row("clearing", 10, "what clears a value in a PATCH", func(d *Dialect) *Clearing { return &d.Clearing },
		Variant{"empty-clears", `"" and []; null is ignored`},
		Variant{"null-clears", `null; "" and [] are values like any other`},
		Variant{"null-only", `null; "" and [] are ignored`},
		Variant{"nothing-clears", "all three are ignored"}),
	row("empty-values", 12, "a text or list that is not set", func(d *Dialect) *EmptyValues { return &d.EmptyValues },
		Variant{"null", "null"},
		Variant{"empty-string", `texts are "", lists null`},
		Variant{"empty-list", "lists are [], texts null"},
		Variant{"both", `texts are "", lists []`}),
	row("default-scope", 13, "MCP scope of an unrestricted key", func(d *Dialect) *DefaultScope { return &d.DefaultScope },
		Variant{"null", "no tool_profile"},
		Variant{"full", "tool_profile full, on a Kafka-only key too"}),
	row("description", 14, "description in answers", func(d *Dialect) *DescriptionForm { return &d.Description },
		Variant{"as-sent", "as sent"},
		Variant{"trimmed", "without space around it"},
		Variant{"html-removed", "without tags and angle brackets"},
		Variant{"html-escaped", "with &lt;, &gt; and &amp;"}),
	row("permission-roles", 15, "roles of a permission-based key", func(d *Dialect) *PermissionRoles { return &d.PermissionRoles },
		Variant{"empty", "[]"},
		Variant{"null", "null"}),
	row("update-timing", 17, "status after Kafka access was added", func(d *Dialect) *UpdateTiming { return &d.UpdateTiming },
		Variant{"at-once", "active at once"},
		Variant{"creating", "creating for a while"}),
	row("role-order", 18, "order of roles", func(d *Dialect) *RoleOrder { return &d.RoleOrder },
		Variant{"catalogue", "as the list of roles has them"},
		Variant{"kept", "as sent"},
		Variant{"reversed", "last role first"},
		Variant{"shuffled", "another order in every answer"}),
	row("extra-fields", 19, "members nobody has heard of", func(d *Dialect) *ExtraFields { return &d.ExtraFields },
		Variant{"none", "none"},
		Variant{"some", "in every object of every answer, errors included"}),
	row("same-name", 20, "a second key of the same name", func(d *Dialect) *SameName { return &d.SameName },
		Variant{"accepted", "accepted, as a new key's name and as a changed one"},
		Variant{"409", "409, already exists"},
		Variant{"422", "422, already exists"}),
	row("other-project", 21, "a key of another project of the tenant", func(d *Dialect) *OtherProject { return &d.OtherProject },
		Variant{"readable", "can be read; changes are answered 403"},
		Variant{"forbidden", "403"},
		Variant{"missing", "as a key that is gone, though listed"}),
	row("granting", 22, "what roles and permissions a caller can give", func(d *Dialect) *Granting { return &d.Granting },
		Variant{"any", "all"},
		Variant{"own", "those whose permissions it has itself; others are answered 403"}),
}
