// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// TestFlattenIssued_OnlyUnknownValues has plans that know of the access,
// that do not yet, and that have none.
func TestFlattenIssued_OnlyUnknownValues(t *testing.T) {
	const issuedID, plannedID = "issued", "client"
	issued := &streamkap.APICredentials{ClientID: issuedID, ClientSecret: "not-a-real-secret"}
	null, unknown := nested[apiModel]{}, nested[apiModel]{unknown: true}
	open := func(p *Model) { p.API = p.newAPI() }
	for name, test := range map[string]struct {
		plan           func(*Model)
		issued         *streamkap.APICredentials
		issuedTo, read string
	}{
		"known to come":     {open, issued, issuedID, issuedID},
		"known as a whole":  {func(*Model) {}, issued, plannedID, plannedID},
		"perhaps to come":   {func(p *Model) { p.API = unknown }, issued, issuedID, issuedID},
		"not to come":       {func(p *Model) { p.API = null }, issued, "", ""},
		"nothing is issued": {func(p *Model) { p.API = unknown }, nil, "", "read"},
	} {
		p := someParts(t, "1")
		test.plan(p)
		p.flattenIssued(&streamkap.CredentialFile{API: test.issued})
		clientID := func() string {
			if p.API.known == nil {
				return ""
			}
			return p.API.known.ClientID.ValueString()
		}
		if got := clientID(); got != test.issuedTo {
			t.Errorf("%s: after the answer the client id is %q, expected %q", name, got, test.issuedTo)
		}
		p.flattenComputed(&streamkap.ProjectKey{ProjectKeySummary: streamkap.ProjectKeySummary{ID: "id", APIClientID: "read"}}, "https://api.example")
		if got := clientID(); got != test.read {
			t.Errorf("%s: after a read the client id is %q, expected %q", name, got, test.read)
		}
	}
	p := someParts(t, "1")
	p.API = unknown
	p.flattenComputed(&streamkap.ProjectKey{ProjectKeySummary: streamkap.ProjectKeySummary{ID: "id"}}, "https://api.example")
	if p.API.known != nil {
		t.Error("a key without API access has some in the state")
	}
}

// TestFlatten_KafkaAccess prefers what was issued to what is read
// later.
func TestFlatten_KafkaAccess(t *testing.T) {
	p := someParts(t, "1")
	p.Kafka.known.BootstrapServers, p.Kafka.known.SASLMechanism, p.Kafka.known.SchemaRegistryURL = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	p.flattenIssued(&streamkap.CredentialFile{})
	p.flattenIssued(&streamkap.CredentialFile{Kafka: &streamkap.KafkaCredentials{BootstrapServers: "issued:1", SASLMechanism: "SCRAM", SchemaRegistryURL: "https://issued.example"}})
	p.flattenComputed(&streamkap.ProjectKey{KafkaProxyEndpoint: "read:1"}, "https://api.example")
	if p.Kafka.known.BootstrapServers.ValueString() != "issued:1" || p.Kafka.known.SASLMechanism.ValueString() != "SCRAM" || p.Kafka.known.SchemaRegistryURL.ValueString() != "https://issued.example" {
		t.Errorf("the Kafka access is %+v", p.Kafka.known)
	}
	without := someParts(t, "1")
	without.Kafka = nested[kafkaModel]{}
	without.flattenIssued(&streamkap.CredentialFile{Kafka: &streamkap.KafkaCredentials{BootstrapServers: "issued:1"}})
	if without.Kafka.known != nil {
		t.Error("a plan without Kafka access has some")
	}
}

func TestFlatten_EqualTimesKeepTheirSpelling(t *testing.T) {
	const first = "2026-01-01T00:00:00Z"
	for now, want := range map[streamkap.Text]bool{
		first: true, "2026-01-01T00:00:00.000000Z": true, "2026-01-01T01:00:00+01:00": true, "": true, "lately": true, "2026-01-01T00:00:01Z": false,
	} {
		if got := sameInstant(first, now); got != want {
			t.Errorf("%q stays where %q is read: %t", first, now, got)
		}
	}
	for held, now := range map[streamkap.Text]streamkap.Text{"": first, "lately": first} {
		if sameInstant(held, now) {
			t.Errorf("%q stays where %q is read", held, now)
		}
	}
	if sameInstant("", "lately") {
		t.Error("nothing stays where something is read")
	}
}

// TestFlatten_WithoutAPIAccess keeps it where the access was
// issued, and only an answer does not show it.
func TestFlatten_WithoutAPIAccess(t *testing.T) {
	shown := &streamkap.ProjectKey{ProjectKeySummary: streamkap.ProjectKeySummary{ID: "id", Name: "1", KafkaUsername: "username-1"}}
	issued, none := someParts(t, "1"), someParts(t, "1")
	none.API.known = nil
	issued.flatten(shown, "https://api.example", nil)
	none.flatten(shown, "https://api.example", nil)
	if issued.RoleIDs.IsNull() || issued.MCP.known == nil {
		t.Error("the roles of a key that has API access are gone")
	}
	if !none.RoleIDs.IsNull() || none.MCP.known != nil {
		t.Error("a key without API access has roles")
	}
}
