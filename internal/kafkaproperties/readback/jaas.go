// SPDX-License-Identifier: MPL-2.0

package readback

import (
	"errors"
	"fmt"
	"strings"
)

// Login is a JAAS line: one login module and its options.
type Login struct {
	Module  string
	Flag    string
	Options map[string]string
}

// JAAS reads the value of sasl.jaas.config as Kafka's JaasConfig does.
func JAAS(line string) (Login, error) {
	tokens, err := tokenize(line)
	if err != nil {
		return Login{}, err
	}
	if len(tokens) < 3 || tokens[len(tokens)-1] != ";" {
		return Login{}, errors.New("the line does not end in a semicolon")
	}
	login := Login{Module: tokens[0], Flag: tokens[1], Options: map[string]string{}}
	options := tokens[2 : len(tokens)-1]
	for ; len(options) > 0; options = options[3:] {
		if len(options) < 3 || options[1] != "=" {
			return Login{}, fmt.Errorf("the option %q has no value", options[0])
		}
		login.Options[options[0]] = options[2]
	}
	return login, nil
}

// tokenize takes the line apart as Java's StreamTokenizer does: into words,
// quoted texts and single characters.
func tokenize(line string) ([]string, error) {
	var tokens []string
	rest := []rune(line)
	for len(rest) > 0 {
		switch c := rest[0]; {
		case c <= ' ':
			rest = rest[1:]
		case c == '"':
			text, length, err := quoted(rest[1:])
			if err != nil {
				return nil, err
			}
			tokens, rest = append(tokens, text), rest[1+length:]
		case isWord(c):
			length := 1
			for length < len(rest) && isWord(rest[length]) {
				length++
			}
			tokens, rest = append(tokens, string(rest[:length])), rest[length:]
		default:
			tokens, rest = append(tokens, string(c)), rest[1:]
		}
	}
	return tokens, nil
}

func isWord(c rune) bool {
	return c == '_' || c == '$' || c == '-' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// quoted reads up to the closing quote, and tells how much it took. The end of
// a line would end the quote too, and leave the rest of it to be read as words.
func quoted(rest []rune) (text string, length int, err error) {
	var read strings.Builder
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '"':
			return read.String(), i + 1, nil
		case c == '\n', c == '\r':
			return "", 0, errors.New("the quote is cut off by the end of a line")
		case c == '\\' && i+1 < len(rest):
			var used int
			c, used = escaped(rest[i+1:])
			read.WriteRune(c)
			i += used
		default:
			read.WriteRune(c)
		}
	}
	return "", 0, errors.New("the quote has no end")
}

// escaped is what a backslash makes of the characters after it: a control
// character, one by its octal number, or else the character itself.
func escaped(rest []rune) (c rune, used int) {
	if at := strings.IndexRune("abfnrtv", rest[0]); at >= 0 {
		return []rune("\a\b\f\n\r\t\v")[at], 1
	}
	most := 2
	if rest[0] <= '3' {
		most = 3
	}
	for used < most && used < len(rest) && rest[used] >= '0' && rest[used] <= '7' {
		c = c*8 + rest[used] - '0'
		used++
	}
	if used > 0 {
		return c, used
	}
	return rest[0], 1
}
