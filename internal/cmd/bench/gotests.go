// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// goTest runs tests or benchmarks and returns what they print.
func (b *bench) goTest(ctx context.Context, args ...string) (string, error) {
	var out bytes.Buffer
	if err := b.Execute(ctx, &out, "", "go", append([]string{"test"}, args...)...); err != nil {
		return "", fmt.Errorf("go test %s: %w\n%s", strings.Join(args, " "), err, tail(out.String()))
	}
	return out.String(), nil
}

const (
	// readsAllowed is how many reads a wait of ten minutes may take: as few as
	// show every end of it within a tenth of the time, or a second.
	readsAllowed = 54
	longWait     = 600 // seconds
)

var waitLine = regexp.MustCompile(`reads=(\d+) worst=([0-9.]+)`)

// told runs a test and returns what a pattern finds in its output.
func (b *bench) told(ctx context.Context, folder, test string, pattern *regexp.Regexp, flags ...string) ([]string, error) {
	args := []string{"-count=1", "-v", "-run", "^" + test + "$", module + "/internal/" + folder}
	out, err := b.goTest(ctx, append(args, flags...)...)
	if err != nil {
		return nil, err
	}
	found := pattern.FindStringSubmatch(out)
	if found == nil {
		return nil, fmt.Errorf("%s does not tell what it measured:\n%s", test, tail(out))
	}
	return found, nil
}

// measureWait takes from a test, which runs on virtual time, how late the end of
// a wait is seen.
func (b *bench) measureWait(ctx context.Context) error {
	found, err := b.told(ctx, "projectkey", "TestWaitIsOverSoonAndReadsSeldom", waitLine)
	if err != nil {
		return err
	}
	reads, _ := strconv.Atoi(found[1])
	worst, _ := strconv.ParseFloat(found[2], 64)
	b.addCounts("wait of 10 minutes, reads", reads, readsAllowed, "GET", 1)
	best := leastLateness(readsAllowed)
	b.add(row{
		what:  "wait of t, late by 1 s or at worst",
		ours:  fmt.Sprintf("%.2f t", worst),
		floor: fmt.Sprintf("%.2f t (best of any %d reads)", best, readsAllowed),
		ratio: worst / best,
		reach: 1.1, // what is measured is cut to hundredths
	})
	return nil
}

var figuresLine = regexp.MustCompile(`requests=(\d+) took=(\S+)(?: refresh=(\S+))?`)

// figures are what a test measured: how many requests it took, how long, and
// where it says so how long a refresh of the same keys took.
type figures struct {
	requests      int
	took, refresh time.Duration
}

func (b *bench) figuresOf(ctx context.Context, folder, test string, flags ...string) (f figures, err error) {
	found, err := b.told(ctx, folder, test, figuresLine, flags...)
	if err != nil {
		return f, err
	}
	f.requests, _ = strconv.Atoi(found[1])
	if f.took, err = time.ParseDuration(found[2]); err == nil && found[3] != "" {
		f.refresh, err = time.ParseDuration(found[3])
	}
	return f, err
}

// measureOnVirtualTime takes from tests, which run on virtual time, how long it
// takes to get over a 429, to list keys that are adopted, and to verify a
// service. The floors are what the pace that is kept to leaves.
func (b *bench) measureOnVirtualTime(ctx context.Context) error {
	for _, measured := range []struct {
		what, folder, test string
		floor              func(requests int) time.Duration
		floorIs            string
	}{
		{
			"500 reads at 200 ms, one of them answered 429 and told to wait a second", "streamkap", "TestOneStray429CostsLittle",
			func(requests int) time.Duration {
				return time.Duration(requests)*200*time.Millisecond/parallelism + time.Second
			},
			"(200 ms a request, ten at once, and the second)",
		},
		{
			"300 keys listed with all their details at 100 ms", "projectkey", "TestListOf300KeysReadsEachOnce",
			func(int) time.Duration { return 300 * 100 * time.Millisecond / parallelism },
			"(one read a key, ten at once)",
		},
		{
			"verify beside 300 keys, with Kafka", "verify", "TestRunKeepsItsPace",
			func(requests int) time.Duration { return time.Duration(requests) * time.Second / 2 },
			"(two requests a second)",
		},
	} {
		f, err := b.figuresOf(ctx, measured.folder, measured.test)
		if err != nil {
			return err
		}
		b.addTimes(fmt.Sprintf("%s, %d requests", measured.what, f.requests), f.took, measured.floor(f.requests), measured.floorIs, 1.1)
	}
	return nil
}

// measureAdoption takes from a test what it costs to list keys, generate their
// configuration, import them and plan them.
func (b *bench) measureAdoption(ctx context.Context) error {
	keys := b.size.tenths(3)
	f, err := b.figuresOf(ctx, "projectkey", "TestAdoptionReadsEachKeyTwice", fmt.Sprintf("-adopt=%d", keys))
	if err != nil {
		return err
	}
	what := fmt.Sprintf("%d keys of 20 rules adopted by a list and generated configuration, ", keys)
	b.addCounts(what+"requests", f.requests, 2*keys+3, "", 1)
	b.addTimes(what+"time", f.took, f.refresh, "(a refresh and a plan of them)", 1.5)
	return nil
}

// leastLateness returns the smallest m for which some schedule of that many reads
// in ten minutes sees the end of every wait of t late by at most max(1 s, m·t). A
// wait that ends just after a read is over at the next one.
func leastLateness(reads int) float64 {
	low, high := 0.0, 1.0
	for range 50 {
		middle := (low + high) / 2
		at := 0.0
		for range reads - 1 {
			at = max(at+1, at*(1+middle))
		}
		if at < longWait {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

var benchmarkLine = regexp.MustCompile(`(?m)^Benchmark(\w+)/n=(\d+)(?:-\d+)?\s+\d+\s+([0-9.]+) ns/op`)

// linear is the most by which ten times the work may exceed ten times the time:
// caches and the garbage collector add something, and quadratic growth is 10.
const linear = 3

// samples is how often each Go benchmark is run: benchstat wants six at least.
const samples = 6

// measureHotPaths runs the Go benchmarks at two sizes.
func (b *bench) measureHotPaths(ctx context.Context) error {
	out, err := b.goTest(ctx, "-count", strconv.Itoa(samples), "-run", "^$", "-bench", ".", "-benchmem", "-benchtime", b.size.benchtime,
		module+"/internal/projectkey", module+"/internal/streamkap")
	if err != nil {
		return err
	}
	if b.raw != "" {
		if err := os.WriteFile(b.raw, []byte(out), 0o600); err != nil {
			return err
		}
	}
	names, times := parseBenchmarks(out)
	if len(names) == 0 {
		return fmt.Errorf("there are no benchmarks:\n%s", tail(out))
	}
	for _, name := range names {
		b.addTimes(name+", n=10000", median(times[name][10000]), 10*median(times[name][1000]), "(10 times n=1000)", linear)
	}
	return nil
}

// parseBenchmarks reads the output of Go benchmarks: their names in order, and
// for each name and size the times of one operation.
func parseBenchmarks(out string) (names []string, times map[string]map[int][]time.Duration) {
	times = make(map[string]map[int][]time.Duration)
	for _, found := range benchmarkLine.FindAllStringSubmatch(out, -1) {
		n, _ := strconv.Atoi(found[2])
		took, _ := strconv.ParseFloat(found[3], 64)
		if times[found[1]] == nil {
			times[found[1]] = make(map[int][]time.Duration)
			names = append(names, found[1])
		}
		times[found[1]][n] = append(times[found[1]][n], time.Duration(took))
	}
	return names, times
}
