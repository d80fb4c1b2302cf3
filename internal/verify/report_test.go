// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// publicWords are texts of answers that the contract names, and so are in
// reports as well.
var publicWords = slices.Concat(statuses, profiles, []string{
	"streamkap_project_key", "SASL_SSL", "PLAIN", "TOPIC", "GROUP", "LITERAL", "PREFIXED", "READ", "WRITE", "DESCRIBE",
	"missing", "name", "project_key", "role_ids", "permission_ids",
})

// TestNothingWrittenHasAValueOfTheAccount compares all that a run writes with
// every text in every answer, in full and in part.
func TestNothingWrittenHasAValueOfTheAccount(t *testing.T) {
	for _, text := range []string{
		"",
		"create-timing=not-found-first,delete-timing=failed-forever,gone=400,extra-fields=some,acl-order=shuffled,description=html-escaped",
		"create-timing=creating,delete-timing=failed-once,status=kebab,token=snake,delete-answer=202,update-timing=creating,extra-fields=some",
	} {
		dialect, err := simulator.ParseDialect(text)
		if err != nil {
			t.Fatal(err)
		}
		scanRun(t, simulator.Config{Dialect: dialect}, func(*told) any { return nil })
	}
	scanRun(t, simulator.Config{KafkaUnavailable: true}, func(*told) any { return nil })
}

// TestNoBreachPutsAValueIntoTheReport has values stand where they do not
// belong: as statuses, as names of members, and in the texts of refusals.
func TestNoBreachPutsAValueIntoTheReport(t *testing.T) {
	const value = "secretValueOfTheAccount"
	changes := []change{
		func(a *told) any {
			if a.status >= 400 {
				a.body = map[string]any{"detail": value + " not found"}
			}
			return a.body
		},
		inBody("POST", "/project-keys", func(file map[string]any) { file["type"] = value }),
		inBody("POST", "/project-keys", func(file map[string]any) { file["customer_"+value] = "x" }),
		inBody("POST", "/auth/access-token", func(token map[string]any) { token["customer_"+value] = 1 }),
		inKeys(func(key map[string]any) { key["customer_"+value] = map[string]any{value: value} }),
		inKeys(func(key map[string]any) {
			rules, _ := key["kafka_acls"].([]any)
			for _, rule := range rules {
				rule.(map[string]any)["customer_"+value], rule.(map[string]any)["operation"] = value, value
			}
		}),
	}
	for _, member := range contractMembers {
		if member != "id" && member != "name" && member != "created_at" && member != "service_id" {
			changes = append(changes, set(member, value))
		}
	}
	for _, change := range changes {
		scanRun(t, simulator.Config{}, change)
	}
}

// scanRun runs, and fails a test in which something written has a text of an
// answer in it.
func scanRun(t *testing.T, config simulator.Config, change change) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := seeded(config)
		options := everything(t, server)
		var written bytes.Buffer
		options.Progress = &written
		texts := map[string]bool{options.ServiceID: true, options.ClientID: true, options.Secret: true}
		options.Transport = transport(func(r *http.Request) (*http.Response, error) {
			response, err := server.RoundTripper().RoundTrip(r)
			alter(response, func(a *told) any {
				if body := change(a); body != nil {
					a.body = body
				}
				textsIn(a.body, texts)
				return a.body
			})
			return response, err
		})
		report, err := Run(t.Context(), options)
		if report == nil {
			t.Fatal(err)
		}
		if err := report.WriteText(&written); err != nil {
			t.Fatal(err)
		}
		encoded, err := json.Marshal(report)
		if err != nil {
			t.Fatal(err)
		}
		written.Write(encoded)
		scan(t, written.String(), texts)
		noSecretIn(t, options.Journal, server)
	})
}

func scan(t *testing.T, written string, texts map[string]bool) {
	t.Helper()
	scanned := 0
	for text := range texts {
		for _, part := range append(strings.Fields(text), text) {
			// A part that is an English word may be one of the report's own.
			if part != text && !strings.ContainsAny(part, "0123456789@_") || len(part) < 5 || isPublic(part) {
				continue
			}
			scanned++
			if strings.Contains(written, part) {
				t.Errorf("%q is in what was written:\n%s", part, written)
			}
		}
	}
	if scanned < 100 {
		t.Errorf("only %d texts were looked for", scanned)
	}
}

