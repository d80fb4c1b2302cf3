// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// hidden are values that no file may hold.
var hidden struct {
	sync.Mutex
	values []string
}

// Hide says that a value may be found nowhere: in no state, plan, log or
// output. It is for passwords that are only ever given as write-only values.
func Hide(values ...string) {
	hidden.Lock()
	defer hidden.Unlock()
	hidden.values = append(hidden.values, values...)
}

// Scanner looks for secrets, in clear or encoded.
//
// Every secret that a simulator issues begins in a way that nothing else does,
// so what is looked for is that beginning, and no list of secrets is needed.
type Scanner struct {
	// never may be found nowhere; kept may be in the state, in the attributes
	// that are for it, and in a plan, which holds the prior state.
	never, kept index
}

type needle struct {
	secret string // its beginning, for people
	form   []byte
}

// NewScanner knows the values that were hidden until now, and more that may be
// nowhere.
func NewScanner(more ...string) *Scanner {
	hidden.Lock()
	defer hidden.Unlock()
	return &Scanner{
		never: newIndex(needles(slices.Concat([]string{simulator.DefaultSecret, simulator.AccessTokenPrefix, simulator.RefreshTokenPrefix}, hidden.values, more))),
		kept:  newIndex(needles([]string{simulator.ClientSecretPrefix, simulator.PasswordPrefix})),
	}
}

// needles are the forms of secrets. JSON, HTML and URLs escape nothing of those
// used in tests, so these need no forms of their own.
func needles(secrets []string) []needle {
	var all []needle
	for _, secret := range secrets {
		shown := secret[:min(len(secret), 12)]
		all = append(all, needle{shown, []byte(secret)})
		// In Base64 a text looks different at each of three offsets. Its ends
		// depend on what stands beside it and are left out.
		for offset := range 3 {
			encoded := base64.RawStdEncoding.EncodeToString(append(make([]byte, offset), secret...))
			all = append(all, needle{shown + " in Base64", []byte(encoded[(offset*8+5)/6 : (offset+len(secret))*8/6])})
		}
	}
	return all
}

// index finds many needles in one pass: there are hundreds of them, and
// gigabytes of logs. Every needle is longer than what it is found by.
type index struct {
	begins  *[1 << 16]bool
	needles map[beginning][]needle
}

type beginning [6]byte

func newIndex(needles []needle) index {
	i := index{new([1 << 16]bool), map[beginning][]needle{}}
	for _, needle := range needles {
		begins := beginning(needle.form)
		i.begins[int(begins[0])<<8|int(begins[1])] = true
		i.needles[begins] = append(i.needles[begins], needle)
	}
	return i
}

func (i index) find(data []byte) []string {
	var found []string
	for at := 0; at+len(beginning{}) <= len(data); at++ {
		if !i.begins[int(data[at])<<8|int(data[at+1])] {
			continue
		}
		for _, needle := range i.needles[beginning(data[at:])] {
			if bytes.HasPrefix(data[at:], needle.form) && !slices.Contains(found, needle.secret) {
				found = append(found, needle.secret)
			}
		}
	}
	return found
}

// harnessEcho is what plugin-testing makes the CLI log: a test's own
// configuration, and what the echo provider holds.
var harnessEcho = regexp.MustCompile(`(?m)^  test_terraform_configuration=\n(?:  \|.*\n)*|^.*UpgradeResourceState: ignoring dynamic block.*\n`)

// Text looks through a log or an output, which may hold no secret at all.
func (s *Scanner) Text(data []byte) []string {
	look := func() []string { return append(s.never.find(data), s.kept.find(data)...) }
	if len(look()) == 0 {
		return nil
	}
	// Taking the echo out takes much longer than looking.
	data = harnessEcho.ReplaceAll(data, nil)
	return look()
}

// echoProvider is plugin-testing's means of looking at ephemeral values: it
// writes them into plan and state.
var echoProvider = []byte(`/echo"]`)

// Plan looks through a saved plan. The configuration in it is the user's own.
func (s *Scanner) Plan(data []byte) ([]string, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	var found []string
	for _, file := range archive.File {
		if strings.HasPrefix(file.Name, "tfconfig/") {
			continue
		}
		entry, err := readEntry(file)
		if err != nil {
			return nil, err
		}
		if bytes.Contains(entry, echoProvider) {
			return nil, nil
		}
		found = append(found, s.never.find(entry)...)
	}
	return found, nil
}

func readEntry(file *zip.File) ([]byte, error) {
	reader, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = reader.Close() }()
	return io.ReadAll(reader)
}

// State looks through what a state file holds of this provider's resources and
// data sources. Secrets may be in the sensitive attributes that are for them
// and nowhere else.
func (s *Scanner) State(data []byte) ([]string, error) {
	var state struct {
		Resources []struct {
			Type      string
			Instances []map[string]any
		}
	}
	if err := json.Unmarshal(data, &state); err != nil {
		return nil, err
	}
	var found []string
	for _, resource := range state.Resources {
		if !strings.HasPrefix(resource.Type, "streamkap_") {
			continue
		}
		for _, instance := range resource.Instances {
			found = append(found, s.never.find(encoded(instance))...)
			if attributes, ok := instance["attributes"].(map[string]any); ok {
				takeOut(attributes)
			}
			rest := encoded(instance)
			found = append(append(found, s.never.find(rest)...), s.kept.find(rest)...)
		}
	}
	return found, nil
}

// takeOut removes the attributes that are there to hold secrets.
func takeOut(attributes map[string]any) {
	if api, ok := attributes["api"].(map[string]any); ok {
		delete(api, "client_secret")
	}
	if kafka, ok := attributes["kafka"].(map[string]any); ok {
		delete(kafka, "password")
	}
	delete(attributes, "credential_json")
}

func encoded(value any) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err) // It was decoded from JSON.
	}
	return data
}

// Files looks through every file below a folder, each by its kind. A text is
// returned for each finding.
func (s *Scanner) Files(dir string) ([]string, error) {
	var findings []string
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		found, err := s.file(path)
		for _, secret := range found {
			findings = append(findings, fmt.Sprintf("%s holds a secret that begins with %s", strings.TrimPrefix(path, dir), secret))
		}
		return err
	})
	return findings, err
}

func (s *Scanner) file(path string) ([]string, error) {
	name := filepath.Base(path)
	read := func(scan func([]byte) ([]string, error)) ([]string, error) {
		data, err := os.ReadFile(path)
		if err != nil || len(data) == 0 {
			return nil, err
		}
		found, err := scan(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return found, nil
	}
	switch {
	case strings.HasSuffix(name, ".tfstate"), strings.HasSuffix(name, ".tfstate.backup"):
		return read(s.State)
	case strings.HasSuffix(name, "plan") && !strings.HasSuffix(name, ".tf"):
		return read(s.Plan)
	case strings.HasSuffix(name, ".log"):
		return read(func(data []byte) ([]string, error) { return s.Text(data), nil })
	}
	return nil, nil
}
