// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// keyTimes are the times of one key's life.
type keyTimes struct {
	plan, apply, unchanged, reordered, shuffled []time.Duration
}

// measureRules measures a key with a thousand rules, and one with twice as many.
func (b *bench) measureRules(ctx context.Context) error {
	var own, floor, twice keyTimes
	err := b.inTurn(func(int) error {
		if err := b.liveKey(ctx, bare, b.size.rules, &floor); err != nil {
			return err
		}
		if err := b.liveKey(ctx, ours, b.size.rules, &own); err != nil {
			return err
		}
		return b.liveKey(ctx, ours, 2*b.size.rules, &twice)
	})
	if err != nil {
		return err
	}
	rules := fmt.Sprintf("%d rules, ", b.size.rules)
	b.addTimes(rules+"plan of a new key", median(own.plan), median(floor.plan), "", 1.3)
	b.addTimes(rules+"apply", median(own.apply), median(floor.apply), "", 1.3)
	b.addTimes(rules+"plan without change", median(own.unchanged), median(floor.unchanged), "", 1.3)
	b.addTimes(rules+"plan after reordering them", median(own.reordered), median(own.unchanged), "(without change)", 1.3)
	b.addTimes(rules+"plan after the API reorders them", median(own.shuffled), median(own.unchanged), "(without change)", 1.3)
	once := fmt.Sprintf("(%d rules)", b.size.rules)
	rules = fmt.Sprintf("%d rules, ", 2*b.size.rules)
	b.addTimes(rules+"plan of a new key", median(twice.plan), median(own.plan), once, 2.3)
	b.addTimes(rules+"apply", median(twice.apply), median(own.apply), once, 2.3)
	return nil
}

// liveKey makes a key, plans it without change and in other orders, and
// destroys it.
func (b *bench) liveKey(ctx context.Context, who string, rules int, times *keyTimes) error {
	if err := b.configure(who, 1, rules); err != nil {
		return err
	}
	plan := func(into *[]time.Duration) error { return b.take(ctx, into, who, "plan", "-detailed-exitcode") }
	if err := b.take(ctx, &times.plan, who, "plan", "-out=create.tfplan"); err != nil {
		return err
	}
	if err := b.take(ctx, &times.apply, who, "apply", "create.tfplan"); err != nil {
		return err
	}
	if err := plan(&times.unchanged); err != nil {
		return err
	}
	// To the bare provider another order is a change.
	if who == ours {
		if err := b.writeRules(who, rand.Perm(rules)); err != nil {
			return err
		}
		if err := plan(&times.reordered); err != nil {
			return err
		}
		if err := b.configure(who, 1, rules); err != nil {
			return err
		}
		b.service.simulator().SetDialect(simulator.Dialect{ACLOrder: simulator.ACLOrderShuffled})
		err := plan(&times.shuffled)
		b.service.simulator().SetDialect(simulator.Dialect{})
		if err != nil {
			return err
		}
	}
	return b.take(ctx, new([]time.Duration), who, "apply", "-destroy", "-auto-approve")
}

// take runs the CLI and adds how long it took.
func (b *bench) take(ctx context.Context, into *[]time.Duration, who string, args ...string) error {
	took, err := b.terraform(ctx, who, args...)
	*into = append(*into, took)
	return err
}
