// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// maxNamed is how many roles, or keys, a diagnostic names.
const maxNamed = 10

// checkNew checks the plan of a new key. It may replace another one: then
// Terraform has planned that one first, and hands over what was noted there.
func (p *Preflight) checkNew(ctx context.Context, planned *parts, private markReader, resp *resource.ModifyPlanResponse) {
	if p == nil {
		return
	}
	replaced, ok := getMark(ctx, private, plannedMark, &resp.Diagnostics)
	if ok {
		clearMark(ctx, resp.Private, plannedMark, &resp.Diagnostics)
	}
	if p.begin(ctx, &resp.Diagnostics) {
		p.check(planned, nil, replaced, &resp.Diagnostics)
		p.warnOfName(planned, replaced, &resp.Diagnostics)
	}
}

// checkChange checks the plan of a key that is changed or replaced.
func (p *Preflight) checkChange(ctx context.Context, planned, prior *parts, replaces bool, diags *diag.Diagnostics) {
	if p == nil || !p.begin(ctx, diags) {
		return
	}
	var other *streamkap.OtherProjectError
	if p.project() != "" && errors.As(p.client.CheckProject(ctx, prior.ServiceID.ValueString()), &other) {
		summary, detail := diagnosis.Explain(diagnosis.Operation{Action: "plan the change of " + prior.describe()}, other)
		p.report(path.Empty(), summary, detail, p.strict, diags)
		return
	}
	id := prior.ID.ValueString()
	p.check(planned, prior, id, diags)
	if replaces {
		p.warnOfName(planned, id, diags)
	}
}

// leaveMark notes which key was planned, for the second plan that Terraform
// makes where it replaces the key.
func (p *Preflight) leaveMark(ctx context.Context, prior *parts, private markWriter, diags *diag.Diagnostics) {
	if p != nil {
		p.notePlanned(prior.ID.ValueString())
		setMark(ctx, private, plannedMark, prior.ID.ValueString(), diags)
	}
}

// begin gets what is needed, and reports false where there is nothing to check.
func (p *Preflight) begin(ctx context.Context, diags *diag.Diagnostics) bool {
	if p.over.Load() || diags.HasError() {
		return false
	}
	p.asking.Do(func() { p.ask(ctx) })
	if err := p.known.refusal; err != nil {
		p.told.Do(func() { p.reportRefusal(err, diags) })
	}
	return true
}

func (p *Preflight) reportRefusal(err error, diags *diag.Diagnostics) {
	var whole *streamkap.WholeError
	asked := ""
	if errors.As(err, &whole) {
		// Only an error tells all that another one may refer to, and this may
		// become a warning.
		err, asked = whole.Err, "\n\nThe provider asked "+whole.Identify()+"."
	}
	summary, detail := diagnosis.Explain(diagnosis.Operation{Action: "check the plan"}, err)
	p.report(path.Empty(), summary, detail+asked, p.strict, diags)
}

func (p *Preflight) report(at path.Path, summary, detail string, strict bool, diags *diag.Diagnostics) {
	var found diag.Diagnostic = diag.NewWarningDiagnostic(summary, detail)
	if strict {
		found = diag.NewErrorDiagnostic(summary, detail)
	}
	if !at.Equal(path.Empty()) {
		found = diag.WithPath(at, found)
	}
	diags.Append(found)
}

// project is that of the credentials, or empty where it is not known.
func (p *Preflight) project() string {
	if p.known.who == nil {
		return ""
	}
	return p.known.who.ServiceID
}

func (p *Preflight) check(planned, prior *parts, replaced string, diags *diag.Diagnostics) {
	// Streamkap never lists no roles at all.
	if len(p.known.roles) > 0 {
		p.checkRoles(planned, prior, diags)
		p.warnOfWayAround(planned, prior, diags)
	}
	if planned.kafka == nil || prior != nil && prior.kafka != nil && planned.kafka.Username.Equal(prior.kafka.Username) {
		return
	}
	p.checkUsername(planned, replaced, diags)
}

// checkRoles looks for roles that don't exist. One that the key has had before
// is not sent, so it keeps nobody from changing something else.
func (p *Preflight) checkRoles(planned, prior *parts, diags *diag.Diagnostics) {
	for _, element := range planned.RoleIDs.Elements() {
		id, ok := element.(types.String)
		has := func(role streamkap.Role) bool { return strings.EqualFold(role.ID, id.ValueString()) }
		if !ok || id.IsUnknown() || id.IsNull() || slices.ContainsFunc(p.known.roles, has) {
			continue
		}
		held := prior != nil && slices.Contains(texts(prior.RoleIDs), id.ValueString())
		p.report(path.Root("role_ids").AtSetValue(element), "No such role",
			fmt.Sprintf("Streamkap has no role with the id %q. %s", id.ValueString(), p.suggestRole(id.ValueString())), p.strict && !held, diags)
	}
}

