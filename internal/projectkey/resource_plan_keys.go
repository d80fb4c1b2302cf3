// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// plannedKeys is what one process of the provider knows of the whole plan. Terraform plans
// several resources at a time, in any order and without their addresses. So only what was
// planned before is known.
type plannedKeys struct {
	// applying is set when a key is created, changed or deleted: then this is no
	// plan any more.
	applying atomic.Bool

	mu sync.Mutex
	// state are the keys of the state that were met so far, by id.
	state map[string]*stateKey
	// created are the new keys. A tainted key is planned as a new one too.
	created []keyLabels
}

// keyLabels are what people, Kafka and the API know a key by. They are empty where they
// are null or unknown.
type keyLabels struct {
	ID       string
	Name     string
	Username string
	ClientID string
}

// stateKey is a key of the state, and what is planned for it. A tainted one stays
// unplanned.
type stateKey struct {
	fate
	before, after keyLabels
	// used is when Streamkap saw it used last.
	used streamkap.Text
}

type fate int

const (
	unplanned fate = iota
	stays          // as it is, changed or replaced
	deleted
)

func newPlannedKeys() *plannedKeys { return &plannedKeys{state: map[string]*stateKey{}} }

func labelsOf(p *Model) keyLabels {
	labels := keyLabels{ID: p.ID.ValueString(), Name: p.Name.ValueString()}
	if p.Kafka.known != nil {
		labels.Username = p.Kafka.known.Username.ValueString()
	}
	if p.API.known != nil {
		labels.ClientID = p.API.known.ClientID.ValueString()
	}
	return labels
}

// describe names the key for people. A new one has no id yet, and one that is
// being imported has no name.
func (k keyLabels) describe() string {
	switch {
	case k.ID == "":
		return "the new project key " + diagnosis.Quote(k.Name)
	case k.Name == "":
		return "project key with the id " + diagnosis.Show(k.ID)
	}
	return fmt.Sprintf("project key %s (id %s)", diagnosis.Quote(k.Name), diagnosis.Show(k.ID))
}

// NoteState notes a key of the state, given as JSON, and nothing of another type.
func (s *Setup) NoteState(typeName string, state []byte) {
	var key struct {
		ID, Name string
		Kafka    struct{ Username string }
		API      struct {
			ClientID string `json:"client_id"`
		}
	}
	if strings.HasSuffix(typeName, "_project_key") && json.Unmarshal(state, &key) == nil && key.ID != "" {
		s.keys.found(keyLabels{ID: key.ID, Name: key.Name, Username: key.Kafka.Username, ClientID: key.API.ClientID}, "")
	}
}

// found notes a key of the state, and when it was used last, where that is known.
func (k *plannedKeys) found(key keyLabels, used streamkap.Text) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.state[key.ID] == nil {
		k.state[key.ID] = &stateKey{before: key, after: key}
	}
	k.state[key.ID].used = cmp.Or(used, k.state[key.ID].used)
}

func (k *plannedKeys) inState(id string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.state[id] != nil
}

// change notes a key that stays, is changed or is replaced. It returns another key
// of the plan that is to have the same Kafka username, and one with which it
// exchanges usernames.
func (k *plannedKeys) change(before, after keyLabels) (sharing, exchanging *keyLabels) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.state[before.ID] = &stateKey{fate: stays, before: before, after: after}
	for _, other := range k.state {
		if other.fate == stays && after.Username != before.Username && after.Username != "" &&
			other.before.Username == after.Username && other.after.Username == before.Username {
			exchanging = &other.before
		}
	}
	return k.sharing(before.ID, after.Username), exchanging
}

// replacement notes what takes the place of a key that was planned before, and returns
// that key.
func (k *plannedKeys) replacement(id string, after keyLabels) keyLabels {
	k.mu.Lock()
	defer k.mu.Unlock()
	replaced := &stateKey{fate: stays, before: keyLabels{ID: id}, after: after}
	if known := k.state[id]; known != nil {
		replaced.before = known.before
	}
	k.state[id] = replaced
	return replaced.before
}

// create notes a new key. It returns a tainted key that it probably replaces,
// another key of the plan that is to have the same Kafka username, and one that is
// deleted and seems to be the same key at another address.
func (k *plannedKeys) create(key keyLabels) (tainted *stateKey, sharing, gone *keyLabels) {
	k.mu.Lock()
	defer k.mu.Unlock()
	tainted, sharing = k.tainted(key), k.sharing("", key.Username)
	k.created = append(k.created, key)
	for _, other := range k.state {
		if other.fate == deleted && tainted == nil && other.before.mayBe(key) {
			gone = &other.before
		}
	}
	return tainted, sharing, gone
}

// delete notes a key that is deleted. It returns a new one that seems to be the
// same key.
func (k *plannedKeys) delete(key keyLabels) (created *keyLabels) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.state[key.ID] = &stateKey{fate: deleted, before: key}
	for _, other := range k.created {
		if key.mayBe(other) && k.tainted(other) == nil {
			created = &other
		}
	}
	return created
}

// tainted finds the key that a new one probably replaces. A provider is not told that a
// key is tainted, but such a key is in the state and never planned.
func (k *plannedKeys) tainted(created keyLabels) *stateKey {
	for _, key := range k.state {
		if key.fate == unplanned && key.before.mayBe(created) {
			return key
		}
	}
	return nil
}

// sharing finds a key, other than the one with this id, that is to have the Kafka
// username.
func (k *plannedKeys) sharing(id, username string) *keyLabels {
	if username == "" {
		return nil
	}
	for _, other := range k.state {
		if other.fate == stays && other.before.ID != id && other.after.Username == username {
			return &other.after
		}
	}
	for _, other := range k.created {
		if other.Username == username {
			return &other
		}
	}
	return nil
}

// mayBe reports whether both seem to be the same key. Another Kafka username would
// be another key.
func (k keyLabels) mayBe(other keyLabels) bool {
	if k.Username != "" && other.Username != "" {
		return k.Username == other.Username
	}
	return k.Name != "" && k.Name == other.Name
}

func (k *stateKey) warnOfUse(diags *diag.Diagnostics) {
	if use := describeUse(k.used); use != "" {
		diags.AddWarning("Project key is in use", fmt.Sprintf("The %s seems to be tainted: it is in the state, and this plan creates a key like it. "+
			"A tainted key is deleted. %s", k.before.describe(), use))
	}
}

// warnOfMove says that a moved block may be missing. Terraform plans the deletion and the
// creation in either order, so the second of the two warns. An apply with
// create_before_destroy plans both for a key that is replaced. The path is empty where there
// is no configuration.
func (k *plannedKeys) warnOfMove(at path.Path, gone, created *keyLabels, diags *diag.Diagnostics) {
	if gone == nil || created == nil || k.applying.Load() {
		return
	}
	same := fmt.Sprintf("the same name, %q", created.Name)
	if gone.Username != "" && gone.Username == created.Username {
		same = fmt.Sprintf("the same Kafka username, %q", created.Username)
	}
	addAt(diags, at, diag.NewWarningDiagnostic("Project key will be deleted and created again", fmt.Sprintf(
		"This plan deletes %s, and creates another key with %s. If only the address of the resource has changed, add a moved block: "+
			"the key then stays, with its credentials.\n\n"+
			"  moved {\n    from = OLD ADDRESS\n    to   = NEW ADDRESS\n  }\n\n"+
			"If there is to be another key, go on: it is created once the old one is gone, and has new credentials.", gone.describe(), same)))
}
