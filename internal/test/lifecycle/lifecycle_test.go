// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

var (
	perDialect  = flag.Int("per-dialect", 2, "how many lives to walk through at each of the services that cover the dialects")
	triples     = flag.Bool("triples", false, "have the services cover every triple of variants, and not only every pair")
	onlyDialect = flag.Int("service", 0, "walk at this one of the services alone, counted from 1")
	random      = flag.Int("random", 40, "how many lives to walk through at services drawn at random")
	shrinks     = flag.Bool("shrink", true, "look for the shortest life that breaks the same rule")
	firstSeed   = flag.Uint64("seed", 1, "seed of the first life; the next one has the next seed; 0 takes one from the clock")
)

// walked is a scenario, and the arguments that repeat it.
type run struct {
	scenario
	from      *world            // nil where it is walked from its beginning
	converged func(*world) bool // nil where it is walked to its end
	repeat    string
}

// TestLivesAtServicesThatCoverTheDialects walks through every life at every
// service, and the services hold every pair of the dialects' variants. A
// variant under which applies can't succeed hides what is beside it, so the
// services with such variants come apart, with a life each.
func TestLifecycle_CoveringDialects(t *testing.T) {
	seed, count := seedAndCount(*perDialect, 2)
	lively, withoutHope := coveringDialects()
	t.Logf("%d lives from seed %d at %d services, and one at each of %d under which applies fail", count, seed, len(lively), len(withoutHope))
	var all []run
	at := func(number int, dialect map[string]string, seed uint64) {
		if *onlyDialect != 0 && *onlyDialect != number {
			return
		}
		s := generate(seed)
		s.Service.Dialect = dialect
		all = append(all, run{s, nil, nil, fmt.Sprintf("%s -per-dialect=1 -seed=%d -service=%d -triples=%t", t.Name(), seed, number, *triples)})
	}
	for i, dialect := range lively {
		for life := range count {
			at(1+i, dialect, seed+life)
		}
	}
	for i, dialect := range withoutHope {
		at(1+len(lively)+i, dialect, seed+uint64(i)%max(count, 1))
	}
	walkAll(t, uint64(len(all)), func(i uint64) run { return all[i] })
}

// coveringServices are dialects that cover the variants under which a key can
// live, and those of the dialects covering all variants under which it can't.
func coveringDialects() (lively, withoutHope []map[string]string) {
	strength := 2
	if *triples {
		strength = 3
	}
	rows := simulator.Rows()
	for _, dialect := range simulator.Covering(strength, rows) {
		for row, variant := range failingVariants {
			if dialect[row] == variant {
				withoutHope = append(withoutHope, dialect)
				break
			}
		}
	}
	for i := range rows {
		var left []simulator.Variant
		for _, variant := range rows[i].Variants {
			if failingVariants[rows[i].Name] != variant.Name {
				left = append(left, variant)
			}
		}
		rows[i].Variants = left
	}
	return simulator.Covering(strength, rows), withoutHope
}

func TestCoveringDialects_EveryVariant(t *testing.T) {
	lively, withoutHope := coveringDialects()
	for _, row := range simulator.Rows() {
		for _, variant := range row.Variants {
			found := lively
			if failingVariants[row.Name] == variant.Name {
				found = withoutHope
			}
			if !contains(found, row.Name, variant.Name) {
				t.Errorf("no life is walked at a service with %s=%s", row.Name, variant.Name)
			}
		}
	}
	for row, variant := range failingVariants {
		if contains(lively, row, variant) {
			t.Errorf("%s=%s hides what else is to be seen at its service", row, variant)
		}
	}
}

func contains(services []map[string]string, row, variant string) bool {
	for _, service := range services {
		if service[row] == variant {
			return true
		}
	}
	return false
}

// TestLifecycles walks through random lives at random services. Every one has
// a seed of its own, so a failure is repeated with that seed alone.
func TestLifecycle_Random(t *testing.T) {
	seed, count := seedAndCount(*random, 30)
	t.Logf("%d lifecycles from seed %d", count, seed)
	walkAll(t, count, func(i uint64) run {
		return run{generate(seed + i), nil, nil, fmt.Sprintf("%s -random=1 -seed=%d", t.Name(), seed+i)}
	})
}

// seedAndCount are the first seed and how many there are, fewer where the tests
// are to be short.
func seedAndCount(count, short int) (seed, number uint64) {
	seed = *firstSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	if testing.Short() {
		count = min(count, short)
	}
	return seed, uint64(max(count, 0))
}

// together is how many walks share what their process knows of secrets. The
// more it knows, the more memory it takes, and the longer it takes to know one
// secret more.
const walksPerBatch = 100

// walkAll walks through scenarios on every core, until a few have failed.
func walkAll(t *testing.T, count uint64, scenario func(i uint64) run) {
	t.Helper()
	// There is little to keep, apart from what there is to walk, and much to
	// throw away.
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	limit, percent := debug.SetMemoryLimit(int64(2*memory.HeapAlloc)+1<<28), debug.SetGCPercent(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(limit); debug.SetGCPercent(percent) })
	var next, failures atomic.Uint64
	for end := uint64(0); end < count && failures.Load() < 3; {
		end = min(end+walksPerBatch, count)
		t.Run(fmt.Sprintf("up to %d", end), func(t *testing.T) {
			for worker := range runtime.GOMAXPROCS(0) {
				t.Run(fmt.Sprintf("worker %d", worker+1), func(t *testing.T) {
					t.Parallel()
					for failures.Load() < 3 {
						i := next.Add(1)
						if i > end {
							return
						}
						if !passes(t, scenario(i-1)) {
							failures.Add(1)
						}
					}
				})
			}
		})
		next.Store(end)
		secret.Forget()
	}
}

func passes(t *testing.T, s run) bool {
	t.Helper()
	_, found := walkTo(t, s.from, s.scenario, s.converged, (*world).end)
	if found == nil {
		return true
	}
	smaller := s.scenario
	if *shrinks {
		smaller, found = shrink(t, s.scenario, found)
	}
	t.Errorf("%v\n\nThe shortest lifecycle that breaks this rule:\n%s\nRepeat it: go test ./internal/test/lifecycle -run %s", found, smaller, s.repeat)
	return false
}
