// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// addProject reads a further project, such as "service=ID,name=Billing".
func (o *options) addProject(text string) error {
	var project simulator.Project
	members := map[string]*string{
		"service": &project.ServiceID, "name": &project.Name, "tenant": &project.TenantID,
		"client": &project.ClientID, "secret": &project.Secret,
	}
	for _, part := range strings.Split(text, ",") {
		name, value, _ := strings.Cut(part, "=")
		member, known := members[strings.TrimSpace(name)]
		if !known || value == "" {
			return fmt.Errorf("%q is none of service=, name=, tenant=, client=, secret=", part)
		}
		*member = value
	}
	if project.ServiceID == "" {
		return errors.New("expected a service=, the id of the project")
	}
	o.cfg.Projects = append(o.cfg.Projects, project)
	return nil
}

// readRoles reads the roles that take the place of Admin, Data Admin and Read
// Only.
func (o *options) readRoles(name string) error {
	if err := readList(name, &o.cfg.Roles); err != nil {
		return err
	}
	taken := map[string]bool{}
	for i, role := range o.cfg.Roles {
		if role.ID == "" || role.Key == "" || role.Name == "" {
			return fmt.Errorf("role %d needs id, key and name", i)
		}
		if taken[role.ID] || taken[role.Key] {
			return fmt.Errorf("role %d has the id or key of another one", i)
		}
		taken[role.ID], taken[role.Key] = true, true
	}
	return nil
}

// seed is a file with keys to start with.
type seed struct {
	file string
	keys []json.RawMessage
}

func (o *options) addSeed(name string) error {
	s := seed{file: name}
	err := readList(name, &s.keys)
	o.seeds = append(o.seeds, s)
	return err
}

// plant puts the keys into the server, where they are such as the service could
// have made.
func (s seed) plant(server *simulator.Server) error {
	for i, key := range s.keys {
		if _, err := server.Plant(key); err != nil {
			return fmt.Errorf("-seed %s: key %d: %w", s.file, i, err)
		}
	}
	return nil
}

// readList reads a JSON list and refuses members that nobody knows.
func readList[T any](name string, list *[]T) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	decoder := json.NewDecoder(file)
	decoder.DisallowUnknownFields()
	return decoder.Decode(list)
}
