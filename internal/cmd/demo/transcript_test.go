// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"testing"
)

func TestTranscript(t *testing.T) {
	for name, test := range map[string]struct {
		brief      bool
		text, want string
	}{
		"set in":            {text: "one\ntwo\n", want: "  one\n  two\n\n"},
		"unfinished line":   {text: "one", want: "  one\n\n"},
		"one empty line":    {text: "\n\none\n\n\ntwo\n\n", want: "  one\n\n  two\n\n"},
		"nothing":           {text: "", want: ""},
		"noise":             {text: "Terraform used the selected providers\nand so on\n\none\n", want: "  one\n\n"},
		"end of noise":      {text: "Due to your customized provider installation methods\nTerraform has been successfully initialized!\n", want: "  Terraform has been successfully initialized!\n\n"},
		"outputs":           {text: "Apply complete!\n\nOutputs:\n\na = 1\n", want: "  Apply complete!\n\n"},
		"brief":             {brief: true, text: "a: Refreshing\n\nTerraform used the selected providers\n\n# gone\n\nPlan: 0 to add\n\nChanges to Outputs:\n- b = 1 -> null\na: Destroying\n", want: "  Plan: 0 to add\n\n  a: Destroying\n\n"},
		"error, when brief": {brief: true, text: "\nError: no\n\nwhy\n", want: "  Error: no\n\n  why\n\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			view := newTranscript(&printer{out: &out}, test.brief)
			for _, b := range []byte(test.text) {
				_, _ = view.Write([]byte{b})
			}
			view.end()
			if out.String() != test.want {
				t.Errorf("shown %q\nwanted %q", out.String(), test.want)
			}
		})
	}
}

func TestTranscriptColors(t *testing.T) {
	var out bytes.Buffer
	view := newTranscript(&printer{out: &out, color: true}, false)
	_, _ = view.Write([]byte("  + id = 1\n  id\n"))
	view.end()
	if want := "  \x1b[32m  + id = 1\x1b[0m\n    id\n\n"; out.String() != want {
		t.Errorf("shown %q\nwanted %q", out.String(), want)
	}
}