var roleSeparators = strings.NewReplacer(" ", "", "-", "", "_", "")

// suggestRole names the role that a text is the key or the name of, in whatever
// spelling, or those there are.
func (p *Preflight) suggestRole(text string) string {
	same := func(other streamkap.Text) bool {
		return other != "" && strings.EqualFold(roleSeparators.Replace(string(other)), roleSeparators.Replace(strings.TrimSpace(text)))
	}
	var names []string
	for _, role := range p.known.roles {
		if same(role.Key) || same(role.Name) {
			return fmt.Sprintf("That is the key or the name of the role %s, whose id is %s. The data source streamkap_role finds it by either.", diagnosis.Quote(role.Name), diagnosis.Show(role.ID))
		}
		names = append(names, fmt.Sprintf("  - key %s, name %s, id %s", diagnosis.Quote(role.Key), diagnosis.Quote(role.Name), diagnosis.Show(role.ID)))
	}
	return "It has these:\n" + strings.Join(few(names), "\n")
}

// few leaves out what would be too many to read.
func few(items []string) []string {
	if len(items) <= maxNamed {
		return items
	}
	return append(slices.Clone(items[:maxNamed]), fmt.Sprintf("  - and %d more", len(items)-maxNamed))
}

// checkUsername looks for another key of the project with the Kafka username. A
// key that was never made, or could not be deleted, may free it any time.
func (p *Preflight) checkUsername(planned *parts, replaced string, diags *diag.Diagnostics) {
	username := planned.kafka.Username
	if username.IsUnknown() || username.IsNull() {
		return
	}
	for _, key := range p.others(replaced) {
		if string(key.KafkaUsername) == username.ValueString() {
			p.report(kafkaPath.AtName("username"), diagnosis.UsernameTaken,
				fmt.Sprintf("The Kafka username %q is that of %s. It is unique within a project. Choose another kafka.username, or import the key that has this one: "+
					"import ADDRESS %s.", username.ValueString(), spellRow(key), diagnosis.Show(key.ID)), p.strict && !key.Status.Dead(), diags)
			return
		}
	}
}

// warnOfName tells of keys that have the name of a new one. Streamkap may
// take a second key of a name (contract, dialect 20), so that is no error in any mode.
func (p *Preflight) warnOfName(planned *parts, replaced string, diags *diag.Diagnostics) {
	name := planned.Name
	if name.IsUnknown() || name.IsNull() {
		return
	}
	var same []streamkap.ProjectKeySummary
	for _, key := range p.others(replaced) {
		if streamkap.SameName(key.Name, name.ValueString()) {
			same = append(same, key)
		}
	}
	if len(same) == 0 {
		return
	}
	spelled := make([]string, len(same))
	for i, key := range same {
		spelled[i] = "  - " + spellRow(key)
	}
	p.report(path.Root("name"), "Name is in use", fmt.Sprintf("A project key of the name %q is to be created, and this project has one already:\n%s\n\n"+
		"It may be the key of an earlier run whose answer was lost. There are two ways to go on:\n"+
		"  - Import it: import ADDRESS %s. A key that is imported has no client secret in the state.\n"+
		"  - Apply: that makes another key of this name, or Streamkap refuses it. Which of the two is not documented.",
		name.ValueString(), strings.Join(few(spelled), "\n"), diagnosis.Show(same[0].ID)), false, diags)
}

// others are the keys of the project but for those on their way out, and the one
// that is replaced.
func (p *Preflight) others(replaced string) []streamkap.ProjectKeySummary {
	var others []streamkap.ProjectKeySummary
	for _, key := range p.known.keys {
		if p.project() == "" || key.ServiceID != p.project() || key.ID == replaced || key.Status.Is(streamkap.StatusDeleting) || p.mayBeReplaced(key) {
			continue
		}
		others = append(others, key)
	}
	return others
}

// spellRow names a key, its age and who made it.
func spellRow(key streamkap.ProjectKeySummary) string {
	text := fmt.Sprintf("project key %s (id %s, status %s", diagnosis.Quote(key.Name), diagnosis.Show(key.ID), diagnosis.Show(key.Status))
	if created, ok := key.CreatedAt.Time(); ok {
		text += ", created " + spell(time.Since(created))
		if by := key.CreatedBy; by != nil {
			if who := cmp.Or(by.Email, by.Name, by.ID); who != "" {
				text += " by " + diagnosis.Show(who)
			}
		}
	}
	return text + ")"
}
