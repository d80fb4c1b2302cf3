// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"encoding/json"
	"reflect"
)

// attribute is what a creation chooses of a key, an update changes or clears,
// and answers show. All else (the name, what gives access, secrets) has rules
// of its own: request.go.
type attribute struct {
	member string  // what requests and answers call it
	of     access  // what a key without this cannot have
	shown  answers // which answers have it
	check  check
	held   func(*Key) any // where a key holds it, decoded from what a request has
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
		check: text(), held: func(k *Key) any { return &k.Description },
		show: view.description,
	},
	{
		member: "whitelist_ips", of: kafkaAccess, shown: inDetail,
		check: text(length(0, 1000), isWhitelist), held: func(k *Key) any { return (*joined)(&k.WhitelistIPs) },
		show: view.whitelist,
	},
	{
		member: "kafka_acls", of: kafkaAccess, shown: inDetail | inFile,
		check: list(0, isACL), held: func(k *Key) any { return (*requestedACLs)(&k.ACLs) },
		show: view.acls,
	},
	{
		member: "tool_profile", of: apiAccess, shown: inSummary | inFile | inMCPConfig,
		check: text(oneOf(toolProfiles...)), held: func(k *Key) any { return &k.ToolProfile },
		show: view.toolProfile,
	},
	{
		member: "allowed_tools", of: apiAccess, shown: inSummary | inFile | inMCPConfig,
		check: list(0, someText), held: func(k *Key) any { return &k.AllowedTools },
		show: func(v view, k Key) any { return v.texts(k.AllowedTools) },
	},
	{
		member: "blocked_tools", of: apiAccess, shown: inSummary | inFile | inMCPConfig,
		check: list(0, someText), held: func(k *Key) any { return &k.BlockedTools },
		show: func(v view, k Key) any { return v.texts(k.BlockedTools) },
	},
}

// attributesOf are the members of a request that are attributes of such access.
func attributesOf(of access) (members []member) {
	for _, a := range attributes {
		if a.of == of {
			members = append(members, optional(a.member, a.check))
		}
	}
	return members
}

// set makes of an attribute what a request says: the table of the package
// documentation's section "Clearing" (row 10).
func (a attribute) set(k *Key, sent json.RawMessage, clearing string) {
	isNull, isEmpty := string(sent) == "null", string(sent) == `""` || string(sent) == "[]"
	switch {
	case sent == nil,
		isNull && clearing != "null-clears" && clearing != "null-only",
		isEmpty && (clearing == "null-only" || clearing == "nothing-clears"):
		return
	}
	held := a.held(k)
	reflect.ValueOf(held).Elem().SetZero()
	if !isEmpty || clearing == "null-clears" {
		_ = json.Unmarshal(sent, held) // what was checked has the right type
	}
}

// joined are addresses with commas between them.
type joined []string

func (j *joined) UnmarshalJSON(encoded []byte) error {
	var text string
	err := json.Unmarshal(encoded, &text)
	*j = splitWhitelist(text)
	return err
}

// requestedACLs are rules as requests have them.
type requestedACLs []ACL

func (acls *requestedACLs) UnmarshalJSON(encoded []byte) error {
	var rules []struct {
		Name        string `json:"topic_name"`
		Resource    string
		Operation   string
		PatternType string `json:"resource_pattern_type"`
	}
	err := json.Unmarshal(encoded, &rules)
	for _, rule := range rules {
		rule.Resource = cmp.Or(rule.Resource, "TOPIC")
		*acls = append(*acls, ACL(rule))
	}
	return err
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
