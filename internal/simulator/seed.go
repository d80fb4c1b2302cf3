// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// CheckSeed says what a service would have refused about a key: what a creation
// is checked for, and what only a key that exists has. Seed itself takes
// anything, because tests need keys that are not as they should be.
func (s *Server) CheckSeed(k Key) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &form{loc: []any{}, body: creationOf(k), problems: new([]problem)}
	f.open()
	req := s.readCreate(f)
	f.close()
	var errs []error
	for _, p := range *f.problems {
		errs = append(errs, errors.New(p.text()))
	}
	if req.scope.given() && req.roleIDs == nil && req.permissionIDs == nil {
		errs = append(errs, errors.New(noScope))
	}
	return errors.Join(append(errs, s.checkIdentity(k))...)
}

// creationOf is the body of the request that would have created the key.
func creationOf(k Key) json.RawMessage {
	body := map[string]any{
		"name": k.Name, "description": k.Description, "tool_profile": nullable(k.ToolProfile),
		"role_ids": k.RoleIDs, "permission_ids": k.PermissionIDs, "allowed_tools": k.AllowedTools, "blocked_tools": k.BlockedTools,
	}
	if k.HasKafka() || k.KafkaPassword != "" || len(k.ACLs)+len(k.WhitelistIPs) > 0 || k.SchemaRegistry {
		rules := make([]map[string]string, len(k.ACLs))
		for i, acl := range k.ACLs {
			rules[i] = map[string]string{"topic_name": acl.Name, "operation": acl.Operation, "resource_pattern_type": acl.PatternType, "resource": acl.Resource}
		}
		body["kafka_config"] = map[string]any{
			"username": k.KafkaUsername, "password": cmp.Or(k.KafkaPassword, newKafkaPassword()), "kafka_acls": rules,
			"whitelist_ips": strings.Join(k.WhitelistIPs, ","), "is_create_schema_registry": k.SchemaRegistry,
		}
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		panic(err) // it is made of texts
	}
	return encoded
}

func nullable(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// text says where a problem is and what it is. What was sent stays out of it,
// because it may be a password.
func (p problem) text() string {
	where := make([]string, len(p.Loc))
	for i, part := range p.Loc {
		where[i] = fmt.Sprint(part)
	}
	message := strings.TrimPrefix(p.Msg, "Value error, ")
	if len(where) == 0 {
		return message
	}
	return seedNames.Replace(strings.Join(where, ".")) + ": " + message
}

// seedNames are a request's names of what a seed calls otherwise.
var seedNames = strings.NewReplacer("kafka_config.username", "kafka_username", "kafka_config.password", "kafka_password",
	"kafka_config.whitelist_ips", "whitelist_ips", "kafka_config.kafka_acls", "acls", "topic_name", "name", "resource_pattern_type", "pattern_type")

// checkIdentity checks what a creation does not say about a key: whose it is,
// and what it shares with no other.
func (s *Server) checkIdentity(k Key) error {
	statuses := []string{"", StatusActive, StatusCreating, StatusFailed, StatusDeleting, StatusDeleteFailed}
	known := func(p Project) bool { return p.ServiceID == k.ServiceID }
	switch {
	case k.ServiceID != "" && !slices.ContainsFunc(s.cfg.projects(), known):
		return fmt.Errorf("service_id: there is no project %s", k.ServiceID)
	case !slices.Contains(statuses, k.Status):
		return fmt.Errorf("status: %q is none of %s", k.Status, strings.Join(statuses[1:], ", "))
	}
	k.ServiceID = cmp.Or(k.ServiceID, s.cfg.ServiceID)
	for _, other := range s.records {
		switch {
		case k.ID != "" && other.ID == k.ID:
			return fmt.Errorf("id: %s is taken", k.ID)
		case k.APIClientID != "" && other.APIClientID == k.APIClientID:
			return fmt.Errorf("api_client_id: %s is taken", k.APIClientID)
		case !s.cfg.Dialect.SameName.accepts() && other.ServiceID == k.ServiceID && other.Name == k.Name:
			return fmt.Errorf("name: %s is taken in this project", k.Name)
		case k.HasKafka() && other.ServiceID == k.ServiceID && other.KafkaUsername == k.KafkaUsername:
			return fmt.Errorf("kafka_username: %s is taken in this project", k.KafkaUsername)
		}
	}
	return nil
}
