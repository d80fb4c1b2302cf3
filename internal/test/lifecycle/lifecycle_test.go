// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

var (
	perDialect   = flag.Int("per-dialect", 2, "how many lifecycles there are at each of the services that cover the dialects")
	triples      = flag.Bool("triples", false, "have the services cover every triple of variants, and not only every pair")
	everyDialect = flag.Bool("every-dialect", false, "disturb lifecycles at each of the services that cover the dialects, and not only at one that takes long")
	share        = flag.Int("share", -1, "how many lifecycles of every test to walk; 0 walks them all; -1 is 65, or 12 with -short")
	only         = flag.Int("only", 0, "walk this one of them alone, counted from 1")
	firstSeed    = flag.Uint64("seed", 1, "seed of the first lifecycle; the next one has the next seed; 0 takes one from the clock")
	shrinks      = flag.Bool("shrink", true, "look for the shortest lifecycle that breaks the same rule")
)

// TestLifecycle_CoveringDialects walks at services that show every pair of the
// dialects' variants.
func TestLifecycle_CoveringDialects(t *testing.T) {
	viable, failing := coveringDialects()
	dialects := append(slices.Repeat(viable, *perDialect), failing...)
	walkShare(t, len(dialects), func(i int) walk { return walk{scenario: generate(seed()+uint64(i), dialects[i])} })
}

// failingVariants are those under which some applies can't succeed.
var failingVariants = map[string]string{"create-outcome": "failed", "delete-timing": "failed-forever", "clearing": "nothing-clears"}

// coveringDialects are dialects that cover the variants under which a key can
// live, and those dialects under which some applies fail, which hides what else
// is to be seen there.
func coveringDialects() (viable, failing []map[string]string) {
	strength := 2
	if *triples {
		strength = 3
	}
	rows := simulator.Rows()
	for _, dialect := range simulator.Covering(strength, rows) {
		if slices.ContainsFunc(rows, func(row simulator.Row) bool { return failingVariants[row.Name] == dialect[row.Name] }) {
			failing = append(failing, dialect)
		}
	}
	return simulator.Covering(strength, viableRows()), failing
}

// viableRows are the dialects' rows with the variants under which a key can live.
func viableRows() []simulator.Row {
	rows := simulator.Rows()
	for i, row := range rows {
		rows[i].Variants = slices.DeleteFunc(row.Variants, func(v simulator.Variant) bool { return failingVariants[row.Name] == v.Name })
	}
	return rows
}

// seed is the first one, the same for the whole process.
func seed() uint64 {
	if *firstSeed == 0 {
		*firstSeed = uint64(time.Now().UnixNano())
	}
	return *firstSeed
}

// shareOf draws numbers from 1.
func shareOf(count int) []int {
	if *only != 0 {
		return []int{min(*only, count)}
	}
	numbers := rand.New(rand.NewPCG(seed(), 0x5a4e)).Perm(count)
	for i := range numbers {
		numbers[i]++
	}
	size := *share
	switch {
	case size < 0 && testing.Short():
		size = 12
	case size < 0:
		size = 65
	case size == 0:
		size = count
	}
	return numbers[:min(size, count)]
}

// walkShare walks a share of some walks, until a few have failed. Which ones depends on
// the seed.
func walkShare(t *testing.T, count int, walkOf func(i int) walk) {
	t.Helper()
	numbers := shareOf(count)
	t.Logf("%d of %d lifecycles from seed %d", len(numbers), count, seed())
	// There is little to keep, apart from what there is to walk, and much to
	// throw away.
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	limit, percent := debug.SetMemoryLimit(int64(2*memory.HeapAlloc)+1<<28), debug.SetGCPercent(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(limit); debug.SetGCPercent(percent) })
	var failures atomic.Int64
	inParallel(t, len(numbers), func(t *testing.T, i int) {
		if failures.Load() < 3 && !passes(t, walkOf(numbers[i]-1), numbers[i]) {
			failures.Add(1)
		}
	})
}

// walksPerBatch is how many walks share what their process knows of secrets.
const walksPerBatch = 100

// inParallel walks for every number, on every core. After each batch the process
// forgets the secrets that it knows: it can mask only so many.
func inParallel(t *testing.T, count int, do func(t *testing.T, i int)) {
	t.Helper()
	for begin := 0; begin < count; begin += walksPerBatch {
		var next atomic.Int64
		next.Store(int64(begin))
		end := min(begin+walksPerBatch, count)
		t.Run(fmt.Sprintf("from %d", begin+1), func(t *testing.T) {
			for worker := range runtime.GOMAXPROCS(0) {
				t.Run(fmt.Sprintf("worker %d", worker+1), func(t *testing.T) {
					t.Parallel()
					for i := int(next.Add(1)) - 1; i < end; i = int(next.Add(1)) - 1 {
						do(t, i)
					}
				})
			}
		})
		secret.Forget()
	}
}

func passes(t *testing.T, w walk, number int) bool {
	t.Helper()
	_, found := w.take(t)
	if found == nil {
		return true
	}
	smaller := w.scenario
	if *shrinks {
		smaller, found = shrink(t, w.scenario, found)
	}
	t.Errorf("%v\n\nThe shortest lifecycle that breaks this rule:\n%s\nRepeat it: go test ./internal/test/lifecycle -run %s -only=%d -seed=%d -per-dialect=%d -triples=%t -every-dialect=%t",
		found, smaller, strings.Split(t.Name(), "/")[0], number, seed(), *perDialect, *triples, *everyDialect)
	return false
}
