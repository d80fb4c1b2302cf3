// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// What requests are for. Observers find answers by these.
const (
	stepRoles       = "roles"
	stepListBefore  = "list before"
	stepListAfter   = "list after"
	stepReadUnknown = "read what never was"
	stepReadOther   = "read a key of another project"
	stepCreate      = "create"
	stepReadNew     = "read the new key"
	stepPair        = "exchange a key's pair"
	stepDescribe    = "describe"
	stepReadDescr   = "read the description"
	stepOwnPatch    = "change a key with its own token"
	stepOwnGrant    = "give a key more with its own token"
	stepReplace     = "replace a list"
	stepReadReplace = "read the replaced list"
	stepAddKafka    = "add Kafka access"
	stepReadAdded   = "read the added access"
	stepAddAPI      = "add API access"
	stepReadAPI     = "read the added API access"
	stepTwin        = "create a second key of the same name"
	stepOpenAPI     = "openapi.json"
)

// The kinds of keys that a run makes.
const (
	kindRole        = "role"
	kindPermissions = "permissions"
	kindKafka       = "kafka"
	kindTwin        = "twin"
)

// oddStatus is how long a status that nobody has heard of is waited for.
const oddStatus = time.Minute

// live takes the keys through their lives, one after the other.
func (r *run) live(ctx context.Context) {
	for _, phase := range []struct {
		about string
		live  func(context.Context)
	}{
		{"Looking at roles and keys", r.lookAround},
		{"A key by role", r.liveByRole},
		{"A key by permissions", r.liveByPermissions},
		{"A Kafka-only key", r.liveKafkaOnly},
		{"Two keys of one name", r.liveAsTwins},
	} {
		if r.goesOn(ctx) {
			r.service.Say("%s", phase.about)
			phase.live(ctx)
		}
	}
}

// lookAround reads what is there before anything is made.
func (r *run) lookAround(ctx context.Context) {
	list, err := r.service.Before(ctx, stepListBefore)
	if r.before = list; err != nil {
		r.stop("%v", err)
		return
	}
	r.service.Get(ctx, owned.Request{Step: stepReadUnknown, Path: owned.PathOf(unknownID())})
	if list.Elsewhere != "" {
		r.service.Get(ctx, owned.Request{Step: stepReadOther, Path: owned.PathOf(list.Elsewhere)})
	}
	roles := r.service.Get(ctx, owned.Request{Step: stepRoles, Path: "/auth/roles"}).Body.Items()
	for _, wanted := range r.options.Roles {
		if i := slices.IndexFunc(roles, func(role owned.Value) bool {
			return role.At("id").ID() != "" && (owned.IsStatus(role.At("key").Text(), wanted) || owned.IsStatus(role.At("name").Text(), wanted))
		}); i >= 0 {
			r.roles = append(r.roles, roles[i].At("id").ID())
		}
	}
	if len(r.roles) < len(r.options.Roles) {
		r.stop("not all of the %d roles to be given are among the %d that can be read: name others with -roles", len(r.options.Roles), len(roles))
	}
}

// unknownID is shaped like an id and belongs to nothing.
func unknownID() string {
	b := []byte("00000000-0000-4000-8000-000000000000")
	for i, c := range random()[:12] {
		b[24+i] = "0123456789abcdef"[c%16]
	}
	return string(b)
}

// create asks for a key. It returns nil where none was made, or none is known.
func (r *run) create(ctx context.Context, step, kind, name string, body map[string]any) *owned.Key {
	if len(r.service.Keys) >= MaxKeys {
		r.stop("it has asked for %d keys, and makes no more", MaxKeys)
	}
	if !r.goesOn(ctx) {
		return nil
	}
	body["name"] = name
	k, a := r.service.Create(ctx, kind, name, owned.Request{Step: step, Body: body})
	switch {
	case k == nil || k.Gone():
		return nil
	case a.OK() && k.ID() != "":
		return k
	}
	k.Kind = "" // no observer is to take it for the key that is meant
	r.end(ctx, k)
	return nil
}

// begin creates a key and waits for it. An answer that was lost is tried once
// more, after the key that it may have made was looked for and deleted.
func (r *run) begin(ctx context.Context, kind string, body map[string]any) (*owned.Key, owned.Answer) {
	for range 2 {
		if k := r.create(ctx, stepCreate, kind, r.name+"-"+random()[:20], body); k != nil {
			return k, r.settle(ctx, stepReadNew, k)
		}
		if a, _ := r.step(stepCreate); a.Refused() {
			break
		}
	}
	return nil, owned.Answer{}
}

// end deletes a key. Where one can't be deleted no more are made.
func (r *run) end(ctx context.Context, k *owned.Key) {
	if !r.service.Remove(ctx, k) && r.goesOn(ctx) {
		r.stop("a key could not be deleted, so no more are made")
	}
}

// patch changes a key.
func (r *run) patch(ctx context.Context, step string, k *owned.Key, body map[string]any) owned.Answer {
	if !r.goesOn(ctx) {
		return owned.Answer{Step: step, Err: ctx.Err()}
	}
	return r.service.Change(ctx, k, http.MethodPatch, owned.Request{Step: step, Body: body})
}

// settle waits until a key has a lasting status, and tells what it read last.
func (r *run) settle(ctx context.Context, step string, k *owned.Key) owned.Answer {
	began := time.Now()
	for {
		a := r.service.Look(ctx, step, k)
		passed := time.Since(began)
		status := a.Body.At("status").Text()
		lasting := owned.IsStatus(status, "active") || owned.IsStatus(status, "failed")
		odd := !owned.IsStatus(status, "creating") && passed > oddStatus
		if !r.goesOn(ctx) || a.OK() && (lasting || odd) || a.SaysGone() && passed > oddStatus {
			return a
		}
		_ = owned.Sleep(ctx, min(passed/10, 10*time.Second))
	}
}

// rule is an ACL rule as it is sent.
func rule(name, resource, operation, pattern string) any {
	return map[string]any{"topic_name": name, "resource": resource, "operation": operation, "resource_pattern_type": pattern}
}

// rules are in an order that sorting changes. The topics do not exist.
func (s *seen) rules() []any {
	return []any{
		rule(s.name+"-m", "TOPIC", "READ", "LITERAL"),
		rule(s.name+"-z", "GROUP", "READ", "LITERAL"),
		rule(s.name+"-a", "TOPIC", "WRITE", "PREFIXED"),
		rule(s.name+"-m", "GROUP", "DESCRIBE", "PREFIXED"),
		rule(s.name+"-b", "TOPIC", "DESCRIBE", "LITERAL"),
		rule(s.name+"-a", "TOPIC", "READ", "LITERAL"),
	}
}

// The addresses are of a range that is kept for documentation, so nobody can
// connect from them. Their order and forms tell the ways of answering apart.
var addresses = []string{"192.0.2.2", "192.0.2.3/32", "192.0.2.1"}

// kafkaConfig is for a user of a new name with a password that is used once.
func kafkaConfig(whitelist string, rules []any) map[string]any {
	config := map[string]any{"username": "verify-" + random()[:16], "password": fmt.Sprintf("V1-%sa", random())}
	if whitelist != "" {
		config["whitelist_ips"] = whitelist
	}
	if len(rules) > 0 {
		config["kafka_acls"] = rules
	}
	return config
}

func sentAddresses() string { return strings.Join(addresses, ",") }
