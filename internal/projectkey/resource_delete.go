// SPDX-License-Identifier: MPL-2.0

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
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := new(Model)
	resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	r.refuseOwnKey(labelsOf(state), &resp.Diagnostics)
	unseenSince := unseenSince(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.keys.applying.Store(true)
	ctx, cancel := context.WithTimeout(ctx, state.timeout(ctx, "delete"))
	defer cancel()

	deletion := deletion{client: r.client, id: state.ID.ValueString(), serviceID: state.ServiceID.ValueString(), hiddenSince: unseenSince}
	if err := deletion.run(ctx); err != nil {
		r.explainDelete(ctx, state, &deletion, err, resp)
		return
	}
	warnOfUse(ctx, state, req.Private, &resp.Diagnostics)
}

type deletion struct {
	client      *streamkap.Client
	id          string
	serviceID   string
	hiddenSince time.Time
	// requests counts the deletions that were asked for, and underWay says that the
	// last one need not be asked for again. accepted says that one ever was.
	requests           int
	accepted, underWay bool
	// status is the last one seen, and failure how the last call failed. listed says
	// that the key was not found, and is in the list all the same.
	status  streamkap.Status
	failure error
	listed  bool
}

var (
	errDeleteFailed = errors.New("the deletion failed")
	errBeingCreated = errors.New("the key is still being created")
)

// run requests the deletion and reads the key until it is gone. A deletion that failed is
// requested again, and a transient failure is waited out.
func (d *deletion) run(ctx context.Context) error {
	reads := newWatch()
	d.requests = 1
	for {
		gone, err := d.step(ctx)
		switch {
		case gone:
			return nil
		case errors.Is(err, errDeleteFailed) && d.requests < maxDeletes:
			d.client.Log(ctx, "Streamkap failed to delete the project key; asking again", map[string]any{"id": d.id, "deletions": d.requests})
			if err := sleep(ctx, min(time.Second<<(d.requests-1), time.Minute)); err != nil {
				return err
			}
			d.requests++
			reads = newWatch()
			continue
		case err != nil && !streamkap.IsTransient(err) && !streamkap.IsNotFound(err) && !errors.Is(err, errBeingCreated):
			return err
		}
		d.failure = err
		if err := reads.pauseAfter(ctx, err); err != nil {
			return err
		}
	}
}

// step requests the deletion, unless one is under way, and reads the key. A key that was
// just created may answer 404 for a while, and one that is still being created may refuse.
func (d *deletion) step(ctx context.Context) (gone bool, err error) {
	var refusal error
	if !d.underWay {
		err := d.client.DeleteProjectKey(ctx, d.id)
		switch {
		case err == nil:
			d.accepted, d.underWay = true, true
		case isWrongState(err):
			refusal = err
		case streamkap.IsNotFound(err) && !isHidden(d.hiddenSince):
			return d.confirm(ctx)
		default:
			return false, err
		}
	}
	key, err := d.client.ProjectKey(ctx, d.id)
	switch {
	case streamkap.IsNotFound(err):
		return d.confirm(ctx)
	case err != nil && refusal != nil && !streamkap.IsTransient(err):
		return false, refusal
	case err != nil:
		return false, err
	}
	d.status, d.listed = key.Status, false
	return false, d.judge(refusal)
}

// judge says what the status means for the deletion, or for its refusal.
func (d *deletion) judge(refusal error) error {
	switch {
	case refusal == nil && d.status.Is(streamkap.StatusDeleteFailed):
		d.underWay = false
		return errDeleteFailed
	case refusal == nil:
		return nil
	case d.status.Is(streamkap.StatusDeleting):
		d.underWay = true
		return nil
	case d.status.Is(streamkap.StatusCreating):
		return errBeingCreated
	}
	return refusal
}

// confirm gets the second answer without which no key counts as gone. Where the deletion
// was accepted, the credentials are of the key's project.
func (d *deletion) confirm(ctx context.Context) (bool, error) {
	if d.serviceID == "" && d.accepted {
		project, err := d.client.Project(ctx)
		if err != nil {
			return false, err
		}
		d.serviceID = project
	}
	gone, err := d.client.ConfirmGone(ctx, d.id, d.serviceID)
	d.listed = d.listed || err == nil && !gone
	return gone, err
}

func (r *Resource) explainDelete(ctx context.Context, state *Model, deletion *deletion, err error, resp *resource.DeleteResponse) {
	const kept = "The key stays in the state. "
	switch {
	case errors.Is(err, errDeleteFailed):
		resp.Diagnostics.AddError("Project key can't be deleted",
			fmt.Sprintf("Streamkap failed %d times to delete %s; its status is %s.\n\n%sDestroy it again later. If it keeps failing, "+
				"report the key's id to Streamkap's support.", deletion.requests, state.describe(), diagnosis.Quote(deletion.status), kept))
	case isEnded(err) && (deletion.status != "" || deletion.failure != nil || deletion.listed):
		status := describeStatus(deletion.status)
		if deletion.listed {
			status = "Streamkap does not find it any more, and still lists it"
		}
		resp.Diagnostics.AddError("Project key is not deleted yet",
			fmt.Sprintf("The deletion of %s was asked for %s, but the key was still there %s; %s%s.\n\n%s"+
				"Destroy it again. To wait longer, set timeouts.delete.",
				state.describe(), times(deletion.requests), describeEnd(err, state.timeout(ctx, "delete")), status,
				lastFailure(deletion.failure, err), kept))
	default:
		summary, detail := diagnosis.Explain(managing("delete "+state.describe(), err), r.orOtherProject(ctx, state, err))
		resp.Diagnostics.AddError(summary, detail+"\n\n"+kept+"Destroy it again to go on.")
	}
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
