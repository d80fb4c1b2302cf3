// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// run is one run against one service.
type run struct {
	*seen
	service *owned.Service
}

// pace is how far apart a run's requests are.
const pace = time.Second / RequestsPerSecond

// Run makes the keys, looks, deletes them, and reports. The report is there
// even where the run ended early or left something; what it saw before that is
// in it.
func Run(ctx context.Context, options Options) (*Report, error) {
	if len(options.Roles) == 0 {
		options.Roles = []string{DefaultRole}
	}
	r := &run{seen: &seen{options: options, name: "verify-" + random()[:12], unknown: make(map[string]bool)}}
	options.Pace, options.Heard, options.Row = pace, r.hear, r.look
	r.service = owned.New(options.Config)
	started := time.Now()
	alive, cancel := context.WithTimeout(ctx, lifeTimeout)
	defer cancel()
	if err := r.service.Identify(alive); err != nil {
		return nil, err
	}
	if err := r.service.Begin(r.name); err != nil {
		return nil, err
	}
	defer r.service.Release()
	r.live(alive)
	list, err := finish(ctx, r.service)
	r.after = list
	if options.OpenAPI != "" {
		err = errors.Join(err, r.saveOpenAPI(ctx))
	}
	return newReport(r.seen, r.service.Keys, started), err
}

// finish deletes what was made, interrupted or not.
func finish(ctx context.Context, service *owned.Service) (*owned.List, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTimeout)
	defer cancel()
	list, left := service.Clean(ctx, stepListAfter)
	return list, errors.Join(service.NotOwn, service.Broken, service.End(left))
}

// saveOpenAPI saves what the service says of itself, where it says it. It is asked
// without credentials, and nothing of it is in the report.
func (r *run) saveOpenAPI(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	a := r.service.Get(ctx, owned.Request{Step: stepOpenAPI, Path: "/openapi.json", Header: http.Header{}})
	if !a.OK() || !a.Body.IsObject() {
		r.service.Say("The service has no /openapi.json to save: %s", a.Shape())
		return nil
	}
	r.service.Say("Saving the service's own description as %s", r.options.OpenAPI)
	return os.WriteFile(r.options.OpenAPI, a.Raw, 0o600)
}

// Clean finishes what the run of a journal has left.
func Clean(ctx context.Context, options Options) error {
	options.Pace = pace
	service := owned.New(options.Config)
	if err := service.Resume(); err != nil {
		return err
	}
	defer service.Release()
	asking, cancel := context.WithTimeout(ctx, lifeTimeout)
	defer cancel()
	if err := service.Identify(asking); err != nil {
		return err
	}
	if len(service.Keys) == 0 {
		service.Say("The run of this journal had not asked for a key yet")
	}
	_, err := finish(ctx, service)
	return err
}

// stop ends the run early; what it made is deleted all the same.
func (r *run) stop(format string, args ...any) {
	if r.stopped == "" {
		r.stopped = fmt.Sprintf(format, args...)
		r.service.Say("Stopping: %s", r.stopped)
	}
}

// goesOn tells whether there is any point in the next step.
func (r *run) goesOn(ctx context.Context) bool {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		r.stop("its %s were over", lifeTimeout)
	case ctx.Err() != nil:
		r.stop("it was interrupted")
	case r.service.NotOwn != nil:
		r.stop("the service named a key that is not this run's")
	case r.service.Broken != nil:
		r.stop("the journal can't be written")
	}
	return r.stopped == ""
}

// random is a text that nobody else has.
func random() string { return strings.ToLower(rand.Text()) }
