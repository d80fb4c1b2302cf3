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
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

type identityModel struct {
	ID types.String `tfsdk:"id"`
}

// Create makes a key. Its answer holds secrets that are never shown again, so
// the state is saved before anything else can fail, and only then is the key
// waited for.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	config, planned := new(Model), new(Model)
	resp.Diagnostics.Append(req.Config.Get(ctx, config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, planned)...)
	recipients := planned.recipients(&resp.Diagnostics)
	planned.encryptSecrets(recipients, map[string]string{kafkaPassword: config.password().ValueString()}, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.keys.applying.Store(true)
	ctx, cancel := context.WithTimeout(ctx, planned.timeout(ctx, "create"))
	defer cancel()

	var file *streamkap.CredentialFile
	err := r.whenFree(ctx, planned, func() (err error) {
		file, err = r.client.CreateProjectKey(ctx, planned.expandCreate(config.password().ValueString()))
		return err
	})
	if lost := lostAnswer(err, streamkap.KindUnknownOutcome); lost != nil {
		if file != nil {
			file.ProjectKeyID = r.identify(ctx, planned.Name.ValueString(), file)
		}
		if file == nil || file.ProjectKeyID == "" {
			r.explainLostCreate(ctx, planned, lost, &resp.Diagnostics)
			return
		}
		file.Missing = []string{"project_key_id"}
	} else if err != nil {
		r.explain(ctx, fmt.Sprintf("create project key %q", planned.Name.ValueString()), planned, err, &resp.Diagnostics)
		return
	}
	created := time.Now()
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: types.StringValue(file.ProjectKeyID)})...)
	planned.flattenIssued(file)
	planned.encryptIssued(recipients, file.API, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, planned.saveable(file))...)
	setPrivate(ctx, resp.Private, privateUnseenSince, created.Format(time.RFC3339), &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		r.awaitCreated(ctx, planned, file, created, resp)
	}
}

func (r *Resource) awaitCreated(ctx context.Context, planned *Model, file *streamkap.CredentialFile, created time.Time, resp *resource.CreateResponse) {
	key, err := r.waitActive(ctx, file.ProjectKeyID, created)
	if key != nil {
		planned.flattenComputed(key, r.client.Host())
		planned.setCredentialJSON(file)
		resp.Diagnostics.Append(resp.State.Set(ctx, planned)...)
		rememberDescription(ctx, planned, key, resp.Private, &resp.Diagnostics)
		clearPrivate(ctx, resp.Private, privateUnseenSince, &resp.Diagnostics)
	}
	if err != nil {
		r.explainUnsettled(ctx, planned, afterCreate, err, &resp.Diagnostics)
		return
	}
	planned.explainIncomplete("creates", file.Missing, &resp.Diagnostics)
}

// saveable is a copy without unknown values.
func (p *Model) saveable(base *streamkap.CredentialFile) *Model {
	saved := p.copied()
	saved.nullUnknowns()
	if p.CredentialJSON.IsUnknown() {
		saved.setCredentialJSON(base)
	}
	return saved
}

const (
	// lostSearchTimeout bounds the search for a key whose create lost its
	// answer, which goes on even when the run was interrupted.
	lostSearchTimeout = time.Minute
	// lostSearches is how often the list is read at most: the service may still
	// be at work on a request whose connection broke.
	lostSearches = 3
)

// explainLostCreate lists the keys that a create may have made although its answer was
// lost. Nothing is adopted or deleted, because any key of the name may be someone else's.
func (r *Resource) explainLostCreate(ctx context.Context, planned *Model, lost error, diags *diag.Diagnostics) {
	name := planned.Name.ValueString()
	keys, err := r.keysNamed(ctx, name, func([]streamkap.ProjectKeySummary) bool { return false })
	var outcome string
	switch {
	case err != nil:
		outcome = fmt.Sprintf("Looking for the key failed too. %s\n\nLook in Streamkap for a key of this name. "+
			"If it is the one that was made, import it or delete it before you apply again.", diagnosis.Said(err))
	case len(keys) == 0:
		outcome = "Streamkap lists no key of this name in the project.\n\n" +
			"Look in Streamkap once more before you apply again: a key that shows up late can be imported or deleted."
	default:
		outcome = describeNamed(keys, planned.wantsAPI())
	}
	diags.AddError("Project key may have been created", fmt.Sprintf(
		"The answer to the request that creates project key %q was lost. %s\n\n"+
			"The request was not repeated, because that could make a second key. %s", name, diagnosis.Said(lost), outcome))
}

