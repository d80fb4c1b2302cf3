// SPDX-License-Identifier: MPL-2.0

package simulator

import "slices"

// attribute is what a creation chooses of a key, an update changes or clears,
// and answers show. All else (the name, what gives access, secrets) has rules
// of its own: request.go.
type attribute struct {
	member string  // what requests and answers call it
	of     access  // what a key without this cannot have
	shown  answers // which answers have it
	read   func(value, Clearing) change
	show   func(view, Key) any
}

// access is what a key gives access to. Attributes of Kafka access are members
// of `kafka_config` where that is added, and of the body where they change.
type access string

const (
	anyKey      access = ""
	apiAccess   access = "api"
	kafkaAccess access = "kafka"
)

// answers are those in which a key is shown. What is in the summary is in the
// detail too.
type answers uint

const (
	inSummary   answers = 1 << iota // a row of the list, and the answer to an update
	inDetail                        // the key read by its id
	inFile                          // the credential file
	inMCPConfig                     // the MCP configuration
)

var attributes = []attribute{
	{
		member: "description", of: anyKey, shown: inSummary,
		read: into(func(k *Key) *string { return &k.Description }, func(v value) field[string] { return v.text() }),
		show: view.description,
	},
	{
		member: "whitelist_ips", of: kafkaAccess, shown: inDetail,
		read: into(func(k *Key) *[]string { return &k.WhitelistIPs }, readWhitelist),
		show: view.whitelist,
	},
	{
		member: "kafka_acls", of: kafkaAccess, shown: inDetail | inFile,
		read: into(func(k *Key) *[]ACL { return &k.ACLs }, readACLs),
		show: view.acls,
	},
	{
		member: "tool_profile", of: apiAccess, shown: inSummary | inFile | inMCPConfig,
		read: into(func(k *Key) *string { return &k.ToolProfile }, func(v value) field[string] { return v.text(oneOf(toolProfiles...)) }),
		show: view.toolProfile,
	},
	{
		member: "allowed_tools", of: apiAccess, shown: inSummary | inFile | inMCPConfig,
		read: into(func(k *Key) *[]string { return &k.AllowedTools }, func(v value) field[[]string] { return v.texts(0) }),
		show: func(v view, k Key) any { return v.texts(k.AllowedTools) },
	},
	{
		member: "blocked_tools", of: apiAccess, shown: inSummary | inFile | inMCPConfig,
		read: into(func(k *Key) *[]string { return &k.BlockedTools }, func(v value) field[[]string] { return v.texts(0) }),
		show: func(v view, k Key) any { return v.texts(k.BlockedTools) },
	},
}

// change is what a request does to an attribute.
type change struct {
	of    access
	given bool // the member has a value
	make  func(*Key)
}

// readAttributes reads the attributes of these kinds of access.
func (s *Server) readAttributes(f *form, of ...access) []change {
	var changes []change
	for _, a := range attributes {
		if slices.Contains(of, a.of) {
			c := a.read(f.optional(a.member), s.cfg.Dialect.Clearing)
			c.of = a.of
			changes = append(changes, c)
		}
	}
	return changes
}

// into reads a member into where a key holds it.
func into[T any](held func(*Key) *T, read func(value) field[T]) func(value, Clearing) change {
	return func(v value, clearing Clearing) change {
		f := read(v)
		value, changed := cleared(clearing, f)
		return change{given: f.given(), make: func(k *Key) {
			if changed {
				*held(k) = value
			}
		}}
	}
}

// cleared returns what a request makes of a value, and whether that changes at
// all: the table of the package documentation's section "Clearing" (row 10).
func cleared[T any](c Clearing, f field[T]) (value T, changed bool) {
	switch {
	case !f.present:
		return value, false
	case f.null:
		return value, c == NullClears || c == NullOnly
	case !f.empty || c == NullClears:
		return f.value, true
	default:
		return value, c != NullOnly && c != NothingClears
	}
}

// withAttributes adds to an answer the attributes that it shows.
func (v view) withAttributes(in answers, k Key, body object) object {
	for _, a := range attributes {
		if a.shown&in != 0 {
			body[a.member] = a.show(v, k)
		}
	}
	return body
}
