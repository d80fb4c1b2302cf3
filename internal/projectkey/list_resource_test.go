// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

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

// warned takes the warnings off with which a list begins.
func (p *protocol) warned(results []tfprotov6.ListResourceResult) (warning string, rest []tfprotov6.ListResourceResult) {
	p.t.Helper()
	if len(results) == 0 || results[0].Identity != nil {
		return "", results
	}
	return toldBy(results[0].Diagnostics), results[1:]
}

// seedKeys makes keys of several kinds, named as their ids are, the oldest first.
func seedKeys(s *simulator.Server) (ids []string) {
	for i, key := range []simulator.Key{
		{Name: "orders-roles", RoleIDs: []string{simulator.RoleReadOnly}, AllowedTools: []string{"a"}},
		{Name: "billing", KafkaUsername: "billing"},
		{Name: "orders-permissions", PermissionIDs: []string{"a"}, Status: simulator.StatusDeleteFailed},
		{
			Name: "orders-full", RoleIDs: []string{simulator.RoleAdmin}, KafkaUsername: "orders", WhitelistIPs: []string{"10.0.0.1"}, SchemaRegistry: true, ToolProfile: "read-only",
			ACLs: []simulator.ACL{{Name: "orders", Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"}},
		},
	} {
		key.ID, key.CreatedAt = key.Name, time.Unix(int64(i), 0)
		ids = append(ids, s.Seed(key).ID)
	}
	return ids
}

func TestListResource_EveryKeyWithIdentityAndName(t *testing.T) {
	s := simulator.New(simulator.Config{})
	want := append(seedKeys(s), s.Seed(simulator.Key{ID: "hostile", Name: "a\x1b[2Jb\u202e\nc ü\"", KafkaUsername: "abc", Status: simulator.StatusFailed}).ID)
	p := connect(t, s)
	results := p.list(nil, false, 100)
	if got := p.listed(results); !slices.Equal(got, want) {
		t.Fatalf("listed %v, expected %v", got, want)
	}
	for i, want := range []string{"orders-roles", "billing", "orders-permissions (delete_failed)", "orders-full", `a[2Jb c ü" (failed)`} {
		if got := results[i]; got.DisplayName != want || got.Resource != nil {
			t.Errorf("%q is displayed as %q, with the resource %v", want, got.DisplayName, got.Resource)
		}
	}
	if reads := detailsRead(s); reads != 0 {
		t.Errorf("%d keys were read although no resource was asked for", reads)
	}
}

// detailsRead counts the keys read one by one.
func detailsRead(s *simulator.Server) int {
	return len(slices.DeleteFunc(gets(s), func(path string) bool { return !strings.HasPrefix(path, "/project-keys/") }))
}

func TestListResource_FilteredByEveryArgument(t *testing.T) {
	s := simulator.New(simulator.Config{Dialect: simulator.Dialect{Status: "title"}, Projects: withOtherProject.Projects})
	ids := seedKeys(s)
	other := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, ServiceID: otherProject})
	p := connect(t, s)
	for name, test := range map[string]struct {
		config values
		want   []string
	}{
		"all of the own project":   {nil, ids},
		"an empty project":         {values{"service_id": ""}, ids},
		"another project":          {values{"service_id": otherProject}, []string{other.ID}},
		"by name and status":       {values{"name_regex": "orders", "status": "ACTIVE"}, []string{ids[0], ids[3]}},
		"an invalid regex":         {values{"name_regex": "orders("}, nil},
		"a status that no key has": {values{"status": "Activ"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s.ResetRequests()
			results := p.list(test.config, false, 100)
			if test.want == nil {
				if len(results) != 1 || !strings.Contains(toldBy(results[0].Diagnostics), "ERROR: Invalid") || len(s.Requests()) > 0 {
					t.Errorf("it is not refused: %v", results)
				}
				return
			}
			if got := p.listed(results); !slices.Equal(got, test.want) {
				t.Errorf("listed %v, expected %v", got, test.want)
			}
		})
	}
}

// TestListResource_Limit has a limit apply to the keys that match, which are read
// up to it.
func TestListResource_Limit(t *testing.T) {
	s := simulator.New(simulator.Config{})
	ids := seedKeys(s)[:2:2]
	p := connect(t, s)
	roles := values{"name_regex": "^(orders-roles|billing)$"} // no keys with permissions, which a warning names
	for limit, test := range map[int64]struct {
		want  []string
		warns string
	}{
		0:   {ids, ""},
		1:   {ids[:1], "There are 2 keys that match, and the limit of 1 leaves out 1 of them"},
		2:   {ids, ""},
		100: {ids, ""},
	} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			s.ResetRequests()
			warning, results := p.warned(p.list(roles, true, limit))
			tells(t, warning, test.warns)
			if got := p.listed(results); !slices.Equal(got, test.want) {
				t.Errorf("listed %v, expected %v", got, test.want)
			}
			if reads := detailsRead(s); reads != len(test.want) {
				t.Errorf("%d keys were read", reads)
			}
		})
	}
}

