// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"slices"
)

// Project is one part of a tenant. A key belongs to a project, and so do
// credentials: they list the keys of the whole tenant, and change those of
// their own project alone.
type Project struct {
	ServiceID string // required
	Name      string // DefaultProjectName
	TenantID  string // that of the Config
	// ClientID and Secret are the administrator's. Where they are empty they
	// are those of the Config with the number of the project behind them: the
	// first of Config.Projects is 2.
	ClientID string
	Secret   string
}

// projects lists the project of the Config itself and the further ones.
func (c Config) projects() []Project {
	own := Project{ServiceID: c.ServiceID, Name: c.ProjectName, TenantID: c.TenantID, ClientID: c.ClientID, Secret: c.Secret}
	return append([]Project{own}, c.Projects...)
}

// project finds a project by its service id. One that nobody named (a seeded
// key can) is of the Config's own tenant.
func (c Config) project(serviceID string) Project {
	for _, p := range c.projects() {
		if p.ServiceID == serviceID {
			return p
		}
	}
	return Project{ServiceID: serviceID, Name: DefaultProjectName, TenantID: c.TenantID}
}

func (c Config) sameTenant(one, other string) bool {
	return c.project(one).TenantID == c.project(other).TenantID
}

// withProjectDefaults fills in what was left empty, in a copy.
func (c Config) withProjectDefaults() []Project {
	projects := slices.Clone(c.Projects)
	for i := range projects {
		p := &projects[i]
		setDefault(&p.Name, DefaultProjectName)
		setDefault(&p.TenantID, c.TenantID)
		setDefault(&p.ClientID, fmt.Sprintf("%s-%d", c.ClientID, i+2))
		setDefault(&p.Secret, fmt.Sprintf("%s-%d", c.Secret, i+2))
	}
	return projects
}

// validateProjects refuses projects and credentials that could not be told
// apart.
func (c Config) validateProjects() error {
	services, clients := map[string]bool{}, map[string]bool{}
	for _, p := range c.withDefaults().projects() {
		switch {
		case p.ServiceID == "":
			return fmt.Errorf("project: %q has no service id", p.Name)
		case services[p.ServiceID]:
			return fmt.Errorf("project: two projects have the service id %s", p.ServiceID)
		case clients[p.ClientID]:
			return fmt.Errorf("project: the client id %s is taken", p.ClientID)
		}
		services[p.ServiceID], clients[p.ClientID] = true, true
	}
	return nil
}
