// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"slices"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// scenario is a lifecycle to walk through: the service it happens at, and the
// steps. It is plain data, so that it can be printed, and made smaller.
type scenario struct {
	Seed    uint64
	Service service
	Steps   []step
}

// service is how the simulated service behaves throughout.
type service struct {
	Dialect        map[string]string        `json:",omitempty"` // variants by row
	ProvisionTime  time.Duration            `json:",omitempty"`
	DeleteTime     time.Duration            `json:",omitempty"`
	NotFoundReads  int                      `json:",omitempty"`
	DeleteFailures int                      `json:",omitempty"`
	Latency        time.Duration            `json:",omitempty"`
	RateLimit      int                      `json:",omitempty"`
	RetryAfter     simulator.RetryAfterForm `json:",omitempty"`
	TokenLifetime  time.Duration            `json:",omitempty"`
	MaxRetries     int                      `json:",omitempty"`
	// Namesakes puts keys there that are someone else's, and have names that the
	// configuration can give.
	Namesakes bool `json:",omitempty"`
	// Repeats has answers list an item twice.
	Repeats bool `json:",omitempty"`
	// Preflight has every plan ask what Streamkap would refuse.
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

// Whose credentials a run can have, by the service id of their project.
const (
	anotherProject = "another-project"
	anotherTenant  = "another-tenant"
)

// step is one thing that happens, and what goes wrong with it.
type step struct {
	Do string
	// Config is what the configuration says from this step on.
	Config *configuration `json:",omitempty"`
	// Unknown are the attributes that are not known before the apply.
	Unknown []string `json:",omitempty"`
	// Replace has the key replaced although nothing asks for that.
	Replace bool `json:",omitempty"`
	// Drift names what someone else does to the key.
	Drift string `json:",omitempty"`
	// Faults are there for the time of the step.
	Faults []simulator.Fault `json:",omitempty"`
	// Event is what happens at the request with the number At, counted from 1.
	// Where someone changes the key then, Drift names what they do.
	Event string `json:",omitempty"`
	At    int    `json:",omitempty"`
	// Interrupt is when the run is interrupted.
	Interrupt time.Duration `json:",omitempty"`
	// Identity has an import go by identity.
	Identity bool `json:",omitempty"`
	// Beside has an import take in other keys in the same run: one of another
	// project, which is refused, and the key itself once more.
	Beside bool `json:",omitempty"`
	// Credentials are those that the run has, where they are not the key's
	// project's: anotherTenant or anotherProject.
	Credentials string `json:",omitempty"`
	// NoProject has the state not know the key's project.
	NoProject bool `json:",omitempty"`
	// Revoke takes the tokens back before the step.
	Revoke bool `json:",omitempty"`
	// TakeOver has a key whose create lost its answer imported, not deleted.
	TakeOver bool `json:",omitempty"`
	// Dying is a key that has the Kafka username of the configuration, and that
	// someone else deletes meanwhile.
	UsernameHeld *usernameHolder `json:",omitempty"`
}

// dying is when the deletion of a key begins, and how long it takes.
type usernameHolder struct{ DeletedAfter, DeletionTakes time.Duration }

// disturbed reports whether anything may go wrong in the step.
func (s step) disturbed() bool { return len(s.Faults) > 0 || s.Interrupt > 0 || s.Event != "" }

// drifts reports whether someone else changes the key during the step.
func (s step) drifts() bool { return s.Event == driftBefore }

// lies reports whether the service tells in the step what is not so.
func (s step) tampers() bool {
	return slices.ContainsFunc(s.Faults, func(f simulator.Fault) bool { return f.Set != "" || f.As != "" || f.Late })
}

// variant is the one that the service shows of a row: the one that was chosen,
// or the row's default.
func (s service) variant(row string) string {
	if variant := s.Dialect[row]; variant != "" {
		return variant
	}
	for _, r := range simulator.Rows() {
		if r.Name == row {
			return r.Variants[0].Name
		}
	}
	panic("there is no row " + row)
}

func (s service) config() simulator.Config {
	var dialect simulator.Dialect
	for row, variant := range s.Dialect {
		var err error
		if dialect, err = dialect.With(row, variant); err != nil {
			panic(err)
		}
	}
	return simulator.Config{
		Dialect: dialect, ProvisionTime: s.ProvisionTime, DeleteTime: s.DeleteTime, NotFoundReads: s.NotFoundReads,
		DeleteFailures: s.DeleteFailures, Latency: s.Latency, RateLimit: s.RateLimit, RetryAfter: s.RetryAfter, TokenLifetime: s.TokenLifetime,
		Projects: []simulator.Project{{ServiceID: anotherProject}, {ServiceID: anotherTenant, TenantID: anotherTenant}},
		Repeats:  s.Repeats,
	}
}

func (s scenario) clone() (c scenario) {
	fromJSON(toJSON(s), &c)
	return c
}

// String shows the scenario to a person who wants to walk through it by hand.
func (s scenario) String() string {
	text := fmt.Sprintf("service %s\n", toJSON(s.Service))
	for i, step := range s.Steps {
		text += fmt.Sprintf("step %d: %s\n", i+1, toJSON(step))
	}
	return text
}
