// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

const (
	head  = `{"journal":"terraform-provider-streamkap verify","format":2,"version":"v1","host":"https://api.invalid","service_id":"project","run":"verify-abcdefghijkl"}`
	meant = `{"key":%d,"names":["verify-abcdefghijkl-%d"],"meant":"2026-01-01T00:00:00Z"}`
)

func aLine(n int) string { return fmt.Sprintf(meant, n, n) }

// resumed opens a journal with a text, and says which keys are open and what a
// person is told.
func resumed(t *testing.T, text string) (f *fake, told string, err error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "journal")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f = &fake{}
	var progress strings.Builder
	f.Service = New(Config{Host: "https://api.invalid", ServiceID: "project", Journal: name, Transport: f, Progress: &progress})
	if err = f.Resume(); err == nil {
		t.Cleanup(f.Release)
	}
	return f, progress.String(), err
}

func (f *fake) open() (names []string) {
	for _, k := range f.Keys {
		if !k.Gone() {
			names = append(names, k.Name())
		}
	}
	return names
}

func TestResume_LinesStandByThemselves(t *testing.T) {
	first, second := "verify-abcdefghijkl-1", "verify-abcdefghijkl-2"
	gone := strings.Replace(aLine(1), "}", `,"gone":true}`, 1)
	for name, test := range map[string]struct {
		lines   []string
		open    []string
		damaged int // the number of the line that is
	}{
		"nothing asked for":  {nil, nil, 0},
		"one key":            {[]string{aLine(1)}, []string{first}, 0},
		"one that is gone":   {[]string{aLine(1), gone}, nil, 0},
		"one that came back": {[]string{aLine(1), gone, aLine(1)}, []string{first}, 0},
		"cut in the middle":  {[]string{aLine(1)[:40], aLine(2)}, []string{second}, 2},
		"cut at the end":     {[]string{aLine(2), aLine(3)[:40]}, []string{second}, 3},
		"two lines in one":   {[]string{aLine(1)[:40] + aLine(1), aLine(2)}, []string{second}, 2},
		"zeros of a disk":    {[]string{strings.Repeat("\x00", 100), aLine(2)}, []string{second}, 2},
		"the name of others": {[]string{`{"key":1,"names":["verify-abcdefghijkl-1","orders"]}`, aLine(2)}, []string{second}, 2},
		"the run's name":     {[]string{`{"key":1,"names":["verify-abcdefghijkl"]}`, aLine(2)}, []string{second}, 2},
		"no name":            {[]string{`{"key":1,"id":"key-1"}`, aLine(2)}, []string{second}, 2},
		"no number":          {[]string{`{"names":["verify-abcdefghijkl-1"]}`, aLine(2)}, []string{second}, 2},
		"a huge number":      {[]string{`{"key":1000000000,"names":["verify-abcdefghijkl-1"]}`, aLine(2)}, []string{second}, 2},
		"known by its id":    {[]string{`{"key":1,"names":["verify-abcdefghijkl-1"],"id":"key-1"}`}, []string{first}, 0},
		"another name later": {[]string{aLine(2), strings.Replace(aLine(2), "]", `,"verify-abcdefghijkl-2b"]`, 1)}, []string{second + "b"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f, told, err := resumed(t, strings.Join(append([]string{head}, test.lines...), "\n"))
			if err != nil || !slices.Equal(f.open(), test.open) {
				t.Fatalf("%v, %q", err, f.open())
			}
			if want := fmt.Sprintf("Line %d of the journal is damaged, and passed over\n", test.damaged); told != want && (told != "" || test.damaged > 0) {
				t.Errorf("%q", told)
			}
			// What follows is a line of its own.
			if err := f.note(&Key{entry: entry{Key: 9, Names: []string{"verify-abcdefghijkl-9"}}}); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(f.Journal)
			if lines := strings.Split(strings.TrimSpace(string(data)), "\n"); err != nil || !strings.HasPrefix(lines[len(lines)-1], `{"key":9,`) {
				t.Errorf("%v, %q", err, data)
			}
		})
	}
}

// People name other files by mistake.
func TestResume_RefusesWhatIsNotItsOwn(t *testing.T) {
	for name, test := range map[string]struct{ text, why string }{
		"nothing":              {"", "is no journal"},
		"null":                 {"null\n", "is no journal"},
		"a state":              {`{"version": 4, "terraform_version": "1.11.4", "resources": []}`, "is no journal"},
		"a report":             {"{\n  \"made\": \"2026-01-01T00:00:00Z\",\n  \"rows\": []\n}\n", "is no journal"},
		"lines of JSON":        {"{\"a\": 1}\n{\"b\": 2}\n", "is no journal"},
		"a long text":          {strings.Repeat("x", 1<<20), "is no journal"},
		"no header":            {aLine(1) + "\n", "is no journal"},
		"half a header":        {head[:60], "is no journal"},
		"a header further on":  {"\n" + head, "is no journal"},
		"another run's naming": {strings.Replace(head, "verify-abcdefghijkl", "", 1), "is no journal"},
		"any name":             {strings.Replace(head, "verify-abcdefghijkl", "o", 1), "is no journal"},
		"another program":      {strings.Replace(head, " verify", " other", 1), "is no journal"},
		"another format":       {strings.Replace(head, `"format":2`, `"format":1`, 1), "another version, v1"},
		"another host":         {strings.Replace(head, "api.", "elsewhere.", 1), "another host or project"},
		"another project":      {strings.Replace(head, `"project"`, `"other"`, 1), "another host or project"},
	} {
		t.Run(name, func(t *testing.T) {
			f, _, err := resumed(t, test.text)
			if err == nil || !strings.Contains(err.Error(), test.why) {
				t.Errorf("%v", err)
			}
			if data, err := os.ReadFile(f.Journal); err != nil || string(data) != test.text {
				t.Errorf("%v: %q", err, data)
			}
		})
	}
}

func TestResume_WaitsForTheRunToEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.made(t, ownID)
		before, err := os.ReadFile(f.Journal)
		if err != nil {
			t.Fatal(err)
		}
		other := New(f.Config)
		if err := other.Resume(); err == nil || !strings.Contains(err.Error(), "still going on") {
			t.Errorf("%v", err)
		}
		if after, err := os.ReadFile(f.Journal); err != nil || !bytes.Equal(after, before) {
			t.Errorf("%v: %q", err, after)
		}
		f.Release()
		if err := other.Resume(); err != nil || len(other.Keys) != 1 {
			t.Errorf("%v, %d keys", err, len(other.Keys))
		}
		other.Release()
	})
}