func isPublic(text string) bool {
	return slices.ContainsFunc(publicWords, func(word string) bool { return owned.IsStatus(text, word) })
}

// textsIn collects the texts of a decoded answer.
func textsIn(v any, texts map[string]bool) {
	switch v := v.(type) {
	case string:
		texts[v] = true
	case []any:
		for _, item := range v {
			textsIn(item, texts)
		}
	case map[string]any:
		for name, member := range v {
			if strings.HasPrefix(name, "customer_") {
				texts[name] = true
			}
			textsIn(member, texts)
		}
	}
}

// noSecretIn looks at a journal that is left.
func noSecretIn(t *testing.T, journal string, server *simulator.Server) {
	t.Helper()
	data, err := os.ReadFile(journal)
	if err != nil {
		return
	}
	for _, secret := range server.Secrets() {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("a secret that begins with %.12s is in the journal", secret)
		}
	}
}

// TestTheScannerFindsWhatItLooksFor keeps the tests above from passing over
// nothing.
func TestTheScannerFindsWhatItLooksFor(t *testing.T) {
	texts := map[string]bool{}
	var body any
	if err := json.NewDecoder(io.MultiReader(strings.NewReader(`{"a": [{"b": "planted-value"}], "c": "active"}`))).Decode(&body); err != nil {
		t.Fatal(err)
	}
	textsIn(body, texts)
	if !texts["planted-value"] || len(texts) != 2 {
		t.Errorf("%v", texts)
	}
}

func TestWhatOthersChangeIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		keys := server.Keys()
		options := everything(t, server)
		options.Transport = strike(server.RoundTripper(), 40, true, func() {
			server.Remove(keys[0].ID)
			server.Modify(keys[1].ID, func(k *simulator.Key) { k.Description = "changed" })
			server.Seed(simulator.Key{Name: "new"})
		})
		report, err := Run(t.Context(), options)
		if err != nil || report.Others != "of 3 other keys 1 have changed, 1 are gone and 1 are new; this run has sent nothing to them" {
			t.Errorf("%v, %s", err, report.Others)
		}
	})
}

// TestWhatWasNotAskedForIsNotSeen goes through runs that may do less.
func TestWhatWasNotAskedForIsNotSeen(t *testing.T) {
	kafka := []string{"acl-name", "acl-order", "acl-resource", "whitelist-form", "whitelist-empty", "new-credentials", "update-timing"}
	for flag, test := range map[string]struct {
		change  func(*Options)
		service simulator.Config
		unseen  []string
	}{
		"-kafka":           {func(o *Options) { o.Kafka = false }, simulator.Config{}, kafka},
		"-permissions":     {func(o *Options) { o.Permissions = nil }, simulator.Config{}, []string{"permission-roles", "granting"}},
		"-roles":           {func(o *Options) { o.Roles = nil }, simulator.Config{}, []string{"role-order"}},
		"-empty-whitelist": {func(o *Options) { o.EmptyWhitelist = false }, simulator.Config{}, []string{"whitelist-empty"}},
		"refused":          {func(*Options) {}, simulator.Config{KafkaUnavailable: true}, kafka},
	} {
		synctest.Test(t, func(t *testing.T) {
			options := everything(t, seeded(test.service))
			test.change(&options)
			report, err := Run(t.Context(), options)
			if err != nil || report.Failed() {
				t.Fatalf("%s: %v %+v", flag, err, report.Rows)
			}
			for _, row := range report.Rows {
				unseen := slices.Contains(test.unseen, row.Row)
				if row.Row != "status" && (row.Variant == NotSeen) != unseen || unseen && !strings.Contains(row.Detail, flag) {
					t.Errorf("without %s: %+v", flag, row)
				}
			}
		})
	}
}

func TestRowsThatChangedAreNamed(t *testing.T) {
	report := func(variants ...string) *Report {
		r := &Report{}
		for i, variant := range variants {
			r.Rows = append(r.Rows, RowResult{Row: rows[i].name, Finding: Finding{Variant: variant}})
		}
		return r
	}
	earlier := report("lower", "camel", NotSeen, "creating")
	if changed := report(NotSeen, "camel", "201", "at-once").ChangedSince(earlier); !slices.Equal(changed, []string{"create-timing was creating and is at-once"}) {
		t.Errorf("%q", changed)
	}
}
