// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"slices"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// scenario is a lifecycle: a service, and the steps that are taken there. It is plain
// data, so that it can be printed and made smaller.
type scenario struct {
	Name    string // in [everyChange]
	Service service
	Steps   []step
}

// service is how the simulated service behaves throughout.
type service struct {
	Dialect        map[string]string `json:",omitempty"` // variants by row
	ProvisionTime  time.Duration     `json:",omitempty"`
	DeleteTime     time.Duration     `json:",omitempty"`
	NotFoundReads  int               `json:",omitempty"`
	DeleteFailures int               `json:",omitempty"`
	Latency        time.Duration     `json:",omitempty"`
	TokenLifetime  time.Duration     `json:",omitempty"`
	MaxRetries     int               `json:",omitempty"`
	// Namesakes puts keys of others there, with names that the configuration can give.
	Namesakes bool `json:",omitempty"`
	// Repeats has responses list an item twice.
	Repeats bool `json:",omitempty"`
	// HidesAccess has a key that is being created or deleted, or has failed, show none
	// of its access.
	HidesAccess bool `json:",omitempty"`
	// Preflight turns preflight on.
	Preflight bool `json:",omitempty"`
}

// What a step does.
const (
	stepApply   = "apply"
	stepRefresh = "refresh"
	stepDrift   = "drift"
	stepImport  = "import"
	stepDestroy = "destroy"
)

// Whose credentials a run can have: those of the project with this service id.
const (
	anotherProject = "another-project"
	anotherTenant  = "another-tenant"
)

// step is one run of the CLI, or a drift between two, and what disturbs it.
type step struct {
	Do string
	// Config is the configuration from this step on.
	Config *configuration `json:",omitempty"`
	// Unknown are the attributes and blocks that the plan does not know.
	Unknown []string `json:",omitempty"`
	// Replace is -replace.
	Replace bool `json:",omitempty"`
	// Drift names what someone else does to the key.
	Drift string `json:",omitempty"`
	// Faults are in force during the step.
	Faults []simulator.Fault `json:",omitempty"`
	// Event happens at the request with the number At, counted from 1. Where it is a
	// drift, Drift names it.
	Event string `json:",omitempty"`
	At    int    `json:",omitempty"`
	// Identity imports by identity.
	Identity bool `json:",omitempty"`
	// Beside imports other keys in the same run: one of another project, which is
	// refused, and the key itself once more.
	Beside bool `json:",omitempty"`
	// Credentials are those of anotherProject or anotherTenant, where they are not the key's own.
	Credentials string `json:",omitempty"`
	// NoProject takes the project out of the state.
	NoProject bool `json:",omitempty"`
	// TakeOver has a key whose creation lost its answer imported, not deleted.
	TakeOver bool `json:",omitempty"`
	// UsernameHeld is a key with the configured Kafka username, which someone else deletes.
	UsernameHeld *usernameHolder `json:",omitempty"`
}

// usernameHolder says when the deletion of a key begins, and how long it takes.
type usernameHolder struct{ DeletedAfter, DeletionTakes time.Duration }

// disturbed reports whether anything may go wrong in the step.
func (s step) disturbed() bool { return len(s.Faults) > 0 || s.Event != "" }

// drifts reports whether someone else changes the key during the step.
func (s step) drifts() bool { return s.Event == driftBefore }

// tampers reports whether a response of the step is tampered with.
func (s step) tampers() bool {
	return slices.ContainsFunc(s.Faults, func(f simulator.Fault) bool { return f.Set != "" || f.As != "" || f.Late })
}

func (s service) config() simulator.Config {
	dialect, err := simulator.DialectOf(s.Dialect)
	if err != nil {
		panic(err)
	}
	return simulator.Config{
		Dialect: dialect, ProvisionTime: s.ProvisionTime, DeleteTime: s.DeleteTime, NotFoundReads: s.NotFoundReads,
		DeleteFailures: s.DeleteFailures, Latency: s.Latency, TokenLifetime: s.TokenLifetime,
		Projects: []simulator.Project{{ServiceID: anotherProject}, {ServiceID: anotherTenant, TenantID: anotherTenant}},
		Repeats:  s.Repeats, HidesAccess: s.HidesAccess,
	}
}

func clone[T any](from T) (to T) {
	fromJSON(toJSON(from), &to)
	return to
}

// String shows a scenario to a person who wants to repeat it by hand.
func (s scenario) String() string {
	text := fmt.Sprintf("service %s\n", toJSON(s.Service))
	for i, step := range s.Steps {
		text += fmt.Sprintf("step %d: %s\n", i+1, toJSON(step))
	}
	return text
}
