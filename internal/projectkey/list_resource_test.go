// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// list asks for a list and returns its results as they come.
func (p *protocol) list(req tfprotov6.ListResourceRequest, config map[string]tftypes.Value) []tfprotov6.ListResourceResult {
	p.t.Helper()
	server, ok := p.server.(tfprotov6.ListResourceServer)
	if !ok {
		p.t.Fatal("the provider serves no list resources")
	}
	req.TypeName, req.Config = typeName, p.object(p.schemas.ListResourceSchemas[typeName], config)
	validated, err := server.ValidateListResourceConfig(p.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: req.Config})
	p.check(err, validated.Diagnostics)
	stream, err := server.ListResource(p.t.Context(), &req)
	p.check(err, nil)
	return slices.Collect(stream.Results)
}

// listed are the ids in a list, all of whose results have to be good.
func (p *protocol) listed(results []tfprotov6.ListResourceResult) []string {
	p.t.Helper()
	ids := []string{}
	for _, result := range results {
		p.check(nil, result.Diagnostics)
		ids = append(ids, p.id(result.Identity))
	}
	return ids
}

// seedKeys makes keys of several kinds, the oldest last.
func seedKeys(s *acctest.Service) []simulator.Key {
	keys := []simulator.Key{
		{
			Name: "orders-full", RoleIDs: []string{simulator.RoleAdmin}, KafkaUsername: "orders", WhitelistIPs: []string{"10.0.0.1"}, SchemaRegistry: true, ToolProfile: "read-only",
			ACLs: []simulator.ACL{{Name: "orders", Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"}},
		},
		{Name: "orders-permissions", PermissionIDs: []string{"a"}, Status: simulator.StatusDeleteFailed},
		{Name: "billing", KafkaUsername: "billing"},
		{Name: "orders-roles", RoleIDs: []string{simulator.RoleReadOnly}, AllowedTools: []string{"a"}},
	}
	for i := range keys {
		keys[i].CreatedAt = time.Unix(int64(100-i), 0)
		keys[i] = s.Seed(keys[i])
	}
	slices.Reverse(keys)
	return keys
}

func idsOf(keys ...simulator.Key) []string {
	ids := []string{}
	for _, key := range keys {
		ids = append(ids, key.ID)
	}
	return ids
}

func TestListResource_EveryKeyWithIdentityAndName(t *testing.T) {
	s := acctest.StartAsDocumented(t, simulator.Config{})
	keys := seedKeys(s)
	p := speak(t, s, nil)
	results := p.list(tfprotov6.ListResourceRequest{Limit: 100}, nil)
	if got, want := p.listed(results), idsOf(keys...); !slices.Equal(got, want) {
		t.Fatalf("listed %v, expected %v", got, want)
	}
	for i, result := range results {
		if want := []string{"orders-roles", "billing", "orders-permissions (delete_failed)", "orders-full"}[i]; result.DisplayName != want {
			t.Errorf("key %q is displayed as %q", keys[i].Name, result.DisplayName)
		}
		if result.Resource != nil {
			t.Errorf("key %q comes with a resource that nobody asked for", keys[i].Name)
		}
	}
	if reads := detailsRead(s); reads != 0 {
		t.Errorf("%d keys were read although no resource was asked for", reads)
	}
}

// detailsRead counts the keys read one by one.
func detailsRead(s *acctest.Service) int {
	count := 0
	for _, request := range s.Requests() {
		if request.Method == http.MethodGet && strings.HasPrefix(request.Path, "/project-keys/") {
			count++
		}
	}
	return count
}

func TestListResource_FilteredByEveryArgument(t *testing.T) {
	s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{Status: simulator.StatusTitle}})
	keys := seedKeys(s)
	p := speak(t, s, nil)
	for name, choice := range map[string]struct {
		config map[string]tftypes.Value
		want   []string
	}{
		"name":            {map[string]tftypes.Value{"name_regex": stringOf("^orders-")}, idsOf(keys[0], keys[2], keys[3])},
		"status":          {map[string]tftypes.Value{"status": stringOf("delete_failed")}, idsOf(keys[2])},
		"name and status": {map[string]tftypes.Value{"name_regex": stringOf("orders"), "status": stringOf("ACTIVE")}, idsOf(keys[0], keys[3])},
		"none":            {map[string]tftypes.Value{"name_regex": stringOf("nobody")}, idsOf()},
	} {
		t.Run(name, func(t *testing.T) {
			if got := p.listed(p.list(tfprotov6.ListResourceRequest{Limit: 100}, choice.config)); !slices.Equal(got, choice.want) {
				t.Errorf("listed %v, expected %v", got, choice.want)
			}
		})
	}
}

