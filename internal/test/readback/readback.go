// SPDX-License-Identifier: MPL-2.0

// Package readback reads a client.properties as a Java client of Kafka does,
// by the rules of java.util.Properties and of Kafka's JAAS lines. It is for
// tests, and shares nothing with what writes such files.
package readback

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

var (
	// A line whose end is escaped goes on in the next one, without its indent.
	continued = regexp.MustCompile(`((?:^|[^\\])(?:\\\\)*)\\(?:\r\n|\r|\n)[ \t\f]*`)
	// A key ends at the first separator that is not escaped.
	property = regexp.MustCompile(`^((?:\\.|[^\\ \t\f=:])*)[ \t\f]*[=:]?[ \t\f]*(.*)$`)
	escape   = regexp.MustCompile(`\\(u.{0,4}|.)`)
)

// Properties reads a file by the rules of java.util.Properties.load.
func Properties(file string) (map[string]string, error) {
	properties := map[string]string{}
	file = continued.ReplaceAllString(file, "$1")
	for _, line := range strings.FieldsFunc(file, func(c rune) bool { return c == '\n' || c == '\r' }) {
		line = strings.TrimLeft(line, " \t\f")
		if line == "" || line[0] == '#' || line[0] == '!' {
			continue
		}
		found := property.FindStringSubmatch(line)
		if found == nil {
			return nil, fmt.Errorf("%q ends in a backslash", line)
		}
		key, keyErr := unescape(found[1])
		value, valueErr := unescape(found[2])
		if err := errors.Join(keyErr, valueErr); err != nil {
			return nil, err
		}
		properties[key] = value
	}
	return properties, nil
}

// unescape undoes the escapes of a properties file. A character that has two
// UTF-16 units is escaped as both. A backslash before any other character means
// that character.
func unescape(text string) (string, error) {
	var units []uint16
	var err error
	for text != "" {
		found := escape.FindStringIndex(text)
		if len(found) == 0 || found[0] > 0 {
			end := len(text)
			if found != nil {
				end = found[0]
			}
			units, text = append(units, utf16.Encode([]rune(text[:end]))...), text[end:]
			continue
		}
		escaped := text[1:found[1]]
		text = text[found[1]:]
		control := strings.Index("tnrf", escaped)
		switch {
		case escaped[0] == 'u':
			unit, failed := strconv.ParseUint(escaped[1:], 16, 16)
			if failed != nil || len(escaped) != 5 {
				err = fmt.Errorf(`\%s is no character`, escaped)
			}
			units = append(units, uint16(unit))
		case control >= 0:
			units = append(units, uint16("\t\n\r\f"[control]))
		default:
			units = append(units, utf16.Encode([]rune(escaped))...)
		}
	}
	return string(utf16.Decode(units)), err
}

// Login is a JAAS line: one login module and its options.
type Login struct {
	Module  string
	Flag    string
	Options map[string]string
}

var (
	// Java's StreamTokenizer knows words, quoted texts and single characters. The
	// end of a line ends a quote, and leaves the rest of it to be read as words.
	login       = regexp.MustCompile(`^\s*([\w$.-]+)\s+([\w$.-]+)((?:` + option + `)*)\s*;\s*$`)
	option      = `\s+[\w$.-]+\s*=\s*"(?:[^"\\\r\n]|\\[\s\S])*"`
	optionParts = regexp.MustCompile(`([\w$.-]+)\s*=\s*"((?:[^"\\\r\n]|\\[\s\S])*)"`)
	// An escape is an octal number of at most 255, a letter, or the character
	// itself.
	jaasEscape = regexp.MustCompile(`\\([0-3][0-7]{0,2}|[4-7][0-7]?|[\s\S])`)
)

// JAAS reads the value of sasl.jaas.config as Kafka's JaasConfig does.
func JAAS(line string) (Login, error) {
	found := login.FindStringSubmatch(line)
	if found == nil {
		return Login{}, errors.New("the line is not a login module, a flag, quoted options and a semicolon")
	}
	read := Login{Module: found[1], Flag: found[2], Options: map[string]string{}}
	for _, parts := range optionParts.FindAllStringSubmatch(found[3], -1) {
		read.Options[parts[1]] = jaasEscape.ReplaceAllStringFunc(parts[2], func(escaped string) string {
			escaped = escaped[1:]
			if number, err := strconv.ParseUint(escaped, 8, 8); err == nil {
				return string(rune(number))
			}
			if at := strings.Index("abfnrtv", escaped); at >= 0 {
				return "\a\b\f\n\r\t\v"[at : at+1]
			}
			return escaped
		})
	}
	return read, nil
}
