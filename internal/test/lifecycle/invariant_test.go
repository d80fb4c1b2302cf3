// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// checkApply checks an apply against the model.
func (w *world) checkApply(o outcome, disturbed bool) {
	w.checkMonotone()
	if w.step.tampers() || w.step.drifts() {
		w.checkUnpredictable(o)
		return
	}
	w.checkRefresh(o)
	from := stateOf(w.before.state)
	if o.wasRead {
		from = stateOf(o.refreshed)
	}
	d := decide(from, w.config, w.step.Replace)
	if len(w.step.Unknown) > 0 {
		w.checkUnknown(o, from, d, disturbed)
		if o.action == replace && d.kind != refused {
			d.kind = replaced
		}
	}
	w.checkAPIPlanned(o)
	w.checkUseWarned(o)
	if o.action != "" && len(w.step.Unknown) == 0 {
		w.checkAction(o, d)
		// With -replace the provider does not know of the replacement when it warns.
		w.checkWarnings(o, decide(from, w.config, false))
	}
	if d.kind == refused && !o.failed() && !o.interrupted {
		w.fail("what can be refused is refused", "%s was accepted", d.why)
	}
	w.checkWrites(o, d, disturbed)
	w.checkKeys(o)
	w.checkSecrets()
	w.learn(o, d)
	switch {
	case o.interrupted:
	case w.refusedName(d, disturbed):
		w.checkNameRefused(o)
	case !o.failed():
		if d.takesOver {
			w.permissionsUnknown = true
		}
		w.checkServer()
		w.checkIssued(d)
	case d.kind != refused && !disturbed && !w.excused(d):
		w.fail("an undisturbed run succeeds", "the apply failed, which the model has as %s (%s)", d.kind, d.why)
	}
}

// refusedName reports whether the service has to refuse the apply for its name, and
// nothing else can have failed it before.
func (w *world) refusedName(d decision, disturbed bool) bool {
	asks := d.kind == created || d.kind == replaced || d.fields["name"]
	return asks && !disturbed && !w.excused(d) && w.nameTaken(w.config.Name)
}

// checkNameRefused checks that the error points at the name, and names the key that has it.
func (w *world) checkNameRefused(o outcome) {
	for _, diag := range o.diags {
		if diag.Summary == "Name is taken" && strings.Contains(fmt.Sprint(diag.Attribute), "name") && strings.Contains(diag.Detail, namesake) {
			return
		}
	}
	w.fail("the error names the key that has the name", "failed: %t", o.failed())
}

// excused reports whether the service does not let the apply succeed.
func (w *world) excused(d decision) bool {
	dialect := w.service().Dialect
	failsCreation := dialect.CreateOutcome == "failed"
	makes := d.kind == created || d.kind == replaced
	return w.mayTimeOut() ||
		w.endedForUnknown() ||
		// What is not known yet may need a new key, and that one a password.
		w.mayReplace(stateOf(w.before.state)) && refuseNew(decision{}, w.config).kind == refused ||
		w.stuck && d.kind != untouched ||
		makes && failsCreation ||
		d.kind == replaced && dialect.DeleteTiming == "failed-forever" ||
		len(d.clears) > 0 && dialect.Clearing == "nothing-clears" ||
		w.before.key != nil && w.before.key.Status == simulator.StatusCreating && failsCreation
}

// checkAction compares the plan with the model.
func (w *world) checkAction(o outcome, d decision) {
	want := map[decisionKind][]action{
		created: {create}, replaced: {replace}, inPlace: {update}, untouched: {noOp, update}, refused: nil,
	}[d.kind]
	if d.sameForm {
		want = []action{noOp}
	}
	if d.takesOver && d.kind == untouched {
		want = []action{update}
	}
	if !slices.Contains(want, o.action) {
		w.fail("the plan is what the change asks for", "planned %s, expected the key to be %s (%s) %v", o.action, d.kind, d.why, slices.Sorted(maps.Keys(d.fields)))
	}
}

// checkKeys checks that every key is in the state, in an error, or someone else's.
func (w *world) checkKeys(o outcome) {
	known := slices.Concat([]string{w.usernameHolder}, w.foreign, w.lost)
	if w.tf.state != nil {
		known = append(known, stateOf(w.tf.state).ID)
	}
	for _, key := range w.server.Keys() {
		switch was := stateOf(w.before.state); {
		case slices.Contains(known, key.ID):
		case was != nil && was.ID == key.ID:
			w.fail("no key is left behind", "key %s was in the state and is not any more", key.ID)
		case o.killed, o.says(key.ID), o.says("may have been created") && o.says(key.Name) && !w.listed():
			w.lost = append(w.lost, key.ID)
		default:
			w.fail("every key is in the state or in an error", "key %s is neither in the state nor in an error", key.ID)
		}
	}
}

