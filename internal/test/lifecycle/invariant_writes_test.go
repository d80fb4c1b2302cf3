// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

func (w *world) count(method string) int { return len(w.writes(method)) }

// writes are those of one method, without those that were refused because another key
// holds the Kafka username.
func (w *world) writes(method string) []simulator.Request {
	return slices.DeleteFunc(w.server.Writes(), func(r simulator.Request) bool {
		return r.Method != method || w.usernameHolder != "" && r.Status == http.StatusConflict && r.Drop == simulator.DropNone
	})
}

func (w *world) checkNoWrites(rule string) {
	if writes := w.server.Writes(); len(writes) > 0 {
		w.fail(rule, "%d writes", len(writes))
	}
}

// writesFor are how many POST, PATCH and DELETE there are.
var writesFor = map[decisionKind][3]int{created: {1, 0, 0}, replaced: {1, 0, 1}, inPlace: {0, 1, 0}}

// checkWrites checks the number of writes, and what the first PATCH holds.
func (w *world) checkWrites(o outcome, d decision, disturbed bool) {
	w.checkOnce(http.MethodPost, w.writes(http.MethodPost))
	patches := w.writes(http.MethodPatch)
	adds := func(field string) bool {
		return field == "kafka_config" || w.before.key != nil && !w.before.key.HasAPI() && (field == "role_ids" || field == "permission_ids")
	}
	w.checkOnce(http.MethodPatch, slices.DeleteFunc(slices.Clone(patches), func(r simulator.Request) bool {
		return !slices.ContainsFunc(fieldsOf(r), adds)
	}))
	if len(patches) > 0 {
		if got, want := fieldsOf(patches[0]), slices.Sorted(maps.Keys(d.fields)); !slices.Equal(got, want) {
			w.fail("the PATCH holds what changed", "it holds %v, expected %v", got, want)
		}
	}
	if disturbed || o.interrupted || o.failed() || w.service().TokenLifetime < time.Hour {
		if d.kind == refused && !o.interrupted && !w.step.passwordUnknown() {
			w.checkNoWrites("what is refused at plan calls nothing")
		}
		return
	}
	want := writesFor[d.kind]
	got := [3]int{len(w.writes(http.MethodPost)), len(patches), w.count(http.MethodDelete)}
	most := want
	if len(d.clears) > 0 && !w.clearsAtOnce(d) {
		most[1]++
	}
	timing, deleting := w.service().Dialect.DeleteTiming, w.before.key != nil && w.before.key.Status == simulator.StatusDeleting
	if d.kind == replaced && (deleting || strings.HasPrefix(timing, "failed")) {
		most[2] += 3
	}
	for i := range got {
		if got[i] < want[i] || got[i] > most[i] {
			w.fail("the number of writes", "POST, PATCH, DELETE were %v, expected %v to %v for a key that is %s (%s)", got, want, most, d.kind, d.why)
		}
	}
}

// clearsAtOnce reports whether the service accepts the first form of clearing.
func (w *world) clearsAtOnce(d decision) bool {
	switch w.service().Dialect.Clearing {
	case "null-clears":
		return true
	case "null-only":
		return !d.clears[byEmpty]
	case "nothing-clears":
		return false
	}
	return !d.clears[byNull]
}

// checkOnce checks that a request whose repetition could do harm was repeated only
// where the service had certainly done nothing.
func (w *world) checkOnce(method string, requests []simulator.Request) {
	risky := slices.DeleteFunc(requests, func(r simulator.Request) bool {
		undone := []int{http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity}
		return slices.Contains(undone, r.Status) || r.Drop == simulator.DropRefused
	})
	if len(risky) > 1 {
		w.fail("a request that could do harm is sent once", "%d requests of %s", len(risky), method)
	}
}

func fieldsOf(r simulator.Request) []string {
	var body map[string]json.RawMessage
	must(json.Unmarshal(r.Body, &body))
	return slices.Sorted(maps.Keys(body))
}
