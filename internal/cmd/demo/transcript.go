// SPDX-License-Identifier: MPL-2.0

package main

import "strings"

// transcript passes the CLI's output on, line by line and set in, without what
// says nothing to a reader of the demo.
type transcript struct {
	*printer
	// brief leaves a plan's details out, and shows its summary alone.
	brief bool

	rest    string // the beginning of a line
	skips   bool   // until the next empty line
	ended   bool   // the rest is left out
	details bool   // of a plan, which end with its summary
	empty   bool   // whether the last line shown was empty
}

func newTranscript(p *printer, brief bool) *transcript {
	return &transcript{printer: p, brief: brief, details: brief, empty: true}
}

// noise are the beginnings of paragraphs that are left out. Those of the
// warning are about a provider that comes from a mirror, which only the demo's
// does.
var noise = []string{
	"Terraform used the selected providers",
	"OpenTofu used the selected providers",
	"Terraform will perform the following actions",
	"OpenTofu will perform the following actions",
	"Terraform has compared your real infrastructure",
	"OpenTofu has compared your real infrastructure",
	"Terraform has created a lock file",
	"OpenTofu has created a lock file",
	"Warning: Incomplete lock file information",
	"Due to your customized provider installation methods",
	"The current .terraform.lock.hcl file only includes",
	"To calculate additional checksums",
	"Saved the plan to:",
	"─────",
}

func (t *transcript) Write(p []byte) (int, error) {
	lines := strings.Split(t.rest+string(p), "\n")
	last := len(lines) - 1
	for _, line := range lines[:last] {
		t.take(strings.TrimRight(line, " \r"))
	}
	t.rest = lines[last]
	return len(p), nil
}

// end shows the last line, if it was not complete, and an empty one.
func (t *transcript) end() {
	t.take(t.rest)
	t.skips, t.ended, t.details = false, false, false
	t.take("")
}

func (t *transcript) take(line string) {
	text := strings.TrimSpace(line)
	if text == "" || strings.HasSuffix(text, "has been successfully initialized!") {
		t.skips = false
	}
	switch {
	case text == "Outputs:":
		t.ended = true // a step of its own shows them
	case t.ended, t.skips:
	case startsNoise(text):
		t.skips = true
	case t.details && !strings.HasPrefix(text, "Plan:") && !strings.HasPrefix(text, "Error:"):
	case t.brief && isOutputChange(text):
	default:
		t.details = false
		t.show(line)
	}
}

// isOutputChange tells whether a line is of the list of the outputs that go.
func isOutputChange(text string) bool {
	return text == "Changes to Outputs:" || strings.HasPrefix(text, "- ") || strings.HasPrefix(text, "} ")
}

func startsNoise(text string) bool {
	for _, beginning := range noise {
		if strings.HasPrefix(text, beginning) {
			return true
		}
	}
	return false
}

// show makes one empty line of several, and shows none at the beginning.
func (t *transcript) show(line string) {
	if line == "" {
		if !t.empty {
			t.gap()
		}
		t.empty = true
		return
	}
	t.empty = false
	t.item("%s", t.highlight(line))
}

// highlight gives a line about the color that the CLI gives its first word.
func (t *transcript) highlight(line string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch first {
	case "+":
		return t.paint(green, line)
	case "~", "Warning:":
		return t.paint(yellow, line)
	case "-", "Error:":
		return t.paint(red, line)
	case "Plan:", "Apply", "Destroy", "No":
		return t.paint(bold, line)
	case "#":
		if strings.Contains(line, " will be ") {
			return t.paint(bold, line)
		}
	}
	return line
}
