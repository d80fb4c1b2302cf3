// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"time"
)

// recipient is one to whom secrets are encrypted. Nobody has its identity.
const recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

// measureOptions measures what has to be asked for: checks of plans, and
// encrypted secrets. The floor is the same without.
func (b *bench) measureOptions(ctx context.Context) error {
	keys := max(1, b.size.keys*3/10)
	what := fmt.Sprintf("%d keys of %d rules, ", keys, b.size.keyRules)
	if err := b.configure(ours, keys, b.size.keyRules); err != nil {
		return err
	}
	var created, refreshed, sealedCreated, sealedRefreshed, planned, checked []time.Duration
	spend := func(into *[]time.Duration, args ...string) error {
		spent, err := b.spend(ctx, ours, args)
		*into = append(*into, spent.processor)
		return err
	}
	requests := 0
	err := b.inTurn(func(int) error {
		b.Set("TF_VAR_recipients", fmt.Sprintf("[%q]", recipient))
		defer b.Set("TF_VAR_recipients", "null")
		err := b.startAnew(ours)
		if err == nil {
			err = spend(&sealedCreated, "apply", "-auto-approve")
		}
		if err == nil {
			err = spend(&sealedRefreshed, refreshing...)
		}
		b.Set("TF_VAR_recipients", "null")
		if err == nil {
			err = b.startAnew(ours)
		}
		if err == nil {
			err = spend(&created, "apply", "-auto-approve")
		}
		if err == nil {
			err = spend(&refreshed, refreshing...)
		}
		b.Set("TF_VAR_description", "changed")
		defer b.Set("TF_VAR_description", "null")
		if err == nil {
			err = spend(&planned, "plan", "-refresh=false")
		}
		b.Set("STREAMKAP_PREFLIGHT", "warn")
		defer b.Set("STREAMKAP_PREFLIGHT", "off")
		b.service.forget()
		if err == nil {
			err = spend(&checked, "plan", "-refresh=false")
		}
		counts := b.service.requests()
		requests = counts["GET"] + counts["list"] + counts["whoami"]
		return err
	})
	if err != nil {
		return err
	}
	b.addTimes(what+"encrypted, create, processor time", median(sealedCreated), median(created), "(in clear)", 1.2)
	b.addTimes(what+"encrypted, refresh, processor time", median(sealedRefreshed), median(refreshed), "(in clear)", 1.1)
	b.addTimes(what+"all changed, plan with preflight, processor time", median(checked), median(planned), "(without)", 1.1)
	b.addCounts(what+"all changed, requests of a preflight", requests, 3, "GET", 1)
	return nil
}
