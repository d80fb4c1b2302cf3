// SPDX-License-Identifier: MPL-2.0

package secret

import (
	"bytes"
	"encoding/json"
	"regexp"
)

// member finds the members of JSON that hold secrets by their names, in any
// case, as encoding/json takes them, and also where the rest is no JSON.
var member = regexp.MustCompile(`(?i)"(?:client_?secret|secret|(?:kafka_?)?password|(?:access|refresh|id)_?token)"\s*:\s*("(?:[^"\\]|\\.)*")`)

// AddMembers makes the secrets in a text of JSON known to the whole process.
// They are told by the names of their members.
func AddMembers(text []byte) {
	for _, match := range member.FindAllSubmatch(text, -1) {
		var value string
		if json.Unmarshal(match[1], &value) == nil {
			Add(value)
		}
	}
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
