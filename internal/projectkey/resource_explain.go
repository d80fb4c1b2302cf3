// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// managing is an operation that ended with an error. Every change of a key needs the write
// permission (contract, "Errors"), and reading it needs less: nobody should be told to give
// more to the credentials that only plan.
func managing(action string, err error) diagnosis.Operation {
	operation := diagnosis.Operation{
		Action: action, Permission: "the Project Keys write permission, which the roles Admin and Data Admin include", Own: ofKeys,
	}
	var refusal *streamkap.Error
	if errors.As(err, &refusal) && refusal.Method == http.MethodGet {
		operation.Permission = readKeys
	}
	return operation
}

const (
	noSuchKey     = "No such project key"
	usernameTaken = "Kafka username is taken"
	whereIDsAre   = "An id is shown in Streamkap under Project Settings > Project Keys; a key's name or client id is not its id."
)

// ofKeys explains what only project keys are refused for.
var ofKeys = map[streamkap.Kind]diagnosis.Explanation{
	streamkap.KindUsernameTaken: {
		Summary: usernameTaken,
		Advice:  "A Kafka username is unique within the project. Choose another kafka.username, or import the key that has this one.",
	},
	streamkap.KindKafkaUnavailable: {
		Summary: "Kafka access is not available in this project",
		Advice:  "Not every project can have Kafka access. Remove the kafka block, or use credentials of a project that can.",
	},
	streamkap.KindWrongState: {
		Summary: "Project key is in a state that allows no change",
		Advice: "Wait until Streamkap has finished what it is doing with the key, then try again. " +
			"A key whose deletion failed can only be deleted: run apply to have it replaced.",
	},
	streamkap.KindImplausibleID: {Summary: noSuchKey, Advice: whereIDsAre},
}

// explainMissing returns the summary and the detail of a diagnostic about an id that no
// key has.
func explainMissing(id string) (summary, detail string) {
	return noSuchKey, fmt.Sprintf("There is no project key with the id %q. %s", id, whereIDsAre)
}

// explain adds the error of a failed request, on the attribute that caused it where that is
// known. The action completes "Could not …".
func (r *Resource) explain(ctx context.Context, action string, model *Model, err error, diags *diag.Diagnostics) {
	var taken *takenError
	if errors.As(err, &taken) {
		taken.explain(action, diags)
		return
	}
	err = r.orOtherProject(ctx, model, err)
	operation := managing(action, err)
	summary, detail := diagnosis.Explain(operation, err)
	var refusal *streamkap.Error
	if errors.As(err, &refusal) && len(refusal.Fields) > 0 {
		for _, field := range refusal.Fields {
			one := *refusal
			one.Fields = []streamkap.FieldError{field}
			summary, detail := diagnosis.Explain(operation, &one)
			at, what := model.refused(field.Loc)
			if what != "" {
				detail += "\n\nIt is about " + what + "."
			}
			addAt(diags, at, diag.NewErrorDiagnostic(summary, detail))
		}
		return
	}
	addAt(diags, refusedAt[streamkap.KindOf(err)], diag.NewErrorDiagnostic(summary, detail))
}

var refusedAt = map[streamkap.Kind]path.Path{
	streamkap.KindUsernameTaken:    kafkaPath.AtName("username"),
	streamkap.KindKafkaUnavailable: kafkaPath,
	streamkap.KindNameTaken:        path.Root("name"),
}

// orOtherProject returns, in the place of a refusal or of an answer that finds
// no key, the error that the credentials are of another project, where that is
// so: a permission that they lack is then not what is wrong.
func (r *Resource) orOtherProject(ctx context.Context, model *Model, err error) error {
	serviceID := model.ServiceID.ValueString()
	forbidden := streamkap.KindOf(err) == streamkap.KindPermission
	if serviceID == "" || !forbidden && !streamkap.IsNotFound(err) {
		return err
	}
	if other := r.client.CheckProject(ctx, serviceID); streamkap.KindOf(other) == streamkap.KindOtherProject {
		return other
	}
	return err
}

// addAt adds a diagnostic at an attribute, or at none where the path is empty.
func addAt(diags *diag.Diagnostics, at path.Path, d diag.Diagnostic) {
	if len(at.Steps()) > 0 {
		d = diag.WithPath(at, d)
	}
	diags.Append(d)
}

// refused finds the attribute that a 422 means by the location of a member in
// the request (contract, "Errors"), and says which rule it is about where it is
// one. The path is empty for a location that belongs to no attribute.
func (p *Model) refused(loc []string) (at path.Path, what string) {
	loc = slices.DeleteFunc(slices.Clone(loc), func(step string) bool { return step == "body" || step == "kafka_config" })
	if len(loc) == 0 {
		return path.Empty(), ""
	}
	for _, f := range fields {
		if slices.Contains(f.about().members, loc[0]) {
			return f.refused(p, loc[1:])
		}
	}
	return path.Empty(), ""
}

