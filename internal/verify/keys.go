// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"context"
	"errors"
	"net/http"
	"time"
)

const (
	pathKeys = "/project-keys"
	pathKey  = "/project-keys/{id}"
	pathMCP  = "/project-keys/{id}/mcp-config"

	settleTimeout = 20 * time.Minute
	goneTimeout   = 20 * time.Minute
	cleanTimeout  = time.Hour
	// oddTimeout is how long a status that nobody has heard of is waited for.
	oddTimeout = time.Minute
	// deletions is how often a deletion is tried before it has failed for good.
	deletions = 4
)

// create asks for a key. It returns nil where none was made, or none is known.
func (r *run) create(ctx context.Context, step, kind string, body map[string]any) *key {
	if !r.goesOn(ctx) {
		return nil
	}
	if r.asked >= MaxKeys {
		r.stop("it has asked for %d keys, and makes no more", MaxKeys)
		return nil
	}
	r.asked++
	name, _ := body["name"].(string)
	k := &key{kind: kind, name: name, sent: body, intent: r.serviceTime()}
	if r.broken = r.journal.write(entry{Intent: k.name, Time: k.intent}); r.broken != nil {
		r.stop("the journal can't be written")
		return nil
	}
	r.seen.keys = append(r.seen.keys, k)
	a := r.caller.ask(ctx, question{step: step, key: kind, method: http.MethodPost, path: pathKeys, body: body, risky: true})
	k.file, k.id = a.body, a.body.at("project_key_id").text()
	switch {
	case a.ok() && k.id != "" && ownRow(r.seen.before, k).there:
		// It would be somebody else's key that is changed and deleted then.
		k.id = ""
		r.stop("a creation was answered with the id of a key that was there before")
	case a.ok() && k.id != "":
		r.note(entry{Made: k.id, Name: k.name})
		k.secrets = secretsIn(k.file)
		return k
	case a.refused() || a.status == http.StatusUnauthorized:
		k.id, k.gone = "", true
		r.note(entry{Refused: k.name})
	default:
		k.id = ""
	}
	return nil
}

// note writes what no longer has to be prevented. A journal that fails makes
// the run end early.
func (r *run) note(e entry) {
	if err := r.journal.write(e); err != nil {
		r.broken = err
		r.stop("the journal can't be written")
	}
}

// serviceTime is a moment before now by the service's clock; ours, where it
// does not tell its own.
func (r *run) serviceTime() time.Time {
	if r.caller.serviceTime.IsZero() {
		return time.Now().UTC().Truncate(time.Second)
	}
	return r.caller.serviceTime.UTC()
}

func secretsIn(file value) []string {
	var secrets []string
	for _, secret := range []string{file.at("api", "client_secret").text(), file.at("kafka", "password").text()} {
		if len(secret) >= 8 {
			secrets = append(secrets, secret)
		}
	}
	return secrets
}

// read reads a key.
func (r *run) read(ctx context.Context, step string, k *key) answer {
	return r.about(ctx, k, question{step: step, method: http.MethodGet, path: pathKey})
}

// patch changes a key.
func (r *run) patch(ctx context.Context, step string, k *key, body map[string]any) answer {
	_, kafka := body["kafka_config"]
	_, roles := body["role_ids"]
	return r.about(ctx, k, question{step: step, method: http.MethodPatch, path: pathKey, body: body, risky: kafka || roles})
}

func (r *run) about(ctx context.Context, k *key, q question) answer {
	q.key, q.id = k.kind, k.id
	return r.caller.ask(ctx, q)
}

// settle waits until a key has a lasting status, and tells what it read last.
func (r *run) settle(ctx context.Context, step string, k *key) answer {
	began := time.Now()
	for {
		a := r.read(ctx, step, k)
		passed := time.Since(began)
		status := a.body.at("status").text()
		switch {
		case !r.goesOn(ctx) || passed > settleTimeout:
			return a
		case a.ok() && (isStatus(status, "active") || isStatus(status, "failed")):
			return a
		case a.ok() && !isStatus(status, "creating") && passed > oddTimeout:
			return a
		}
		_ = sleep(ctx, growing(passed))
	}
}

// growing is how long to wait before looking again.
func growing(passed time.Duration) time.Duration {
	return min(passed/10, 10*time.Second)
}

