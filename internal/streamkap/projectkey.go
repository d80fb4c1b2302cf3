// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

const (
	projectKeysPath = "/project-keys"
	projectKeyPath  = "/project-keys/{id}"
)

// ProjectKeySummary is a row of the list, and what a PATCH answers with
// (contract, "Read").
type ProjectKeySummary struct {
	ID              string       `json:"id"`
	Name            string       `json:"name"`
	ServiceID       string       `json:"service_id"`
	Status          Status       `json:"status"`
	Description     Text         `json:"description"`
	CreatedAt       Text         `json:"created_at"`
	CreatedBy       *User        `json:"created_by_user"`
	APIClientID     Text         `json:"api_client_id"`
	APIMaskedSecret Text         `json:"api_client_id_masked_secret"`
	KafkaUsername   Text         `json:"kafka_username"`
	Roles           List[Role]   `json:"roles"`
	LastUsedAt      Text         `json:"last_used_at"`
	ToolProfile     Text         `json:"tool_profile"`
	AllowedTools    List[string] `json:"allowed_tools"`
	BlockedTools    List[string] `json:"blocked_tools"`
}

// normalize has the names of a key in the form in which Terraform has those that
// they are compared with. A client id or a username of blanks is none: what is read
// into a state first is held against every later answer.
func (s *ProjectKeySummary) normalize() {
	s.Name, s.KafkaUsername = Compose(s.Name), Compose(Text(strings.TrimSpace(string(s.KafkaUsername))))
	s.APIClientID = Text(strings.TrimSpace(string(s.APIClientID)))
	for i := range s.AllowedTools {
		s.AllowedTools[i] = Compose(s.AllowedTools[i])
	}
	for i := range s.BlockedTools {
		s.BlockedTools[i] = Compose(s.BlockedTools[i])
	}
	for i := range s.Roles {
		s.Roles[i].normalize()
	}
}

// ProjectKey is all that can be read of a key. Permission ids, passwords and
// client secrets are never among it.
type ProjectKey struct {
	ProjectKeySummary

	KafkaACLs           List[ACL]   `json:"kafka_acls"`
	WhitelistIPs        AddressList `json:"whitelist_ips"`
	KafkaProxyEndpoint  Text        `json:"kafka_proxy_endpoint"`
	SchemaProxyEndpoint Text        `json:"schema_proxy_endpoint"`
	TokenTTLSeconds     Seconds     `json:"token_ttl_seconds"`
}

// User is who created a key.
type User struct {
	ID    Text `json:"id"`
	Email Text `json:"email"`
	Name  Text `json:"name"`
}

// KafkaConfig asks for Kafka access.
type KafkaConfig struct {
	Username               string       `json:"username"`
	Password               string       `json:"password"`
	WhitelistIPs           string       `json:"whitelist_ips,omitempty"`
	KafkaACLs              []ACLRequest `json:"kafka_acls,omitempty"`
	IsCreateSchemaRegistry bool         `json:"is_create_schema_registry"`
}

// CreateProjectKeyRequest is the body of a create. Fields left empty are not
// sent. RoleIDs and PermissionIDs exclude each other.
type CreateProjectKeyRequest struct {
	Name          string       `json:"name"`
	Description   string       `json:"description,omitempty"`
	RoleIDs       []string     `json:"role_ids,omitempty"`
	PermissionIDs []string     `json:"permission_ids,omitempty"`
	KafkaConfig   *KafkaConfig `json:"kafka_config,omitempty"`
	ToolProfile   string       `json:"tool_profile,omitempty"`
	AllowedTools  []string     `json:"allowed_tools,omitempty"`
	BlockedTools  []string     `json:"blocked_tools,omitempty"`
}

// UpdateProjectKeyRequest is the body of a PATCH. Only the fields that are set
// are sent (contract, "Update").
type UpdateProjectKeyRequest struct {
	Name          Field[string]       `json:"name,omitzero"`
	Description   Field[string]       `json:"description,omitzero"`
	RoleIDs       Field[[]string]     `json:"role_ids,omitzero"`
	PermissionIDs Field[[]string]     `json:"permission_ids,omitzero"`
	KafkaConfig   *KafkaConfig        `json:"kafka_config,omitempty"`
	KafkaPassword string              `json:"kafka_password,omitempty"`
	KafkaACLs     Field[[]ACLRequest] `json:"kafka_acls,omitzero"`
	WhitelistIPs  Field[string]       `json:"whitelist_ips,omitzero"`
	ToolProfile   Field[string]       `json:"tool_profile,omitzero"`
	AllowedTools  Field[[]string]     `json:"allowed_tools,omitzero"`
	BlockedTools  Field[[]string]     `json:"blocked_tools,omitzero"`
	// AddsAPI says that this change gives a Kafka-only key API access, so
	// that its answer carries a secret that is never shown again. It is not
	// part of the body.
	AddsAPI bool `json:"-"`
}

// issuesCredentials reports whether the answer carries one-time secrets.
func (r UpdateProjectKeyRequest) issuesCredentials() bool { return r.AddsAPI || r.KafkaConfig != nil }

// IsEmpty reports whether the request would change nothing.
func (r UpdateProjectKeyRequest) IsEmpty() bool {
	body, err := json.Marshal(r)
	return err == nil && string(body) == "{}"
}

