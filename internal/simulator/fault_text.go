package simulator

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ParseFault reads a fault from text such as
//
//	PATCH /project-keys/* status=503 times=2 body=html
//
// Method and path come first, `*` standing for any; then, in any order:
// status=, times=, skip=, drop=, delay= (as in "1.5s"), header=Name:value and
// the bare word processed. A body= is the last of them and may have spaces in
// it; body=html is the page of a gateway.
func ParseFault(text string) (Fault, error) {
	words, body, hasBody := strings.Cut(text, " body=")
	fields := strings.Fields(words)
	if len(fields) < 2 {
		return Fault{}, fmt.Errorf("fault %q: expected a method and a path, each of them possibly *", text)
	}
	f := Fault{Method: anything(fields[0]), Path: anything(fields[1])}
	for _, word := range fields[2:] {
		if err := f.set(word); err != nil {
			return Fault{}, fmt.Errorf("fault %q: %w", text, err)
		}
	}
	if hasBody {
		f.Body = body
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

// set reads one word after method and path.
func (f *Fault) set(word string) (err error) {
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
	case "header":
		header, content, found := strings.Cut(value, ":")
		if !found {
			return fmt.Errorf("%q: expected header=Name:value", word)
		}
		if f.Header == nil {
			f.Header = make(http.Header)
		}
		f.Header.Add(header, content)
	default:
		return fmt.Errorf("%q is none of status=, times=, skip=, drop=, delay=, header=, processed, body=", word)
	}
	return err
}
