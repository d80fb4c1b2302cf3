// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// arrival is all that what follows depends on: what the service holds, the
// state, and what is known apart from either. Where two walks have come to the
// same, they go on in the same way, and it is enough to walk on from there once.
// What is another one in every walk is named by what it is: ids, times, what was
// issued and what is encrypted.
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
		value, err := ctyjson.Marshal(w.tf.state.value, w.tf.schema.implied)
		if err != nil {
			panic(err)
		}
		h := stateOf(w.tf.state)
		name(h.CreatedAt, "created at")
		if h.API != nil {
			name(h.API.Encrypted, "encrypted client secret")
		}
		if h.Kafka != nil {
			name(h.Kafka.Encrypted, "encrypted password")
		}
		parts = append(parts, h.tainted, json.RawMessage(value), string(w.tf.state.private))
	}
	text, err := json.Marshal(parts)
	if err != nil {
		panic(err)
	}
	return strings.NewReplacer(names...).Replace(string(text))
}

func TestFingerprint_DiffersWithTheKeyAlone(t *testing.T) {
	arrival := func(t *testing.T, steps ...step) (arrival string) {
		t.Helper()
		_, found := walkTo(t, nil, scenario{Steps: steps}, nil, func(w *world) { arrival = w.fingerprint() })
		if found != nil {
			t.Fatal(found)
		}
		return arrival
	}
	everything := clearing("null-clears").Steps[0]
	encrypted := step{Do: stepApply, Config: encryptedTo(&configuration{Name: "orders", RoleIDs: roles[:1], Kafka: writeOnly(1)}, recipients)}
	for _, first := range []step{everything, encrypted} {
		once := arrival(t, first)
		if again := arrival(t, first); again != once {
			t.Errorf("the same steps arrive at\n%s\nand at\n%s", once, again)
		}
		if refreshed := arrival(t, first, first); refreshed != once {
			t.Errorf("an apply that changes nothing arrives at\n%s\nand not at\n%s", refreshed, once)
		}
	}
	once := arrival(t, everything)
	for _, name := range driftNames {
		if strings.HasSuffix(name, " added") && name != "rule added" {
			continue // there is that already
		}
		t.Run(name, func(t *testing.T) {
			if arrival(t, everything, step{Do: stepDrift, Drift: name}) == once {
				t.Error("a changed key does not count for one")
			}
		})
	}
}

// TestForkGoesOnAsTheWholeWalkDoes walks every step of the lives again from
// where it began: in the same requests, at the same times, to the same end.
func TestFork_SameRequestsAsTheWholeWalk(t *testing.T) {
	type made struct {
		method string
		status int
		at     time.Time
	}
	what := func(requests []simulator.Request) (all []made) {
		for _, r := range requests {
			all = append(all, made{r.Method, r.Status, r.Time.Round(0)})
		}
		return all
	}
	forEachStep(t, func(s *undisturbedStep) {
		step := s.scenario
		step.Steps = step.Steps[:s.step+1]
		w, found := walkTo(t, s.before, step, nil, func(w *world) {
			if arrival := w.fingerprint(); arrival != s.to {
				t.Errorf("%s, step %d arrives at\n%s\nand from a fork at\n%s", s.name, s.step+1, s.to, arrival)
			}
		})
		if found != nil {
			t.Fatal(found)
		}
		if whole, fork := what(s.requests), what(w.requests[s.step]); !slices.Equal(whole, fork) {
			t.Errorf("%s, step %d makes the requests\n%v\nand from a fork\n%v", s.name, s.step+1, whole, fork)
		}
	})
}
