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
	"strings"
	"time"
)

// journal is the file in which a run notes what it is about to ask for, before
// it does. What is in it is enough to delete what a run has left.
type journal struct {
	file *os.File
	sync func(Syncer) error
}

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
	journalFormat = 1
	maxJournal    = 4 << 20
)

// line is any other line of a journal. Each says by itself which key it is about.
type line struct {
	Key  int       `json:"key"` // from 1
	Name string    `json:"name"`
	Is   string    `json:"is"`
	ID   string    `json:"id,omitempty"`
	Time time.Time `json:"time,omitzero"`
}

// What a line can say of a key.
const (
	isMeant = "meant" // it is about to be asked for, by the service's time
	isNamed = "named" // it is about to be given another name
	isShown = "shown" // its id was shown to be its own
	isGone  = "gone"  // it was never made, or is gone for certain
)

var runName = regexp.MustCompile(`^(verify|tfacc)-[a-z0-9]{8,20}$`)

// Begin starts the journal of a run. It overwrites none: that of another run may
// be all that is known of its keys.
func (s *Service) Begin(name, run string) error {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // The operator names it.
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already. If it is the journal of an earlier run, delete what that left with -clean %s; "+
			"else name another journal with -journal", name, name)
	}
	if err != nil {
		return err
	}
	s.journal, s.run = &journal{file, s.Sync}, run
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
	}
	if err = lock(file); err == nil {
		err = s.journal.write(header{journalName, journalFormat, version, s.Host, s.ServiceID, run})
	}
	if err != nil {
		return errors.Join(err, s.End(nil))
	}
	if folder, err := os.Open(filepath.Dir(name)); err == nil {
		_ = s.Sync(folder) // not every system can
		_ = folder.Close()
	}
	return nil
}

// write returns when a line is on the disk.
func (j *journal) write(line any) error {
	encoded, err := json.Marshal(line)
	if err != nil {
		return err
	}
	if _, err := j.file.Write(append(encoded, '\n')); err != nil {
		return err
	}
	return j.sync(j.file)
}

// Release lets go of the journal, for another process to clean.
func (s *Service) Release() { _ = s.journal.file.Close() }

// End ends the run: the journal goes, unless something is left.
func (s *Service) End(left error) error {
	s.Release()
	if left != nil {
		return left
	}
	return os.Remove(s.journal.file.Name())
}

// Resume opens the journal of an earlier run, to go on with it. Any other file is
// left as it is.
func (s *Service) Resume(name string) (err error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_APPEND, 0) //nolint:gosec // The operator names it.
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = file.Close()
		}
	}()
	if err := lock(file); err != nil {
		return fmt.Errorf("the run of %s is still going on, or another one cleans up after it: %w", name, err)
	}
	data, err := io.ReadAll(io.LimitReader(file, maxJournal))
	if err != nil {
		return err
	}
	lines := strings.Split(string(data), "\n")
	var first header
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil || first.Journal != journalName || !runName.MatchString(first.Run) {
		return fmt.Errorf("%s is no journal of verify; it is left as it is", name)
	}
	switch {
	case first.Format != journalFormat:
		return fmt.Errorf("%s is of another version, %s; clean up with that", name, first.Version)
	case first.Host != s.Host || first.ServiceID != s.ServiceID:
		return errors.New("the journal is of another host or project than this command: give the same as the run had")
	}
	s.journal, s.run = &journal{file, s.Sync}, first.Run
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
	var l line
	if json.Unmarshal([]byte(text), &l) != nil || l.Key < 1 || l.Key > 1000 || !strings.HasPrefix(l.Name, s.run+"-") {
		return false
	}
	for len(s.Keys) < l.Key {
		// A key without any line that can be read was not asked for.
		s.Keys = append(s.Keys, &Key{n: len(s.Keys) + 1, gone: true})
	}
	k := s.Keys[l.Key-1]
	k.gone = l.Is == isGone
	if !k.isNamed(l.Name) {
		k.names = append(k.names, l.Name)
	}
	switch l.Is {
	case isMeant:
		k.meant = l.Time
	case isShown:
		k.id = l.ID
	}
	return true
}

// note writes a line about a key. A journal that can't be written ends the run.
func (s *Service) note(k *Key, is, id string) error {
	err := s.journal.write(line{k.n, k.names[len(k.names)-1], is, id, k.meant})
	if err != nil {
		s.broken = fmt.Errorf("the journal can't be written: %w", err)
	}
	return err
}
