// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// Update changes a key with one PATCH that holds only what changed. A second
// one is sent only where the service has not cleared a value at the first.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	config, prior, planned := new(Model), new(Model), new(Model)
	resp.Diagnostics.Append(req.Config.Get(ctx, config)...)
	resp.Diagnostics.Append(req.State.Get(ctx, prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, planned)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.keys.applying.Store(true)
	ctx, cancel := context.WithTimeout(ctx, planned.timeout(ctx, "update"))
	defer cancel()
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: prior.ID})...)

	c := diff(prior, planned, config)
	recipients := planned.recipients(&resp.Diagnostics)
	planned.encryptBefore(&c, recipients, prior, config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if c.patch.IsEmpty() {
		if planned.Status.IsUnknown() {
			planned.Status = prior.Status
		}
		saved := planned.saveable(prior.credentialFile())
		resp.Diagnostics.Append(resp.State.Set(ctx, saved)...)
		return
	}
	answer := r.change(ctx, &c, recipients, prior, planned, resp)
	if answer == nil {
		return
	}
	key, err := r.waitSettled(ctx, prior.ID.ValueString(), c.patch.KafkaConfig != nil)
	if err != nil {
		r.explainUnsettled(ctx, planned, afterUpdate, err, &resp.Diagnostics)
		return
	}
	rebuild := planned.CredentialJSON.IsUnknown()
	planned.flattenComputed(key, r.client.Host())
	if rebuild {
		planned.setCredentialJSON(prior.credentialFile())
	}
	planned.explainIncomplete("adds API access to", answer.Missing, &resp.Diagnostics)
	r.finish(ctx, &c, key, prior, planned, resp)
}

func (r *Resource) finish(ctx context.Context, c *change, key *streamkap.ProjectKey, prior, planned *Model, resp *resource.UpdateResponse) {
	key, uncleared := r.clearOtherwise(ctx, c, key, planned, &resp.Diagnostics)
	explainUncleared(planned, uncleared, &resp.Diagnostics)
	if c.patch.KafkaConfig != nil && key.KafkaUsername == "" {
		planned.Kafka = nested[kafkaModel]{}
		resp.Diagnostics.AddError("Kafka access was not added", fmt.Sprintf("Streamkap accepted the request that adds Kafka access to %s, "+
			"but the key has no Kafka user.\n\nApply again. If it stays, report the key's id to Streamkap's support.", planned.describe()))
	}
	if resp.Diagnostics.HasError() {
		// The change failed in part, so the state becomes what the service shows.
		planned.flatten(key, r.client.Host(), nil)
		planned.setCredentialJSON(prior.credentialFile())
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, planned)...)
	if !c.patch.Description.IsZero() || resp.Diagnostics.HasError() {
		// Without a sent description, a change of it by someone else has to show in the next
		// refresh.
		rememberDescription(ctx, planned, key, resp.Private, &resp.Diagnostics)
	}
}

// change sends the PATCH, and saves what it issued before anything else can fail. It returns
// nil after an error.
func (r *Resource) change(ctx context.Context, c *change, recipients encrypt.Recipients, prior, planned *Model, resp *resource.UpdateResponse) *streamkap.UpdateAnswer {
	id := prior.ID.ValueString()
	if streamkap.Status(prior.Status.ValueString()).Is(streamkap.StatusCreating) {
		// A key that is still being created refuses every change.
		if _, err := r.waitSettled(ctx, id, false); err != nil {
			r.explainUnsettled(ctx, planned, beforeUpdate, err, &resp.Diagnostics)
			return nil
		}
	}
	var answer *streamkap.UpdateAnswer
	err := r.whenFree(ctx, planned, func() (err error) {
		answer, err = r.client.UpdateProjectKey(ctx, id, c.patch)
		return err
	})
	if err != nil {
		r.explainUpdate(ctx, c.patch, planned, err, &resp.Diagnostics)
		return nil
	}
	base := prior.credentialFile()
	planned.flattenIssued(&streamkap.CredentialFile{API: answer.NewAPICredentials, Kafka: answer.NewKafkaCredentials})
	planned.encryptIssued(recipients, answer.NewAPICredentials, &resp.Diagnostics)
	saved := planned.saveable(base)
	if saved.Status.IsNull() {
		saved.Status = stringOrNull(answer.Status)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, saved)...)
	if !c.patch.Description.IsZero() {
		// The form in which the service held the previous description says nothing about the
		// new one.
		clearPrivate(ctx, resp.Private, privateHeldDescription, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return nil
	}
	return answer
}