// remove deletes a key and waits until it is gone.
func (r *run) remove(ctx context.Context, k *key) bool {
	deadline := time.Now().Add(goneTimeout)
	failures := 0
	for attempt := 1; !k.gone && failures < deletions && time.Now().Before(deadline) && ctx.Err() == nil; attempt++ {
		a := r.about(ctx, k, question{step: stepDelete, method: http.MethodDelete, path: pathKey})
		if r.watch(ctx, k, a, deadline) {
			failures++
		}
		if !k.gone {
			_ = sleep(ctx, min(time.Second<<attempt, 30*time.Second))
		}
	}
	if k.gone {
		r.note(entry{Gone: k.id})
	}
	k.stuck = !k.gone && failures >= deletions
	return k.gone
}

// watch looks at a key that is being deleted until it is gone, or the deletion
// has failed, which it tells, or has to be asked for again.
func (r *run) watch(ctx context.Context, k *key, deletion answer, deadline time.Time) (failed bool) {
	began := time.Now()
	for time.Now().Before(deadline) && ctx.Err() == nil {
		a := r.read(ctx, stepReadDeleted, k)
		status := a.body.at("status").text()
		switch {
		case a.saysGone():
			// A new key can be out of sight for a while, so the list is asked too.
			if k.gone = r.unlisted(ctx, k); k.gone {
				return false
			}
		case !a.ok():
			return false
		case isStatus(status, "delete_failed"):
			return true
		case !isStatus(status, "deleting") && (!deletion.ok() || time.Since(began) > oddTimeout):
			return false
		}
		_ = sleep(ctx, growing(time.Since(began)))
	}
	return false
}

// unlisted tells whether the list is there and lacks the key.
func (r *run) unlisted(ctx context.Context, k *key) bool {
	list := r.about(ctx, k, question{step: stepListDeleted, method: http.MethodGet, path: pathKeys})
	return isKeyList(list) && !ownRow(list, k).there
}

// isKeyList tells whether an answer is a list of keys, every one with an id.
func isKeyList(a answer) bool {
	if !a.ok() || !a.body.isList() {
		return false
	}
	for _, row := range a.body.items() {
		if row.at("id").text() == "" {
			return false
		}
	}
	return true
}

// clean deletes every key that is left, and finds those whose creation was
// never answered.
func (r *run) clean(ctx context.Context) error {
	var left LeftError
	for _, k := range r.seen.keys {
		if !k.gone && !k.stuck {
			r.cleanKey(ctx, k)
		}
		if !k.gone {
			left.Names, left.IDs = append(left.Names, k.name), append(left.IDs, k.id)
		}
	}
	if len(left.Names) == 0 {
		return nil
	}
	left.Journal = r.options.Journal
	return &left
}

func (r *run) cleanKey(ctx context.Context, k *key) {
	if k.id == "" {
		r.search(ctx, k)
	}
	if k.id != "" {
		r.say("Deleting a key")
		r.remove(ctx, k)
	}
}

// search looks for a key whose creation was not answered; one that is not there
// is gone. A request that was cut off can still be worked on, so it looks more
// than once.
func (r *run) search(ctx context.Context, k *key) {
	for attempt := range 3 {
		if attempt > 0 && sleep(ctx, 10*time.Second) != nil {
			return
		}
		list := r.about(ctx, k, question{step: stepListLost, method: http.MethodGet, path: pathKeys})
		if !isKeyList(list) {
			return
		}
		for _, row := range list.body.items() {
			if row.at("name").text() != k.name {
				continue
			}
			if r.isMine(row, k) {
				k.id = row.at("id").text()
				r.note(entry{Made: k.id, Name: k.name})
			}
			return
		}
	}
	k.gone = true
	r.note(entry{Refused: k.name})
}

// isMine tells whether a key with an intention's random name is the one that
// was meant: it is in the project, and younger than the intention.
func (r *run) isMine(row value, k *key) bool {
	created, ok := parseTime(row.at("created_at").text())
	return ok && !created.Before(k.intent) && row.at("service_id").text() == r.options.ServiceID
}

// parseTime reads a time; one without a zone is taken for UTC.
func parseTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// Clean finishes what the run of a journal has left.
func Clean(ctx context.Context, options Options) error {
	options = options.withDefaults()
	journal, entries, err := openJournal(options)
	if err != nil {
		return err
	}
	r := &run{options: options, journal: journal}
	r.seen = &sight{options: options, keys: keysOf(entries)}
	r.caller = newCaller(options, r.seen)
	if len(r.seen.keys) == 0 {
		r.say("Nothing is left of the run of this journal")
		return journal.close(false)
	}
	if first := entries[0]; first.Host != options.Host || first.ServiceID != options.ServiceID {
		err = errors.New("the journal is of another host or project than this command: give the same as the run had")
	} else if err = r.identify(ctx); err == nil {
		err = r.clean(ctx)
	}
	return errors.Join(err, journal.close(err != nil))
}
