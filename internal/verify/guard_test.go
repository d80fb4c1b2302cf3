// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// guarded is a guard and a client of its service.
type guarded struct {
	*Guard
	token string
}

// guard puts a guard before the service of a world.
func (w *world) guard(t *testing.T) *guarded {
	t.Helper()
	guard, err := NewGuard(t.Context(), w.options)
	if err != nil {
		t.Fatal(err)
	}
	g := &guarded{guard, ""}
	_, body := g.ask(t, http.MethodPost, "/auth/access-token", map[string]any{"client_id": w.options.ClientID, "secret": w.options.Secret})
	g.token = body.At("accessToken").Text()
	return g
}

// close ends a guard, after which nothing may be left.
func (w *world) close(t *testing.T, g *guarded) {
	t.Helper()
	others, err := g.Close(t.Context())
	if err != nil || !strings.HasPrefix(others, "none of the 3") {
		t.Errorf("%v, %s", err, others)
	}
	w.untouched(t)
	if _, there := w.journal(); there {
		t.Error("the journal is left")
	}
}

// ask sends a request through the guard.
func (g *guarded) ask(t *testing.T, method, path string, body any) (status int, answered owned.Value) {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(t.Context(), method, path, bytes.NewReader(encoded))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+g.token)
	recorder := httptest.NewRecorder()
	g.ServeHTTP(recorder, request)
	var decoded any
	_ = json.Unmarshal(recorder.Body.Bytes(), &decoded)
	return recorder.Code, owned.ValueOf(decoded)
}

func (g *guarded) create(t *testing.T, name string) string {
	t.Helper()
	status, file := g.ask(t, http.MethodPost, "/project-keys", map[string]any{"name": g.Prefix() + name, "role_ids": []string{simulator.RoleReadOnly}})
	if status != http.StatusOK {
		t.Fatalf("HTTP %d", status)
	}
	return file.At("project_key_id").Text()
}

func TestGuard_StartsInItsOwnProjectAndWithTheListAlone(t *testing.T) {
	for says, change := range map[string]func(*testing.T, *world){
		"do not belong to the project": func(_ *testing.T, w *world) { w.options.ServiceID = "65e94bbe0000000000000002" },
		"list of keys can't be read":   noList,
		"is there already":             func(t *testing.T, w *world) { w.killed(60, false, running(t)) },
	} {
		in(t, simulator.Config{}, func(t *testing.T, w *world) {
			change(t, w)
			if _, err := NewGuard(t.Context(), w.options); err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("%v, not that %s", err, says)
			}
		})
	}
}

func TestGuard_RefusesWhatCouldHarm(t *testing.T) {
	in(t, simulator.Config{}, func(t *testing.T, w *world) {
		g := w.guard(t)
		mine, others := "/project-keys/"+g.create(t, "mine"), "/project-keys/"+w.before[0].ID
		open := map[string]any{"username": "anybody", "password": "Anybody-may-1-in"}
		wide := map[string]any{"username": "anybody", "password": "Anybody-may-1-in", "whitelist_ips": "192.0.2.1,10.0.0.0/8"}
		for _, refused := range []struct {
			method, path string
			body         map[string]any
		}{
			{"DELETE", others, nil},
			{"PATCH", others, map[string]any{"name": g.Prefix() + "taken"}},
			{"DELETE", "/project-keys", nil},
			{"DELETE", "/project-keys/", nil},
			{"DELETE", mine + "/mcp-config", nil},
			{"DELETE", mine + "?x=1", nil},
			{"DELETE", mine + "%23x", nil},
			{"PATCH", "/auth/roles", map[string]any{"name": "x"}},
			{"POST", "/auth/access-token/refresh", nil},
			{"POST", "/auth/client-credentials", map[string]any{"name": "x"}},
			{"DELETE", "/auth/access-token", nil},
			{"GET", "/topics", nil},
			{"PATCH", mine, map[string]any{"name": "orders"}},
			{"PUT", mine, nil},
			{"POST", "/topics", nil},
			{"POST", "/project-keys", map[string]any{"name": "tfacc-mine", "role_ids": []string{simulator.RoleReadOnly}}},
			{"POST", "/project-keys", map[string]any{"name": g.Prefix() + "open", "kafka_config": open}},
			{"POST", "/project-keys", map[string]any{"name": g.Prefix() + "wide", "kafka_config": wide}},
			{"PATCH", mine, map[string]any{"kafka_config": open}},
			{"PATCH", mine, map[string]any{"whitelist_ips": ""}},
			{"PATCH", mine, map[string]any{"whitelist_ips": nil}},
			{"PATCH", mine, map[string]any{"whitelist_ips": "192.0.0.0/16"}},
		} {
			before := len(w.server.Requests())
			status, _ := g.ask(t, refused.method, refused.path, refused.body)
			if status != http.StatusForbidden || len(w.server.Requests()) > before {
				t.Errorf("%s %s %v: HTTP %d", refused.method, refused.path, refused.body, status)
			}
		}
		if status, _ := g.ask(t, http.MethodGet, others, nil); status != http.StatusOK {
			t.Errorf("a key can't be read: HTTP %d", status)
		}
		if status, _ := g.ask(t, http.MethodPatch, mine, map[string]any{"name": g.Prefix() + "renamed"}); status != http.StatusOK {
			t.Errorf("a key that was made can't be changed: HTTP %d", status)
		}
		w.close(t, g)
	})
}

