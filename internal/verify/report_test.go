// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// publicWords are texts of answers that the contract names, and so are in
// reports as well.
var publicWords = slices.Concat(statuses, profiles, []string{
	"streamkap_project_key", "SASL_SSL", "PLAIN", "TOPIC", "GROUP", "LITERAL", "PREFIXED", "READ", "WRITE", "DESCRIBE",
	"missing", "name", "project_key", "role_ids", "permission_ids",
})

// All that a run writes is compared with every text in every answer, in full and
// in part.
func TestReport_HasNoValueOfTheAccount(t *testing.T) {
	honest := func(*liar, *told) bool { return false }
	for _, text := range []string{
		"",
		"create-timing=not-found-first,delete-timing=failed-forever,gone=400,extra-fields=some,acl-order=shuffled,description=html-escaped",
		"create-timing=creating,delete-timing=failed-once,status=kebab,token=snake,delete-answer=202,update-timing=creating,extra-fields=some",
	} {
		scanRun(t, simulator.Config{Dialect: dialectOf(t, text)}, honest)
	}
	scanRun(t, simulator.Config{KafkaUnavailable: true}, honest)
}

// Values stand where they do not belong: as statuses, as names of members, and
// in the texts of refusals.
func TestReport_HasNoValueThatIsInAWrongPlace(t *testing.T) {
	const value = "secretValueOfTheAccount"
	customer := func(object map[string]any) { object["customer_"+value] = map[string]any{value: value} }
	breakages := []lie{
		func(_ *liar, a *told) bool {
			if a.status >= 400 {
				a.body = map[string]any{"detail": value + " not found"}
			}
			return a.status >= 400
		},
		set(inFile, "type", always(value)),
		change(inFile, customer),
		change(inToken, customer),
		change(inKeys, customer),
		change(inRules, customer),
		set(inRules, "operation", always(value)),
	}
	for _, member := range contractMembers {
		if member != "id" && member != "name" && member != "created_at" && member != "service_id" {
			breakages = append(breakages, shown(member, value))
		}
	}
	for _, breakage := range breakages {
		scanRun(t, simulator.Config{}, breakage)
	}
}

// scanRun runs, and fails a test in which something written has a text of an
// answer in it.
func scanRun(t *testing.T, config simulator.Config, breakage lie) {
	t.Helper()
	in(t, config, func(t *testing.T, w *world) {
		var written bytes.Buffer
		w.options.Progress = &written
		texts := map[string]bool{w.options.ServiceID: true, w.options.ClientID: true, w.options.Secret: true}
		w.lie(func(l *liar, a *told) bool {
			changed := breakage(l, a)
			textsIn(a.body, texts)
			return changed
		})
		report, err := Run(t.Context(), w.options)
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
		journal, _ := w.journal() // where it is left
		for _, secret := range w.server.Secrets() {
			if strings.Contains(journal, secret) {
				t.Errorf("a secret that begins with %.12s is in the journal", secret)
			}
		}
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

func TestReport_TellsWhatOthersChange(t *testing.T) {
	in(t, simulator.Config{}, func(t *testing.T, w *world) {
		w.strike(40, true, func() {
			w.server.Remove(w.before[0].ID)
			w.server.Modify(w.before[1].ID, func(k *simulator.Key) { k.Description = "changed" })
			w.server.Seed(simulator.Key{Name: "new"})
		})
		if others := w.run(t).Others; others != "of 3 other keys 1 have changed, 1 are gone and 1 are new; this run has sent nothing to them" {
			t.Error(others)
		}
	})
}

// Runs may do less.
func TestReport_WhatWasNotAskedForIsNotSeen(t *testing.T) {
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
		t.Run(flag, func(t *testing.T) {
			in(t, test.service, func(t *testing.T, w *world) {
				test.change(&w.options)
				report := w.run(t)
				if report.Failed() {
					t.Fatalf("%+v", report.Rows)
				}
				for _, row := range report.Rows {
					unseen := slices.Contains(test.unseen, row.Row)
					if row.Row != "status" && (row.Variant == NotSeen) != unseen || unseen && !strings.Contains(row.Detail, flag) {
						t.Errorf("%s is %s", row.Row, row.Finding)
					}
				}
			})
		})
	}
}

func TestReport_NamesRowsThatChanged(t *testing.T) {
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
