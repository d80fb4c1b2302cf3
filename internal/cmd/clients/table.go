// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// guide is where the table stands, between two comments.
const (
	guide    = "templates/guides/kafka-clients.md.tmpl"
	beginsAt = "<!-- made by make test-clients -->\n"
	endsAt   = "<!-- end -->\n"
)

// conclude prints the table, and what was left out or has failed.
func (t *trial) conclude() error {
	table := t.table()
	fmt.Fprintf(t.out, "\n%s\n", table)
	failed := 0
	passed := 0
	for row, results := range t.results {
		for check, err := range results {
			if err != nil {
				failed++
				fmt.Fprintf(t.out, "FAILED: %s, %s: %v\n\n", row, check, err)
			} else {
				passed++
			}
		}
	}
	for _, what := range t.leftOut {
		fmt.Fprintln(t.out, "left out:", what)
	}
	fmt.Fprintf(t.out, "%d passed, %d failed\n", passed, failed)
	t.say("done")
	switch {
	case passed+failed == 0:
		return errors.New("nothing was tried")
	case failed > 0:
		return fmt.Errorf("%d checks failed", failed)
	case len(t.leftOut) > 0 && os.Getenv("CI") == "true":
		return errors.New("in CI nothing may be left out")
	case len(t.leftOut) > 0 || t.named.String() != "":
		return nil
	default:
		return t.publish(table)
	}
}

// table has a row for each client, and one for each example.
func (t *trial) table() string {
	var text strings.Builder
	rows := func(checks []check, names func(peer) string, first string) {
		text.WriteString("| " + first + " |")
		for _, c := range checks {
			text.WriteString(" " + c.name + " |")
		}
		text.WriteString("\n|---|" + strings.Repeat("---|", len(checks)) + "\n")
		for _, p := range peers {
			name := names(p)
			if name == "" || t.results[name] == nil {
				continue
			}
			text.WriteString("| " + p.name + " |")
			for _, c := range checks {
				text.WriteString(" " + t.cell(name, c.name) + " |")
			}
			text.WriteString("\n")
		}
	}
	rows(checks, func(p peer) string { return p.name }, "client")
	text.WriteString("\n")
	rows(situations, func(p peer) string {
		if !p.example {
			return ""
		}
		return exampleOf(p)
	}, "program")
	return text.String()
}

func (t *trial) cell(row, check string) string {
	switch err, tried := t.results[row][check]; {
	case !tried:
		return ""
	case err != nil:
		return "✗"
	default:
		return "✓"
	}
}

// publish writes the table into the guide, or sees whether it is there.
func (t *trial) publish(table string) error {
	file := filepath.Join(t.tools.repository, filepath.FromSlash(guide))
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(text), beginsAt)
	old, after, ended := strings.Cut(rest, endsAt)
	if !found || !ended {
		return fmt.Errorf("%s has no place for the table", guide)
	}
	if old = strings.TrimSpace(old); old == strings.TrimSpace(table) {
		return nil
	}
	if !t.write {
		return fmt.Errorf("the table of %s is another one: run make test-clients ARGS=-write, and make docs", guide)
	}
	return os.WriteFile(file, []byte(before+beginsAt+"\n"+strings.TrimSpace(table)+"\n\n"+endsAt+after), 0o600)
}
