// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"time"
)

// recipient is one to whom secrets are encrypted. Nobody has its identity.
const recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

// trial is a run of the CLI whose cost is compared with another one's.
type trial struct {
	name string
	// anew says that all keys are forgotten before.
	anew bool
	// with is set for this trial and those after it.
	with map[string]string
	args []string
}

// measureOptions measures what has to be asked for: encrypted secrets, and
// checks of plans. The floor is the same without.
func (b *bench) measureOptions(ctx context.Context) error {
	const creating, planned, withPreflight, encrypted = "create", "all changed, plan", " with preflight", "encrypted, "
	create, plan := []string{"apply", "-auto-approve"}, []string{"plan", "-refresh=false"}
	trials := []trial{
		{encrypted + creating, true, map[string]string{"TF_VAR_recipients": fmt.Sprintf("[%q]", recipient)}, create},
		{encrypted + "refresh", false, nil, refreshing},
		{creating, true, map[string]string{"TF_VAR_recipients": "null"}, create},
		{"refresh", false, nil, refreshing},
		{planned, false, map[string]string{"TF_VAR_description": "changed"}, plan},
		{planned + withPreflight, false, map[string]string{"STREAMKAP_PREFLIGHT": "true"}, plan},
	}
	keys := b.size.tenths(3)
	if err := b.configure(ours, keys, b.size.keyRules); err != nil {
		return err
	}
	times := make(map[string][]time.Duration)
	err := b.inTurn(func(int) error {
		defer b.Set("TF_VAR_description", "null")
		defer b.Set("STREAMKAP_PREFLIGHT", "false")
		for _, t := range trials {
			if err := b.try(ctx, t, times); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	what := fmt.Sprintf("%d keys of %d rules, ", keys, b.size.keyRules)
	add := func(name, floor, floorIs string, reach float64) {
		b.addTimes(what+name+", processor time", median(times[name]), median(times[floor]), floorIs, reach)
	}
	add(encrypted+creating, creating, "(in clear)", 1.2)
	add(encrypted+"refresh", "refresh", "(in clear)", 1.1)
	add(planned+withPreflight, planned, "(without)", 1.1)
	counts := b.service.requests() // of the last trial
	b.addCounts(what+"requests of a preflight", counts["GET"]+counts["list"]+counts["whoami"], 3, "GET", 1)
	return nil
}

// try makes a trial, and adds what it took of the processor.
func (b *bench) try(ctx context.Context, t trial, times map[string][]time.Duration) error {
	for name, value := range t.with {
		b.Set(name, value)
	}
	if t.anew {
		if err := b.startAnew(ours); err != nil {
			return err
		}
	}
	b.service.forget()
	spent, err := b.spend(ctx, ours, t.args)
	times[t.name] = append(times[t.name], spent.processor)
	return err
}