func TestGuard_DeletesWhatTestsLeave(t *testing.T) {
	in(t, slow(t)[0], func(t *testing.T, w *world) {
		g := w.guard(t)
		g.create(t, "left")
		w.server.Inject(simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Status: 504, Processed: true})
		if status, _ := g.ask(t, http.MethodPost, "/project-keys", map[string]any{"name": g.Prefix() + "lost", "role_ids": []string{simulator.RoleReadOnly}}); status != 504 {
			t.Errorf("HTTP %d", status)
		}
		w.close(t, g)
	})
}

// This is what a sweeper does.
func TestClean_FinishesAKilledGuardFromItsJournal(t *testing.T) {
	in(t, simulator.Config{}, func(t *testing.T, w *world) {
		g := w.guard(t)
		g.create(t, "left")
		if status, _ := g.ask(t, http.MethodDelete, "/project-keys/"+g.create(t, "deleted"), nil); status != http.StatusOK {
			t.Errorf("HTTP %d", status)
		}
		g.service.Release() // as the end of its process does
		if err := Clean(t.Context(), w.options); err != nil {
			t.Error(err)
		}
		w.untouched(t)
	})
}

func TestGuard_KeepsToItsBudget(t *testing.T) {
	in(t, simulator.Config{}, func(t *testing.T, w *world) {
		g := w.guard(t)
		for range guardedKeys {
			g.create(t, "many")
		}
		if status, _ := g.ask(t, http.MethodPost, "/project-keys", map[string]any{"name": g.Prefix() + "more"}); status != http.StatusForbidden {
			t.Errorf("HTTP %d", status)
		}
		g.requests = guardedRequests
		if status, _ := g.ask(t, http.MethodGet, "/project-keys", nil); status != http.StatusForbidden {
			t.Errorf("HTTP %d", status)
		}
		w.close(t, g)
	})
}

// Creations are answered with the ids of others' keys, and with none.
func TestGuard_AsksWhoseKeyItIs(t *testing.T) {
	for _, name := range []string{"created: the id of an older key", "created: the id of a later key", "created: no id"} {
		t.Run(name, func(t *testing.T) {
			in(t, simulator.Config{}, func(t *testing.T, w *world) {
				l := w.aboutOthers(lies[name], 1)
				g := w.guard(t)
				id := g.create(t, "mine")
				for _, method := range []string{http.MethodPatch, http.MethodDelete} {
					if status, _ := g.ask(t, method, "/project-keys/"+id, map[string]any{"description": "x"}); status != http.StatusForbidden {
						t.Errorf("%s: HTTP %d", method, status)
					}
				}
				_, err := g.Close(t.Context())
				var notOwn *owned.NotOwnError
				if errors.As(err, &notOwn) == (id == "") {
					t.Errorf("%v", err)
				}
				w.honest(t, l, err)
			})
		})
	}
}
