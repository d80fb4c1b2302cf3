package lifecycle

import (
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"
)

var (
	lifecycles = flag.Int("lifecycles", 200, "how many lifecycles to walk through")
	firstSeed  = flag.Uint64("seed", 1, "seed of the first lifecycle; the next one has the next seed; 0 takes one from the clock")
)

// TestLifecycles walks through random lifecycles of a key. Every lifecycle has
// a seed of its own, so a failure is repeated with that seed alone.
func TestLifecycles(t *testing.T) {
	seed, count := *firstSeed, uint64(*lifecycles)
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	if testing.Short() {
		count = min(count, 60)
	}
	// There is little to keep and much to throw away.
	percent := debug.SetGCPercent(400)
	t.Cleanup(func() { debug.SetGCPercent(percent) })
	t.Logf("%d lifecycles from seed %d", count, seed)
	var next, failures atomic.Uint64
	for worker := range runtime.GOMAXPROCS(0) {
		t.Run(fmt.Sprintf("worker %d", worker+1), func(t *testing.T) {
			t.Parallel()
			for i := next.Add(1); i <= count && failures.Load() < 3; i = next.Add(1) {
				if !survives(t, seed+i-1) {
					failures.Add(1)
				}
			}
		})
	}
}

func survives(t *testing.T, seed uint64) bool {
	t.Helper()
	s := generate(seed)
	found := walk(t, s)
	if found == nil {
		return true
	}
	smaller, found := shrink(t, s, found)
	t.Errorf("%v\n\nThe shortest lifecycle that breaks this rule:\n%s\nRepeat it: go test ./internal/lifecycle -run TestLifecycles -lifecycles=1 -seed=%d",
		found, smaller, seed)
	return false
}
