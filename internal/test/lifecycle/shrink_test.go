// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"maps"
	"slices"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// shrink looks for a smaller scenario that breaks the same rule: it leaves out
// whatever can be left out, until nothing can.
func shrink(t *testing.T, s scenario, found *violation) (scenario, *violation) {
	t.Helper()
	if found.step > 0 {
		s.Steps = s.Steps[:found.step]
	}
	for budget := 600; budget > 0; {
		smaller := false
		for _, candidate := range smallerOnes(s) {
			budget--
			if v := walk(t, candidate); v != nil && v.rule == found.rule {
				s, found, smaller = candidate, v, true
				break
			}
		}
		if !smaller {
			break
		}
	}
	return s, found
}

// smallerOnes are the scenario with one thing less, the big things first.
func smallerOnes(s scenario) []scenario {
	var candidates []scenario
	try := func(change func(c *scenario)) {
		c := s.clone()
		change(&c)
		candidates = append(candidates, c)
	}
	for i := range s.Steps {
		if len(s.Steps) > 1 {
			try(func(c *scenario) { c.Steps = slices.Delete(c.Steps, i, i+1) })
		}
	}
	for _, row := range slices.Sorted(maps.Keys(s.Service.Dialect)) {
		try(func(c *scenario) { delete(c.Service.Dialect, row) })
	}
	if plain := (service{MaxRetries: s.Service.MaxRetries, Dialect: s.Service.Dialect}); !sameService(plain, s.Service) {
		try(func(c *scenario) { c.Service = plain })
		for _, change := range []func(*service){
			func(s *service) { s.ProvisionTime = 0 }, func(s *service) { s.DeleteTime = 0 }, func(s *service) { s.NotFoundReads = 0 },
			func(s *service) { s.DeleteFailures = 0 }, func(s *service) { s.Latency = 0 }, func(s *service) { s.RateLimit = 0 },
			func(s *service) { s.RetryAfter = "" }, func(s *service) { s.TokenLifetime = 0 }, func(s *service) { s.Namesakes = false },
			func(s *service) { s.Preflight = false }, func(s *service) { s.Repeats = false },
		} {
			if c := s.clone().Service; true {
				change(&c)
				if !sameService(c, s.Service) {
					try(func(s *scenario) { change(&s.Service) })
				}
			}
		}
	}
	for i := range s.Steps {
		for _, smaller := range smallerSteps(s.Steps[i]) {
			try(func(c *scenario) { c.Steps[i] = smaller })
		}
	}
	return candidates
}

func sameService(a, b service) bool {
	return jsonText(scenario{Service: a}.String()) == jsonText(scenario{Service: b}.String())
}

func smallerSteps(s step) []step {
	var candidates []step
	try := func(change func(*step)) {
		c := (scenario{Steps: []step{s}}).clone().Steps[0]
		change(&c)
		if c.String() != s.String() {
			candidates = append(candidates, c)
		}
	}
	for i := range s.Faults {
		try(func(c *step) { c.Faults = slices.Delete(c.Faults, i, i+1) })
		try(func(c *step) { c.Faults[i].Skip = 0 })
		try(func(c *step) { c.Faults[i].Delay = 0; c.Faults[i] = orNothing(c.Faults[i], s.Faults[i]) })
	}
	for _, change := range []func(*step){
		func(c *step) { c.Interrupt = 0 }, func(c *step) { c.Unknown = nil }, func(c *step) { c.Replace = false }, func(c *step) { c.Identity = false },
		func(c *step) { c.Revoke = false }, func(c *step) { c.TakeOver = false }, func(c *step) { c.Dying = nil },
	} {
		try(change)
	}
	if s.Config == nil {
		return candidates
	}
	for _, change := range []func(*configuration){
		func(c *configuration) { c.Name = "orders" }, func(c *configuration) { c.Description = nil }, func(c *configuration) { c.Timeouts = nil },
		func(c *configuration) { c.MCP = nil }, func(c *configuration) { c.Kafka = nil }, func(c *configuration) { c.Recipients = nil },
		func(c *configuration) { c.Recipients = c.Recipients[:min(1, len(c.Recipients))] },
		func(c *configuration) { c.RoleIDs, c.PermissionIDs, c.MCP = nil, nil, nil },
		func(c *configuration) { c.RoleIDs = c.RoleIDs[:min(1, len(c.RoleIDs))] },
		func(c *configuration) { c.PermissionIDs = c.PermissionIDs[:min(1, len(c.PermissionIDs))] },
	} {
		try(func(c *step) { change(c.Config) })
	}
	if s.Config.MCP != nil {
		try(func(c *step) { c.Config.MCP.ToolProfile = nil })
		try(func(c *step) { c.Config.MCP.AllowedTools = nil })
		try(func(c *step) { c.Config.MCP.BlockedTools = nil })
	}
	if k := s.Config.Kafka; k != nil {
		try(func(c *step) { c.Config.Kafka.WhitelistIPs = nil })
		try(func(c *step) { c.Config.Kafka.SchemaRegistry = nil })
		try(func(c *step) { c.Config.Kafka.ACL = nil })
		try(func(c *step) { c.Config.Kafka.Username = "abc" })
		for i := range k.ACL {
			try(func(c *step) { c.Config.Kafka.ACL = slices.Delete(c.Config.Kafka.ACL, i, i+1) })
		}
		for i := range k.WhitelistIPs {
			try(func(c *step) { c.Config.Kafka.WhitelistIPs = slices.Delete(c.Config.Kafka.WhitelistIPs, i, i+1) })
		}
	}
	return candidates
}

// orNothing keeps a fault that would do nothing as it was.
func orNothing(f, was simulator.Fault) simulator.Fault {
	if f.Status == 0 && f.Drop == simulator.DropNone && f.Delay == 0 {
		return was
	}
	return f
}
