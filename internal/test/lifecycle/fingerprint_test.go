// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// fingerprint is all that the rest of a walk depends on: what the service holds,
// the state, and what is known apart from either. Two walks with the same one go
// on in the same way, so one of them can end. What differs between any two walks
// (ids, times, issued secrets and ciphertext) has a name in its place.
func (w *world) fingerprint() string {
	keys := w.server.Keys()
	var names []string
	name := func(value, as string) {
		if value != "" {
			quoted := jsonText(value)
			names = append(names, quoted[1:len(quoted)-1], "<"+as+">")
		}
	}
	for i, key := range keys {
		name(key.ID, fmt.Sprint("id ", i))
		name(base64.StdEncoding.EncodeToString([]byte(strconv.Quote(key.ID))), fmt.Sprint("private id ", i))
		name(key.APIClientID, fmt.Sprint("client id ", i))
		name(key.APISecret, fmt.Sprint("client secret ", i))
		keys[i].CreatedAt, keys[i].PasswordRotations = time.Time{}, 0
	}
	parts := []any{keys, w.imported, w.password, w.permissionsUnknown, w.stuck, w.lost}
	if w.tf.state != nil {
		value, err := ctyjson.Marshal(w.tf.state.value, resourceSchema.ty)
		must(err)
		h := stateOf(w.tf.state)
		name(h.CreatedAt, "created at")
		if h.API != nil {
			name(h.API.Encrypted, "encrypted client secret")
		}
		name(h.KafkaIssued.Encrypted, "encrypted password")
		parts = append(parts, h.tainted, json.RawMessage(value), string(w.tf.state.private))
	}
	return strings.NewReplacer(names...).Replace(string(toJSON(parts)))
}

func TestFingerprint_DiffersWithTheKeyAlone(t *testing.T) {
	after := func(t *testing.T, all ...step) (fingerprint string) {
		t.Helper()
		_, found := walk{scenario: steps(all...), converged: func(w *world) bool {
			fingerprint = w.fingerprint()
			return w.at == len(all)
		}}.take(t)
		if found != nil {
			t.Fatal(found)
		}
		return fingerprint
	}
	everything := clearing("null-clears").Steps[0]
	everything.Config.Description = new("<b>plain</b>")
	encrypted := step{Do: stepApply, Config: encryptedTo(&configuration{Name: "orders", RoleIDs: roles[:1], Kafka: writeOnly(1)}, recipients)}
	for _, first := range []step{everything, encrypted} {
		if once, again := after(t, first), after(t, first, first); again != once {
			t.Errorf("an apply that changes nothing leads to\n%s\nand not to\n%s", again, once)
		}
	}
	once := after(t, everything)
	for _, name := range driftNames {
		if strings.HasSuffix(name, " added") && name != "rule added" {
			continue // It is there already.
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if after(t, everything, step{Do: stepDrift, Drift: name}) == once {
				t.Error("a changed key has the same fingerprint")
			}
		})
	}
}