func TestListResource_LimitHonoured(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	keys := seedKeys(s)
	p := speak(t, s, nil)
	for _, limit := range []int{1, 2, 4, 5} {
		s.ResetRequests()
		want := idsOf(keys[:min(limit, len(keys))]...)
		got := p.listed(without(tfprotov6.DiagnosticSeverityWarning, p.list(tfprotov6.ListResourceRequest{Limit: int64(limit), IncludeResource: true}, nil)))
		if !slices.Equal(got, want) {
			t.Errorf("with a limit of %d, listed %v, expected %v", limit, got, want)
		}
		if reads := detailsRead(s); reads != len(want) {
			t.Errorf("with a limit of %d, %d keys were read", limit, reads)
		}
	}
}

// A limit applies to the keys that match, not to those that are looked at.
func TestListResource_LimitAppliesToMatches(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	keys := seedKeys(s)
	p := speak(t, s, nil)
	got := p.listed(p.list(tfprotov6.ListResourceRequest{Limit: 1}, map[string]tftypes.Value{"name_regex": stringOf("full")}))
	if want := idsOf(keys[3]); !slices.Equal(got, want) {
		t.Errorf("listed %v, expected %v", got, want)
	}
}

// without leaves out the results that are nothing but diagnostics of a severity.
func without(severity tfprotov6.DiagnosticSeverity, results []tfprotov6.ListResourceResult) []tfprotov6.ListResourceResult {
	return slices.DeleteFunc(slices.Clone(results), func(result tfprotov6.ListResourceResult) bool {
		return result.Identity == nil && len(result.Diagnostics) > 0 && result.Diagnostics[0].Severity == severity
	})
}

// warned are the warnings that a list begins with.
func (p *protocol) warned(results []tfprotov6.ListResourceResult) string {
	p.t.Helper()
	if len(results) == 0 || results[0].Identity != nil {
		return ""
	}
	for _, result := range results[1:] {
		if result.Identity == nil {
			p.t.Errorf("a warning comes late: %s", toldBy(result.Diagnostics))
		}
	}
	return toldBy(results[0].Diagnostics)
}

func TestListResource_LimitWarning(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	seedKeys(s)
	p := speak(t, s, nil)
	warning := p.warned(p.list(tfprotov6.ListResourceRequest{Limit: 3}, nil))
	if !strings.Contains(warning, "There are 4 keys that match, and the limit of 3 leaves out 1 of them") {
		t.Errorf("the warning says %q", warning)
	}
	for _, limit := range []int64{0, 4, 100} {
		if warning := p.warned(p.list(tfprotov6.ListResourceRequest{Limit: limit}, nil)); warning != "" {
			t.Errorf("with a limit of %d, the warning says %q", limit, warning)
		}
	}
}

func TestListResource_PermissionBasedKeysNamed(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	keys := seedKeys(s)
	p := speak(t, s, nil)
	if warning := p.warned(p.list(tfprotov6.ListResourceRequest{Limit: 100}, nil)); warning != "" {
		t.Errorf("without resources, the warning says %q", warning)
	}
	warning := p.warned(p.list(tfprotov6.ListResourceRequest{Limit: 100, IncludeResource: true}, nil))
	if !strings.Contains(warning, "Add permission_ids") || !strings.Contains(warning, keys[2].ID) || strings.Contains(warning, keys[1].ID) {
		t.Errorf("the warning says %q", warning)
	}
}

