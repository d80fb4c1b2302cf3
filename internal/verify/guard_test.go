// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// guarded is a guard and a client of its service.
type guarded struct {
	*Guard
	server  *simulator.Server
	options Options
	token   string
}

func newGuarded(t *testing.T, server *simulator.Server) *guarded {
	t.Helper()
	options := everything(t, server)
	guard, err := NewGuard(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	g := &guarded{guard, server, options, ""}
	_, body := g.ask(t, http.MethodPost, "/auth/access-token", map[string]any{"client_id": options.ClientID, "secret": options.Secret})
	g.token = body.At("accessToken").Text()
	return g
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

func TestTheGuardRefusesWhatCouldHarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		keys := server.Keys()
		g := newGuarded(t, server)
		mine := "/project-keys" + "/" + g.create(t, "mine")
		others := "/project-keys" + "/" + keys[0].ID
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
			before := len(server.Requests())
			status, _ := g.ask(t, refused.method, refused.path, refused.body)
			if status != http.StatusForbidden || len(server.Requests()) > before {
				t.Errorf("%s %s %v: HTTP %d", refused.method, refused.path, refused.body, status)
			}
		}
		if status, _ := g.ask(t, http.MethodGet, others, nil); status != http.StatusOK {
			t.Errorf("a key can't be read: HTTP %d", status)
		}
		if status, _ := g.ask(t, http.MethodPatch, mine, map[string]any{"name": g.Prefix() + "renamed"}); status != http.StatusOK {
			t.Errorf("a key that was made can't be changed: HTTP %d", status)
		}
		if _, err := g.Close(t.Context()); err != nil {
			t.Error(err)
		}
		untouched(t, server, keys)
	})
}

func TestTheGuardDeletesWhatTestsLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(slow(t)[0])
		keys := server.Keys()
		g := newGuarded(t, server)
		g.create(t, "left")
		server.Inject(simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Status: 504, Processed: true})
		if status, _ := g.ask(t, http.MethodPost, "/project-keys", map[string]any{"name": g.Prefix() + "lost", "role_ids": []string{simulator.RoleReadOnly}}); status != 504 {
			t.Errorf("HTTP %d", status)
		}
		others, err := g.Close(t.Context())
		if err != nil || !strings.HasPrefix(others, "none of the 3") {
			t.Errorf("%v, %s", err, others)
		}
		untouched(t, server, keys)
		if _, err := os.Stat(g.options.Journal); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the journal is left: %v", err)
		}
	})
}

// TestAKilledGuardIsFinishedFromItsJournal is what a sweeper does.
func TestAKilledGuardIsFinishedFromItsJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		keys := server.Keys()
		g := newGuarded(t, server)
		g.create(t, "left")
		if status, _ := g.ask(t, http.MethodDelete, "/project-keys"+"/"+g.create(t, "deleted"), nil); status != http.StatusOK {
			t.Errorf("HTTP %d", status)
		}
		g.service.Release() // as the end of its process does
		if err := Clean(t.Context(), g.options); err != nil {
			t.Error(err)
		}
		untouched(t, server, keys)
	})
}

func TestTheGuardKeepsToItsBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		keys := server.Keys()
		g := newGuarded(t, server)
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
		if _, err := g.Close(t.Context()); err != nil {
			t.Error(err)
		}
		untouched(t, server, keys)
	})
}

// TestTheGuardAsksWhoseKeyItIs has creations answered with the ids of others'
// keys, and with none.
func TestTheGuardAsksWhoseKeyItIs(t *testing.T) {
	for name, lie := range map[string]lie{"older": lies["created: the id of an older key"], "later": lies["created: the id of a later key"], "none": lies["created: no id"]} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := seeded(simulator.Config{})
				before := server.Keys()
				l := &liar{server: server, older: before[0], lie: lie, at: 1}
				options := everything(t, server)
				options.Transport = l
				guard, err := NewGuard(t.Context(), options)
				if err != nil {
					t.Fatal(err)
				}
				g := &guarded{guard, server, options, ""}
				_, body := g.ask(t, http.MethodPost, "/auth/access-token", map[string]any{"client_id": options.ClientID, "secret": options.Secret})
				g.token = body.At("accessToken").Text()
				id := g.create(t, "mine")
				for _, method := range []string{http.MethodPatch, http.MethodDelete} {
					if status, _ := g.ask(t, method, "/project-keys/"+id, map[string]any{"description": "x"}); status != http.StatusForbidden {
						t.Errorf("%s: HTTP %d", method, status)
					}
				}
				_, err = g.Close(t.Context())
				var notOwn *owned.NotOwnError
				if errors.As(err, &notOwn) == (name == "none") {
					t.Errorf("%v", err)
				}
				l.honest(t, before, options, err)
			})
		})
	}
}
