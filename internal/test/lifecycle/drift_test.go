// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"slices"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// drift is what someone else does to the key between two runs.
var drift = map[string]func(k *simulator.Key){
	"renamed":   func(k *simulator.Key) { k.Name = "renamed elsewhere" },
	"described": func(k *simulator.Key) { k.Description = "described <elsewhere>" },
	untagged: func(k *simulator.Key) {
		k.Description = shown(simulator.DescriptionHTMLRemoved, k.Description)
	},
	"undescribed": func(k *simulator.Key) { k.Description = "" },
	"roles": func(k *simulator.Key) {
		if k.HasAPI() {
			k.RoleIDs, k.PermissionIDs = []string{simulator.RoleReadOnly}, nil
		}
	},
	"permissions": func(k *simulator.Key) {
		if k.HasAPI() {
			k.RoleIDs, k.PermissionIDs = nil, []string{"elsewhere:read"}
		}
	},
	"rule added": func(k *simulator.Key) {
		if k.HasKafka() {
			k.ACLs = append(k.ACLs, simulator.ACL{Name: "elsewhere", Resource: "TOPIC", Operation: "ALL", PatternType: "LITERAL"})
		}
	},
	"rule removed": func(k *simulator.Key) {
		if len(k.ACLs) > 0 {
			k.ACLs = k.ACLs[1:]
		}
	},
	"rule of another kind added": func(k *simulator.Key) {
		if k.HasKafka() {
			k.ACLs = append(k.ACLs, simulator.ACL{Name: "kafka-cluster", Resource: "CLUSTER", Operation: "DESCRIBE", PatternType: "LITERAL"})
		}
	},
	"username in upper case": func(k *simulator.Key) { k.KafkaUsername = strings.ToUpper(k.KafkaUsername) },
	"used":                   func(k *simulator.Key) { k.LastUsedAt = time.Now() },
	"rules reordered":        func(k *simulator.Key) { slices.Reverse(k.ACLs) },
	"addresses": func(k *simulator.Key) {
		if k.HasKafka() {
			k.WhitelistIPs = append(k.WhitelistIPs, "9.9.9.9")
		}
	},
	"addresses lifted": func(k *simulator.Key) { k.WhitelistIPs = nil },
	"scope": func(k *simulator.Key) {
		if k.HasAPI() {
			k.ToolProfile, k.AllowedTools = "infra-admin", []string{"elsewhere"}
		}
	},
	"scope lifted": func(k *simulator.Key) { k.ToolProfile, k.AllowedTools, k.BlockedTools = "", nil, nil },
	"password": func(k *simulator.Key) {
		if k.HasKafka() {
			k.KafkaPassword = "Changed-elsewhere-1"
		}
	},
	"api added": func(k *simulator.Key) {
		if !k.HasAPI() {
			k.APIClientID, k.APISecret, k.RoleIDs = "client-elsewhere", "simulated-secret-elsewhere", []string{simulator.RoleAdmin}
		}
	},
	"permissions added": func(k *simulator.Key) {
		if !k.HasAPI() {
			k.APIClientID, k.APISecret, k.PermissionIDs = "client-elsewhere", "simulated-secret-elsewhere", []string{"elsewhere:read"}
		}
	},
	"kafka added": func(k *simulator.Key) {
		if !k.HasKafka() {
			k.KafkaUsername, k.KafkaPassword = "added-elsewhere", "Added-elsewhere-1"
		}
	},
	"failed":        func(k *simulator.Key) { k.Status = simulator.StatusFailed },
	"delete failed": func(k *simulator.Key) { k.Status = simulator.StatusDeleteFailed },
	"deleting":      func(k *simulator.Key) { k.Status = simulator.StatusDeleting },
	"suspended":     func(k *simulator.Key) { k.Status = "suspended" },
	deleted:         nil,
}

// planDrift is what someone else does who wants what the configuration says.
var planDrift = map[string]func(k *simulator.Key, c *configuration){
	"planned name":        func(k *simulator.Key, c *configuration) { k.Name = c.Name },
	"planned description": func(k *simulator.Key, c *configuration) { k.Description = deref(c.Description) },
	"planned roles": func(k *simulator.Key, c *configuration) {
		if k.HasAPI() && c.RoleIDs != nil {
			k.RoleIDs, k.PermissionIDs = c.RoleIDs, nil
		}
	},
	"planned rules": func(k *simulator.Key, c *configuration) {
		if k.HasKafka() {
			k.ACLs = c.acls()
		}
	},
	"planned addresses": func(k *simulator.Key, c *configuration) {
		if k.HasKafka() && c.Kafka != nil {
			k.WhitelistIPs = c.Kafka.WhitelistIPs
		}
	},
	"planned scope": func(k *simulator.Key, c *configuration) {
		if k.HasAPI() {
			k.ToolProfile, k.AllowedTools, k.BlockedTools = "", nil, nil
		}
		if k.HasAPI() && c.MCP != nil {
			k.ToolProfile, k.AllowedTools, k.BlockedTools = deref(c.MCP.ToolProfile), c.MCP.AllowedTools, c.MCP.BlockedTools
		}
	},
	"planned password": func(k *simulator.Key, c *configuration) {
		if k.HasKafka() && c.password() != "" {
			k.KafkaPassword = c.password()
		}
	},
}

const (
	// deleted is the drift that leaves no key.
	deleted = "deleted"
	// untagged is one that nobody can tell from a service that removes HTML, where
	// it comes between a change and the read of it.
	untagged = "description without tags"
)

var driftNames = func() []string {
	var names []string
	for name := range drift {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}()
