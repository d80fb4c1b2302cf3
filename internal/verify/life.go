// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
)

// What requests are for. Observers find answers by these.
const (
	stepExchange    = "exchange"
	stepWhoami      = "whoami"
	stepBadToken    = "whoami with a wrong token"
	stepRoles       = "roles"
	stepListBefore  = "list before"
	stepListAfter   = "list after"
	stepReadUnknown = "read what never was"
	stepReadOther   = "read a key of another project"

	stepRefuseRole   = "create with an unknown role"
	stepRefuseName   = "create with a name of 101 characters"
	stepRefuseBoth   = "create with roles and permissions"
	stepRefuseNewOwn = "change the permissions of API access"
	stepRefuseKafka  = "add Kafka access twice"
	stepRefuseScope  = "scope a Kafka-only key"
	stepRefuseLogin  = "exchange a Kafka-only file"

	stepCreate      = "create"
	stepReadNew     = "read the new key"
	stepList        = "list"
	stepMCP         = "mcp-config"
	stepPair        = "exchange a key's pair"
	stepBase64      = "exchange a key's file as Base64"
	stepObject      = "exchange a key's file as an object"
	stepOwnWhoami   = "whoami of a key"
	stepReadUsed    = "read the used key"
	stepDescribe    = "describe"
	stepReadDescr   = "read the description"
	stepRename      = "rename"
	stepReadName    = "read the name"
	stepSameRoles   = "set the roles"
	stepMoveRoles   = "move from permissions to roles"
	stepOwnPatch    = "change a key with its own token"
	stepOwnGrant    = "give a key more with its own token"
	stepReplace     = "replace a list"
	stepReadReplace = "read the replaced list"

	stepAddKafka     = "add Kafka access"
	stepReadAdded    = "read the added access"
	stepRotate       = "rotate the password"
	stepReadRules    = "read the rules"
	stepReplaceRules = "replace the rules"
	stepReadReplaced = "read the replaced rules"
	stepAddAPI       = "add API access"
	stepReadAPI      = "read the added API access"
	stepAddedPair    = "exchange the added pair"

	stepDelete      = "delete"
	stepReadDeleted = "read the deleted key"
	stepListDeleted = "list without the deleted key"
	stepReadGone    = "read what is gone"
	stepDeleteGone  = "delete what is gone"
	stepDeadToken   = "whoami of a deleted key"

	stepListLost = "look for a lost key"
)

// live takes the keys through their lives, one after the other.
func (r *run) live(ctx context.Context) {
	for _, chapter := range []struct {
		about string
		tell  func(context.Context)
	}{
		{"Looking at roles and keys", r.lookAround},
		{"Asking for what has to be refused", r.provoke},
		{"A key by role", r.liveByRole},
		{"A key by permissions", r.liveByPermissions},
		{"A Kafka-only key", r.liveKafkaOnly},
	} {
		if !r.goesOn(ctx) {
			return
		}
		r.say("%s", chapter.about)
		chapter.tell(ctx)
	}
}

// lookAround reads what is there before anything is made.
func (r *run) lookAround(ctx context.Context) {
	r.seen.before = r.get(ctx, stepListBefore, pathKeys)
	if !isKeyList(r.seen.before) {
		r.stop("the list of keys can't be read, so nothing could be found again: %s", r.seen.before.shape())
		return
	}
	r.caller.ask(ctx, question{step: stepBadToken, method: http.MethodGet, path: "/auth/whoami", token: "no-token-at-all"})
	r.caller.ask(ctx, question{step: stepReadUnknown, method: http.MethodGet, path: pathKey, id: unknownID()})
	r.readOther(ctx)
	roles := r.get(ctx, stepRoles, "/auth/roles")
	for _, wanted := range r.options.Roles {
		for _, role := range roles.body.items() {
			if role.at("id").text() != "" && (sameWord(role.at("key").text(), wanted) || sameWord(role.at("name").text(), wanted)) {
				r.roles = append(r.roles, role)
				break
			}
		}
	}
	if len(r.roles) < len(r.options.Roles) {
		r.stop("not all of the %d roles to be given are among the %d that can be read: name others with -roles",
			len(r.options.Roles), len(roles.body.items()))
	}
}

// readOther reads a key of another project, where the list has one.
func (r *run) readOther(ctx context.Context) {
	for _, row := range r.seen.before.body.items() {
		if project := row.at("service_id").text(); project != "" && project != r.options.ServiceID {
			r.caller.ask(ctx, question{step: stepReadOther, method: http.MethodGet, path: pathKey, id: row.at("id").text()})
			return
		}
	}
}

