// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// drift is what someone else does to the key: between two runs, or while a run makes it
// what is planned.
type drift func(k *simulator.Key, planned *configuration)

const (
	// deleted is the drift that leaves no key.
	deleted = "deleted"
	// untagged is one that nobody can tell from a service that removes HTML, where
	// it comes between a change and the read of it.
	untagged = "description without tags"
	// asPlanned ends the names of those that need a plan.
	asPlanned = " as planned"
)

// drifts are those of the attributes, and what concerns the whole key.
var drifts = func() map[string]drift {
	all := map[string]drift{deleted: nil}
	for _, f := range fields {
		maps.Copy(all, f.drifts())
	}
	for name, change := range driftsOfKey {
		all[name] = func(k *simulator.Key, _ *configuration) { change(k) }
	}
	all["password"+asPlanned] = func(k *simulator.Key, planned *configuration) {
		if k.HasKafka() && planned.password() != "" {
			k.KafkaPassword = planned.password()
		}
	}
	return all
}()

var driftsOfKey = map[string]func(k *simulator.Key){
	untagged: func(k *simulator.Key) {
		k.Description = shown("html-removed", k.Description)
	},
	"rule of another kind added": func(k *simulator.Key) {
		if k.HasKafka() {
			k.ACLs = append(k.ACLs, simulator.ACL{Name: "kafka-cluster", Resource: "CLUSTER", Operation: "DESCRIBE", PatternType: "LITERAL"})
		}
	},
	"rules reordered":        func(k *simulator.Key) { slices.Reverse(k.ACLs) },
	"username in upper case": func(k *simulator.Key) { k.KafkaUsername = strings.ToUpper(k.KafkaUsername) },
	"used":                   func(k *simulator.Key) { k.LastUsedAt = time.Now() },
	"scope lifted":           func(k *simulator.Key) { k.ToolProfile, k.AllowedTools, k.BlockedTools = "", nil, nil },
	"password": func(k *simulator.Key) {
		if k.HasKafka() {
			k.KafkaPassword = "Changed-elsewhere-1"
		}
	},
	"api added": func(k *simulator.Key) {
		if !k.HasAPI() {
			k.APIClientID, k.APISecret, k.RoleIDs = "client-elsewhere", "simulated-secret-elsewhere", []string{simulator.RoleAdmin}
		}
	},
	"permissions added": func(k *simulator.Key) {
		if !k.HasAPI() {
			k.APIClientID, k.APISecret, k.PermissionIDs = "client-elsewhere", "simulated-secret-elsewhere", []string{"elsewhere:read"}
		}
	},
	"kafka added": func(k *simulator.Key) {
		if !k.HasKafka() {
			k.KafkaUsername, k.KafkaPassword = "added-elsewhere", "Added-elsewhere-1"
		}
	},
	"failed":        func(k *simulator.Key) { k.Status = simulator.StatusFailed },
	"delete failed": func(k *simulator.Key) { k.Status = simulator.StatusDeleteFailed },
	"deleting":      func(k *simulator.Key) { k.Status = simulator.StatusDeleting },
	"suspended":     func(k *simulator.Key) { k.Status = "suspended" },
}

// driftNames are those that need no plan.
var driftNames = slices.DeleteFunc(slices.Sorted(maps.Keys(drifts)), func(name string) bool { return strings.HasSuffix(name, asPlanned) })

// change changes the key as someone else would.
func (w *world) change(name string, planned *configuration) {
	if w.tf.state == nil {
		return
	}
	id := stateOf(w.tf.state).ID
	if name == deleted {
		w.server.Remove(id)
		return
	}
	w.server.Modify(id, func(k *simulator.Key) { drifts[name](k, planned) })
}

// noteDrift remembers what the state can't tell of a drift.
func (w *world) noteDrift(name string) {
	switch name {
	case "password":
		w.password = nil
	case "permission_ids changed", "permissions added":
		w.permissionsUnknown = true
	case "deleting", "suspended":
		w.stuck = true
	case "failed", "delete failed":
		w.stuck = false
	}
}

// holdUsername has another key hold the step's Kafka username, until it is deleted.
func (w *world) holdUsername(s step) {
	if s.UsernameHeld == nil || s.Config.Kafka == nil {
		return
	}
	id := w.server.Seed(simulator.Key{Name: "dying", KafkaUsername: s.Config.Kafka.Username}).ID
	w.usernameHolder = id
	time.AfterFunc(s.UsernameHeld.DeletedAfter, func() {
		w.server.Modify(id, func(k *simulator.Key) { k.Status = simulator.StatusDeleting })
		time.AfterFunc(s.UsernameHeld.DeletionTakes, func() { w.server.Remove(id) })
	})
	if s.UsernameHeld.DeletedAfter == 0 {
		time.Sleep(time.Nanosecond)
	}
}
