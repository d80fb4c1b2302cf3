// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// exchange is a token exchange over a socket.
func exchange(contentType string) *http.Request {
	body := `{"client_id": "` + simulator.DefaultClientID + `", "secret": "` + simulator.DefaultSecret + `"}`
	r := httptest.NewRequest("POST", "/auth/access-token", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return r
}

func TestServeHTTP_AnswersAsTheRoundTripperDoes(t *testing.T) {
	w := httptest.NewRecorder()
	simulator.New(simulator.Config{}).ServeHTTP(w, exchange("application/json"))
	if w.Code != 200 || w.Header().Get("X-Request-Id") == "" || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("answered %d %v", w.Code, w.Header())
	}
}

func TestServeHTTP_AbortsWhatAFaultDrops(t *testing.T) {
	for _, drop := range []simulator.DropKind{simulator.DropRefused, simulator.DropBefore, simulator.DropAfter, simulator.DropTruncated} {
		server := simulator.New(simulator.Config{})
		server.Inject(simulator.Fault{Drop: drop})
		w := httptest.NewRecorder()
		func() {
			defer func() {
				if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
					t.Errorf("%s: panic %v", drop, err)
				}
			}()
			server.ServeHTTP(w, exchange("application/json"))
		}()
		if sent := w.Body.Len() > 0; sent != (drop == simulator.DropTruncated) {
			t.Errorf("%s: sent %q", drop, w.Body)
		}
	}
}

func TestBody_HasToBeDeclaredAsJSON(t *testing.T) {
	w := httptest.NewRecorder()
	simulator.New(simulator.Config{}).ServeHTTP(w, exchange("text/plain"))
	if text := w.Body.String(); w.Code != 422 || !strings.Contains(text, `Content-Type is \"text/plain\"`) || !strings.Contains(text, `"loc":["body"]`) {
		t.Errorf("answered %d %s", w.Code, text)
	}
}

func TestCredentialFile_NamesTheAddressThatWasCalled(t *testing.T) {
	c := start(t, simulator.Config{})
	r := httptest.NewRequest("POST", "https://api.example.com/project-keys", strings.NewReader(`{"name":"n","role_ids":["`+simulator.RoleAdmin+`"]}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+c.bearer)
	w := httptest.NewRecorder()
	c.server.ServeHTTP(w, r)
	if !strings.Contains(w.Body.String(), `"api_url":"https://api.example.com"`) {
		t.Errorf("answered %s", w.Body)
	}
}
