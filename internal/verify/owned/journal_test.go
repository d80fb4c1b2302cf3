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
	head  = `{"journal":"terraform-provider-streamkap verify","format":1,"version":"v1","host":"https://api.invalid","service_id":"project","run":"verify-abcdefghijkl"}`
	meant = `{"key":%d,"name":"verify-abcdefghijkl-%d","is":"meant","time":"2026-01-01T00:00:00Z"}`
)

func aLine(n int) string { return fmt.Sprintf(meant, n, n) }

// resumed opens a journal with a text, and says which keys are open and what a
// person is told.
func resumed(t *testing.T, text string) (f *fake, name string, told []string, err error) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "journal")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f = &fake{}
	f.Service = New(Config{
		Host: "https://api.invalid", ServiceID: "project", Transport: f, Sync: Syncer.Sync,
		Heard: func(Answer) {}, Row: func(Value) {}, Say: func(format string, args ...any) { told = append(told, fmt.Sprintf(format, args...)) },
	})
	if err = f.Resume(name); err == nil {
		t.Cleanup(f.Release)
	}
	return f, name, told, err
}

func (f *fake) open() (names []string) {
	for _, k := range f.Keys {
		if !k.gone {
			names = append(names, k.Name())
		}
	}
	return names
}

func TestResume_LinesStandByThemselves(t *testing.T) {
	second := "verify-abcdefghijkl-2"
	for name, test := range map[string]struct {
		lines   []string
		open    []string
		damaged []int
	}{
		"nothing asked for":  {nil, nil, nil},
		"one key":            {[]string{aLine(1)}, []string{"verify-abcdefghijkl-1"}, nil},
		"one that is gone":   {[]string{aLine(1), strings.Replace(aLine(1), "meant", "gone", 1)}, nil, nil},
		"one that came back": {[]string{aLine(1), strings.Replace(aLine(1), "meant", "gone", 1), strings.Replace(aLine(1), "meant", "shown", 1)}, []string{"verify-abcdefghijkl-1"}, nil},
		"cut in the middle":  {[]string{aLine(1)[:40], aLine(2)}, []string{second}, []int{2}},
		"cut at the end":     {[]string{aLine(2), aLine(3)[:40]}, []string{second}, []int{3}},
		"two lines in one":   {[]string{aLine(1)[:40] + aLine(1), aLine(2)}, []string{second}, []int{2}},
		"zeros of a disk":    {[]string{strings.Repeat("\x00", 100), aLine(2)}, []string{second}, []int{2}},
		"the name of others": {[]string{`{"key":1,"name":"orders","is":"meant"}`, aLine(2)}, []string{second}, []int{2}},
		"the run's name":     {[]string{`{"key":1,"name":"verify-abcdefghijkl","is":"meant"}`, aLine(2)}, []string{second}, []int{2}},
		"no number":          {[]string{`{"name":"verify-abcdefghijkl-1","is":"meant"}`, aLine(2)}, []string{second}, []int{2}},
		"a huge number":      {[]string{`{"key":1000000000,"name":"verify-abcdefghijkl-1","is":"meant"}`, aLine(2)}, []string{second}, []int{2}},
		"known by its id":    {[]string{`{"key":1,"name":"verify-abcdefghijkl-1","is":"shown","id":"key-1"}`}, []string{"verify-abcdefghijkl-1"}, nil},
		"another name later": {[]string{aLine(2), strings.Replace(strings.Replace(aLine(2), "meant", "named", 1), "jkl-2", "jkl-2b", 1)}, []string{second + "b"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f, file, told, err := resumed(t, strings.Join(append([]string{head}, test.lines...), "\n"))
			if err != nil || !slices.Equal(f.open(), test.open) {
				t.Fatalf("%v, %q", err, f.open())
			}
			for i, line := range test.damaged {
				if len(told) != len(test.damaged) || !strings.HasPrefix(told[i], fmt.Sprintf("Line %d of the journal is damaged", line)) {
					t.Errorf("%q", told)
				}
			}
			// What follows is a line of its own.
			k := &Key{n: 9, names: []string{"verify-abcdefghijkl-9"}}
			if err := f.note(k, isMeant, ""); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(file)
			if lines := strings.Split(strings.TrimSpace(string(data)), "\n"); err != nil || !strings.HasPrefix(lines[len(lines)-1], `{"key":9,`) {
				t.Errorf("%v, %q", err, data)
			}
		})
	}
}

func TestResume_RefusesWhatIsNotItsOwn(t *testing.T) {
	for name, test := range map[string]struct{ text, why string }{
		"nothing":              {"", "is no journal"},
		"no header":            {aLine(1) + "\n", "is no journal"},
		"half a header":        {head[:60], "is no journal"},
		"a header further on":  {"\n" + head, "is no journal"},
		"another run's naming": {strings.Replace(head, "verify-abcdefghijkl", "", 1), "is no journal"},
		"any name":             {strings.Replace(head, "verify-abcdefghijkl", "o", 1), "is no journal"},
		"another program":      {strings.Replace(head, " verify", " other", 1), "is no journal"},
		"another format":       {strings.Replace(head, `"format":1`, `"format":2`, 1), "another version, v1"},
		"another host":         {strings.Replace(head, "api.", "elsewhere.", 1), "another host or project"},
		"another project":      {strings.Replace(head, `"project"`, `"other"`, 1), "another host or project"},
	} {
		t.Run(name, func(t *testing.T) {
			_, file, _, err := resumed(t, test.text)
			if err == nil || !strings.Contains(err.Error(), test.why) {
				t.Errorf("%v", err)
			}
			if data, err := os.ReadFile(file); err != nil || string(data) != test.text {
				t.Errorf("%v: %q", err, data)
			}
		})
	}
}

func TestResume_WaitsForTheRunToEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.made(t, ownID)
		name := f.journal.file.Name()
		before, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		other := New(f.Config)
		if err := other.Resume(name); err == nil || !strings.Contains(err.Error(), "still going on") {
			t.Errorf("%v", err)
		}
		if after, err := os.ReadFile(name); err != nil || !bytes.Equal(after, before) {
			t.Errorf("%v: %q", err, after)
		}
		f.Release()
		if err := other.Resume(name); err != nil || len(other.Keys) != 1 {
			t.Errorf("%v, %d keys", err, len(other.Keys))
		}
		other.Release()
	})
}
