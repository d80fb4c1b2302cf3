// SPDX-License-Identifier: MPL-2.0

// Package readback reads a client.properties as a Java client of Kafka does,
// by the rules of java.util.Properties and of Kafka's JAAS lines. It is for
// tests, and shares nothing with what writes such files.
package readback

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Properties reads a file by the rules of java.util.Properties.load.
func Properties(file string) (map[string]string, error) {
	properties := map[string]string{}
	lines := strings.FieldsFunc(file, func(c rune) bool { return c == '\n' || c == '\r' })
	for i := 0; i < len(lines); i++ {
		line := strings.TrimLeft(lines[i], blank)
		if line == "" || line[0] == '#' || line[0] == '!' {
			continue
		}
		for continues(line) && i+1 < len(lines) {
			i++
			line = line[:len(line)-1] + strings.TrimLeft(lines[i], blank)
		}
		key, value, err := property(line)
		if err != nil {
			return nil, err
		}
		properties[key] = value
	}
	return properties, nil
}

const blank = " \t\f"

// continues tells whether a line ends in a backslash that is not escaped.
func continues(line string) bool {
	return (len(line)-len(strings.TrimRight(line, `\`)))%2 == 1
}

// property takes a line apart: the key ends at the first separator that is not
// escaped, be it a blank, an equals sign or a colon.
func property(line string) (key, value string, err error) {
	end := 0
	for end < len(line) && !strings.ContainsRune(blank+"=:", rune(line[end])) {
		if line[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end, len(line))
	rest := strings.TrimLeft(line[end:], blank)
	if rest != "" && (rest[0] == '=' || rest[0] == ':') {
		rest = strings.TrimLeft(rest[1:], blank)
	}
	if key, err = unescape(line[:end]); err != nil {
		return "", "", err
	}
	value, err = unescape(rest)
	return key, value, err
}

// unescape undoes the escapes of a properties file. A backslash before any
// other character means that character.
func unescape(text string) (string, error) {
	var units []uint16
	for text != "" {
		if text[0] != '\\' || len(text) == 1 {
			// Properties files are in ISO 8859-1.
			units, text = append(units, uint16(text[0])), text[1:]
			continue
		}
		c := text[1]
		text = text[2:]
		switch c {
		case 't', 'n', 'r', 'f':
			units = append(units, map[byte]uint16{'t': '\t', 'n': '\n', 'r': '\r', 'f': '\f'}[c])
		case 'u':
			if len(text) < 4 {
				return "", fmt.Errorf(`\u%s is cut off`, text)
			}
			unit, err := strconv.ParseUint(text[:4], 16, 16)
			if err != nil {
				return "", err
			}
			units, text = append(units, uint16(unit)), text[4:]
		default:
			units = append(units, uint16(c))
		}
	}
	return string(utf16.Decode(units)), nil
}