// listed reports whether the list of keys could be read to the end.
func (w *world) listed() bool {
	return slices.ContainsFunc(w.server.Requests(), func(r simulator.Request) bool {
		return r.Method == http.MethodGet && r.Path == "/project-keys" && r.Status == http.StatusOK && r.Drop == simulator.DropNone
	}) && !slices.ContainsFunc(w.step.Faults, func(f simulator.Fault) bool { return f.Method == "" || f.Method == http.MethodGet })
}

// checkNothingLeft checks that the next plan is empty and writes nothing.
func (w *world) checkNothingLeft() {
	w.server.ResetRequests()
	o := w.runCLI(func() outcome { return w.tf.plan(w.config.value()) })
	if o.failed() && w.mayTimeOut() {
		return
	}
	if was := w.before.key; was != nil && was.Status == simulator.StatusCreating && w.service().Dialect.CreateOutcome == "failed" && o.action == replace {
		// The apply found the key still creating, and nothing to do.
		return
	}
	if o.failed() || o.action != noOp {
		w.fail("the next plan is empty", "it is %q, from %#v to %#v", o.action, w.tf.state.value, o.planned)
	}
	w.checkNoWrites("a plan changes nothing in the service")
	lasting := []string{"Block list without effect", "Client secret missing", unrequestedAPIAccess}
	for _, diag := range o.diags {
		if diag.Severity == tfprotov6.DiagnosticSeverityWarning && !slices.Contains(lasting, diag.Summary) {
			w.fail("an empty plan warns of nothing", "%s", diag.Summary)
		}
	}
	if h := stateOf(o.refreshed); o.says("Client secret missing") != (h.API != nil && h.plainSecret() == "" && !w.imported) {
		w.fail("every plan warns of a missing client secret", "%+v", h.API)
	}
	if o.says(unrequestedAPIAccess) != decide(stateOf(o.refreshed), w.config, false).unrequestedAPI {
		w.fail("every plan warns of API access that is not configured", "%+v", stateOf(o.refreshed).API)
	}
	if was, is := w.tf.state.value, o.refreshed.value; !is.RawEquals(was) {
		w.fail("a refresh after an apply changes nothing", "from %#v to %#v", was, is)
	}
}

// checkImported checks that a configuration that matches an imported key plans
// nothing, or takes over permissions.
func (w *world) checkImported(key simulator.Key) {
	if key.Status != simulator.StatusActive {
		return
	}
	c, isWhole := w.configurationOf(key)
	w.server.ResetRequests()
	w.checkImportPlan(c, c.value(), c.PermissionIDs != nil || !isWhole)
	if c.PermissionIDs == nil && isWhole && key.KafkaUsername == strings.ToLower(key.KafkaUsername) {
		w.checkImportPlan(c, resourceSchema.generate(w.tf.state.value), false)
	}
}

// configurationOf is a configuration that the key could have been made with. It is not
// whole where the key has rules that no configuration can hold.
func (w *world) configurationOf(key simulator.Key) (c *configuration, isWhole bool) {
	key.Description = shown(w.service().Dialect.Description, key.Description)
	c = heldBy(key)
	if deref(c.MCP.ToolProfile) == "full" {
		c.MCP.ToolProfile = nil // It restricts nothing.
	}
	if !c.isScoped() {
		c.MCP = nil
	}
	if c.Kafka == nil {
		return c, true
	}
	isWhole = !slices.ContainsFunc(c.Kafka.ACL, isOther)
	c.Kafka.Username, c.Kafka.ACL = strings.ToLower(c.Kafka.Username), slices.DeleteFunc(c.Kafka.ACL, isOther)
	slices.Reverse(c.Kafka.ACL)
	return c, isWhole
}

func (w *world) checkImportPlan(c *configuration, config cty.Value, changes bool) {
	o := w.runCLI(func() outcome { return w.tf.plan(config) })
	if o.failed() && w.mayTimeOut() {
		return
	}
	want := noOp
	if changes {
		want = update
	}
	if o.failed() || o.action != want {
		w.fail("an import with a matching configuration plans nothing", "it is %q, from %#v to %#v", o.action, w.tf.state.value, o.planned)
	}
	if o.says("Permissions are taken over unchecked") != (c.PermissionIDs != nil) {
		w.fail("the plan warns of what it has to", "taking over permissions")
	}
}

// heldBy is what the service holds, as a configuration that the key could have been
// made with, but for rules that no configuration can hold.
func heldBy(key simulator.Key) *configuration {
	c := &configuration{MCP: &mcpBlock{}}
	if key.HasKafka() {
		c.Kafka = &kafkaBlock{}
	}
	for _, f := range fields {
		f.read(&key, c)
	}
	return c
}