// keysNamed lists the keys of this name, again and again until they are enough, even when
// the run was interrupted.
func (r *Resource) keysNamed(ctx context.Context, name string, enough func([]streamkap.ProjectKeySummary) bool) ([]streamkap.ProjectKeySummary, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lostSearchTimeout)
	defer cancel()
	reads := newWatch()
	for search := 1; ; search++ {
		keys, err := r.client.ProjectKeysNamed(ctx, name)
		if err != nil || search == lostSearches || enough(keys) {
			return keys, err
		}
		if err := reads.pause(ctx); err != nil {
			return nil, err
		}
	}
}

// identify finds the id that an answer lacks, so that its secrets can be saved. It is
// empty unless exactly one key has the client id or the Kafka username of the answer.
func (r *Resource) identify(ctx context.Context, name string, file *streamkap.CredentialFile) string {
	other := func(key streamkap.ProjectKeySummary) bool {
		return (!file.HasAPI() || key.APIClientID != file.API.ClientID) &&
			(!file.HasKafka() || key.KafkaUsername != file.Kafka.Username)
	}
	id := ""
	_, _ = r.keysNamed(ctx, name, func(keys []streamkap.ProjectKeySummary) bool {
		fitting := slices.DeleteFunc(keys, other)
		if len(fitting) == 1 {
			id = fitting[0].ID
		}
		return len(fitting) > 0
	})
	return id
}

// describeNamed says what to do about keys one of which may have been made. Of a Kafka-only
// key, no secret is lost: the configuration has its password.
func describeNamed(keys []streamkap.ProjectKeySummary, withSecret bool) string {
	it, id := "it", diagnosis.Show(keys[0].ID)
	if len(keys) > 1 {
		it, id = "the right one", "ID"
	}
	imported, again := "", ""
	if withSecret {
		imported, again = " Its client secret was in the lost answer, and Streamkap never shows it again.", " That makes a key whose secret is known."
	}
	return fmt.Sprintf("Streamkap lists the keys of this name in the project, the newest first. One of them may be the key that was made:\n%s\n\n"+
		"If none of them is, apply again. Otherwise there are two ways out:\n"+
		"  - Import %[2]s: import streamkap_project_key.NAME %[3]s.%[4]s\n"+
		"  - Delete %[2]s in Streamkap and apply again.%[5]s", describeRows(keys), it, id, imported, again)
}

// explainIncomplete adds the error of an answer without the credentials that no other
// answer holds. The action completes "The answer to the request that …".
func (p *Model) explainIncomplete(action string, missing []string, diags *diag.Diagnostics) {
	if len(missing) == 0 {
		return
	}
	summary := "Credentials missing"
	if p.wantsAPI() && (p.API.known == nil || !p.API.known.hasSecret()) {
		summary = "Client secret missing"
	}
	diags.AddError(summary, fmt.Sprintf("The answer to the request that %s %s held no %s, and no other answer ever does. "+
		"What it held is in the state.\n\nTo get a key whose credentials are known, replace it: apply with -replace=ADDRESS.",
		action, p.describe(), strings.Join(missing, " and no ")))
}

// lostAnswer is what a request ended with whose outcome is not known, or nil.
func lostAnswer(err error, outcome streamkap.Kind) error {
	var lost *streamkap.CallError
	if errors.As(err, &lost) && lost.Kind == outcome {
		return lost.Err
	}
	return nil
}

func lostUpdateDetail(request streamkap.UpdateProjectKeyRequest, planned *Model, lost error) string {
	access, consequence := "Kafka access", "If it was added, the next apply goes on from there: Kafka clients use the password from the configuration."
	if request.AddsAPI {
		access = "API access"
		consequence = "If it was added, its client secret was in the lost answer, and Streamkap never shows it again. To get a key whose secret is known, " +
			"replace it: apply with -replace=ADDRESS."
	}
	password := ""
	if request.KafkaPassword != "" {
		password = "\n\nThe same request rotates the Kafka password, so the new one may be in force, and the state still has the old one. " +
			"Apply again with the same password: it is sent again, which does no harm. Until then, clients may be refused with either password."
	}
	return fmt.Sprintf("The answer to the request that adds %s to %s was lost. %s\n\n"+
		"The request was not repeated, because its answer carries credentials that are shown once. "+
		"Run plan: it reads from Streamkap whether the access was added. %s%s", access, planned.describe(), diagnosis.Said(lost), consequence, password)
}
