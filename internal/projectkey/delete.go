package projectkey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// Delete deletes a key and waits until it is gone.
func (r *ProjectKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state ProjectKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, timeoutDiags := state.Timeouts.Delete(ctx, defaultWriteTimeout)
	resp.Diagnostics.Append(timeoutDiags...)
	r.refuseOwnKey(ctx, &state, &resp.Diagnostics)
	unseenSince := unseenSince(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	deletion := deletion{resource: r, id: state.ID.ValueString(), hiddenSince: unseenSince}
	if err := deletion.run(ctx); err != nil {
		explainDelete(&state, &deletion, err, resp)
	}
}

// deletion is one key on its way out.
type deletion struct {
	resource    *ProjectKeyResource
	id          string
	hiddenSince time.Time
	// requests counts the DELETEs; status is the last one seen.
	requests int
	status   streamkap.Status
}

// errDeleteFailed is a deletion that Streamkap failed at too often.
var errDeleteFailed = errors.New("the deletion keeps failing")

// run asks for the deletion and reads the key until it is gone. A deletion
// that failed is asked for again: that is the only way on.
func (d *deletion) run(ctx context.Context) error {
	gone, err := d.request(ctx)
	if gone || err != nil {
		return err
	}
	reads := newWatch()
	for {
		key, err := d.resource.client.ProjectKey(ctx, d.id)
		if streamkap.IsGone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		d.status = key.Status
		if !key.Status.Is(streamkap.StatusDeleteFailed) {
			if err := reads.pause(ctx); err != nil {
				return err
			}
			continue
		}
		if d.requests == maxDeletes {
			return errDeleteFailed
		}
		if err := sleep(ctx, d.retryPause()); err != nil {
			return err
		}
		if gone, err := d.request(ctx); gone || err != nil {
			return err
		}
		reads = newWatch()
	}
}

// retryPause grows with every deletion that failed, from a second to a minute.
func (d *deletion) retryPause() time.Duration {
	return min(time.Second<<(d.requests-1), time.Minute)
}

// request gets one DELETE accepted. A key that was just created may be hidden
// for a while, one that is still being created may refuse it, and one that is
// being deleted already needs none.
func (d *deletion) request(ctx context.Context) (gone bool, err error) {
	d.requests++
	reads := newWatch()
	for {
		err := d.resource.client.DeleteProjectKey(ctx, d.id)
		switch {
		case streamkap.IsGone(err):
			if time.Since(d.hiddenSince) >= hiddenFor {
				return true, nil
			}
		case isWrongState(err):
			key, readErr := d.resource.client.ProjectKey(ctx, d.id)
			switch {
			case streamkap.IsGone(readErr):
				return true, nil
			case readErr == nil && key.Status.Is(streamkap.StatusDeleting):
				return false, nil
			case readErr != nil || !key.Status.Is(streamkap.StatusCreating):
				return false, err
			}
			d.status = key.Status
		default:
			return false, err
		}
		if err := reads.pause(ctx); err != nil {
			return false, err
		}
	}
}

func explainDelete(state *ProjectKeyModel, deletion *deletion, err error, resp *resource.DeleteResponse) {
	const kept = "The key stays in the state. "
	switch {
	case errors.Is(err, errDeleteFailed):
		resp.Diagnostics.AddError("Project key can't be deleted",
			fmt.Sprintf("Streamkap failed %d times to delete %s; its status is %q.\n\n%sRun terraform destroy again later. If it keeps failing, "+
				"report the key's id to Streamkap's support.", deletion.requests, state.describe(), string(deletion.status), kept))
	case deletion.status != "" && errors.Is(err, context.DeadlineExceeded):
		resp.Diagnostics.AddError("Project key is not deleted yet",
			fmt.Sprintf("The deletion of %s was asked for, but the key was still there when the timeout ended; its status is %q%s.\n\n%s"+
				"Run terraform destroy again, with a longer timeouts.delete if this keeps happening.",
				state.describe(), string(deletion.status), lastFailure(err), kept))
	default:
		summary, detail := diagnosis.Explain(diagnosis.Operation{Action: "delete " + state.describe(), Permission: diagnosis.ManageKeys}, err)
		resp.Diagnostics.AddError(summary, detail+"\n\n"+kept+"Run terraform destroy again to go on.")
	}
}
