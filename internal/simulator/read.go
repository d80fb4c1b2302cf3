// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"strings"
	"time"
)

// keySummary is a row of `GET /project-keys`.
type keySummary struct {
	ID                    string      `json:"id"`
	Name                  string      `json:"name"`
	ServiceID             string      `json:"service_id"`
	Status                string      `json:"status"`
	Description           any         `json:"description"`
	CreatedAt             any         `json:"created_at"`
	CreatedByUser         userSummary `json:"created_by_user"`
	APIClientID           any         `json:"api_client_id"`
	APIClientMaskedSecret any         `json:"api_client_id_masked_secret"`
	KafkaUsername         any         `json:"kafka_username"`
	Roles                 any         `json:"roles"`
	LastUsedAt            any         `json:"last_used_at"`
	ToolProfile           any         `json:"tool_profile"`
	AllowedTools          any         `json:"allowed_tools"`
	BlockedTools          any         `json:"blocked_tools"`
}

// keyDetail is the answer to `GET /project-keys/{id}`.
type keyDetail struct {
	keySummary
	KafkaACLs           any `json:"kafka_acls"`
	WhitelistIPs        any `json:"whitelist_ips"`
	KafkaProxyEndpoint  any `json:"kafka_proxy_endpoint"`
	SchemaProxyEndpoint any `json:"schema_proxy_endpoint"`
	TokenTTLSeconds     int `json:"token_ttl_seconds"`
}

// userSummary is who created a key.
type userSummary struct {
	ID                string `json:"id"`
	Email             string `json:"email"`
	Name              string `json:"name"`
	TenantID          any    `json:"tenant_id"`
	ProfilePictureURL any    `json:"profile_picture_url"`
	PhoneNumber       any    `json:"phone_number"`
	CreatedAt         any    `json:"created_at"`
	LastLogin         any    `json:"last_login"`
}

// mcpConfig is the answer to `GET /project-keys/{id}/mcp-config`.
type mcpConfig struct {
	ProjectKeyID  string `json:"project_key_id"`
	TenantID      string `json:"tenant_id"`
	ServiceID     string `json:"service_id"`
	KafkaUsername any    `json:"kafka_username"`
	ToolProfile   any    `json:"tool_profile"`
	AllowedTools  any    `json:"allowed_tools"`
	BlockedTools  any    `json:"blocked_tools"`
}

// listKeys answers `GET /project-keys`: all keys of the tenant, those of other
// projects included, in one bare array.
func (s *Server) listKeys(a *answer, _ *http.Request, t *token) {
	rows := make([]keySummary, 0, len(s.records))
	for _, r := range s.records {
		if s.cfg.sameTenant(r.ServiceID, t.serviceID) {
			rows = append(rows, a.view.summary(r.Key))
		}
	}
	a.json(http.StatusOK, rows)
}

// readKey answers `GET /project-keys/{id}`.
func (s *Server) readKey(a *answer, r *http.Request, t *token) {
	if k := s.visible(a, r, t); k != nil {
		a.json(http.StatusOK, a.view.detail(k.shown(a.late)))
	}
}

// readMCPConfig answers `GET /project-keys/{id}/mcp-config`.
func (s *Server) readMCPConfig(a *answer, r *http.Request, t *token) {
	k := s.visible(a, r, t)
	if k == nil {
		return
	}
	a.json(http.StatusOK, mcpConfig{
		ProjectKeyID:  k.ID,
		TenantID:      s.cfg.project(k.ServiceID).TenantID,
		ServiceID:     k.ServiceID,
		KafkaUsername: a.view.text(k.KafkaUsername),
		ToolProfile:   a.view.toolProfile(k.Key),
		AllowedTools:  a.view.texts(k.AllowedTools),
		BlockedTools:  a.view.texts(k.BlockedTools),
	})
}

// visible finds the key that a read asks for, or answers that there is none. A
// new key can stay out of sight for a few reads (row 4), and a key of another
// project for ever (row 21).
func (s *Server) visible(a *answer, r *http.Request, t *token) *record {
	id := r.PathValue("id")
	k := s.ofTenant(id, t)
	if k != nil && k.hiddenReads > 0 {
		k.hiddenReads--
		k = nil
	}
	if k != nil && k.ServiceID != t.serviceID {
		switch s.cfg.Dialect.OtherProject {
		case OtherForbidden:
			a.refuse(http.StatusForbidden, otherProject)
			return nil
		case OtherMissing:
			k = nil
		}
	}
	if k == nil {
		a.refuseUnknown(id)
	}
	return k
}

const otherProject = "This project key belongs to another project"

func (v view) summary(k Key) keySummary {
	return keySummary{
		ID:                    k.ID,
		Name:                  k.Name,
		ServiceID:             k.ServiceID,
		Status:                v.status(k.Status),
		Description:           v.description(k.Description),
		CreatedAt:             v.time(k.CreatedAt),
		CreatedByUser:         v.user(k),
		APIClientID:           v.text(k.APIClientID),
		APIClientMaskedSecret: v.text(mask(k.APISecret)),
		KafkaUsername:         v.text(k.KafkaUsername),
		Roles:                 v.roles(k),
		LastUsedAt:            v.time(k.LastUsedAt),
		ToolProfile:           v.toolProfile(k),
		AllowedTools:          v.texts(k.AllowedTools),
		BlockedTools:          v.texts(k.BlockedTools),
	}
}

func (v view) detail(k Key) keyDetail {
	d := keyDetail{
		keySummary:          v.summary(k),
		KafkaACLs:           v.acls(k),
		WhitelistIPs:        v.whitelist(k),
		KafkaProxyEndpoint:  v.text(""),
		SchemaProxyEndpoint: v.text(""),
		TokenTTLSeconds:     int(v.cfg.TokenLifetime / time.Second),
	}
	if k.HasKafka() {
		d.KafkaProxyEndpoint, _, _ = strings.Cut(v.kafkaServers(k), ",")
	}
	if k.HasKafka() && k.SchemaRegistry {
		d.SchemaProxyEndpoint = schemaHost(k) + ":32400"
	}
	return d
}

// roles shows a key's roles in full.
func (v view) roles(k Key) any {
	if len(k.RoleIDs) == 0 {
		return v.noRoles(k)
	}
	roles := make([]roleAnswer, len(k.RoleIDs))
	for i, id := range v.roleIDs(k) {
		role, _ := v.cfg.role(id)
		roles[i] = v.role(role)
	}
	return roles
}

// user shows who created a key. Keys are created with credentials here, so the
// user is made up from their client id.
func (v view) user(k Key) userSummary {
	return userSummary{
		ID:                k.CreatedBy,
		Email:             k.CreatedBy + "@example.com",
		Name:              k.CreatedBy,
		TenantID:          v.cfg.project(k.ServiceID).TenantID,
		ProfilePictureURL: v.text(""),
		PhoneNumber:       v.text(""),
		CreatedAt:         formatTime(rolesSince),
		LastLogin:         v.text(""),
	}
}

// mask leaves the last four characters of a secret readable.
func mask(secret string) string {
	if len(secret) < 8 {
		return strings.Repeat("*", len(secret))
	}
	return strings.Repeat("*", 8) + secret[len(secret)-4:]
}