func TestListResource_PermissionBasedKeysNamed(t *testing.T) {
	s := simulator.New(simulator.Config{})
	seedKeys(s)
	p := connect(t, s)
	if warning, _ := p.warned(p.list(nil, false, 100)); warning != "" {
		t.Errorf("without resources, the warning says %q", warning)
	}
	warning, _ := p.warned(p.list(nil, true, 100))
	if tells(t, warning, "Add permission_ids", "orders-permissions"); strings.Contains(warning, "billing") || strings.Contains(warning, "orders-roles") {
		t.Errorf("it names keys without permissions: %q", warning)
	}
}

// TestListResource_AllReadBeforeTheFirstIsShown has a list of which one result is taken:
// what is pushed before all is read can be taken for the whole list.
func TestListResource_AllReadBeforeTheFirstIsShown(t *testing.T) {
	s := simulator.New(simulator.Config{})
	ids := seedKeys(s)
	for range connect(t, s).stream(t.Context(), nil, true, 100) {
		break
	}
	if reads := detailsRead(s); reads != len(ids) {
		t.Errorf("%d of %d keys were read when the first was shown", reads, len(ids))
	}
}

func TestListResource_InterruptedShowsNoKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Config{})
		ids := seedKeys(s)
		s.Inject(simulator.Fault{Path: "/project-keys/" + ids[3], Delay: time.Hour})
		ctx, interrupt := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, interrupt)
		results := slices.Collect(connect(t, s).stream(ctx, nil, true, 100))
		if len(results) != 1 || results[0].Identity != nil || !strings.Contains(toldBy(results[0].Diagnostics), "Interrupted") {
			t.Errorf("%d results, the first says %q", len(results), toldBy(results[0].Diagnostics))
		}
		time.Sleep(time.Hour) // until the delayed read has ended
	})
}

func TestListResource_IncludesWhatAnImportReads(t *testing.T) {
	for name, dialect := range readDialects {
		// A shuffled order would differ between two reads that know no prior one.
		dialect.ACLOrder = "sorted"
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{Dialect: dialect})
			ids := seedKeys(s)
			p := connect(t, s)
			_, results := p.warned(p.list(nil, true, 100))
			for i, result := range results {
				p.check(nil, result.Diagnostics)
				included := fmt.Sprint(p.decode(p.key, result.Resource))
				imported := p.importBy(ids[i], true)
				if tells(t, imported.said); included != fmt.Sprint(imported.key) {
					t.Errorf("%s is %s, and imported %s", ids[i], included, imported.key)
				}
				for _, secret := range s.Secrets() {
					if strings.Contains(included, secret) {
						t.Errorf("%s holds a secret", ids[i])
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
		"list is refused":      {unlisted, "lack the permission to read Project Keys"},
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
			s := service(failure.fault)
			for _, key := range []string{"first", "second", "third"} {
				s.Seed(simulator.Key{ID: key, Name: key, RoleIDs: []string{simulator.RoleAdmin}})
			}
			results := connect(t, s).list(nil, true, 100)
			if len(results) != 1 || results[0].Identity != nil || len(results[0].Diagnostics) != 1 {
				t.Fatalf("%d results, expected nothing but an error", len(results))
			}
			tells(t, toldBy(results[0].Diagnostics), "ERROR: ", failure.says)
		})
	}
}

// TestListResource_300KeysReadTenAtOnce also covers that nothing but the reads takes
// time.
func TestListResource_300KeysReadTenAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const keys, atOnce, latency = 300, 10, 100 * time.Millisecond
		s := simulator.New(simulator.Config{Latency: latency})
		for i := range keys {
			s.Seed(simulator.Key{Name: fmt.Sprintf("orders-%d", i), RoleIDs: []string{simulator.RoleAdmin}})
		}
		p := connect(t, s)
		began := time.Now()
		listed := p.listed(p.list(nil, true, 2*keys))
		// Beside the details: a token, whose keys they are, and the list.
		if requests := len(s.Requests()); len(listed) != keys || requests != keys+3 {
			t.Errorf("%d keys are listed with %d requests", len(listed), requests)
		}
		if took := time.Since(began); took < keys/atOnce*latency || took > (keys/atOnce+4)*latency {
			t.Errorf("the list took %v", took)
		}
	})
}