func TestListResource_OneProject(t *testing.T) {
	s := acctest.Start(t, simulator.Config{Projects: []simulator.Project{{ServiceID: "other"}}})
	own := s.Seed(simulator.Key{Name: "own", RoleIDs: []string{simulator.RoleAdmin}})
	other := s.Seed(simulator.Key{Name: "other", RoleIDs: []string{simulator.RoleAdmin}, ServiceID: "other"})
	p := speak(t, s, nil)
	if got := p.listed(p.list(tfprotov6.ListResourceRequest{Limit: 100}, nil)); !slices.Equal(got, idsOf(own)) {
		t.Errorf("listed %v, not the keys of the credentials' own project", got)
	}
	if got := p.listed(p.list(tfprotov6.ListResourceRequest{Limit: 100}, map[string]tftypes.Value{"service_id": stringOf("")})); !slices.Equal(got, idsOf(own)) {
		t.Errorf("with an empty service_id, listed %v, not the keys of the credentials' own project", got)
	}
	config := map[string]tftypes.Value{"service_id": stringOf("other")}
	if got := p.listed(p.list(tfprotov6.ListResourceRequest{Limit: 100}, config)); !slices.Equal(got, idsOf(other)) {
		t.Errorf("listed %v, not the keys of the project that was asked for", got)
	}
}

func TestListResource_ControlCharactersRemoved(t *testing.T) {
	s := acctest.StartAsDocumented(t, simulator.Config{})
	s.Seed(simulator.Key{Name: "a\x1b[2Jb\u202e\nc ü\"", KafkaUsername: "abc", Status: simulator.StatusFailed})
	results := speak(t, s, nil).list(tfprotov6.ListResourceRequest{Limit: 100}, nil)
	if got, want := results[0].DisplayName, `a[2Jb c ü" (failed)`; got != want {
		t.Errorf("displayed as %s, expected %s", got, want)
	}
}

// A rule that is there twice would make a configuration that the provider
// itself refuses.
func TestListResource_RepeatedRuleOnce(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	rule := simulator.ACL{Name: "orders", Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"}
	s.Seed(simulator.Key{Name: "twice", KafkaUsername: "twice", ACLs: []simulator.ACL{rule, rule}})
	p := speak(t, s, nil)
	results := p.list(tfprotov6.ListResourceRequest{Limit: 100, IncludeResource: true}, nil)
	p.check(nil, results[0].Diagnostics)
	included := p.decode(p.schemas.ResourceSchemas[typeName].ValueType(), results[0].Resource)
	rules, _, err := tftypes.WalkAttributePath(included, tftypes.NewAttributePath().WithAttributeName("kafka").WithAttributeName("acl"))
	p.check(err, nil)
	var held []tftypes.Value
	p.check(rules.(tftypes.Value).As(&held), nil)
	if len(held) != 1 {
		t.Errorf("%d rules are held", len(held))
	}
}

// What is pushed before all is read can be taken for the whole list.
func TestListResource_AllReadBeforeTheFirstIsShown(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	keys := seedKeys(s)
	p := speak(t, s, nil)
	server := p.server.(tfprotov6.ListResourceServer)
	stream, err := server.ListResource(t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: p.object(p.schemas.ListResourceSchemas[typeName], nil), IncludeResource: true, Limit: 100,
	})
	p.check(err, nil)
	for range stream.Results {
		break
	}
	if reads := detailsRead(s); reads != len(keys) {
		t.Errorf("%d of %d keys were read when the first was shown", reads, len(keys))
	}
}

func TestListResource_InterruptedShowsNoKey(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	keys := seedKeys(s)
	p := speak(t, s, nil)
	s.Inject(simulator.Fault{Path: "/project-keys/" + keys[3].ID, Delay: time.Hour})
	server := p.server.(tfprotov6.ListResourceServer)
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	stream, err := server.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: p.object(p.schemas.ListResourceSchemas[typeName], nil), IncludeResource: true, Limit: 100,
	})
	p.check(err, nil)
	go func() {
		for detailsRead(s) < len(keys) && ctx.Err() == nil {
			runtime.Gosched()
		}
		interrupt()
	}()
	results := slices.Collect(stream.Results)
	if len(results) != 1 || results[0].Identity != nil || !strings.Contains(toldBy(results[0].Diagnostics), "Interrupted") {
		t.Errorf("%d results, the first says %q", len(results), toldBy(results[0].Diagnostics))
	}
}

