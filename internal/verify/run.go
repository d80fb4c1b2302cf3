// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// run is one run against one service.
type run struct {
	options Options
	caller  *caller
	journal *Journal
	seen    *sight
	name    string // how the names of this run's keys begin
	roles   []value
	asked   int // keys asked for
	broken  error
}

// LeftError says that keys could not be deleted.
type LeftError struct {
	Names, IDs []string
	Journal    string
}

func (e *LeftError) Error() string {
	var text strings.Builder
	text.WriteString("these keys may be left, and have to be deleted:\n")
	for i, name := range e.Names {
		id := e.IDs[i]
		if id == "" {
			id = "unknown: no answer has told it"
		}
		fmt.Fprintf(&text, "  name %s, id %s\n", name, id)
	}
	fmt.Fprintf(&text, "Try again with -clean %s, or delete them in Streamkap under Project Settings > Project Keys.", e.Journal)
	return text.String()
}

// errOtherProject does not repeat what the service said.
var errOtherProject = errors.New("the credentials do not belong to the project that -service-id names; nothing was made")

// Run makes the keys, looks, deletes them, and reports. The report is there
// even where the run ended early or left something; what it made before that
// is in it.
func Run(ctx context.Context, options Options) (*Report, error) {
	r := &run{options: options.withDefaults(), name: "verify-" + random()[:8]}
	r.seen = &sight{options: r.options}
	r.caller = newCaller(r.options, r.seen)
	started := time.Now()
	if err := r.identify(ctx); err != nil {
		return nil, err
	}
	journal, err := createJournal(r.options)
	if err != nil {
		return nil, err
	}
	r.journal = journal
	r.live(ctx)
	err = errors.Join(r.broken, r.finish(ctx))
	return newReport(r.seen, started), err
}

// identify checks whose credentials these are.
func (r *run) identify(ctx context.Context) error {
	r.say("Asking whose credentials these are")
	if a := r.caller.exchange(ctx); !a.ok() || r.caller.token == "" {
		return fmt.Errorf("the credentials could not be exchanged for a token at %s: %s", r.options.Host, a.shape())
	}
	a := r.caller.ask(ctx, question{step: stepWhoami, method: http.MethodGet, path: "/auth/whoami"})
	switch {
	case !a.ok():
		return fmt.Errorf("whoami could not be asked at %s: %s", r.options.Host, a.shape())
	case a.body.at("service_id").text() == "":
		return fmt.Errorf("whoami has no service_id, so it can't be told which project this is")
	case a.body.at("service_id").text() != r.options.ServiceID:
		return errOtherProject
	}
	return nil
}

// finish deletes what was made, interrupted or not, and compares the keys of
// others with what they were.
func (r *run) finish(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTimeout)
	defer cancel()
	left := r.clean(ctx)
	r.seen.after = r.caller.ask(ctx, question{step: stepListAfter, method: http.MethodGet, path: pathKeys})
	if err := r.journal.close(left != nil); err != nil {
		return errors.Join(left, err)
	}
	return left
}

// say tells the person at the terminal what is being done.
func (r *run) say(format string, args ...any) {
	_, _ = fmt.Fprintf(r.options.Progress, format+"\n", args...)
}

// stop ends the run early; what it made is deleted all the same.
func (r *run) stop(format string, args ...any) {
	if r.seen.stopped == "" {
		r.seen.stopped = fmt.Sprintf(format, args...)
		r.say("Stopping: %s", r.seen.stopped)
	}
}

// goesOn tells whether there is any point in the next step.
func (r *run) goesOn(ctx context.Context) bool {
	if ctx.Err() != nil {
		r.stop("it was interrupted")
	}
	return r.seen.stopped == ""
}

// random is a text that nobody else has.
func random() string { return strings.ToLower(rand.Text()) }
