// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// measureFleet measures many keys: what they take of the processor, the memory
// and the state, and how long a refresh takes with a slow API.
func (b *bench) measureFleet(ctx context.Context) error {
	for _, n := range []int{1, 3, 10} {
		if err := b.measureKeys(ctx, b.size.tenths(n)); err != nil {
			return err
		}
	}
	return b.measureRefresh(ctx)
}

// Runs of the CLI that find no change.
var (
	refreshing = []string{"plan", "-refresh-only"}
	planning   = []string{"plan", "-refresh=false", "-detailed-exitcode"}
)

// measureKeys measures what so many keys cost the process of a provider, and
// the state. In the state of the bare provider nothing is that a service issues.
func (b *bench) measureKeys(ctx context.Context, keys int) error {
	memory, state := make(map[string]int), make(map[string]int)
	for _, who := range []string{bare, ours} {
		if err := b.configure(who, keys, b.size.keyRules); err != nil {
			return err
		}
		spent, err := b.spend(ctx, who, []string{"apply", "-auto-approve"}, refreshing)
		if err != nil {
			return err
		}
		memory[who] = spent.memory
		file, err := os.Stat(filepath.Join(b.workspace(who), "terraform.tfstate"))
		if err != nil {
			return err
		}
		state[who] = int(file.Size())
	}
	what := fmt.Sprintf("%d keys of %d rules, ", keys, b.size.keyRules)
	if err := b.measureProcessor(ctx, what, keys); err != nil {
		return err
	}
	if memory[ours] > 0 {
		b.addCounts(what+"memory", memory[ours]>>10, memory[bare]>>10, "MiB", 1.5)
	}
	b.addCounts(what+"state of a key", state[ours]/keys, state[bare]/keys, "bytes", 1.15)
	return nil
}

// measureProcessor measures what runs that find no change take of the processor
// in the process of each provider. Fewer keys take less time, and are measured
// as many times more often.
func (b *bench) measureProcessor(ctx context.Context, what string, keys int) error {
	rounds := b.size.rounds * max(1, b.size.keys/keys/3)
	for _, run := range []struct {
		name string
		args []string
		who  []string
	}{
		{"refresh", refreshing, []string{bare, reading, ours}},
		{"plan without a refresh", planning, []string{bare, ours}},
	} {
		times := make(map[string][]time.Duration)
		for range rounds {
			slices.Reverse(run.who) // so that none is always the first
			for _, who := range run.who {
				spent, err := b.spend(ctx, who, run.args)
				if err != nil {
					return err
				}
				times[who] = append(times[who], spent.processor/time.Duration(keys))
			}
		}
		name := what + run.name + ", processor time of a key"
		b.addPaired(name, times[ours], times[bare], "", 1.1)
		if needed := times[reading]; needed != nil {
			b.addPaired(name, times[ours], needed, "(with the checks and the GET)", 1.1)
		}
	}
	return nil
}

// countedKeys is how many keys the requests of other than a refresh are counted
// with. Terraform takes long to create many more: it writes a local state anew
// after each of them.
const countedKeys = 100

// measureRequests counts what the life of keys costs in requests.
func (b *bench) measureRequests(ctx context.Context) error {
	if err := b.startAnew(ours); err != nil {
		return err
	}
	if err := b.configure(ours, min(countedKeys, b.size.keys), b.size.keyRules); err != nil {
		return err
	}
	if err := b.countedApply(ctx, "create", []string{"POST", "GET"}); err != nil {
		return err
	}
	b.Set("TF_VAR_description", "changed")
	if err := b.countedApply(ctx, "update", []string{"PATCH", "GET"}); err != nil {
		return err
	}
	// That a key is gone takes the list as well. Keys that wait at the same time
	// share it, so there are at most as many as keys.
	return b.countedApply(ctx, "delete", []string{"DELETE", "GET", "list"}, "-destroy")
}

// startAnew forgets all keys, here and at the service.
func (b *bench) startAnew(who string) error {
	b.service.empty()
	files, err := filepath.Glob(filepath.Join(b.workspace(who), "terraform.tfstate*"))
	for _, file := range files {
		err = errors.Join(err, os.Remove(file))
	}
	return err
}

// countedApply plans, and counts the requests of the apply. Each of the
// methods is needed once a key, and one token for all.
func (b *bench) countedApply(ctx context.Context, what string, methods []string, options ...string) error {
	if _, err := b.terraform(ctx, ours, append([]string{"plan", "-out=" + what + ".tfplan"}, options...)...); err != nil {
		return err
	}
	b.service.forget()
	if _, err := b.terraform(ctx, ours, "apply", what+".tfplan"); err != nil {
		return err
	}
	b.addRequests(what, min(countedKeys, b.size.keys), methods)
	return nil
}

// addRequests adds a row of the requests since the counting began. Lists are
// shared, so fewer of them will do; whom the credentials belong to is asked once.
func (b *bench) addRequests(what string, keys int, methods []string) {
	counts := b.service.requests()
	needed := map[string]int{"token": 1}
	for _, method := range methods {
		needed[method] += keys
	}
	if needed["list"] > 0 {
		needed["whoami"] = 1
	}
	ratio := 0.0 // of the kind of request that there are most too many of
	for kind, n := range counts {
		ratio = max(ratio, float64(n)/float64(needed[kind]))
	}
	for kind, n := range needed {
		if counts[kind] < n && kind != "list" { // then something else is amiss
			ratio = math.Inf(1)
		}
	}
	b.add(row{
		what:  fmt.Sprintf("%d keys, requests to %s", keys, what),
		ours:  tally(counts),
		floor: tally(needed),
		ratio: ratio,
		reach: 1,
	})
}

// tally lists counts in one order.
func tally(counts map[string]int) string {
	var parts []string
	for _, name := range []string{"POST", "PATCH", "DELETE", "GET", "list", "whoami", "token"} {
		if n := counts[name]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, name))
		}
	}
	return strings.Join(parts, ", ")
}

// measureRefresh refreshes all keys, with and without latency.
func (b *bench) measureRefresh(ctx context.Context) error {
	var fast, slow []time.Duration
	var worst load
	refresh := func(latency time.Duration, into *[]time.Duration) error {
		b.service.setLatency(latency)
		defer b.service.setLatency(0)
		b.service.forget()
		return b.take(ctx, into, ours, "plan", "-refresh-only", fmt.Sprintf("-parallelism=%d", parallelism))
	}
	err := b.inTurn(func(int) error {
		if err := refresh(0, &fast); err != nil {
			return err
		}
		if err := refresh(b.size.latency, &slow); err != nil {
			return err
		}
		if borne := b.service.borne(); borne.connections*max(worst.atOnce, 1) > worst.connections*borne.atOnce {
			worst = borne
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.addRequests("refresh", b.size.keys, []string{"GET"})
	waiting := time.Duration(b.size.keys) * b.size.latency / parallelism
	keys := fmt.Sprintf("%d keys, ", b.size.keys)
	b.addTimes(fmt.Sprintf("%srefresh at %d ms a request", keys, b.size.latency.Milliseconds()),
		median(slow), waiting+median(fast), fmt.Sprintf("(%s, and %s at 0 ms)", seconds(waiting), seconds(median(fast))), 1.2)
	b.add(row{
		what:  keys + "TCP connections for it",
		ours:  strconv.Itoa(worst.connections),
		floor: fmt.Sprintf("%d (requests in flight at once)", worst.atOnce),
		ratio: float64(worst.connections) / float64(worst.atOnce),
		reach: 1,
	})
	return nil
}
