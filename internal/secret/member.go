// SPDX-License-Identifier: MPL-2.0

package secret

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/vmihailenco/msgpack/v5"
)

// members are the folded names under which JSON holds secrets.
var members = map[string]bool{
	"secret": true, "clientsecret": true, "password": true, "kafkapassword": true,
	"accesstoken": true, "refreshtoken": true, "idtoken": true,
}

// folded is a name in lower case, without the underscores that some write
// between its words. Like encoding/json, which takes a member by it, it has the
// long s for an s: an upper case is one for both.
func folded(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.ToUpper(name)), "_", "")
}

// blanks may stand around a colon. JSON has no form feed, but not all is JSON.
const blanks = " \t\n\f\r"

// AddMembers makes the secrets in a text of JSON known to the whole process.
// They are told by the names of their members, in any case, as encoding/json
// takes them, and also where the rest is no JSON. Every state and every answer
// comes by here, so it looks at nothing but what is around a colon.
func AddMembers(text []byte) { process.addMembers(text) }

func (r *Registry) addMembers(text []byte) {
	for at := 0; ; at++ {
		colon := bytes.IndexByte(text[at:], ':')
		if colon < 0 {
			return
		}
		at += colon
		if !isMember(text[:at]) {
			continue
		}
		var value string
		if json.Unmarshal(firstString(text[at+1:]), &value) == nil {
			r.Add(value)
		}
	}
}

// isMember reports whether a text ends with the quoted name of a secret.
func isMember(text []byte) bool {
	text, quoted := bytes.CutSuffix(bytes.TrimRight(text, blanks), []byte{'"'})
	if !quoted {
		return false
	}
	quote := bytes.LastIndexByte(text, '"')
	return quote >= 0 && members[folded(string(text[quote+1:]))]
}

// firstString is the string of JSON that a text begins with, in its quotes, or
// nil.
func firstString(text []byte) []byte {
	text = bytes.TrimLeft(text, blanks)
	if len(text) == 0 || text[0] != '"' {
		return nil
	}
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return text[:i+1]
		}
	}
	return nil
}

// AddMsgpack makes the texts known that msgpack holds under one of the names.
func AddMsgpack(data []byte, names ...string) {
	for _, name := range names {
		packed, err := msgpack.Marshal(name)
		for _, after, found := bytes.Cut(data, packed); found && err == nil; _, after, found = bytes.Cut(after, packed) {
			// What is no text, such as what is not known yet, is an error.
			if text, err := msgpack.NewDecoder(bytes.NewReader(after)).DecodeString(); err == nil {
				Add(text)
			}
		}
	}
}
