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

func exchange() *http.Request {
	body := `{"client_id": "` + simulator.DefaultClientID + `", "secret": "` + simulator.DefaultSecret + `"}`
	r := httptest.NewRequest("POST", "/auth/access-token", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

func TestServeHTTPAnswersAsTheRoundTripperDoes(t *testing.T) {
	server := simulator.New(simulator.Config{})
	w := httptest.NewRecorder()
	server.ServeHTTP(w, exchange())
	if w.Code != 200 || w.Header().Get("X-Request-Id") == "" || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("answered %d %v", w.Code, w.Header())
	}
}

func TestServeHTTPAbortsWhatAFaultDrops(t *testing.T) {
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
			server.ServeHTTP(w, exchange())
		}()
		if sent := w.Body.Len() > 0; sent != (drop == simulator.DropTruncated) {
			t.Errorf("%s: sent %q", drop, w.Body)
		}
	}
}

func TestBodiesMustBeDeclaredAsJSON(t *testing.T) {
	r := exchange()
	r.Header.Del("Content-Type")
	w := httptest.NewRecorder()
	simulator.New(simulator.Config{}).ServeHTTP(w, r)
	wantProblem(t, w.Code, w.Body.String(), `["body"]`, "model_attributes_type")
	if !strings.Contains(w.Body.String(), "Content-Type is") {
		t.Errorf("the answer does not name the header: %s", w.Body)
	}
}

func TestCredentialFilesNameTheAddressThatWasCalled(t *testing.T) {
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
