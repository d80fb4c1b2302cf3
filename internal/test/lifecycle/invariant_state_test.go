// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// checkRefresh checks what was read against the key as it was before.
func (w *world) checkRefresh(o outcome) {
	switch key := w.before.key; {
	case !o.wasRead || key == nil:
	case o.refreshed != nil:
		w.checkState(stateOf(o.refreshed), *key)
	case key.Status != simulator.StatusDeleting:
		w.fail("only a key that is gone leaves the state", "key %s is still there", key.ID)
	}
}

// checkState checks that a state shows what the service holds.
func (w *world) checkState(h *resourceState, key simulator.Key) {
	if key.Status == simulator.StatusCreating || w.service().HidesAccess && key.Status != simulator.StatusActive {
		// It need not show everything.
		return
	}
	form, shows := w.service().Dialect.Description, heldBy(key)
	shows.Description = new(shown(form, key.Description))
	if shown(form, deref(h.Description)) == *shows.Description {
		shows.Description = h.Description
	}
	for _, f := range fields {
		if about := f.about(); !about.untold && f.differs(&h.configuration, shows) {
			w.fail("the state shows what the service holds", "%s differs: the state says %+v, the service holds %+v", about.path, h, key)
		}
	}
	api, kafka := h.API != nil, h.Kafka != nil
	for _, check := range []struct {
		what  string
		holds bool
	}{
		{"id", h.ID == key.ID},
		{"service_id", h.ServiceID == key.ServiceID},
		{"created_at", sameTime(h.CreatedAt, key.CreatedAt)},
		{"status", plainStatus(h.Status) == plainStatus(key.Status)},
		{"permission_ids", h.PermissionIDs == nil || key.RoleIDs == nil},
		{"api", api == key.HasAPI()},
		{"api.client_id", !api || h.API.ClientID == key.APIClientID},
		{"api.api_url", !api || h.API.URL == host && h.API.TokenEndpoint == host+streamkap.TokenPath},
		{"kafka", kafka == key.HasKafka()},
		{"kafka.security_protocol", !kafka || h.KafkaIssued.SecurityProtocol == "SASL_SSL" && h.KafkaIssued.SASLMechanism == "PLAIN"},
		{"kafka.bootstrap_servers", !kafka || h.KafkaIssued.BootstrapServers != ""},
		{"kafka.schema_registry_url", !kafka || (h.KafkaIssued.SchemaRegistryURL != "") == key.SchemaRegistry},
		{"credential_json", w.sameFile(h, key)},
	} {
		if !check.holds {
			w.fail("the state shows what the service holds", "%s differs: the state says %+v, the service holds %+v", check.what, h, key)
		}
	}
}

func sameTime(text string, at time.Time) bool {
	parsed, err := time.Parse(time.RFC3339Nano, text)
	return err == nil && parsed.Equal(at)
}

// sameFile reports whether the credential file in the state is the key's.
func (w *world) sameFile(h *resourceState, key simulator.Key) bool {
	if h.API != nil && h.API.Secret == "" || h.Recipients != nil {
		return h.CredentialJSON == ""
	}
	var file struct {
		Type         string
		ProjectKeyID string `json:"project_key_id"`
		API          *struct {
			ClientID     string `json:"client_id"`
			ClientSecret string `json:"client_secret"`
			Roles        []string
		}
		Kafka *struct {
			Username, Password string
			Bootstrap          string `json:"bootstrap_servers"`
		}
		ACLs any `json:"kafka_acls"`
		mcpBlock
	}
	if json.Unmarshal([]byte(h.CredentialJSON), &file) != nil || file.Type != "streamkap_project_key" || file.ProjectKeyID != key.ID ||
		(file.API != nil) != (h.API != nil) || (file.Kafka != nil) != (h.Kafka != nil) {
		return false
	}
	return (file.API == nil || file.API.ClientID == h.API.ClientID && file.API.ClientSecret == key.APISecret && sameTexts(file.API.Roles, key.RoleIDs)) &&
		(file.Kafka == nil || strings.EqualFold(file.Kafka.Username, key.KafkaUsername) && file.Kafka.Password == deref(h.Kafka.Password) && file.Kafka.Bootstrap == h.KafkaIssued.BootstrapServers) &&
		file.ACLs == nil && sameScope(&configuration{MCP: &file.mcpBlock}, heldBy(key))
}

// sameScope compares what an agent may do.
func sameScope(a, b *configuration) bool {
	return !slices.ContainsFunc(fields, func(f field) bool { return f.about().needsMCP() && f.differs(a, b) })
}

func (c *configuration) isScoped() bool { return !sameScope(c, &configuration{}) }

// checkServer checks that the service holds what the configuration says.
func (w *world) checkServer() {
	h := stateOf(w.tf.state)
	if h == nil || h.tainted {
		w.fail("an apply that succeeds leaves a key", "the state has %+v", h)
	}
	key, there := w.server.Key(h.ID)
	if !there {
		w.fail("an apply that succeeds leaves a key", "key %s is not in the service", h.ID)
	}
	if w.before.state != nil && w.outcome.action != replace && w.outcome.action != create && stateOf(w.before.state).ID != h.ID {
		w.fail("the id stays", "it became %s without a replacement", h.ID)
	}
	c, form, holds := w.config, w.service().Dialect.Description, heldBy(key)
	if shown(form, deref(c.Description)) == shown(form, key.Description) {
		holds.Description = c.Description
	}
	for _, f := range fields {
		if about := f.about(); !about.untold && f.differs(holds, c) {
			w.fail("the service holds what the configuration says", "%s differs: %+v", about.path, key)
		}
	}
	for _, check := range []struct {
		what  string
		holds bool
	}{
		{"permission_ids", sameTexts(key.PermissionIDs, c.PermissionIDs) || w.permissionsUnknown},
		{"mcp.allowed_tools (none allowed)", key.AllowedTools == nil || len(key.AllowedTools) > 0},
		{"access", key.HasAPI() == c.wantsAPI() || w.permissionsUnknown || w.imported},
		{"kafka", key.HasKafka() == (c.Kafka != nil)},
	} {
		if !check.holds {
			w.fail("the service holds what the configuration says", "%s differs: %+v", check.what, key)
		}
	}
	w.checkState(h, key)
}