// TestListResource_TenReadsAtOnce answers no read before ten have come.
func TestListResource_TenReadsAtOnce(t *testing.T) {
	const atOnce = 10
	server := simulator.New(simulator.Config{})
	for range 2 * atOnce {
		server.Seed(simulator.Key{Name: "n", RoleIDs: []string{simulator.RoleAdmin}})
	}
	var inFlight, tooMany atomic.Int64
	full := make(chan struct{})
	fill := sync.OnceFunc(func() { close(full) })
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/project-keys/") {
			switch now := inFlight.Add(1); {
			case now == atOnce:
				fill()
			case now > atOnce:
				tooMany.Add(1)
			}
			defer inFlight.Add(-1)
			select {
			case <-full:
			case <-r.Context().Done():
			}
		}
		server.ServeHTTP(w, r)
	}))
	t.Cleanup(listener.Close)
	p := speak(t, &acctest.Service{Server: server, URL: listener.URL}, nil)
	results := p.list(tfprotov6.ListResourceRequest{Limit: 100, IncludeResource: true}, nil)
	if got := len(p.listed(results)); got != 2*atOnce || tooMany.Load() > 0 {
		t.Errorf("%d keys were listed, %d reads came beside ten others", got, tooMany.Load())
	}
}

func TestListResource_IncludesWhatAnImportReads(t *testing.T) {
	for name, dialect := range readDialects {
		// A shuffled order would differ between two reads that know no prior one.
		dialect.ACLOrder = simulator.ACLOrderSorted
		t.Run(name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{Dialect: dialect})
			keys := seedKeys(s)
			p := speak(t, s, nil)
			results := p.list(tfprotov6.ListResourceRequest{Limit: 100, IncludeResource: true}, nil)
			for i, result := range without(tfprotov6.DiagnosticSeverityWarning, results) {
				p.check(nil, result.Diagnostics)
				included := p.decode(p.schemas.ResourceSchemas[typeName].ValueType(), result.Resource)
				imported, diagnostics := p.importAndRead(p.identity(keys[i].ID))
				p.check(nil, diagnostics)
				if differences, err := included.Diff(imported); err != nil || len(differences) > 0 {
					t.Errorf("key %q differs from its import: %v %v", keys[i].Name, err, differences)
				}
				for _, secret := range s.Secrets() {
					if strings.Contains(included.String(), secret) {
						t.Errorf("key %q holds a secret", keys[i].Name)
					}
				}
			}
		})
	}
}