func (r *run) get(ctx context.Context, step, path string) answer {
	return r.caller.ask(ctx, question{step: step, method: http.MethodGet, path: path})
}

// sameWord compares names of roles as people write them.
func sameWord(a, b string) bool {
	fold := strings.NewReplacer(" ", "", "-", "", "_", "")
	return a != "" && strings.EqualFold(fold.Replace(a), fold.Replace(b))
}

// unknownID is shaped like an id and belongs to nothing.
func unknownID() string {
	b := []byte("00000000-0000-4000-8000-000000000000")
	for i, c := range random()[:12] {
		b[24+i] = "0123456789abcdef"[c%16]
	}
	return string(b)
}

func (r *run) roleIDs() []string {
	var ids []string
	for _, role := range r.roles {
		ids = append(ids, role.at("id").text())
	}
	return ids
}

// newName is a name that no other key has had.
func (r *run) newName() string { return r.name + "-" + random()[:20] }

// provoke asks for keys that the service has to refuse. Where it makes one
// after all, that is deleted at once.
func (r *run) provoke(ctx context.Context) {
	long := r.newName()
	long += strings.Repeat("x", 101-len(long))
	for _, refusal := range []struct {
		step string
		body map[string]any
	}{
		{stepRefuseRole, map[string]any{"name": r.newName(), "role_ids": []string{unknownID()}}},
		{stepRefuseName, map[string]any{"name": long, "role_ids": r.roleIDs()}},
		{stepRefuseBoth, map[string]any{"name": r.newName(), "role_ids": r.roleIDs(), "permission_ids": []string{unknownID()}}},
	} {
		if k := r.create(ctx, refusal.step, kindRefused, refusal.body); k != nil {
			r.end(ctx, k)
		}
	}
}

// begin creates a key and waits for it. An answer that was lost is tried once
// more, after the key that it may have made was looked for and deleted.
func (r *run) begin(ctx context.Context, kind string, body map[string]any) (*key, answer) {
	for range 2 {
		body["name"] = r.newName()
		if k := r.create(ctx, stepCreate, kind, body); k != nil {
			return k, r.settle(ctx, stepReadNew, k)
		}
		if a, _ := r.seen.step(stepCreate); !r.goesOn(ctx) || a.refused() {
			break
		}
		lost := r.seen.keys[len(r.seen.keys)-1]
		lost.kind = kindRefused // no observer is to take it for the key that is meant
		r.cleanKey(ctx, lost)
		if !lost.gone {
			r.stop("a key that may have been made could not be deleted")
		}
	}
	return nil, answer{}
}

// end deletes a key. After a deletion that failed for good no more are made.
func (r *run) end(ctx context.Context, k *key) {
	if !r.remove(ctx, k) {
		r.stop("a key could not be deleted, so no more are made")
		return
	}
	r.read(ctx, stepReadGone, k)
	r.about(ctx, k, question{step: stepDeleteGone, method: http.MethodDelete, path: pathKey})
	if k.token != "" {
		r.about(ctx, k, question{step: stepDeadToken, method: http.MethodGet, path: "/auth/whoami", token: k.token})
	}
}

// logIn exchanges the credentials of a key in the documented forms, and uses
// them.
func (r *run) logIn(ctx context.Context, k *key) {
	k.token = tokenIn(r.exchangeFor(ctx, stepPair, k, pairOf(k.file.at("api"))))
	if file, err := json.Marshal(k.file.any); err == nil {
		r.exchangeFor(ctx, stepBase64, k, map[string]any{"project_key": base64.StdEncoding.EncodeToString(file)})
	}
	r.exchangeFor(ctx, stepObject, k, map[string]any{"project_key": k.file.any})
	if k.token != "" {
		r.about(ctx, k, question{step: stepOwnWhoami, method: http.MethodGet, path: "/auth/whoami", token: k.token})
	}
	r.read(ctx, stepReadUsed, k)
}

func (r *run) exchangeFor(ctx context.Context, step string, k *key, body map[string]any) answer {
	return r.about(ctx, k, question{step: step, method: http.MethodPost, path: "/auth/access-token", body: body, bare: true})
}

func pairOf(api value) map[string]any {
	return map[string]any{"client_id": api.at("client_id").text(), "secret": api.at("client_secret").text()}
}
