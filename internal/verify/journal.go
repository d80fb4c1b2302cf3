// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// Journal is the file in which a run notes what it is about to make and what
// it has made, before anything else happens. What is in it is enough to delete
// what a run has left: see Clean.
type Journal struct {
	file *os.File
	sync func(*os.File) error
}

// entry is a line of the journal.
type entry struct {
	// Host and ServiceID begin the journal: where its keys are.
	Host      string `json:"host,omitempty"`
	ServiceID string `json:"service_id,omitempty"`
	// Intent is the name of a key about to be made, and Time the service's
	// time before that.
	Intent string    `json:"intent,omitempty"`
	Time   time.Time `json:"time,omitzero"`
	// Made is the id that the creation of the key Name was answered with, and
	// Gone the id of a key that is no longer there.
	Made string `json:"made,omitempty"`
	Name string `json:"name,omitempty"`
	Gone string `json:"gone,omitempty"`
	// Refused is the name of an intention that the service has turned down.
	Refused string `json:"refused,omitempty"`
}

// createJournal starts a journal. It overwrites none: that of another run may
// be all that is known of its keys.
func createJournal(o Options) (*Journal, error) {
	file, err := os.OpenFile(o.Journal, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("the journal %s is there already, so an earlier run has not ended. "+
			"Delete what it left with -clean %s, or name another journal with -journal", o.Journal, o.Journal)
	}
	if err != nil {
		return nil, err
	}
	j := &Journal{file: file, sync: o.sync}
	if err := j.write(entry{Host: o.Host, ServiceID: o.ServiceID}); err != nil {
		return nil, errors.Join(err, j.close(false))
	}
	return j, nil
}

// write returns when the entry is on the disk.
func (j *Journal) write(e entry) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return err
	}
	return j.sync(j.file)
}

// close ends the journal, and removes it where nothing is left.
func (j *Journal) close(left bool) error {
	if err := j.file.Close(); err != nil || left {
		return err
	}
	return os.Remove(j.file.Name())
}

// openJournal reads the journal of an earlier run, to go on with it.
func openJournal(o Options) (*Journal, []entry, error) {
	data, err := os.ReadFile(o.Journal)
	if err != nil {
		return nil, nil, err
	}
	// The last line is cut off where the run was killed while it wrote it. What
	// it was about was never done then, and the next line must not follow on it.
	whole := bytes.LastIndexByte(data, '\n') + 1
	entries, err := readEntries(data[:whole])
	if err != nil {
		return nil, nil, fmt.Errorf("%s is no journal: %w", o.Journal, err)
	}
	file, err := os.OpenFile(o.Journal, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, err
	}
	if err := file.Truncate(int64(whole)); err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return &Journal{file: file, sync: o.sync}, entries, nil
}

func readEntries(data []byte) ([]entry, error) {
	var entries []entry
	decoder := json.NewDecoder(bytes.NewReader(data))
	for {
		var e entry
		if err := decoder.Decode(&e); errors.Is(err, io.EOF) {
			return entries, nil
		} else if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
}

// keysOf are the keys that a journal does not say are gone.
func keysOf(entries []entry) []*key {
	var keys []*key
	for _, e := range entries {
		switch {
		case e.Intent != "":
			keys = append(keys, &key{kind: kindRefused, name: e.Intent, intent: e.Time})
		case e.Made != "":
			if i := slices.IndexFunc(keys, func(k *key) bool { return k.name == e.Name && k.id == "" }); i >= 0 {
				keys[i].id = e.Made
			}
		case e.Gone != "" || e.Refused != "":
			keys = deleteKey(keys, e)
		}
	}
	return keys
}

func deleteKey(keys []*key, e entry) []*key {
	var rest []*key
	for _, k := range keys {
		if (e.Gone != "" && k.id == e.Gone) || (e.Refused != "" && k.name == e.Refused && k.id == "") {
			continue
		}
		rest = append(rest, k)
	}
	return rest
}
