// SPDX-License-Identifier: MPL-2.0

package secret

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/vmihailenco/msgpack/v5"
)

// members are the folded names under which JSON holds secrets.
var members = map[string]bool{
	"secret": true, "clientsecret": true, "password": true, "kafkapassword": true,
	"accesstoken": true, "refreshtoken": true, "idtoken": true,
}

// folded is a name in lower case and without underscores. Like encoding/json it
// takes the long s for an s: both have the same upper case.
func folded(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.ToUpper(name)), "_", "")
}

// blanks may stand around a colon. JSON has no form feed, but a text may not be JSON.
const blanks = " \t\n\f\r"

// AddMembers makes the secrets in a JSON text of this run known to the process, such
// as a state or the body of a request.
func AddMembers(text []byte) { eachMember(text, func(value string) { process.Add(value) }) }

// AddAnswer makes the secrets in an answer known to the process, up to a bound: see
// [Overflowed].
func AddAnswer(text []byte) { eachMember(text, process.addOfAnswer) }

// eachMember visits the secrets in a text of JSON. It finds them by the names of
// their members, in upper or lower case as encoding/json does, and also where the
// rest is not JSON. Every state and every answer passes here, so it looks only at
// what is around a colon.
func eachMember(text []byte, visit func(value string)) {
	for at := 0; ; at++ {
		colon := bytes.IndexByte(text[at:], ':')
		if colon < 0 {
			return
		}
		at += colon
		if !isMember(text[:at]) {
			continue
		}
		if value := firstString(text[at+1:]); value != "" {
			visit(value)
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

// firstString is the value of the string that a text of JSON begins with, or "".
// Where the text was cut off within the string, or the string is not valid JSON, it
// is the raw text.
func firstString(text []byte) string {
	text, quoted := bytes.CutPrefix(bytes.TrimLeft(text, blanks), []byte{'"'})
	if !quoted {
		return ""
	}
	end := 0
	for end < len(text) && text[end] != '"' {
		if text[end] == '\\' {
			end++
		}
		end++
	}
	text = text[:min(end, len(text))]
	var value string
	if json.Unmarshal(slices.Concat([]byte{'"'}, text, []byte{'"'}), &value) != nil {
		return string(text)
	}
	return value
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