// explainUpdate adds the error of a refused PATCH, or of one whose lost answer may have
// issued a secret or set a password.
func (r *Resource) explainUpdate(ctx context.Context, request streamkap.UpdateProjectKeyRequest, planned *Model, err error, diags *diag.Diagnostics) {
	if lost := lostAnswer(err, streamkap.KindUnknownOutcome); lost != nil {
		diags.AddError("New access may have been added", lostUpdateDetail(request, planned, lost))
		return
	}
	if lost := lostAnswer(err, streamkap.KindUnknownPassword); lost != nil {
		diags.AddAttributeError(planned.Kafka.known.rotatingPath(), "The new Kafka password may be in force",
			fmt.Sprintf("The answer to the request that rotates the Kafka password of %s was lost. %s\n\n"+
				"The state still has the old one. Apply again, with the same password: it is sent again, which does no harm. "+
				"Until then, clients may be refused with either password.", planned.describe(), diagnosis.Said(lost)))
		return
	}
	r.explain(ctx, "update "+planned.describe(), planned, err, diags)
}

// clearOtherwise clears in the other form whatever the key still shows (contract, "Clearing
// a value"). It returns the last read of the key, and the attributes that neither form has
// cleared.
func (r *Resource) clearOtherwise(ctx context.Context, c *change, key *streamkap.ProjectKey, planned *Model, diags *diag.Diagnostics) (*streamkap.ProjectKey, []string) {
	if _, left := c.otherForm(planned, key); len(left) == 0 {
		return key, nil
	}
	// The read can be older than the request, and the other form may do harm where the first
	// one worked. So the key is read again.
	key, sure := r.lookAgain(ctx, key, planned, diags)
	other, left := c.otherForm(planned, key)
	if !sure || len(left) == 0 || !r.clearIn(ctx, other, left, planned, diags) {
		return key, nil
	}
	if key, sure = r.lookAgain(ctx, key, planned, diags); !sure {
		return key, nil
	}
	if _, left = c.otherForm(planned, key); slices.Contains(left, allowedToolsPath.String()) {
		// The service may hold the empty list without showing it, and would then allow no
		// tool.
		r.clearIn(ctx, streamkap.UpdateProjectKeyRequest{AllowedTools: c.patch.AllowedTools}, left, planned, diags)
	}
	return key, left
}

func (r *Resource) clearIn(ctx context.Context, form streamkap.UpdateProjectKeyRequest, left []string, planned *Model, diags *diag.Diagnostics) bool {
	_, err := r.client.UpdateProjectKey(ctx, planned.ID.ValueString(), form)
	if err != nil {
		r.explain(ctx, fmt.Sprintf("clear %s of %s", strings.Join(left, ", "), planned.describe()), planned, err, diags)
	}
	return err == nil
}

// lookAgain reads the key a second later. After a failure it adds the error and returns the
// earlier read.
func (r *Resource) lookAgain(ctx context.Context, before *streamkap.ProjectKey, planned *Model, diags *diag.Diagnostics) (*streamkap.ProjectKey, bool) {
	err := newWatch().pause(ctx)
	if err == nil {
		var key *streamkap.ProjectKey
		if key, err = r.waitSettled(ctx, planned.ID.ValueString(), false); err == nil {
			return key, true
		}
	}
	r.explainUnsettled(ctx, planned, afterUpdate, err, diags)
	return before, false
}

// otherForm is the PATCH that clears in the other form what the key still shows, and the
// names of those attributes.
func (c *change) otherForm(planned *Model, key *streamkap.ProjectKey) (streamkap.UpdateProjectKeyRequest, []string) {
	var other streamkap.UpdateProjectKeyRequest
	var left []string
	for _, f := range c.patched {
		if f.uncleared(planned, key) {
			f.about().clear(&other)
			left = append(left, f.about().name)
		}
	}
	return other, left
}

func explainUncleared(planned *Model, uncleared []string, diags *diag.Diagnostics) {
	if len(uncleared) == 0 {
		return
	}
	diags.AddError("Streamkap did not clear a value",
		fmt.Sprintf("Streamkap accepted the change of %s, but it still shows the old value of %s. Both forms of clearing were tried. "+
			"Everything else was changed, and the state holds what Streamkap holds.\n\n"+
			"Clear the value in Streamkap's UI and apply again, or put the value back into the configuration.",
			planned.describe(), strings.Join(uncleared, ", ")))
}
