// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"net/http"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// regressions are lifecycles that broke a rule once. Some are found by few seeds
// only, so they are walked every time.
var regressions = map[string]scenario{
	"a creation's answer has an id that no key can have": steps(
		faulty(both(), simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Set: `{"project_key_id":" "}`})),
	"a creation's answer has a created_at that is no time": steps(
		faulty(kafkaOnly(stored(1)), simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Set: `{"created_at":"odd"}`}),
		step{Do: stepRefresh}),
	"an update fails before it is seen that a description was not cleared": at("clearing", "null-only",
		apply(described("plain")),
		faulty(apiOnly(roles[0]), simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Skip: 1, Times: -1, Status: 503})),
	"a blank description is imported":    steps(apply(described("  ")), step{Do: stepImport}),
	"a blank description is not cleared": at("clearing", "nothing-clears", apply(described("  ")), apply(apiOnly(roles[0]))),
	"a description with a stray bracket is imported": at("description", "html-removed",
		apply(described("a < b")), step{Do: stepImport}),
	"a description that was escaped twice is imported": at("description", "html-escaped",
		apply(described("&lt;b&gt;")), step{Do: stepImport}),
	"a description is edited to a form of the imported one": at("description", "html-removed",
		apply(described("plain")), step{Do: stepImport}, apply(described("<b>plain</b>"))),
	"a key with permissions is imported for a configuration with Kafka alone": steps(
		apply(&configuration{Name: "orders", PermissionIDs: permissions[2:], Kafka: stored(1)}), step{Do: stepImport},
		apply(kafkaOnly(stored(1))), apply(kafkaOnly(stored(1)))),
	"a key gets API access with permissions elsewhere": steps(
		apply(kafkaOnly(stored(1))), step{Do: stepDrift, Drift: "permissions added"}, apply(kafkaOnly(stored(1)))),
	"an interrupted key is replaced by one of another name, with preflight": {
		Service: service{ProvisionTime: 2 * time.Minute, MaxRetries: 5, Preflight: true},
		Steps: []step{
			{Do: stepApply, Config: kafkaOnly(stored(1)), Event: interruptAfter, At: 8},
			apply(&configuration{Name: "payments", Kafka: stored(1)}),
		},
	},
	"every read shows a blank client id while API access is added": steps(
		apply(kafkaOnly(stored(1))),
		faulty(both(), simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Times: -1, Set: `{"api_client_id":" "}`}),
		apply(both())),
	"the answer that should carry the client secret does not": steps(
		apply(kafkaOnly(stored(1))),
		faulty(both(), simulator.Fault{Method: http.MethodPatch, Status: http.StatusOK, Body: "{}", Processed: true})),
	"a read shows another client id": steps(
		apply(both()),
		step{Do: stepRefresh, Faults: []simulator.Fault{{Method: http.MethodGet, Path: "/project-keys/*", Set: `{"api_client_id":"another"}`}}}),
	"the read after Kafka access was added is late": steps(
		apply(apiOnly(roles[0])), faulty(both(), simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Skip: 1, Late: true})),
	"someone takes the tags out of a description": steps(
		apply(described("<b>plain</b>")), step{Do: stepDrift, Drift: untagged}, step{Do: stepRefresh}),
	"a refusal repeats the password": steps(
		faulty(kafkaOnly(writeOnly(1)), simulator.Fault{
			Method: http.MethodPost, Path: "/project-keys", Status: 400, Body: `{"detail":"the password Not-a-secret-1-writeonly is weak"}`,
		})),
	"a plan does not know whether a key keeps its Kafka access": steps(
		apply(both()), apply(apiOnly(roles[0]), "kafka"), apply(both(), "kafka")),
	"a plan does not know whether a new key has Kafka access": steps(
		apply(apiOnly(roles[0]), "kafka"), apply(apiOnly(roles[0])), apply(both(), "kafka"), apply(both(), "mcp")),
	"a key is replaced and the plan does not know whether it has a scope": steps(
		apply(apiOnly(roles[0])),
		step{Do: stepApply, Config: apiOnly(roles[0]), Unknown: []string{"mcp"}, Replace: true},
		apply(&configuration{Name: "orders", PermissionIDs: permissions[:1]}, "timeouts")),
	"a plan does not know whether a key keeps its permissions": steps(
		apply(&configuration{Name: "orders", PermissionIDs: permissions[:1]}), apply(kafkaOnly(stored(1)), "permission_ids"),
		apply(&configuration{Name: "orders", PermissionIDs: permissions[:1]}, "role_ids")),
	"a plan does not know roles that turn out to be absent": steps(
		apply(both()), apply(kafkaOnly(stored(1)), "role_ids"), apply(both(), "permission_ids")),
	"a plan does not know a scope and addresses": steps(
		apply(scoped(withRules(stored(1), nil, addresses[:1]))),
		apply(scoped(stored(1)), "kafka.whitelist_ips", "mcp.tool_profile", "mcp.blocked_tools")),
	"a key that is in use is replaced with -replace": steps(
		apply(apiOnly(roles[0])), step{Do: stepDrift, Drift: "used"}, step{Do: stepApply, Config: apiOnly(roles[0]), Replace: true}),
	"a run is interrupted while the answer to a creation is on its way": steps(
		step{Do: stepApply, Config: apiOnly(roles[0]), Event: interruptDuring, At: 2}),
	"a run is interrupted while the answer that adds API access is on its way": steps(
		apply(kafkaOnly(stored(1))), step{Do: stepApply, Config: both(), Event: interruptDuring, At: 4}),
	"imports fail one beside the other": steps(
		apply(apiOnly(roles[0])),
		step{Do: stepImport, Beside: true, Faults: []simulator.Fault{{Method: http.MethodPost, Path: "/auth/access-token", Times: -1, Status: 401}}}),
	"another tenant's credentials meet a key whose project was never seen": steps(
		faulty(apiOnly(roles[0]),
			simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Set: `{"project":null}`},
			simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Times: -1, Status: 403}),
		step{Do: stepApply, Config: apiOnly(roles[0]), Credentials: anotherTenant}),
}

func TestRegressions(t *testing.T) {
	for name, s := range regressions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if found := walkWhole(t, s); found != nil {
				t.Error(found)
			}
		})
	}
}

// steps are taken at a service that shows every default, and at one that shows
// another variant.
func steps(all ...step) scenario { return scenario{Steps: all} }

func at(row, variant string, all ...step) scenario {
	return scenario{Service: service{Dialect: map[string]string{row: variant}}, Steps: all}
}

func apply(c *configuration, unknown ...string) step {
	return step{Do: stepApply, Config: c, Unknown: unknown}
}

func faulty(c *configuration, faults ...simulator.Fault) step {
	return step{Do: stepApply, Config: c, Faults: faults}
}

func both() *configuration {
	return &configuration{Name: "orders", RoleIDs: roles[:1], Kafka: stored(1)}
}

func described(text string) *configuration {
	return &configuration{Name: "orders", Description: &text, RoleIDs: roles[:1]}
}

func scoped(k *kafkaBlock) *configuration {
	return &configuration{Name: "orders", RoleIDs: roles[:1], Kafka: k, MCP: &mcpBlock{ToolProfile: new("read-only"), BlockedTools: tools}}
}
