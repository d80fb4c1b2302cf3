// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// step is a run of the CLI.
type step struct {
	name string
	args []string
	// Of the rules: in the configuration, or in the answers of the service, they
	// have another order. To the bare provider that is a change.
	reordered, shuffled bool
}

// What is done again and again. All but the first two find nothing to do.
var (
	create      = step{name: "create", args: []string{"apply", "-auto-approve"}}
	destroy     = step{name: "delete", args: []string{"apply", "-destroy", "-auto-approve"}}
	refresh     = step{name: "refresh and plan", args: []string{"plan", "-detailed-exitcode"}}
	withoutRead = step{name: "plan without a refresh", args: []string{"plan", "-refresh=false", "-detailed-exitcode"}}
	reordered   = step{name: "plan after they were reordered", args: refresh.args, reordered: true}
	shuffled    = step{name: "plan after the API answers in another order", args: refresh.args, shuffled: true}
)

// pairs are figures of both providers, taken in turn.
type pairs map[string][]time.Duration

// add adds a row of the least figures: whatever else runs on the machine makes
// them greater, and nothing makes them less.
func (b *bench) add(what string, figures pairs, than string) {
	least, floor := slices.Min(figures[ours]), slices.Min(figures[bare])
	b.rows = append(b.rows, fmt.Sprintf("%s\t%v\t%v%s\t%.2f\n", what,
		least.Round(10*time.Microsecond), floor.Round(10*time.Microsecond), than, float64(least)/float64(floor)))
}

// measureRules measures the life of a key with many rules, and what it takes to
// start.
func (b *bench) measureRules(ctx context.Context) error {
	steps := []step{{name: "plan of a new one", args: []string{"plan", "-out=create.tfplan"}}, {name: "apply", args: []string{"apply", "create.tfplan"}}, refresh, reordered, shuffled, destroy}
	start, processor := pairs{}, map[string]pairs{}
	for range b.size.rounds {
		for _, who := range []string{bare, ours} {
			for _, s := range steps {
				if who == bare && (s.reordered || s.shuffled) {
					continue
				}
				took, err := b.live(ctx, who, s)
				if err != nil {
					return err
				}
				if processor[s.name] == nil {
					processor[s.name] = pairs{}
				}
				processor[s.name][who] = append(processor[s.name][who], took.processor)
				start[who] = append(start[who], took.start)
			}
		}
	}
	b.add("start, until the provider can be reached", start, "")
	for _, s := range steps[:len(steps)-1] {
		than := ""
		if s.reordered || s.shuffled {
			processor[s.name][bare], than = processor[refresh.name][ours], " (in the same order)"
		}
		b.add(fmt.Sprintf("a key with %d rules: %s, processor time", b.size.rules, s.name), processor[s.name], than)
	}
	return nil
}

// live takes one step of the life of the large key.
func (b *bench) live(ctx context.Context, who string, s step) (spent, error) {
	if s.shuffled {
		b.service.SetDialect(simulator.Dialect{ACLOrder: "shuffled"})
		defer b.service.SetDialect(simulator.Dialect{})
	}
	if err := b.configure(who, 1, b.size.rules, s.reordered); err != nil {
		return spent{}, err
	}
	return b.terraform(ctx, who, s.args...)
}

// measureKeys measures runs that find no change, with fleets of three sizes.
func (b *bench) measureKeys(ctx context.Context) error {
	for _, keys := range []int{b.size.keys / 10, b.size.keys * 3 / 10, b.size.keys} {
		processor := map[string]pairs{refresh.name: {}, withoutRead.name: {}}
		for _, who := range []string{bare, ours} {
			if err := b.configure(who, keys, b.size.keyRules, false); err != nil {
				return err
			}
			if _, err := b.terraform(ctx, who, create.args...); err != nil {
				return err
			}
		}
		for range b.size.rounds {
			for _, who := range []string{bare, ours} {
				for _, s := range []step{refresh, withoutRead} {
					took, err := b.terraform(ctx, who, s.args...)
					if err != nil {
						return err
					}
					processor[s.name][who] = append(processor[s.name][who], took.processor/time.Duration(keys))
				}
			}
		}
		for _, s := range []step{refresh, withoutRead} {
			b.add(fmt.Sprintf("%d keys of %d rules: %s, processor time of a key", keys, b.size.keyRules, s.name), processor[s.name], "")
		}
	}
	return nil
}

// countRequests counts what the life of keys takes in requests.
func (b *bench) countRequests(ctx context.Context) error {
	keys := b.size.keys / 10
	if _, err := b.terraform(ctx, ours, destroy.args...); err != nil {
		return err
	}
	if err := b.configure(ours, keys, b.size.keyRules, false); err != nil {
		return err
	}
	for _, s := range []step{create, refresh, {name: "refresh and update", args: create.args}, {name: "refresh and delete", args: destroy.args}} {
		if s.name == "refresh and update" {
			b.set("TF_VAR_description", "second")
		}
		b.service.ResetRequests()
		if _, err := b.terraform(ctx, ours, s.args...); err != nil {
			return err
		}
		counts := map[string]int{}
		for _, r := range b.service.Requests() {
			name := r.Method
			if auth, found := strings.CutPrefix(r.Path, "/auth/"); found {
				name = auth
			}
			counts[name]++
		}
		b.rows = append(b.rows, fmt.Sprintf("%d keys: requests to %s\t%s\t\t\n", keys, s.name, strings.Trim(fmt.Sprint(counts), "map[]")))
	}
	return nil
}
