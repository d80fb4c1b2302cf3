// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"maps"
	"path"
	"slices"
	"testing"
)

// TestFaultMatrix_EveryRequest disturbs every request of a run, once and with all
// that follow. The step is then repeated undisturbed, and has to lead where it
// should have.
func TestFaultMatrix_EveryRequest(t *testing.T) {
	walkDisturbed(t, func(s *undisturbedStep, add func(func(*step))) {
		for at := range s.requests {
			for _, d := range disturbances {
				for _, times := range d.repeats() {
					add(func(c *step) { d.addTo(c, at, times) })
				}
			}
		}
	})
}

// TestFaultMatrix_PairsInOneRun disturbs two requests of a run. The second
// disturbance may hit what the first one has led to.
func TestFaultMatrix_PairsInOneRun(t *testing.T) {
	walkDisturbed(t, func(s *undisturbedStep, add func(func(*step))) {
		if !slices.Contains(riskiest, s.scenario.Name) {
			return
		}
		for second := range s.requests {
			for first := range second {
				for _, d := range disturbances {
					for _, e := range disturbances {
						if d.event == "" || e.event == "" {
							add(func(c *step) { d.addTo(c, first, 1); e.addTo(c, second, 1) })
						}
					}
				}
			}
		}
	})
}

// TestDrift_BetweenAnyTwoRequests has someone else change the key between any two
// requests of an apply: between refresh and plan, between plan and apply, and
// before the provider reads what it changed.
func TestDrift_BetweenAnyTwoRequests(t *testing.T) {
	walkDisturbed(t, func(s *undisturbedStep, add func(func(*step))) {
		if s.is().Do != stepApply || s.step == 0 {
			return
		}
		for at := range s.requests {
			for _, name := range slices.Sorted(maps.Keys(drifts)) {
				if name != untagged {
					add(func(c *step) { c.Event, c.At, c.Drift = driftBefore, at+1, name })
				}
			}
		}
	})
}

// TestTamperedResponse_NothingIssuedIsLost has one member of a response be what it
// is not, once or as long as the run lasts. The next run has to lead where this
// one should have.
func TestTamperedResponse_NothingIssuedIsLost(t *testing.T) {
	walkDisturbed(t, func(s *undisturbedStep, add func(func(*step))) {
		if s.is().Do != stepApply && s.is().Do != stepRefresh {
			return
		}
		for at, r := range s.requests {
			for _, f := range tamperedResponses(r, stateOf(s.before.tf.state)) {
				for _, before := range s.requests[:at] {
					if matched, err := path.Match(f.Path, before.Path); err == nil && matched && f.Method == before.Method {
						f.Skip++
					}
				}
				d := disturbance{fault: f}
				for _, times := range d.repeats() {
					add(func(c *step) { d.addTo(c, f.Skip, times) })
				}
			}
		}
	})
}

// TestUnknownValue_AtEveryApply has a plan not know one value of the
// configuration, which the apply knows: another one than before, the same, or
// none at all.
func TestUnknownValue_AtEveryApply(t *testing.T) {
	walkDisturbed(t, func(s *undisturbedStep, add func(func(*step))) {
		if s.is().Do != stepApply {
			return
		}
		for _, path := range mayBeUnknown(s.is().Config) {
			add(func(c *step) { c.Unknown = []string{path} })
		}
	})
}

// TestForeignCredentials_KeyStays has a run ask with the credentials of another
// project or tenant, about a key whose project is in the state and about one
// whose project is not.
func TestForeignCredentials_KeyStays(t *testing.T) {
	walkDisturbed(t, func(s *undisturbedStep, add func(func(*step))) {
		if s.before.tf.state == nil || s.is().Do == stepImport || s.is().UsernameHeld != nil {
			return
		}
		_, there := s.before.server.Key(stateOf(s.before.tf.state).ID)
		for _, credentials := range []string{anotherProject, anotherTenant} {
			add(func(c *step) { c.Credentials = credentials })
			if there { // Otherwise people have to take it out of the state.
				add(func(c *step) { c.Credentials, c.NoProject = credentials, true })
			}
		}
	})
}
