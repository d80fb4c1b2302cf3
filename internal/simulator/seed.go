// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Seed puts a key there as if it had been made in the web interface, and
// returns it with id, project, status, credentials and times filled in where
// they were empty. Nothing about it is checked, because tests need keys that
// are not as they should be. A key of another project (with another ServiceID)
// can be changed and deleted with its own credentials alone.
func (s *Server) Seed(k Key) Key {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seed(k.clone())
}

func (s *Server) seed(k Key) Key {
	setDefault(&k.ID, newUUID())
	setDefault(&k.ServiceID, s.cfg.ServiceID)
	setDefault(&k.Status, StatusActive)
	setDefault(&k.CreatedBy, cmp.Or(s.cfg.project(k.ServiceID).ClientID, s.cfg.ClientID))
	if k.CreatedAt.IsZero() {
		k.CreatedAt = time.Now().UTC()
	}
	if len(k.RoleIDs)+len(k.PermissionIDs) > 0 || k.HasAPI() {
		setDefault(&k.APIClientID, newUUID())
		setDefault(&k.APISecret, ClientSecretPrefix+newUUID())
	}
	if k.HasKafka() {
		setDefault(&k.KafkaPassword, PasswordPrefix+newUUID())
	}
	s.remember(k.APISecret, k.KafkaPassword)
	s.records = append(s.records, &record{Key: k})
	return k.clone()
}

// Plant is Seed for a key in a file: the body of the creation that would have
// made it, in which the Kafka password can be missing, and beside it what only
// a key that exists has. It refuses what the service would have refused.
func (s *Server) Plant(text json.RawMessage) (Key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	decoded, err := decodeAny(text)
	if err != nil {
		return Key{}, err
	}
	v := value{is: decoded, problems: new([]problem)}
	s.isSeed(v)
	var errs []error
	for _, p := range *v.problems {
		errs = append(errs, errors.New(p.text()))
	}
	text, _ = json.Marshal(decoded)
	var k Key
	req := readRequest(text)
	if errs == nil {
		errs = append(errs, json.Unmarshal(text, &k))
		owner := &token{serviceID: cmp.Or(k.ServiceID, s.cfg.ServiceID), permissions: []string{everything}}
		if status, detail := s.refusal(owner, &record{}, req); status != 0 {
			errs = append(errs, errors.New(detail))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return Key{}, err
	}
	s.apply(&k, req)
	return s.seed(k), nil
}

// isSeed accepts a key in a file, and gives it a Kafka password where it has
// none.
func (s *Server) isSeed(v value) {
	key, _ := v.is.(object)
	if kafka, _ := key["kafka_config"].(object); kafka != nil && kafka["password"] == nil {
		kafka["password"] = PasswordPrefix + newUUID()
	}
	s.isCreation(v,
		plain("id", text(s.isFree)),
		plain("service_id", text(s.isProject)),
		plain("status", text(oneOf(statuses...))),
		plain("api_client_id", text(s.isFree)),
		plain("api_client_secret", someText),
		plain("created_by", text()),
		plain("created_at", text(isTime)),
		plain("last_used_at", text(isTime)),
	)
}

// isFree is the rule that no key has an id, or the id of a client, already.
func (s *Server) isFree(v value, id string) {
	if slices.ContainsFunc(s.records, func(r *record) bool { return r.ID == id || r.APIClientID == id }) {
		v.invalid(id + " is taken")
	}
}

// isProject is the rule that a project exists.
func (s *Server) isProject(v value, id string) {
	if !slices.ContainsFunc(s.cfg.projects(), func(p Project) bool { return p.ServiceID == id }) {
		v.invalid("there is no project " + id)
	}
}

// text says where a problem is and what it is. What was sent stays out of it,
// because it may be a password.
func (p problem) text() string {
	message := strings.TrimPrefix(p.Msg, "Value error, ")
	if len(p.Loc) == 0 {
		return message
	}
	where := strings.ReplaceAll(strings.Trim(fmt.Sprint(p.Loc), "[]"), " ", ".")
	return where + ": " + message
}
