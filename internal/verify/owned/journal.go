// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// Syncer is a file or folder that can be written to the disk.
type Syncer interface{ Sync() error }

// header is a journal's first line.
type header struct {
	Journal   string `json:"journal"`
	Format    int    `json:"format"`
	Version   string `json:"version"`
	Host      string `json:"host"`
	ServiceID string `json:"service_id"`
	Run       string `json:"run"`
}

const (
	journalName   = "terraform-provider-streamkap verify"
	journalFormat = 2
	maxJournal    = 4 << 20
)

// entry is any other line of a journal: all that is noted of a key, whenever that
// changes. The last one that can be read counts.
type entry struct {
	Key   int       `json:"key"`            // from 1
	Names []string  `json:"names"`          // those that the run gave it, or is about to
	Meant time.Time `json:"meant,omitzero"` // the service's time before it was asked for; zero where it told none
	ID    string    `json:"id,omitempty"`   // what the service calls its id; nothing is sent there without a proof
	Gone  bool      `json:"gone,omitempty"` // it was never made, or is gone for certain
}

var runName = regexp.MustCompile(`^(verify|tfacc)-[a-z0-9]{8,20}$`)

// Begin starts the journal of a run, the file in which it notes what it is about
// to ask for, before it does. It overwrites none: that of another run may be all
// that is known of its keys.
func (s *Service) Begin(run string) error {
	file, err := os.OpenFile(s.Journal, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already. If it is the journal of an earlier run, delete what that left with -clean %[1]s; "+
			"else name another journal with -journal", s.Journal)
	}
	if err != nil {
		return err
	}
	s.journal, s.run = file, run
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
	}
	if err = lock(file); err == nil {
		err = s.write(header{journalName, journalFormat, version, s.Host, s.ServiceID, run})
	}
	if err != nil {
		return errors.Join(err, s.End(nil))
	}
	if folder, err := os.Open(filepath.Dir(s.Journal)); err == nil {
		_ = s.Sync(folder) // not every system can
		_ = folder.Close()
	}
	return nil
}

// write returns when a line is on the disk.
func (s *Service) write(line any) error {
	encoded, err := json.Marshal(line)
	if err != nil {
		return err
	}
	if _, err := s.journal.Write(append(encoded, '\n')); err != nil {
		return err
	}
	return s.Sync(s.journal)
}

// note writes what is to be known of a key. A journal that can't be written ends
// the run.
func (s *Service) note(k *Key) error {
	err := s.write(k.entry)
	if err != nil {
		s.Broken = fmt.Errorf("the journal can't be written: %w", err)
	}
	return err
}

// Release lets go of the journal, for another process to clean.
func (s *Service) Release() { _ = s.journal.Close() }

// End ends the run: the journal goes, unless something is left.
func (s *Service) End(left error) error {
	s.Release()
	if left != nil {
		return left
	}
	return os.Remove(s.Journal)
}

// Resume opens the journal of an earlier run, to go on with it. Any other file is
// left as it is.
func (s *Service) Resume() (err error) {
	file, err := os.OpenFile(s.Journal, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = file.Close()
		}
	}()
	if err := lock(file); err != nil {
		return fmt.Errorf("the run of %s is still going on, or another one cleans up after it: %w", s.Journal, err)
	}
	data, err := io.ReadAll(io.LimitReader(file, maxJournal))
	if err != nil {
		return err
	}
	lines := strings.Split(string(data), "\n")
	var first header
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil || first.Journal != journalName || !runName.MatchString(first.Run) {
		return fmt.Errorf("%s is no journal of verify; it is left as it is", s.Journal)
	}
	switch {
	case first.Format != journalFormat:
		return fmt.Errorf("%s is of another version, %s; clean up with that", s.Journal, first.Version)
	case first.Host != s.Host || first.ServiceID != s.ServiceID:
		return errors.New("the journal is of another host or project than this command: give the same as the run had")
	}
	s.journal, s.run = file, first.Run
	for i, text := range lines[1:] {
		if text != "" && !s.recall(text) {
			s.Say("Line %d of the journal is damaged, and passed over", i+2)
		}
	}
	if !bytes.HasSuffix(data, []byte("\n")) {
		_, err = file.WriteString("\n")
	}
	return err
}

// recall takes in a line, and tells whether that can be one of the run.
func (s *Service) recall(text string) bool {
	var e entry
	foreign := func(name string) bool { return !strings.HasPrefix(name, s.run+"-") }
	if json.Unmarshal([]byte(text), &e) != nil || e.Key < 1 || e.Key > 1000 || len(e.Names) == 0 || slices.ContainsFunc(e.Names, foreign) {
		return false
	}
	for len(s.Keys) < e.Key {
		// A key without any line that can be read was not asked for.
		s.Keys = append(s.Keys, &Key{entry: entry{Key: len(s.Keys) + 1, Gone: true}})
	}
	s.Keys[e.Key-1].entry = e
	return true
}
