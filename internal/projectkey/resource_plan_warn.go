// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// recentUse is how long ago a key may have been used for a plan that ends it
// to say so.
const recentUse = 30 * 24 * time.Hour

func (r *Resource) refuseOwnKey(key keyLabels, diags *diag.Diagnostics) {
	if !r.isOwnKey(key) {
		return
	}
	diags.AddError("The provider's own key can't be deleted",
		fmt.Sprintf("The provider authenticates with %s. Deleting it would lock the provider out, with everything else that uses the key.\n\n"+
			"Give the provider other credentials first. Or, to leave the key as it is and only stop managing it, use a removed block with "+
			"destroy = false, or state rm.", key.describe()))
}

func (r *Resource) isOwnKey(key keyLabels) bool {
	return r.client != nil && key.ClientID != "" && key.ClientID == r.client.ClientID()
}

func (p *Model) describe() string { return labelsOf(p).describe() }

// warn adds the warnings of a change.
func (r *Resource) warn(ctx context.Context, c *change, prior, planned *Model, private privateState, diags *diag.Diagnostics) {
	c.warnOfOtherKinds(prior, diags)
	switch {
	case len(c.replaces) > 0:
		diags.AddWarning("Project key will be replaced", sentences(
			fmt.Sprintf("The %s will be deleted and created again, because %s.", prior.describe(), strings.Join(c.reasons, "; and because ")),
			"\n\nIts credentials end with it: everything that uses the key has to be given the new ones.", prior.sharesName(planned), lastUseOnce(ctx, private, diags), c.howToKnow()))
		return
	case c.mayRotate:
		diags.AddAttributeWarning(c.rotatedBy, "Kafka password may be rotated", sentences(
			fmt.Sprintf("The %s of the %s is not known yet. If it turns out to be another one, the new password takes effect at once and disconnects "+
				"consumers that use the old one.", c.rotatedBy, prior.describe()), lastUse(ctx, private, diags), "\n\n"+howToKnow))
	case c.rotates():
		diags.AddAttributeWarning(c.rotatedBy, "Kafka password will be rotated", sentences(
			fmt.Sprintf("The new password of the %s takes effect at once and disconnects consumers that use the old one.", prior.describe()), lastUse(ctx, private, diags)))
	}
	if c.adopts {
		diags.AddAttributeWarning(path.Root("permission_ids"), "Permissions are taken over unchecked",
			fmt.Sprintf("Streamkap does not show the permissions of a key, so permission_ids of the %s are taken from the configuration. "+
				"Nothing is changed in Streamkap. Make sure that they are the key's own: a later change of them replaces the key.", prior.describe()))
	}
	for _, lifted := range c.loosens {
		diags.AddAttributeWarning(lifted.at, "A restriction will be lifted",
			fmt.Sprintf("With this change of the %s, %s.", prior.describe(), lifted.possible))
	}
	if !c.patch.RoleIDs.IsZero() && isGiven(planned.RoleIDs) && r.isOwnKey(labelsOf(prior)) {
		diags.AddAttributeWarning(path.Root("role_ids"), "The provider's own roles will change",
			fmt.Sprintf("The provider authenticates with %s. If its new roles may not manage project keys, the provider can't undo this change, "+
				"nor make any other one.", prior.describe()))
	}
	c.warnOfRecipients(prior, planned, diags)
	warnOfAccessNotAskedFor(prior, planned, diags)
	warnOfMissingSecret(ctx, prior, private, diags)
}

func (c *change) howToKnow() string {
	if !c.deferred {
		return ""
	}
	return "\n\nWhat is not known yet may turn out to be as it was, and the key would be replaced for nothing. " + howToKnow
}

// sharesName warns of create_before_destroy, which no provider is told of, where the new
// key has the same name (contract, dialect 20).
func (p *Model) sharesName(planned *Model) string {
	if !sameString(p.Name, planned.Name) {
		return ""
	}
	return "With create_before_destroy, give the new key another name: Streamkap may refuse a second key of the same name."
}

// warnOfAccessNotAskedFor warns of API access by permissions that are not in the
// configuration. Streamkap does not show permissions, so no plan does.
func warnOfAccessNotAskedFor(prior, planned *Model, diags *diag.Diagnostics) {
	if !prior.hasAPI() || !prior.RoleIDs.IsNull() || planned.wantsAPI() {
		return
	}
	diags.AddWarning("API access is not in the configuration",
		fmt.Sprintf("The %s has access to the API, and the configuration gives it neither role_ids nor permission_ids. "+
			"It has no role, so what it may do are single permissions, which Streamkap does not show.\n\n"+
			"Add its permission_ids: applying that changes nothing in Streamkap, and this warning ends. If the key is to have access to Kafka only, "+
			"replace it with -replace=ADDRESS.", prior.describe()))
}

// warnOfMissingSecret warns of a key whose client secret was issued and never reached the
// state. An imported key can't have it.
func warnOfMissingSecret(ctx context.Context, prior *Model, private privateState, diags *diag.Diagnostics) {
	if prior.API.known == nil || prior.API.known.hasSecret() {
		return
	}
	if _, imported := getPrivate(ctx, private, privateImported, diags); imported {
		return
	}
	diags.AddAttributeWarning(path.Root("api").AtName("client_secret"), "Client secret missing",
		fmt.Sprintf("The %s has API access, but its client secret is not in the state: API access was added elsewhere, or the answer that "+
			"carried the secret was lost. Streamkap never shows it again.\n\n"+
			"To get a key whose secret is known, replace it with -replace=ADDRESS. To go on without the secret, take the key out of the state "+
			"with state rm and import it again by its id: this warning ends then.", prior.describe()))
}

// lastUse says when a key was last used, where that was lately, and is empty
// otherwise.
func lastUse(ctx context.Context, private privateState, diags *diag.Diagnostics) string {
	used, _ := getPrivate(ctx, private, privateLastUsed, diags)
	return describeUse(streamkap.Text(used))
}

func describeUse(at streamkap.Text) string {
	// Where there is none, this is the year 1.
	used, _ := at.Time()
	ago := time.Since(used)
	if ago > recentUse || ago < -time.Hour {
		return ""
	}
	return fmt.Sprintf("The key was last used %s, as far as Streamkap shows; use of Kafka may not count.", formatAge(ago))
}

// lastUseOnce is lastUse for a plan that deletes the key: the deletion does not repeat
// what the plan said.
func lastUseOnce(ctx context.Context, private privateState, diags *diag.Diagnostics) string {
	use := lastUse(ctx, private, diags)
	if use != "" {
		clearPrivate(ctx, private, privateLastUsed, diags)
	}
	return use
}

// warnOfUse warns at the deletion where no plan could: of a replacement that only -replace
// or replace_triggered_by ask for, Terraform drops the warnings of the second of its two
// plans.
func warnOfUse(ctx context.Context, state *Model, private privateState, diags *diag.Diagnostics) {
	if use := lastUse(ctx, private, diags); use != "" {
		diags.AddWarning("Project key was in use", fmt.Sprintf("The %s is deleted. %s", state.describe(), use))
	}
}

func formatAge(ago time.Duration) string {
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if n := int(ago / unit.length); n > 0 {
			if n > 1 {
				unit.name += "s"
			}
			return fmt.Sprintf("%d %s ago", n, unit.name)
		}
	}
	return "less than a minute ago"
}

func sentences(parts ...string) string {
	text := ""
	for _, part := range parts {
		if text != "" && part != "" && !strings.HasPrefix(part, "\n") {
			text += " "
		}
		text += part
	}
	return text
}
