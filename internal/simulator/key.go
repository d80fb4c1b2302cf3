// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"slices"
	"time"
)

// The statuses of a key as the simulator holds them. How an answer spells them
// is a matter of dialect.
const (
	StatusActive       = "active"
	StatusCreating     = "creating"
	StatusFailed       = "failed"
	StatusDeleting     = "deleting"
	StatusDeleteFailed = "delete_failed"
)

// statuses are the documented ones, that of a key in use first.
var statuses = []string{StatusActive, StatusCreating, StatusFailed, StatusDeleting, StatusDeleteFailed}

// Key is what the simulator holds for a project key: the plain truth, secrets
// included, whatever the dialect makes of it in answers. What has a name in JSON
// can stand in a seed file, beside the body of a creation.
type Key struct {
	ID          string `json:"id"`
	ServiceID   string `json:"service_id"`
	Name        string
	Description string
	Status      string    `json:"status"`
	CreatedAt   time.Time `json:"created_at"`
	CreatedBy   string    `json:"created_by"` // the client id that created it
	LastUsedAt  time.Time `json:"last_used_at"`

	// RoleIDs or PermissionIDs are set on a key with API access, never both.
	RoleIDs       []string
	PermissionIDs []string
	APIClientID   string `json:"api_client_id"`
	APISecret     string `json:"api_client_secret"`

	KafkaUsername     string
	KafkaPassword     string
	PasswordRotations int
	ACLs              []ACL
	WhitelistIPs      []string
	SchemaRegistry    bool

	// ToolProfile is empty and the lists are nil where nothing was chosen. A
	// list that is empty without being nil was set to be empty: an empty
	// AllowedTools allows no tool at all.
	ToolProfile  string
	AllowedTools []string
	BlockedTools []string
}

// ACL is one rule of a key's Kafka access. Its JSON form is that of a rule in a
// Terraform state, which tests compare with it.
type ACL struct {
	Name        string `json:"name"`
	Resource    string `json:"resource"` // TOPIC or GROUP
	Operation   string `json:"operation"`
	PatternType string `json:"pattern_type"` // LITERAL or PREFIXED
}

// HasAPI tells whether the key can be used with the REST API.
func (k Key) HasAPI() bool { return k.APIClientID != "" }

// HasKafka tells whether the key has a Kafka user.
func (k Key) HasKafka() bool { return k.KafkaUsername != "" }

// clone copies the key so that neither copy can change the other.
func (k Key) clone() Key {
	k.RoleIDs = slices.Clone(k.RoleIDs)
	k.PermissionIDs = slices.Clone(k.PermissionIDs)
	k.ACLs = slices.Clone(k.ACLs)
	k.WhitelistIPs = slices.Clone(k.WhitelistIPs)
	k.AllowedTools = slices.Clone(k.AllowedTools)
	k.BlockedTools = slices.Clone(k.BlockedTools)
	return k
}
