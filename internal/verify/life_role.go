// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"context"
	"net/http"
)

// describedAs is what tells the ways of treating a description apart.
const describedAs = "  <b>bold</b> & 1 < 2  "

// The tools that scopes are made of. The first is the only one whose name
// Streamkap has published.
const (
	publicTool = "streamkap_delete_pipeline"
	otherTool  = "streamkap_list_pipelines"
)

// liveByRole is the life of a key with access to the API by role, which is
// given Kafka access where that is wanted.
func (r *run) liveByRole(ctx context.Context) {
	k, settled := r.begin(ctx, kindRole, map[string]any{"role_ids": r.roleIDs()})
	if k == nil {
		r.stop("no key could be made")
		return
	}
	k.roleIDs = r.roleIDs()
	r.about(ctx, k, question{step: stepList, method: http.MethodGet, path: pathKeys})
	r.about(ctx, k, question{step: stepMCP, method: http.MethodGet, path: pathMCP})
	r.logIn(ctx, k)
	if settled.ok() {
		r.changeValues(ctx, k)
		r.clearValues(ctx, k, members)
		r.replaceList(ctx, k)
		r.giveKafka(ctx, k)
	}
	r.end(ctx, k)
}

// changeValues changes what a key can always change.
func (r *run) changeValues(ctx context.Context, k *key) {
	r.patch(ctx, stepDescribe, k, map[string]any{"description": describedAs})
	r.read(ctx, stepReadDescr, k)
	r.patch(ctx, stepRename, k, map[string]any{"name": k.name + "-renamed"})
	r.read(ctx, stepReadName, k)
	r.patch(ctx, stepSameRoles, k, map[string]any{"role_ids": r.roleIDs()})
	r.patch(ctx, stepRefuseNewOwn, k, map[string]any{"permission_ids": []string{unknownID()}})
}

// member is a member of an update that can be cleared, in one of two forms.
type member struct {
	name  string
	value any
	empty any // what clears it where null does not
}

// members are those that every key with API access has.
var members = []member{
	{"description", "described", ""},
	{"tool_profile", "read-only", "full"},
	{"allowed_tools", []string{otherTool}, []string{}},
	{"blocked_tools", []string{publicTool}, []string{}},
}

// The forms in which a value is cleared.
const (
	byNull  = "null"
	byEmpty = "the empty value"
)

func stepSet(m member, form string) string     { return "set " + m.name + " to clear it by " + form }
func stepReadSet(m member, form string) string { return "read " + stepSet(m, form) }
func stepClear(m member, form string) string   { return "clear " + m.name + " by " + form }
func stepCleared(m member, form string) string { return "read " + stepClear(m, form) }

// clearValues sets values and clears them again, in each form.
func (r *run) clearValues(ctx context.Context, k *key, members []member) {
	for _, m := range members {
		for _, form := range []string{byNull, byEmpty} {
			if !r.goesOn(ctx) {
				return
			}
			if !r.patch(ctx, stepSet(m, form), k, map[string]any{m.name: m.value}).ok() {
				continue
			}
			r.read(ctx, stepReadSet(m, form), k)
			var cleared any
			if form == byEmpty {
				cleared = m.empty
			}
			r.patch(ctx, stepClear(m, form), k, map[string]any{m.name: cleared})
			r.read(ctx, stepCleared(m, form), k)
		}
	}
}

// replaceList sets a list after another one.
func (r *run) replaceList(ctx context.Context, k *key) {
	if r.patch(ctx, "set a list", k, map[string]any{"blocked_tools": []string{publicTool}}).ok() &&
		r.patch(ctx, stepReplace, k, map[string]any{"blocked_tools": []string{otherTool}}).ok() {
		r.read(ctx, stepReadReplace, k)
	}
}

// liveByPermissions is the life of a key that has permissions of its own.
func (r *run) liveByPermissions(ctx context.Context) {
	if len(r.options.Permissions) == 0 {
		return
	}
	k, settled := r.begin(ctx, kindPermissions, map[string]any{"permission_ids": r.options.Permissions})
	if k == nil {
		return
	}
	r.about(ctx, k, question{step: stepList, method: http.MethodGet, path: pathKeys})
	if settled.ok() {
		r.grant(ctx, k)
		r.patch(ctx, stepMoveRoles, k, map[string]any{"role_ids": r.roleIDs()})
	}
	r.end(ctx, k)
}

// grant has a key give itself roles that hold more than it has. A key that may
// not change itself at all shows nothing by being refused.
func (r *run) grant(ctx context.Context, k *key) {
	k.token = tokenIn(r.exchangeFor(ctx, stepPair, k, pairOf(k.file.at("api"))))
	if k.token == "" {
		return
	}
	own := question{step: stepOwnPatch, method: http.MethodPatch, path: pathKey, token: k.token}
	own.body = map[string]any{"description": "described"}
	if r.about(ctx, k, own).ok() {
		own.step, own.body, own.risky = stepOwnGrant, map[string]any{"role_ids": r.roleIDs()}, true
		r.about(ctx, k, own)
	}
}
