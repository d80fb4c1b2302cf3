// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

const (
	// takenLooks is how often a request that was refused looks at a key that is
	// not being deleted: after 1, 2, 4 and 8 seconds, so for 15 seconds.
	takenLooks = 4
	// sendTime is what has to be left of the timeout to send a request that
	// issues a secret: its answer must not be cut off.
	sendTime = 10 * time.Second
)

// takenError is a refusal because another key has the Kafka username or the name.
type takenError struct {
	Err error
	// What is the value that is taken, and At its attribute.
	What string
	At   path.Path
	// Holder is the key that has it, or nil where the list shows none.
	Holder *streamkap.ProjectKeySummary
	// Waited is how long the request waited for that key to be gone, and Failure
	// what the last look at the list failed with.
	Waited  time.Duration
	Failure error
	holds   func(streamkap.ProjectKeySummary) bool
}

func (e *takenError) Error() string { return e.Err.Error() }
func (e *takenError) Unwrap() error { return e.Err }

// taken reports what another key has, or nil for any other outcome of a request.
func (p *Model) taken(err error) *takenError {
	var refusal *streamkap.Error
	if !errors.As(err, &refusal) || len(refusal.Fields) > 1 {
		return nil
	}
	switch kind := streamkap.KindOf(refusal); {
	case kind == streamkap.KindUsernameTaken && p.Kafka.known != nil:
		username := p.Kafka.known.Username.ValueString()
		return &takenError{
			Err: err, What: fmt.Sprintf("Kafka username %q", username), At: kafkaPath.AtName("username"),
			holds: func(key streamkap.ProjectKeySummary) bool {
				return strings.EqualFold(string(key.KafkaUsername), username)
			},
		}
	case kind == streamkap.KindNameTaken:
		name := p.Name.ValueString()
		return &takenError{
			Err: err, What: fmt.Sprintf("name %q", name), At: path.Root("name"),
			holds: func(key streamkap.ProjectKeySummary) bool {
				return key.ID != p.ID.ValueString() && streamkap.SameName(key.Name, name)
			},
		}
	}
	return nil
}

// whenFree sends a request, and sends it again once the Kafka username or the name
// that another key has is free. The request was refused, so nothing is made twice.
//
// Terraform may delete one key while it creates another. So a key that is Deleting
// is waited for until the timeout. Any other key gets 15 seconds, because the same
// run may delete it a moment later.
func (r *Resource) whenFree(ctx context.Context, planned *Model, send func() error) error {
	wait := takenWait{watch: newWatch()}
	for {
		err := send()
		taken := planned.taken(err)
		if taken == nil {
			return err
		}
		if again := r.awaitFree(ctx, taken, &wait); !again {
			return taken
		}
	}
}

type takenWait struct {
	*watch
	// looks counts the looks in a row at a key that was not being deleted.
	looks  int
	holder *streamkap.ProjectKeySummary
}

// awaitFree reads the list until no key has the value, and reports whether to send the
// request again.
func (r *Resource) awaitFree(ctx context.Context, taken *takenError, wait *takenWait) bool {
	for {
		keys, err := r.projectKeys(ctx)
		held := wait.holder != nil
		if err == nil {
			wait.holder = firstWhere(keys, taken.holds)
		}
		taken.Holder, taken.Failure = wait.holder, err
		deleting := wait.holder != nil && wait.holder.Status.Is(streamkap.StatusDeleting)
		if deleting || held && wait.holder == nil {
			wait.looks = 0
		}
		if err != nil && !streamkap.IsTransient(err) || wait.looks == takenLooks {
			return false
		}
		r.client.Log(ctx, "The "+taken.What+" is taken; looking again", map[string]any{"deleting": deleting})
		pause := func() error { return wait.pause(ctx, err) }
		if !deleting {
			pause = func() error { return sleep(ctx, time.Second<<wait.looks) }
		}
		ended := pause()
		wait.looks++
		taken.Waited = time.Since(wait.start)
		if ended != nil {
			return false
		}
		if err == nil && wait.holder == nil {
			deadline, ok := ctx.Deadline()
			return !ok || time.Until(deadline) >= sendTime
		}
	}
}

func firstWhere[T any](items []T, is func(T) bool) *T {
	if i := slices.IndexFunc(items, is); i >= 0 {
		return &items[i]
	}
	return nil
}

// projectKeys lists the keys of the project that the credentials are of.
func (r *Resource) projectKeys(ctx context.Context) ([]streamkap.ProjectKeySummary, error) {
	project, err := r.client.Project(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := r.client.ProjectKeys(ctx)
	return slices.DeleteFunc(keys, func(key streamkap.ProjectKeySummary) bool { return key.ServiceID != project }), err
}

// explain adds the diagnostic of a request that stays refused.
func (e *takenError) explain(action string, diags *diag.Diagnostics) {
	if e.Holder == nil || !e.Holder.Status.Is(streamkap.StatusDeleting) {
		summary, detail := diagnosis.Explain(managing(action, e.Err), e.Err)
		if e.Holder != nil {
			detail += fmt.Sprintf("\n\nThe %s is that of %s. If this run deletes or replaces that key, apply again when it is gone, "+
				"and without create_before_destroy.", e.What, describeRow(*e.Holder))
		}
		diags.AddAttributeError(e.At, summary, detail)
		return
	}
	diags.AddAttributeError(e.At, "Another key is still being deleted", fmt.Sprintf("Could not %s: the %s is that of %s. "+
		"That key is being deleted, and it was still there after %s%s. %s\n\nApply again when it is gone. If that takes longer than the timeout, "+
		"raise it in the timeouts block.", action, e.What, describeRow(*e.Holder), e.Waited.Round(time.Second), lastFailure(e.Failure, nil), diagnosis.Said(e.Err)))
}
