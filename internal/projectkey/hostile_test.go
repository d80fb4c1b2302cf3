// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// forged is what the end of every text of a hostile service is.
const forged = "\r\n\nError: Forged\u2028\x1b[31m\x07"

// hostile is a service of which every text wants to be taken for a message of
// the provider, but for some members.
type hostile struct {
	http.RoundTripper
	honest []string
}

func (h hostile) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := h.RoundTripper.RoundTrip(r)
	if err != nil || r.URL.Path == streamkap.TokenPath {
		return response, err
	}
	var answer any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		answer = nil
	}
	body, err := json.Marshal(h.forge("", answer))
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	response.Header.Del("Content-Length")
	return response, err
}

func (h hostile) forge(member string, value any) any {
	switch value := value.(type) {
	case string:
		if !slices.Contains(h.honest, member) {
			return value + forged
		}
	case []any:
		for i := range value {
			value[i] = h.forge(member, value[i])
		}
	case map[string]any:
		for name := range value {
			value[name] = h.forge(name, value[name])
		}
	}
	return value
}

// shownOf is what a query shows of what is listed.
func shownOf(results []tfprotov6.ListResourceResult) string {
	var all []string
	for _, result := range results {
		all = append(all, result.DisplayName, toldBy(result.Diagnostics))
	}
	return strings.Join(all, "; ")
}

// TestHostileService_ForgesNoLine looks at everything that is said of what a
// service says: what the lifecycle machine, which knows one resource, can't see.
func TestHostileService_ForgesNoLine(t *testing.T) {
	data := func(name string, arguments values) func(*protocol) string {
		return func(p *protocol) string {
			_, said := p.data(name, arguments)
			return said
		}
	}
	query := func(include bool) func(*protocol) string {
		return func(p *protocol) string {
			return shownOf(p.list(nil, include, 2))
		}
	}
	for name, test := range map[string]struct {
		honest []string
		fault  simulator.Fault
		say    func(*protocol) string
		says   string
	}{
		"no key of a name":       {say: data(typeName, values{"name": "none"}), says: "(service_id " + simulator.DefaultServiceID + " Error: Forged [31m)"},
		"several keys of a name": {say: data(typeName, values{"name": "orders" + forged}), says: "status active Error: Forged"},
		"no role of a key":       {say: data("streamkap_role", values{"key": "none"}), says: `key "admin\n\nError: Forged`},
		"several roles of a name": {
			say: data("streamkap_role", values{"name": "Twice" + forged}), says: "id second Error: Forged",
		},
		"a list with an id that can't be": {say: query(false), says: "which no project key can have"},
		"a list of states":                {honest: []string{"id"}, say: query(false), says: "orders Error: Forged [31m (active Error: Forged [31m)"},
		"a list without permissions":      {honest: []string{"id", "kafka_username", "status"}, say: query(true), says: "Permissions of project keys can't be read"},
		"a refusal that names a key": {
			honest: []string{"id", "kafka_username"}, fault: simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Status: 409, Body: `{"detail": "Kafka username is taken"}`},
			say: func(p *protocol) string {
				return p.apply(nil, values{"name": "new", "kafka": kafkaUser("orders")}).said
			}, says: `is that of project key "orders\n\nError: Forged`,
		},
		"a creation that is lost": {
			honest: []string{"name"}, fault: simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Drop: simulator.DropAfter},
			say: func(p *protocol) string {
				return p.apply(nil, orders(nil)).said
			}, says: "Project key may have been created",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{Roles: append(simulator.DefaultRoles(), simulator.Role{ID: "first", Name: "Twice"}, simulator.Role{ID: "second", Name: "Twice"})})
				for range 2 {
					s.Seed(simulator.Key{Name: "orders", PermissionIDs: []string{"p"}})
				}
				s.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders"})
				if test.fault.Method != "" {
					s.Inject(test.fault)
				}
				said := test.say(connectBy(t, hostile{s.RoundTripper(), test.honest}))
				tells(t, said, test.says)
				for line := range strings.Lines(said) {
					if strings.HasPrefix(strings.TrimSpace(line), "Error: ") || strings.ContainsAny(line, "\r\x1b\x07\u2028") {
						t.Errorf("it shows what was forged: %q", said)
					}
				}
			})
		})
	}
}
