// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
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
		return fmt.Errorf("expected a service=, the id of the project")
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
			return fmt.Errorf("%s: role %d needs id, key and name", name, i)
		}
		if taken[role.ID] || taken[role.Key] {
			return fmt.Errorf("%s: role %d has the id or key of another one", name, i)
		}
		taken[role.ID], taken[role.Key] = true, true
	}
	return nil
}

// seed puts the keys of a file into the server, where they are such as the
// service could have made.
func seed(server *simulator.Server, name string) error {
	var keys []simulator.Key
	if err := readList(name, &keys); err != nil {
		return err
	}
	for i, key := range keys {
		if err := server.CheckSeed(key); err != nil {
			return fmt.Errorf("%s: key %d (%q): %w", name, i, key.Name, err)
		}
		server.Seed(key)
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
	if err := decoder.Decode(list); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