func TestListResource_FailedCallIsAnError(t *testing.T) {
	one := func(name string) string { return "/project-keys/" + name } // seeded under its name as its id
	for name, failure := range map[string]struct {
		fault simulator.Fault
		says  string
	}{
		"list is refused":      {simulator.Fault{Path: "/project-keys", Status: http.StatusForbidden, Body: `{"detail": "No."}`}, "lack the permission to read Project Keys"},
		"list fails":           {simulator.Fault{Path: "/project-keys", Status: http.StatusBadGateway, Body: simulator.GatewayPage(502)}, "Could not list the project keys."},
		"list is cut short":    {simulator.Fault{Path: "/project-keys", Drop: simulator.DropTruncated}, "Could not list the project keys."},
		"list is rate limited": {simulator.Fault{Path: "/project-keys", Status: http.StatusTooManyRequests}, "run the query again for fewer keys at a time"},
		"a row has no id":      {simulator.Fault{Path: "/project-keys", Status: http.StatusOK, Body: `[{"name": "a"}]`}, "Could not list the project keys."},
		"list is null":         {simulator.Fault{Path: "/project-keys", Status: http.StatusOK, Body: `null`}, "Could not list the project keys."},
		"list is no list":      {simulator.Fault{Path: "/project-keys", Status: http.StatusOK, Body: `{}`}, "can't be understood"},
		"project is not told":  {simulator.Fault{Path: "/auth/whoami", Status: http.StatusForbidden, Body: `{"detail": "No."}`}, "Could not find out which project the credentials belong to."},
		"there is no project":  {simulator.Fault{Path: "/auth/whoami", Status: http.StatusOK, Body: `{"tenant_id": "t", "service_id": null, "sub": "s", "token_type": "tenant"}`}, "does not say which project the credentials belong to"},
		"a key fails":          {simulator.Fault{Path: one("third"), Status: http.StatusInternalServerError}, `Could not read project key "third"`},
		"a key is gone":        {simulator.Fault{Path: one("second"), Status: http.StatusNotFound, Body: `{"detail": "Project key not found"}`}, "The key was deleted after it was listed. Run the query again."},
		"the rate is limited":  {simulator.Fault{Path: one("first"), Status: http.StatusTooManyRequests}, "run the query again for fewer keys at a time"},
		"an answer is no JSON": {simulator.Fault{Path: one("first"), Status: http.StatusOK, Body: "<html>"}, `Could not read project key "first"`},
		"no credentials":       {simulator.Fault{Path: "/auth/access-token", Status: http.StatusUnauthorized, Body: `{"detail": "Invalid"}`}, "Streamkap credentials refused"},
	} {
		t.Run(name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{})
			for _, key := range []string{"first", "second", "third"} {
				s.Seed(simulator.Key{ID: key, Name: key, RoleIDs: []string{simulator.RoleAdmin}})
			}
			p := speak(t, s, nil)
			s.Inject(failure.fault)
			results := p.list(tfprotov6.ListResourceRequest{Limit: 100, IncludeResource: true}, nil)
			if len(results) != 1 || results[0].Identity != nil {
				t.Fatalf("%d results, expected nothing but an error", len(results))
			}
			told := results[0].Diagnostics
			if len(told) != 1 || told[0].Severity != tfprotov6.DiagnosticSeverityError || !strings.Contains(toldBy(told), failure.says) {
				t.Errorf("the result says %q, expected an error that says %q", toldBy(told), failure.says)
			}
		})
	}
}

func TestListResource_InvalidRegexRefused(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	p := speak(t, s, nil)
	server := p.server.(tfprotov6.ListResourceServer)
	validated, err := server.ValidateListResourceConfig(context.Background(), &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: typeName,
		Config:   p.object(p.schemas.ListResourceSchemas[typeName], map[string]tftypes.Value{"name_regex": stringOf("orders(")}),
	})
	p.check(err, nil)
	if !strings.Contains(toldBy(validated.Diagnostics), "Invalid regular expression") {
		t.Errorf("the validation says %q", toldBy(validated.Diagnostics))
	}
	if len(s.Requests()) != 0 {
		t.Error("the validation made a request")
	}
}

// TestListResource_300KeysReadOnce also covers that nothing but the reads takes
// time: ten at once, as many as the provider ever has in flight.
func TestListResource_300KeysReadOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const keys, latency = 300, 100 * time.Millisecond
		server := simulator.New(simulator.Config{Latency: latency})
		for i := range keys {
			server.Seed(simulator.Key{Name: fmt.Sprintf("orders-%d", i), RoleIDs: []string{simulator.RoleAdmin}})
		}
		p := speakTo(t, provider.NewServer("test", provider.WithTransport(server.RoundTripper()))(), "http://localhost", nil)
		began := time.Now()
		listed := p.listed(p.list(tfprotov6.ListResourceRequest{Limit: 2 * keys, IncludeResource: true}, nil))
		took, requests := time.Since(began), len(server.Requests())
		// Beside the details: a token, whose keys they are, and the list.
		if len(listed) != keys || requests != keys+3 {
			t.Errorf("%d keys are listed with %d requests", len(listed), requests)
		}
		if most := (keys/10 + 4) * latency; took > most {
			t.Errorf("the list took %v, expected at most %v", took, most)
		}
	})
}
