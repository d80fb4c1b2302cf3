// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

const (
	// lostSearchTimeout bounds the search for a key whose create lost its
	// answer, which goes on even when the run was interrupted.
	lostSearchTimeout = time.Minute
	// lostSearches is how often the list is read: the service may still be
	// at work on a request whose connection broke.
	lostSearches = 3
)

// explainLostCreate looks for the key that a create may have made although its
// answer was lost, and names it. Nothing is adopted or deleted: a key of the
// same name may be someone else's.
func (r *ProjectKeyResource) explainLostCreate(ctx context.Context, name string, lost *streamkap.LostAnswerError, diags *diag.Diagnostics) {
	search, err := r.findLost(ctx, name, lost.SentAt)
	since := lost.SentAt.UTC().Format(time.RFC3339)
	const check = "Look in Streamkap for a key of this name that was created at %s or later. If there is one, import it or delete it before you apply again."

	var outcome string
	switch {
	case err != nil:
		outcome = fmt.Sprintf("Looking for the key failed too. %s\n\n"+check, diagnosis.Said(err), since)
	case len(search.Found) > 0:
		outcome = describeFound(search.Found)
	case len(search.Possible) > 0:
		outcome = fmt.Sprintf("It may be among these keys, whose age can't be told: %s. Or it was not made.\n\n"+check, spellKeys(search.Possible), since)
	case len(search.Blind) > 0:
		outcome = fmt.Sprintf("Streamkap lists no key of this name that was created at %s or later, but the look could have missed it: %s. "+
			"So the key may have been made, or not.\n\n"+check, since, strings.Join(search.Blind, "; "), since)
	default:
		outcome = fmt.Sprintf("Streamkap lists no key of this name that was created at %s or later, so it was probably not made.\n\n"+
			"Check in Streamkap that there is none, then apply again.", since)
	}
	diags.AddError("Project key may have been created", fmt.Sprintf(
		"The answer to the request that creates project key %q was lost. %s\n\n"+
			"The request was not repeated, because that could make a second key. %s", name, diagnosis.Said(lost.Err), outcome))
}

// findLost goes on even when the run was interrupted.
func (r *ProjectKeyResource) findLost(ctx context.Context, name string, since time.Time) (*streamkap.LostSearch, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lostSearchTimeout)
	defer cancel()
	reads := newWatch()
	for search := 1; ; search++ {
		found, err := r.client.FindLostKey(ctx, name, since)
		if err != nil || len(found.Found) > 0 || search == lostSearches {
			return found, err
		}
		if err := reads.pause(ctx, nil); err != nil {
			return nil, err
		}
	}
}

// identify finds the id of the key that an answer without one is about, so that
// what the answer delivered can be kept. It is empty unless exactly one key fits
// the answer.
func (r *ProjectKeyResource) identify(ctx context.Context, name string, since time.Time, file *streamkap.CredentialFile) string {
	search, err := r.findLost(ctx, name, since)
	if err != nil {
		return ""
	}
	id := ""
	for _, key := range append(search.Found, search.Possible...) {
		fits := file.HasAPI() && key.APIClientID == streamkap.Issued(file.API.ClientID) || file.HasKafka() && key.KafkaUsername == streamkap.Issued(file.Kafka.Username)
		switch {
		case fits && id != "":
			return ""
		case fits:
			id = key.ID
		}
	}
	return id
}

func spellKeys(keys []streamkap.ProjectKeySummary) string {
	spelled := make([]string, len(keys))
	for i, key := range keys {
		spelled[i] = fmt.Sprintf("id %s, created at %s", key.ID, cmp.Or(key.CreatedAt, "(not told)"))
	}
	return strings.Join(spelled, "; ")
}

func describeFound(found []streamkap.ProjectKeySummary) string {
	which, it := "This key", "it"
	if len(found) > 1 {
		which, it = "One of these keys", "the right one"
	}
	return fmt.Sprintf("%s is probably the one that was made: %s.\n\nThere are two ways out:\n"+
		"  - Import %s: import ADDRESS %s. Its client secret was in the lost answer and can't be had again.\n"+
		"  - Delete %s in Streamkap and apply again. That makes a key whose secret is known.",
		which, spellKeys(found), it, found[0].ID, it)
}

// explainIncomplete tells of an answer that came, and that lacked what no other
// answer ever holds. The action stands in "The answer to the request that …".
func (p *parts) explainIncomplete(action string, incomplete *streamkap.IncompleteAnswerError, diags *diag.Diagnostics) {
	if incomplete == nil {
		return
	}
	summary := "Credentials missing"
	if p.api == nil || !p.api.hasSecret() {
		summary = "Client secret missing"
	}
	diags.AddError(summary, fmt.Sprintf("The answer to the request that %s %s held no %s, and no other answer ever does. "+
		"What it held is in the state.\n\nTo get a key whose credentials are known, replace it: apply with -replace=ADDRESS.",
		action, p.describe(), strings.Join(incomplete.Missing, " and no ")))
}

func lostAnswer(err error) *streamkap.LostAnswerError {
	var lost *streamkap.LostAnswerError
	if errors.As(err, &lost) {
		return lost
	}
	return nil
}

// lostUpdateDetail tells of a PATCH that adds a capability and whose answer
// was lost.
func lostUpdateDetail(request streamkap.UpdateProjectKeyRequest, planned *parts, lost *streamkap.LostAnswerError) string {
	access, consequence := "Kafka access", "If it was added, the next apply goes on from there: Kafka clients use the password from the configuration."
	if request.AddsAPI {
		access = "API access"
		consequence = "If it was added, its client secret was in the lost answer and can't be had again. To get a key whose secret is known, " +
			"replace it: apply with -replace=ADDRESS."
	}
	password := ""
	if request.KafkaPassword != "" {
		password = "\n\nThe same request rotates the Kafka password, so the new one may be in force, and the state still has the old one. " +
			"Apply again with the same password: it is sent again, which does no harm. Until then, clients may be refused with either password."
	}
	return fmt.Sprintf("The answer to the request that adds %s to %s was lost. %s\n\n"+
		"The request was not repeated, because its answer carries credentials that are shown once. "+
		"Run plan: it reads from Streamkap whether the access was added. %s%s", access, planned.describe(), diagnosis.Said(lost.Err), consequence, password)
}