type awaited struct {
	// event completes "The key … but".
	event string
	// argument is the member of the timeouts block that bounds the wait.
	argument string
	// failed and unfinished say what to do about a key whose status is final,
	// and about one that may still become Active.
	failed, unfinished string
}

var (
	afterCreate = awaited{
		event: "was created", argument: "create",
		failed: "The key is in the state with its id and its secrets, marked as tainted: the next apply replaces it. " +
			"Where the resource has prevent_destroy, remove that first.",
		unfinished: "The key is in the state with its id and its secrets, marked as tainted: the next apply would replace it. " +
			"If it becomes Active later, untaint keeps it.",
	}
	afterUpdate = awaited{
		event: "was changed", argument: "update",
		failed: "The change is in the state, with every secret that it issued. A key with this status can't be changed any more: " +
			"the next plan replaces it. Where the resource has prevent_destroy, remove that first.",
		unfinished: "The change is in the state, with every secret that it issued. Apply again to go on.",
	}
	beforeUpdate = awaited{
		event: "was being created", argument: "update",
		failed:     "Nothing was changed. The next plan replaces the key. Where the resource has prevent_destroy, remove that first.",
		unfinished: "Nothing was changed. Apply again to go on.",
	}
)

func (r *Resource) explainUnsettled(ctx context.Context, model *Model, after awaited, err error, diags *diag.Diagnostics) {
	var unsettled *unsettledError
	if !errors.As(err, &unsettled) {
		r.explain(ctx, "read "+model.describe()+" after it "+after.event, model, err, diags)
		return
	}
	status := describeStatus(unsettled.Status)
	switch {
	case unsettled.Err == nil:
		diags.AddError("Project key failed", fmt.Sprintf("The %s %s, but %s. This status is final.\n\n%s", model.describe(), after.event, status, after.failed))
	case streamkap.IsNotFound(unsettled.Err):
		diags.AddError("Project key is gone", fmt.Sprintf("The %s %s, and now Streamkap does not know it: %s\n\n"+
			"Someone may have deleted it. Run plan to see what is left to do.", model.describe(), after.event, diagnosis.Said(unsettled.Err)))
	case isEnded(unsettled.Err):
		diags.AddError("Project key is not Active yet", fmt.Sprintf("The %s %s, but it was not Active %s; %s%s.\n\n%s To wait longer, set timeouts.%s.",
			model.describe(), after.event, describeEnd(unsettled.Err, model.timeout(ctx, after.argument)), status,
			lastFailure(unsettled.Failure, unsettled.Err), after.unfinished, after.argument))
	default:
		if unsettled.Status != "" {
			status = "when last seen, " + status
		}
		action := fmt.Sprintf("read %s after it %s; %s", model.describe(), after.event, status)
		summary, detail := diagnosis.Explain(managing(action, unsettled.Err), r.orOtherProject(ctx, model, unsettled.Err))
		diags.AddError(summary, detail+"\n\n"+after.unfinished)
	}
}

// isEnded reports whether a wait ended with its timeout, or with the run.
func isEnded(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

func describeEnd(err error, timeout time.Duration) string {
	if errors.Is(err, context.Canceled) {
		return "when the run was interrupted"
	}
	return fmt.Sprintf("when the timeout of %s ended", timeout)
}

func describeStatus(status streamkap.Status) string {
	if status == "" {
		return "its status was never seen"
	}
	return "its status is " + diagnosis.Quote(status)
}

// lastFailure completes a sentence about a wait that ended, with how the last request
// failed.
func lastFailure(failure, end error) string {
	var cut *streamkap.ConnectionError
	switch {
	case errors.As(end, &cut) && cut.Before != "":
		return ", and the last request ended with " + cut.Before
	case failure != nil:
		return ", and the last request failed: " + strings.TrimSuffix(diagnosis.Said(failure), ".")
	}
	return ""
}

// isWrongState reports whether the API refused a request because of the key's status.
func isWrongState(err error) bool {
	var refusal *streamkap.Error
	return errors.As(err, &refusal) && (refusal.Status == http.StatusBadRequest || refusal.Status == http.StatusConflict)
}

// describeRow names a key of the list for people.
func describeRow(key streamkap.ProjectKeySummary) string {
	text := fmt.Sprintf("project key %s (id %s", diagnosis.Quote(key.Name), diagnosis.Show(key.ID))
	var by streamkap.User
	if key.CreatedBy != nil {
		by = *key.CreatedBy
	}
	for _, fact := range []struct {
		label string
		value streamkap.Text
	}{
		{", status ", streamkap.Text(key.Status)}, {", created at ", key.CreatedAt}, {" by ", cmp.Or(by.Email, by.Name, by.ID)}, {", last used at ", key.LastUsedAt},
	} {
		if fact.value != "" {
			text += fact.label + diagnosis.Show(fact.value)
		}
	}
	return text + ")"
}

// describeRows lists keys, one a line.
func describeRows(keys []streamkap.ProjectKeySummary) string {
	lines := make([]string, len(keys))
	for i, key := range keys {
		lines[i] = "  - " + describeRow(key)
	}
	return strings.Join(firstOf(lines), "\n")
}
