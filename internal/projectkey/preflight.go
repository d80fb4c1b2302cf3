// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/role"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

const preflightTime = 5 * time.Second

// Setup is what the resource and the list resource share while a provider runs.
type Setup struct {
	keys      *plannedKeys
	preflight *preflight
}

// NewSetup makes a setup. With preflight, plans are checked against Streamkap.
func NewSetup(client *streamkap.Client, checks bool) *Setup {
	s := &Setup{keys: newPlannedKeys()}
	if checks {
		s.preflight = &preflight{client: client.Optional(), keys: s.keys}
	}
	return s
}

// preflight warns of what Streamkap would refuse at apply. It asks once, however
// many keys are planned, and skips in silence what it gets no answer to. A nil one
// checks nothing.
type preflight struct {
	client *streamkap.Client
	keys   *plannedKeys

	asking sync.Once
	known  survey
	// reported is that the credentials are refused, which all keys share.
	reported sync.Once
}

// survey is what Streamkap answered. What it did not answer is nil.
type survey struct {
	who   *streamkap.WhoAmI
	roles []streamkap.Role
	// others are the keys of the credentials' project.
	others []streamkap.ProjectKeySummary
	// refusal is why the credentials can't manage keys.
	refusal error
}

// ask makes all three requests at once, each of them one time.
func (p *preflight) ask(ctx context.Context) {
	// Whoever asks first may be interrupted while others wait.
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), preflightTime)
	defer cancel()
	var (
		calls sync.WaitGroup
		keys  []streamkap.ProjectKeySummary
		errs  [3]error
	)
	calls.Go(func() { p.known.who, errs[0] = p.client.Identity(asking) })
	calls.Go(func() { p.known.roles, errs[1] = p.client.Roles(asking) })
	calls.Go(func() { keys, errs[2] = p.client.ProjectKeys(asking) })
	calls.Wait()
	if who := p.known.who; who != nil && who.ServiceID != "" {
		p.known.others = slices.DeleteFunc(keys, func(key streamkap.ProjectKeySummary) bool { return key.ServiceID != who.ServiceID })
	}
	for i, what := range []string{"the project of the credentials", "the roles", "the project keys"} {
		switch {
		case errs[i] == nil:
		case refusesCredentials(errs[i]):
			p.known.refusal = errs[i]
		default:
			p.client.Log(ctx, "Preflight skips what needs "+what+": there was no answer", map[string]any{"error": errs[i].Error()})
		}
	}
}

// refusesCredentials reports whether the credentials can manage no key at all, rather than
// lack a permission to read.
func refusesCredentials(err error) bool {
	var answer *streamkap.Error
	return streamkap.KindOf(err) == streamkap.KindOtherProject || errors.As(err, &answer) && answer.Own && answer.Status == http.StatusUnauthorized
}

const maxNamed = 10

func (p *preflight) checkNew(ctx context.Context, planned *Model, diags *diag.Diagnostics) {
	if p == nil || !p.begin(ctx, diags) {
		return
	}
	p.checkRoles(planned, nil, diags)
	p.checkUsername(planned, nil, diags)
	p.checkName(planned, diags)
}

func (p *preflight) checkChange(ctx context.Context, planned, prior *Model, diags *diag.Diagnostics) {
	if p == nil || !p.begin(ctx, diags) {
		return
	}
	if p.known.who != nil {
		err := p.client.CheckProject(ctx, prior.ServiceID.ValueString())
		if streamkap.KindOf(err) == streamkap.KindOtherProject {
			diags.AddWarning(diagnosis.Explain(diagnosis.Operation{Action: "plan the change of " + prior.describe()}, err))
			return
		}
	}
	p.checkRoles(planned, prior, diags)
	p.checkUsername(planned, prior, diags)
}

// begin asks Streamkap, once a run. It reports false where nothing needs to be checked:
// the plan fails anyway, or it is an apply.
func (p *preflight) begin(ctx context.Context, diags *diag.Diagnostics) bool {
	if p.keys.applying.Load() || diags.HasError() {
		return false
	}
	p.asking.Do(func() { p.ask(ctx) })
	if p.keys.applying.Load() {
		return false
	}
	if err := p.known.refusal; err != nil {
		p.reported.Do(func() { warnOfCredentials(err, diags) })
	}
	return true
}

func warnOfCredentials(err error, diags *diag.Diagnostics) {
	var whole *streamkap.SharedError
	asked := ""
	if errors.As(err, &whole) {
		// Later errors may refer to the first error of a run, and to no warning.
		err, asked = whole.Err, "\n\nThe provider asked "+whole.Asked+"."
	}
	summary, detail := diagnosis.Explain(diagnosis.Operation{Action: "check the plan"}, err)
	diags.AddWarning(summary, detail+asked)
}

// checkRoles looks for roles that don't exist, and for those with which an agent steps
// around its scope. Unchanged roles are not sent, so Streamkap can't refuse them.
func (p *preflight) checkRoles(planned, prior *Model, diags *diag.Diagnostics) {
	// Streamkap never lists no roles at all.
	if len(p.known.roles) == 0 {
		return
	}
	sent := prior == nil || !planned.RoleIDs.Equal(prior.RoleIDs)
	scope := planned.scope()
	had := func(id string) bool {
		return prior != nil && prior.scope().equal(scope) && slices.Contains(stringsOf(prior.RoleIDs), id)
	}
	for element, id := range knownTexts(planned.RoleIDs) {
		at := path.Root("role_ids").AtSetValue(element)
		i := slices.IndexFunc(p.known.roles, func(role streamkap.Role) bool { return strings.EqualFold(role.ID, id) })
		switch {
		case i < 0 && sent:
			diags.AddAttributeWarning(at, "No such role",
				fmt.Sprintf("Streamkap has no role with the id %q. %s", id, suggestRole(p.known.roles, id)))
		case i >= 0 && writesKeys(p.known.roles[i]) && !scope.neutral() && !had(id):
			diags.AddAttributeWarning(at, "Role can step around the scope", fmt.Sprintf(
				"The mcp block of project key %q limits what an AI agent can do through the MCP server. With its role %s, the agent can call the API itself, "+
					"and create a key without a scope or lift its own. Give the key a role that cannot write project keys.",
				planned.Name.ValueString(), diagnosis.Quote(p.known.roles[i].Name)))
		}
	}
}

