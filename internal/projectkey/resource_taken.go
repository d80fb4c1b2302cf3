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
	reads := newWatch()
	var taken *takenError
	// looks counts the looks in a row at a key that is not being deleted.
	for looks, free := 0, true; ; looks++ {
		if free {
			err := send()
			if taken = planned.taken(err); taken == nil {
				return err
			}
		}
		if ending := r.lookFor(ctx, taken); ending {
			looks = 0
		}
		if taken.Failure != nil && !streamkap.IsTransient(taken.Failure) || looks == takenLooks {
			return taken
		}
		free = taken.Failure == nil && taken.Holder == nil
		pause := time.Second << looks
		if isDeleting(taken.Holder) {
			pause = reads.next(ctx)
		}
		r.client.Log(ctx, "The "+taken.What+" is taken; looking again", map[string]any{"pause": pause.String()})
		ended := sleep(ctx, pause)
		taken.Waited = time.Since(reads.start)
		if deadline, ok := ctx.Deadline(); ended != nil || free && ok && time.Until(deadline) < sendTime {
			return taken
		}
	}
}

// lookFor finds the key that has the value, and reports whether that is being deleted, or is
// gone. Where there is no list, what was found before stays.
func (r *Resource) lookFor(ctx context.Context, taken *takenError) (ending bool) {
	keys, err := r.projectKeys(ctx)
	held := taken.Holder != nil
	if taken.Failure = err; err == nil {
		taken.Holder = nil
		if i := slices.IndexFunc(keys, taken.holds); i >= 0 {
			taken.Holder = &keys[i]
		}
	}
	return isDeleting(taken.Holder) || held && taken.Holder == nil
}

func isDeleting(key *streamkap.ProjectKeySummary) bool {
	return key != nil && key.Status.Is(streamkap.StatusDeleting)
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
	if !isDeleting(e.Holder) {
		summary, detail := diagnosis.Explain(managing(action, e.Err), e.Err)
		if e.Holder != nil {
			detail += fmt.Sprintf("\n\nThe %s is that of %s. If this run deletes or replaces that key, apply again when it is gone, "+
				"and without create_before_destroy.", e.What, describeRow(*e.Holder))
			if e.At.Equal(path.Root("name")) {
				detail += " Two keys that are to exchange their names need a third name: apply with that first."
			}
		}
		diags.AddAttributeError(e.At, summary, detail)
		return
	}
	diags.AddAttributeError(e.At, "Another key is still being deleted", fmt.Sprintf("Could not %s: the %s is that of %s. "+
		"That key is being deleted, and it was still there after %s%s. %s\n\nApply again when it is gone. If that takes longer than the timeout, "+
		"raise it in the timeouts block.", action, e.What, describeRow(*e.Holder), e.Waited.Round(time.Second), lastFailure(e.Failure, nil), diagnosis.Said(e.Err)))
}
