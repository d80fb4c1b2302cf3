// SPDX-License-Identifier: MPL-2.0

package secret

import (
	"bytes"
	"encoding/json"
	"strings"
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

// AddMsgpack makes the texts known that msgpack holds under one of the names,
// which are shorter than 32 bytes.
func AddMsgpack(data []byte, names ...string) {
	for _, name := range names {
		for rest := data; ; {
			before, after, found := bytes.Cut(rest, []byte(name))
			if !found {
				break
			}
			if n := len(before); n > 0 && int(before[n-1]) == 0xa0+len(name) {
				Add(msgpackText(after))
			}
			rest = after
		}
	}
}

// msgpackText reads the text that msgpack begins with, or is empty where it
// begins with anything else, such as what is not known yet.
func msgpackText(data []byte) string {
	header, length := 1, 0
	switch {
	case len(data) > 0 && data[0]&0xe0 == 0xa0:
		length = int(data[0] & 0x1f)
	case len(data) > 1 && data[0] == 0xd9:
		header, length = 2, int(data[1])
	case len(data) > 2 && data[0] == 0xda:
		header, length = 3, int(data[1])<<8|int(data[2])
	}
	if len(data) < header+length {
		return ""
	}
	return string(data[header : header+length])
}