// writesKeys reports whether a role is one of the two that are documented to write project
// keys.
func writesKeys(role streamkap.Role) bool {
	return isCalled(role, "admin") || isCalled(role, "data admin")
}

// suggestRole names the role whose key or name was given in place of its id, or else all
// roles.
func suggestRole(roles []streamkap.Role, text string) string {
	for _, known := range roles {
		if isCalled(known, text) {
			return fmt.Sprintf("That is the key or the name of the role %s, whose id is %s. The data source streamkap_role finds it by either.",
				diagnosis.Quote(known.Name), diagnosis.Show(known.ID))
		}
	}
	return role.Describe(roles)
}

// isCalled reports whether a text is the key or the name of a role, in any spelling.
func isCalled(role streamkap.Role, text string) bool {
	spelled := strings.NewReplacer(" ", "", "-", "", "_", "")
	return slices.ContainsFunc([]streamkap.Text{role.Key, role.Name}, func(label streamkap.Text) bool {
		return label != "" && strings.EqualFold(spelled.Replace(string(label)), spelled.Replace(text))
	})
}

func firstOf(items []string) []string {
	if len(items) <= maxNamed {
		return items
	}
	return append(slices.Clone(items[:maxNamed]), fmt.Sprintf("  - and %d more", len(items)-maxNamed))
}

func (p *preflight) checkUsername(planned, prior *Model, diags *diag.Diagnostics) {
	username := labelsOf(planned).Username
	if username == "" || prior != nil && username == labelsOf(prior).Username {
		return
	}
	for _, key := range p.strangers() {
		if string(key.KafkaUsername) == username {
			diags.AddAttributeWarning(kafkaPath.AtName("username"), usernameTaken, fmt.Sprintf(
				"The Kafka username %q is that of %s. It is unique within a project: unless this run deletes or replaces that key, Streamkap refuses it. "+
					"Choose another kafka.username, or import the key that has this one: import streamkap_project_key.NAME %s.", username, describeRow(key), diagnosis.Show(key.ID)))
			return
		}
	}
}

// warnOfUsernames says that two keys of the plan are to have one Kafka username, or
// exchange theirs: then each can be created once the other one is deleted.
func (p *preflight) warnOfUsernames(key keyLabels, sharing, exchanging *keyLabels, diags *diag.Diagnostics) {
	if p == nil || p.keys.applying.Load() {
		return
	}
	at := kafkaPath.AtName("username")
	if sharing != nil {
		diags.AddAttributeWarning(at, "Kafka username is used twice", fmt.Sprintf(
			"In this plan, %s and %s have the Kafka username %q. It is unique within a project, so Streamkap refuses one of them. "+
				"Choose another kafka.username for one of the two.", key.describe(), sharing.describe(), key.Username))
	}
	if exchanging != nil {
		diags.AddAttributeWarning(at, "Kafka usernames are exchanged", fmt.Sprintf(
			"In this plan, %s is replaced by a key with the Kafka username of %s, and that key gets its username. Each new key waits until the old key with its "+
				"username is deleted. With create_before_destroy, neither is deleted first, and Streamkap refuses both: change one username, apply, then change the other.",
			key.describe(), exchanging.describe()))
	}
}

// checkName looks for keys that have the name of a new one. Whether Streamkap takes
// a second key of a name is not known (contract, dialect 20).
func (p *preflight) checkName(planned *Model, diags *diag.Diagnostics) {
	name := planned.Name.ValueString()
	if name == "" {
		return
	}
	var same []streamkap.ProjectKeySummary
	for _, key := range p.strangers() {
		if streamkap.SameName(key.Name, name) {
			same = append(same, key)
		}
	}
	if len(same) == 0 {
		return
	}
	diags.AddAttributeWarning(path.Root("name"), "Name is in use", fmt.Sprintf("A project key of the name %q is to be created, and this project has one already:\n%s\n\n"+
		"If this run deletes or replaces that key, all is well. Otherwise it may be the key of an earlier run whose answer was lost. There are two ways to go on:\n"+
		"  - Import it: import streamkap_project_key.NAME %s. A key that is imported has no client secret in the state.\n"+
		"  - Apply: that makes another key of this name, or Streamkap refuses it. Which of the two is not documented.",
		name, describeRows(same), diagnosis.Show(same[0].ID)))
}

// strangers are the keys of the project that are neither in the state nor being deleted.
// What becomes of those in the state is the plan's to say (see plannedKeys).
func (p *preflight) strangers() []streamkap.ProjectKeySummary {
	var strangers []streamkap.ProjectKeySummary
	for _, key := range p.known.others {
		if !key.Status.Is(streamkap.StatusDeleting) && !p.keys.inState(key.ID) {
			strangers = append(strangers, key)
		}
	}
	return strangers
}
