// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/cli"
)

// atOnce is how many clients are tried at a time. They wait more than they work.
const atOnce = 4

// trial is one run.
type trial struct {
	cli      string
	named    *regexp.Regexp
	write    bool
	out      io.Writer
	progress io.Writer

	tools   *tools
	started time.Time

	mu      sync.Mutex
	failed  map[string]bool             // jobs
	results map[string]map[string]error // by client, or example, and check
	leftOut []string
}

// job is what is tried one after the other. It tells the first failure.
type job struct {
	name string
	run  func(context.Context) error
}

func (t *trial) run(ctx context.Context) (err error) {
	t.started, t.failed, t.results = time.Now(), map[string]bool{}, map[string]map[string]error{}
	dir, err := os.MkdirTemp("", "clients-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	t.tools = &tools{CLI: &cli.CLI{Path: t.cli, Dir: dir}, dir: filepath.Join(dir, "tools"), pythons: map[string]string{}}
	if err := os.Mkdir(t.tools.dir, 0o700); err != nil {
		return err
	}
	if err := t.tools.findRepository(ctx); err != nil {
		return err
	}
	missing := map[string]bool{}
	there := t.there(missing)
	if err := t.tools.prepare(ctx, missing); err != nil {
		return err
	}
	jobs := append(t.jobs(there), job{"the simulator's -help", t.tryHelp})
	t.try(ctx, jobs, atOnce)
	// Nine libraries and their timers on a busy machine: what failed has a second
	// try, alone.
	t.try(ctx, t.failures(jobs), 1)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return t.conclude()
}

// there are the peers that can be tried.
func (t *trial) there(missing map[string]bool) []peer {
	var there []peer
	for _, p := range peers {
		if p.needs != nil {
			if what := p.needs(t.tools); what != "" {
				t.leftOut = append(t.leftOut, fmt.Sprintf("%s, for want of %s", p.name, what))
				missing[what] = true
				continue
			}
		}
		there = append(there, p)
	}
	return there
}

// jobs begin with those that take longest.
func (t *trial) jobs(there []peer) []job {
	var jobs []job
	for _, p := range there {
		if p.example {
			for _, s := range situations {
				jobs = append(jobs, job{p.name + ", " + s.name, func(ctx context.Context) error { return t.inHouse(ctx, p, exampleOf(p), []check{s}) }})
			}
		}
	}
	for _, p := range there {
		jobs = append(jobs, job{p.name, func(ctx context.Context) error { return t.inHouse(ctx, p, p.name, checks) }})
	}
	return jobs
}

// exampleOf names the row of a client's example.
func exampleOf(p peer) string { return "example: " + p.name }

// failures are the jobs that have failed.
func (t *trial) failures(jobs []job) []job {
	return slices.DeleteFunc(jobs, func(j job) bool { return !t.failed[j.name] })
}

// try makes the jobs, a few at a time.
func (t *trial) try(ctx context.Context, jobs []job, atOnce int) {
	var wg sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for _, j := range jobs {
		if !t.named.MatchString(j.name) || ctx.Err() != nil {
			continue
		}
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			started := time.Now()
			err := j.run(ctx)
			t.say("%s took %.0f s", j.name, time.Since(started).Seconds())
			if err != nil {
				t.say("%s failed: %v", j.name, err)
			}
			t.mu.Lock()
			defer t.mu.Unlock()
			t.failed[j.name] = err != nil
		})
	}
	wg.Wait()
}

// inHouse makes checks one after the other, and stops at the first that fails:
// what comes after it may fail only because of it.
func (t *trial) inHouse(ctx context.Context, p peer, row string, checks []check) error {
	dir, err := os.MkdirTemp(t.tools.Dir, "house-")
	if err != nil {
		return err
	}
	h, err := newHouse(ctx, t.tools, dir)
	if err != nil {
		t.note(row, checks[0].name, err)
		return err
	}
	defer func() { _ = h.close() }()
	for _, check := range checks {
		err := check.run(ctx, h, p)
		t.note(row, check.name, err)
		if err != nil {
			return fmt.Errorf("%s: %w", check.name, err)
		}
	}
	return nil
}

func (t *trial) note(row, check string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.results[row] == nil {
		t.results[row] = map[string]error{}
	}
	t.results[row][check] = err
}

func (t *trial) say(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintf(t.progress, "%5.0f s  %s\n", time.Since(t.started).Seconds(), fmt.Sprintf(format, args...))
}
