// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"strings"
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
	members := f.members()
	for _, word := range words[2:] {
		name, value, given := strings.Cut(word, "=")
		if !given {
			value = "true"
		}
		if members.Lookup(name) == nil {
			var known []string
			members.VisitAll(func(member *flag.Flag) { known = append(known, member.Name) })
			return Fault{}, fmt.Errorf("fault %q: %q is none of %s; a text with spaces stands in single quotes", text, word, strings.Join(known, ", "))
		}
		if err := members.Set(name, value); err != nil {
			return Fault{}, fmt.Errorf("fault %q: %q: %w", text, word, err)
		}
	}
	if f.Body == "html" {
		f.Body = GatewayPage(f.Status)
	}
	return f, f.validate()
}

// members are what the words of a fault set.
func (f *Fault) members() *flag.FlagSet {
	members := flag.NewFlagSet("", flag.ContinueOnError)
	members.IntVar(&f.Status, "status", 0, "")
	members.IntVar(&f.Times, "times", 0, "")
	members.IntVar(&f.Skip, "skip", 0, "")
	members.DurationVar(&f.Delay, "delay", 0, "")
	members.StringVar((*string)(&f.Drop), "drop", "", "")
	members.BoolVar(&f.Processed, "processed", false, "")
	members.BoolVar(&f.Late, "late", false, "")
	members.Func("header", "", f.setHeader)
	members.StringVar(&f.As, "as", "", "")
	members.StringVar(&f.Set, "set", "", "")
	members.StringVar(&f.Body, "body", "", "")
	return members
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
