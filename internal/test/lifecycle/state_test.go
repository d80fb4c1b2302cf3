// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// resourceState is a state in plain values: what can be configured, and what the
// service has chosen.
type resourceState struct {
	configuration  `json:"-"`
	ID             string      `json:"id"`
	Status         string      `json:"status"`
	ServiceID      string      `json:"service_id"`
	CreatedAt      string      `json:"created_at"`
	API            *apiState   `json:"api"`
	KafkaIssued    kafkaIssued `json:"kafka"`
	CredentialJSON string      `json:"credential_json"`
	tainted        bool
}

// apiState and kafkaIssued have secrets in clear or encrypted.
type apiState struct {
	ClientID      string `json:"client_id"`
	Secret        string `json:"client_secret"`
	Encrypted     string `json:"encrypted_client_secret"`
	TokenEndpoint string `json:"token_endpoint"`
	URL           string `json:"api_url"`
}

type kafkaIssued struct {
	Encrypted         string `json:"encrypted_password"`
	BootstrapServers  string `json:"bootstrap_servers"`
	SecurityProtocol  string `json:"security_protocol"`
	SASLMechanism     string `json:"sasl_mechanism"`
	SchemaRegistryURL string `json:"schema_registry_url"`
}

// stateOf reads a state.
func stateOf(o *object) *resourceState {
	if o == nil {
		return nil
	}
	data, err := ctyjson.Marshal(o.value, resourceSchema.ty)
	must(err)
	h := &resourceState{tainted: o.tainted}
	fromJSON(data, &h.configuration)
	fromJSON(data, h)
	var names []string
	for _, name := range recipients {
		if slices.Contains(h.Recipients, publicKeys[name]) {
			names = append(names, name)
		}
	}
	h.Recipients = names
	maps.DeleteFunc(h.Timeouts, func(_, duration string) bool { return duration == "" })
	return h
}

// password is the one in clear.
func (h *resourceState) passwordInClear() string {
	if h.Kafka == nil {
		return ""
	}
	return deref(h.Kafka.Password)
}

func (c *configuration) mayTimeOut() bool {
	return slices.Contains(slices.Collect(maps.Values(c.Timeouts)), "3s")
}

// hasOtherRules reports whether there are rules that no configuration can hold.
func (h *resourceState) hasOtherRules() bool {
	return h.Kafka != nil && slices.ContainsFunc(h.Kafka.ACL, isOther)
}

// isOther reports whether a rule is for neither a topic nor a group.
func isOther(r rule) bool { r = r.whole(); return r.Resource != "TOPIC" && r.Resource != "GROUP" }

// What means the same is decided here without the provider's code.

func sameTexts(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func sameText(a, b *string) bool { return deref(a) == deref(b) }

// identical tells nothing from an empty value.
func identical[T comparable](a, b *T) bool { return (a == nil) == (b == nil) && deref(a) == deref(b) }

func sameRules(a, b []rule) bool {
	set := func(rules []rule) map[rule]bool {
		found := map[rule]bool{}
		for _, r := range rules {
			found[r.whole()] = true
		}
		return found
	}
	return maps.Equal(set(a), set(b))
}

func sameAddresses(a, b []string) bool {
	networks := func(items []string) (list []netip.Prefix) {
		for _, item := range items {
			if !strings.Contains(item, "/") {
				item += "/32"
			}
			list = append(list, netip.MustParsePrefix(strings.TrimSpace(item)).Masked())
		}
		slices.SortFunc(list, netip.Prefix.Compare)
		return slices.Compact(list)
	}
	return slices.Equal(networks(a), networks(b))
}

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
