// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"context"
	"net/http"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
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
	k, settled := r.begin(ctx, kindRole, map[string]any{"role_ids": r.roles})
	if k == nil {
		if r.goesOn(ctx) {
			r.stop("no key could be made")
		}
		return
	}
	if settled.OK() {
		r.patch(ctx, stepDescribe, k, map[string]any{"description": describedAs})
		r.service.Look(ctx, stepReadDescr, k)
		r.clearValues(ctx, k, members)
		if r.patch(ctx, "set a list", k, map[string]any{"blocked_tools": []string{publicTool}}).OK() &&
			r.patch(ctx, stepReplace, k, map[string]any{"blocked_tools": []string{otherTool}}).OK() {
			r.service.Look(ctx, stepReadReplace, k)
		}
		r.giveKafka(ctx, k)
	}
	r.end(ctx, k)
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

func stepReadSet(m member, form string) string { return "read " + m.name + " to clear it by " + form }
func stepClear(m member, form string) string   { return "clear " + m.name + " by " + form }
func stepCleared(m member, form string) string { return "read " + stepClear(m, form) }

// clearValues sets values and clears them again, in each form.
func (r *run) clearValues(ctx context.Context, k *owned.Key, members []member) {
	for _, m := range members {
		for _, form := range []string{byNull, byEmpty} {
			if !r.patch(ctx, "set "+m.name, k, map[string]any{m.name: m.value}).OK() {
				continue
			}
			r.service.Look(ctx, stepReadSet(m, form), k)
			cleared := map[string]any{byEmpty: m.empty}[form]
			r.patch(ctx, stepClear(m, form), k, map[string]any{m.name: cleared})
			r.service.Look(ctx, stepCleared(m, form), k)
		}
	}
}

// giveKafka adds Kafka access to a key.
func (r *run) giveKafka(ctx context.Context, k *owned.Key) {
	if !r.options.Kafka || !r.goesOn(ctx) {
		return
	}
	r.service.Say("Giving it Kafka access")
	rules := r.rules()
	if !r.patch(ctx, stepAddKafka, k, map[string]any{"kafka_config": kafkaConfig(sentAddresses(), rules)}).OK() {
		return
	}
	r.settle(ctx, stepReadAdded, k)
	for range 4 { // an order that changes shows only in several answers
		r.service.Look(ctx, stepReadAdded, k)
	}
	one := rules[:1]
	r.patch(ctx, stepReplace, k, map[string]any{"kafka_acls": one})
	r.service.Look(ctx, stepReadReplace, k)
	r.clearValues(ctx, k, []member{{"kafka_acls", one, []string{}}})
}

// liveByPermissions is the life of a key that has permissions of its own, and
// tries to give itself roles that hold more. One that may not change itself at
// all shows nothing by being refused.
func (r *run) liveByPermissions(ctx context.Context) {
	if len(r.options.Permissions) == 0 {
		return
	}
	k, settled := r.begin(ctx, kindPermissions, map[string]any{"permission_ids": r.options.Permissions})
	if k == nil {
		return
	}
	if settled.OK() {
		pair := map[string]any{"client_id": k.File.At("api", "client_id").Text(), "secret": k.File.At("api", "client_secret").Text()}
		token := r.service.Exchange(ctx, owned.Request{Step: stepPair, Key: k, Body: pair}).Token()
		own := owned.Request{Step: stepOwnPatch, Token: token, Body: map[string]any{"description": "described"}}
		if token != "" && r.service.Change(ctx, k, http.MethodPatch, own).OK() {
			own.Step, own.Body = stepOwnGrant, map[string]any{"role_ids": r.roles}
			r.service.Change(ctx, k, http.MethodPatch, own)
		}
	}
	r.end(ctx, k)
}

// liveKafkaOnly is the life of a key that has Kafka access alone, and is given
// access to the API.
func (r *run) liveKafkaOnly(ctx context.Context) {
	if a, asked := r.step(stepAddKafka); !r.options.Kafka || asked && a.Refused() {
		return // the project has no Kafka access to give
	}
	whitelist := sentAddresses()
	if r.options.EmptyWhitelist {
		whitelist = ""
	}
	k, settled := r.begin(ctx, kindKafka, map[string]any{"kafka_config": kafkaConfig(whitelist, nil)})
	if k == nil {
		return
	}
	if settled.OK() {
		if r.options.EmptyWhitelist {
			r.clearValues(ctx, k, []member{{"whitelist_ips", sentAddresses(), ""}})
		}
		if r.patch(ctx, stepAddAPI, k, map[string]any{"role_ids": r.roles}).OK() {
			r.settle(ctx, stepReadAPI, k)
		}
	}
	r.end(ctx, k)
}

// liveAsTwins asks for a second key of the first one's name.
func (r *run) liveAsTwins(ctx context.Context) {
	k, settled := r.begin(ctx, kindTwin, map[string]any{"role_ids": r.roles})
	if k == nil {
		return
	}
	if settled.OK() {
		if twin := r.create(ctx, stepTwin, "", k.Name(), map[string]any{"role_ids": r.roles}); twin != nil {
			r.end(ctx, twin)
		}
	}
	r.end(ctx, k)
}
