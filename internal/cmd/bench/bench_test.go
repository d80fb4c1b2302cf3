// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/acctest"
)

// TestAccBench runs the whole benchmark at a small size. Its times mean nothing
// then, but the rest is counted and not timed, and has to hold at any size.
func TestAccBench(t *testing.T) {
	path := acctest.CLI(t)
	// The path is short, because the CLI makes sockets in it.
	dir, err := os.MkdirTemp("", "t")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	t.Setenv("TMPDIR", dir)

	var out, progress bytes.Buffer
	size := sizes{rules: 10, keys: 4, keyRules: 2, rounds: 1, latency: time.Millisecond, benchtime: "1x"}
	b := newBench(path, size, "", &out, &progress)
	if err := b.run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, progress.String())
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	for _, counted := range []string{
		"requests to create", "requests to refresh", "requests to update", "requests to delete",
		"requests of a preflight", "generated configuration, requests", "one of them answered 429", "listed with all their details", "verify beside 300 keys",
		"stripped binary", "wait of 10 minutes, reads",
	} {
		met := false
		for _, row := range b.rows {
			met = met || strings.Contains(row.what, counted) && row.met()
		}
		if !met {
			t.Errorf("%s: not reached\n%s", counted, out.String())
		}
	}
}

func TestNoFewerReadsAreWithinATenth(t *testing.T) {
	if best := leastLateness(readsAllowed); best > 0.1 {
		t.Errorf("with %d reads a wait is late by %.3f of its time at best", readsAllowed, best)
	}
	if best := leastLateness(readsAllowed - 1); best <= 0.1 {
		t.Errorf("with one read less a wait is late by %.3f of its time", best)
	}
}

func TestRowIsMetByWhatIsPrinted(t *testing.T) {
	if !(row{ratio: 1.304, reach: 1.3}).met() || (row{ratio: 1.306, reach: 1.3}).met() {
		t.Error("a ratio that is printed as the one to reach has to do, and a higher one must not")
	}
}