// UpdateAnswer is what a PATCH answers with. The credentials are nil unless
// the change added a capability.
type UpdateAnswer struct {
	ProjectKeySummary

	NewAPICredentials   *APICredentials   `json:"new_api_credentials"`
	NewKafkaCredentials *KafkaCredentials `json:"new_kafka_credentials"`
	// Missing are the members that the answer should have held and did not, such
	// as new_api_credentials.client_secret. What it did hold is to be saved first.
	Missing []string `json:"-"`
}

// CreateProjectKey creates a key. The answer holds secrets that no other call
// ever returns, so save it before doing anything else, and only then look at
// what is Missing.
//
// There is no idempotency key: a repeated POST can issue a second key. So it
// is repeated only when the service has certainly not acted on it. An error of
// [KindUnknownOutcome] means that the key may exist. A file beside
// such an error is what came of an answer without the key's id.
func (c *Client) CreateProjectKey(ctx context.Context, req CreateProjectKeyRequest) (*CredentialFile, error) {
	call := call{method: http.MethodPost, path: projectKeysPath, body: req, once: true}
	if req.KafkaConfig != nil {
		call.secrets = []string{req.KafkaConfig.Password}
	}
	var file *CredentialFile
	err := c.do(ctx, call, func(body []byte) (err error) {
		if file, err = decodeCredentialFile(body, req); file != nil {
			addIssued(file.API, file.Kafka)
		}
		return err
	})
	return file, err
}

// ProjectKeys lists the keys of the whole tenant, all projects included. An
// answer that is no list, or has a row without an id, is of [KindInvalidResponse].
func (c *Client) ProjectKeys(ctx context.Context) ([]ProjectKeySummary, error) {
	var keys []ProjectKeySummary
	id := func(key ProjectKeySummary) string { return key.ID }
	err := c.do(ctx, call{method: http.MethodGet, path: projectKeysPath}, decodeRows(&keys, mendKey, id))
	return keys, err
}

// ProjectKey reads a key. For a key that no longer exists the error satisfies
// [IsNotFound].
func (c *Client) ProjectKey(ctx context.Context, id string) (*ProjectKey, error) {
	return fetch(ctx, c.do, call{method: http.MethodGet, path: projectKeyPath, id: id}, func(body []byte, key *ProjectKey) error {
		err := decodeObject(body, key, mendKey)
		switch {
		case err != nil || key.ID == id:
			return err
		case key.ID == "":
			return errNoID
		}
		return errOtherKey
	})
}

// UpdateProjectKey changes a key with one PATCH. Like a create it is not
// repeated after a lost answer when that answer carries secrets. Any other PATCH
// that was answered with a 2xx has succeeded, whatever its answer holds: the
// [UpdateAnswer] is then empty. [KindUnknownPassword] means that a new password
// may be in force.
func (c *Client) UpdateProjectKey(ctx context.Context, id string, req UpdateProjectKeyRequest) (*UpdateAnswer, error) {
	call := call{method: http.MethodPatch, path: projectKeyPath, id: id, body: req, once: req.issuesCredentials(), password: req.KafkaPassword != ""}
	call.secrets = append(call.secrets, req.KafkaPassword)
	if req.KafkaConfig != nil {
		call.secrets = append(call.secrets, req.KafkaConfig.Password)
	}
	answer := new(UpdateAnswer)
	err := c.do(ctx, call, func(body []byte) (err error) {
		if answer, err = decodeUpdateAnswer(body, req); answer != nil {
			addIssued(answer.NewAPICredentials, answer.NewKafkaCredentials)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// DeleteProjectKey asks for a key to be deleted; the same call again retries a
// deletion that failed. Read the key to learn when it is gone. For a key that
// no longer exists the error satisfies [IsNotFound].
func (c *Client) DeleteProjectKey(ctx context.Context, id string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: projectKeyPath, id: id}, nil)
}

// ConfirmGone gets the second, independent answer after a read or a deletion of the
// key was answered as missing: see [Client.confirmGone].
func (c *Client) ConfirmGone(ctx context.Context, id, serviceID string) (bool, error) {
	isListed := func() (bool, error) {
		keys, err := c.keys.next(ctx, c, c.ProjectKeys)
		return slices.ContainsFunc(keys, func(key ProjectKeySummary) bool { return key.ID == id }), err
	}
	return c.confirmGone(ctx, serviceID, isListed, func() error {
		_, err := c.ProjectKey(ctx, id)
		return err
	})
}

// MCPConfig is the authoritative scoping of a key (contract, "MCP").
type MCPConfig struct {
	ProjectKeyID  string       `json:"project_key_id"`
	TenantID      string       `json:"tenant_id"`
	ServiceID     string       `json:"service_id"`
	KafkaUsername Text         `json:"kafka_username"`
	ToolProfile   Text         `json:"tool_profile"`
	AllowedTools  List[string] `json:"allowed_tools"`
	BlockedTools  List[string] `json:"blocked_tools"`
}

// MCPConfig reads the scoping that the MCP server enforces for a key.
func (c *Client) MCPConfig(ctx context.Context, id string) (*MCPConfig, error) {
	return fetch(ctx, c.do, call{method: http.MethodGet, path: projectKeyPath + "/mcp-config", id: id}, func(body []byte, config *MCPConfig) error {
		return decodeObject(body, config, nil)
	})
}
