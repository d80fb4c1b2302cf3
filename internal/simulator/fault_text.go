// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ParseFault reads a fault from text such as
//
//	PATCH /project-keys/* status=503 body=html times=2
//
// Method and path come first, `*` standing for any; then, in any order:
// status=, times=, skip=, drop=, delay= (as in "1.5s"), header=Name:value, as=,
// set=, body= and the bare words processed and late. A value with spaces in it
// is JSON as it is, or a text in single quotes; body=html is the page of a
// gateway.
func ParseFault(text string) (Fault, error) {
	words, err := splitWords(text)
	if err != nil {
		return Fault{}, fmt.Errorf("fault %q: %w", text, err)
	}
	if len(words) < 2 {
		return Fault{}, fmt.Errorf("fault %q: expected a method and a path, each of them possibly *", text)
	}
	f := Fault{Method: anything(words[0]), Path: anything(words[1])}
	for _, word := range words[2:] {
		if err := f.setWord(word); err != nil {
			return Fault{}, fmt.Errorf("fault %q: %w", text, err)
		}
	}
	if f.Body == "html" {
		f.Body = GatewayPage(f.Status)
	}
	return f, f.validate()
}

func anything(word string) string {
	if word == "*" {
		return ""
	}
	return word
}

// splitWords splits at spaces, but for those within a value that is JSON or in
// single quotes, which are taken off.
func splitWords(text string) (words []string, err error) {
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		word, rest, _ := strings.Cut(text, " ")
		if name, _, found := strings.Cut(word, "="); found && len(words) >= 2 {
			var value string
			if value, rest, err = cutValue(text[len(name)+1:]); err != nil {
				return nil, err
			}
			word = name + "=" + value
		}
		words, text = append(words, word), rest
	}
	return words, nil
}

// cutValue takes a value off the beginning of a text.
func cutValue(text string) (value, rest string, err error) {
	switch {
	case strings.HasPrefix(text, "'"):
		value, rest, closed := strings.Cut(text[1:], "'")
		if !closed {
			return "", "", fmt.Errorf("a single quote is not closed in %s", text)
		}
		return value, rest, nil
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["), strings.HasPrefix(text, `"`):
		decoder := json.NewDecoder(strings.NewReader(text))
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return "", "", fmt.Errorf("%s is not JSON: %w", text, err)
		}
		return string(raw), text[decoder.InputOffset():], nil
	default:
		value, rest, _ := strings.Cut(text, " ")
		return value, rest, nil
	}
}

// setWord reads one word after method and path.
func (f *Fault) setWord(word string) (err error) {
	name, value, _ := strings.Cut(word, "=")
	switch name {
	case "status":
		f.Status, err = strconv.Atoi(value)
	case "times":
		f.Times, err = strconv.Atoi(value)
	case "skip":
		f.Skip, err = strconv.Atoi(value)
	case "delay":
		f.Delay, err = time.ParseDuration(value)
	case "drop":
		f.Drop = DropKind(value)
	case "processed":
		f.Processed = true
	case "late":
		f.Late = true
	case "header":
		err = f.setHeader(value)
	case "as":
		f.As = value
	case "set":
		f.Set = value
	case "body":
		f.Body = value
	default:
		return fmt.Errorf("%q is none of status=, times=, skip=, drop=, delay=, header=, processed, late, as=, set=, body=; "+
			"a text with spaces stands in single quotes", word)
	}
	return err
}

func (f *Fault) setHeader(text string) error {
	name, content, found := strings.Cut(text, ":")
	if !found {
		return fmt.Errorf("%q: expected header=Name:value", text)
	}
	if f.Header == nil {
		f.Header = make(http.Header)
	}
	f.Header.Add(name, strings.TrimSpace(content))
	return nil
}
