// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// listKeys answers `GET /project-keys`: all keys of the tenant, those of other
// projects included, in one bare array.
func (s *Server) listKeys(a *answer, _ *http.Request, t *token) {
	rows := make([]object, 0, len(s.records))
	for _, r := range s.records {
		if s.cfg.sameTenant(r.ServiceID, t.serviceID) {
			rows = append(rows, a.view.summary(r.Key))
		}
	}
	a.json(http.StatusOK, rows)
}

// readKey answers `GET /project-keys/{id}`.
func (s *Server) readKey(a *answer, r *http.Request, t *token) {
	if k := s.keyOf(a, r, t); k != nil {
		a.json(http.StatusOK, a.view.detail(k.shown(a.late)))
	}
}

// readMCPConfig answers `GET /project-keys/{id}/mcp-config`.
func (s *Server) readMCPConfig(a *answer, r *http.Request, t *token) {
	k := s.keyOf(a, r, t)
	if k == nil {
		return
	}
	a.json(http.StatusOK, a.view.withAttributes(inMCPConfig, k.Key, object{
		"project_key_id": k.ID,
		"tenant_id":      s.cfg.project(k.ServiceID).TenantID,
		"service_id":     k.ServiceID,
		"kafka_username": a.view.text(k.KafkaUsername),
	}))
}

// keyOf finds the key that a request is about, or answers why there is none for
// it. A new key can stay out of sight for a few reads (row 4), and a key of
// another project for ever (row 21).
func (s *Server) keyOf(a *answer, r *http.Request, t *token) *record {
	id, reads, dialect := r.PathValue("id"), r.Method == http.MethodGet, s.cfg.Dialect.OtherProject
	k := s.find(id)
	if k == nil || !s.cfg.sameTenant(k.ServiceID, t.serviceID) ||
		k.ServiceID != t.serviceID && dialect == "missing" || reads && k.hides() {
		a.refuseUnknown(id)
		return nil
	}
	switch {
	case k.ServiceID != t.serviceID && (!reads || dialect == "forbidden"):
		a.refuse(http.StatusForbidden, "This project key belongs to another project")
	case r.Method == http.MethodPatch && slices.Contains([]string{StatusCreating, StatusDeleting, StatusDeleteFailed}, k.Status):
		a.refuse(http.StatusBadRequest, "A project key cannot be updated while its status is "+k.Status)
	default:
		return k
	}
	return nil
}

// summary is a row of `GET /project-keys`.
func (v view) summary(k Key) object {
	return v.withAttributes(inSummary, k, object{
		"id":                          k.ID,
		"name":                        k.Name,
		"service_id":                  k.ServiceID,
		"status":                      v.status(k.Status),
		"created_at":                  v.time(k.CreatedAt),
		"created_by_user":             v.user(k),
		"api_client_id":               v.text(k.APIClientID),
		"api_client_id_masked_secret": v.text(mask(k.APISecret)),
		"kafka_username":              v.text(k.KafkaUsername),
		"roles":                       v.roles(k),
		"last_used_at":                v.time(k.LastUsedAt),
	})
}

// detail is the answer to `GET /project-keys/{id}`.
func (v view) detail(k Key) object {
	d := v.withAttributes(inDetail, k, v.summary(k))
	if v.cfg.HidesAccess && slices.Contains(statuses[1:], k.Status) {
		d["api_client_id"], d["kafka_username"] = v.text(""), v.text("")
	}
	d["kafka_proxy_endpoint"], d["schema_proxy_endpoint"] = v.text(""), v.text("")
	d["token_ttl_seconds"] = int(v.cfg.TokenLifetime / time.Second)
	if k.HasKafka() {
		d["kafka_proxy_endpoint"], _, _ = strings.Cut(v.kafkaServers(k), ",")
	}
	if k.HasKafka() && k.SchemaRegistry {
		d["schema_proxy_endpoint"] = schemaHost(k)
	}
	return d
}

// roles shows a key's roles in full.
func (v view) roles(k Key) any {
	if len(k.RoleIDs) == 0 {
		return v.noRoles(k)
	}
	roles := make([]object, len(k.RoleIDs))
	for i, id := range v.roleIDs(k) {
		role, _ := v.cfg.role(id)
		roles[i] = v.role(role)
	}
	return roles
}

// user shows who created a key. Keys are created with credentials here, so the
// user is made up from their client id.
func (v view) user(k Key) object {
	return object{
		"id":                  k.CreatedBy,
		"email":               k.CreatedBy + "@example.com",
		"name":                k.CreatedBy,
		"tenant_id":           v.cfg.project(k.ServiceID).TenantID,
		"profile_picture_url": v.text(""),
		"phone_number":        v.text(""),
		"created_at":          formatTime(rolesSince),
		"last_login":          v.text(""),
	}
}

// mask leaves the last four characters of a secret readable.
func mask(secret string) string {
	if len(secret) < 8 {
		return strings.Repeat("*", len(secret))
	}
	return strings.Repeat("*", 8) + secret[len(secret)-4:]
}
