// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// object is a JSON object.
type object = map[string]any

// view turns what the simulator holds into what an answer shows: the dialect
// as it applies to one request.
type view struct {
	cfg    Config
	base   string // the address under which the simulator was reached
	random *rand.Rand
}

// newView sees to it that every request is shuffled in another way, and that
// the same sequence of requests is always shuffled in the same ways.
func (s *Server) newView(r *http.Request) view {
	scheme := "http"
	if r.TLS != nil || r.URL.Scheme == "https" {
		scheme = "https"
	}
	return view{
		cfg:    s.cfg,
		base:   scheme + "://" + r.Host,
		random: rand.New(rand.NewPCG(s.served, 0)),
	}
}

// text shows a nullable text (row 12).
func (v view) text(text string) any {
	if text == "" && v.cfg.Dialect.EmptyValues != "empty-string" && v.cfg.Dialect.EmptyValues != "both" {
		return nil
	}
	return text
}

// texts shows a nullable list that may be empty on purpose (row 12).
func (v view) texts(list []string) any {
	if list == nil {
		return v.noList()
	}
	return list
}

// noList shows a list that is not set (row 12).
func (v view) noList() any {
	if v.cfg.Dialect.EmptyValues == "empty-list" || v.cfg.Dialect.EmptyValues == "both" {
		return []string{}
	}
	return nil
}

// time shows a nullable time, to the microsecond as the service does.
func (v view) time(t time.Time) any {
	if t.IsZero() {
		return v.text("")
	}
	return formatTime(t)
}

func formatTime(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

// role shows a role, in `GET /auth/roles` and in a key's `roles`.
func (v view) role(role Role) object {
	return object{
		"id":          role.ID,
		"key":         role.Key,
		"name":        role.Name,
		"description": v.text(role.Description),
		"created_at":  formatTime(rolesSince),
		"updated_at":  formatTime(rolesSince),
		"permissions": append([]string{}, role.Permissions...),
	}
}

// roleIDs returns the roles of a key in the order in which they are shown (row 18).
func (v view) roleIDs(k Key) []string {
	ids := slices.Clone(k.RoleIDs)
	switch v.cfg.Dialect.RoleOrder {
	case "kept":
	case "reversed":
		slices.Reverse(ids)
	case "shuffled":
		shuffle(v, ids)
	default:
		slices.SortStableFunc(ids, func(a, b string) int {
			_, atA := v.cfg.role(a)
			_, atB := v.cfg.role(b)
			return cmp.Compare(atA, atB)
		})
	}
	return ids
}

func shuffle[T any](v view, list []T) {
	v.random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// noRoles shows the roles of a key that has none: of a permission-based key as
// row 15 has it, of a Kafka-only key as row 12 has it.
func (v view) noRoles(k Key) any {
	switch {
	case !k.HasAPI():
		return v.noList()
	case v.cfg.Dialect.PermissionRoles == "null":
		return nil
	default:
		return []string{}
	}
}

// extended adds to an answer what the shapes of the answers do not have: unknown
// members of every object (row 19), and items of lists that stand there twice.
func (v view) extended(encoded []byte, status int) []byte {
	unknown, repeats := v.cfg.Dialect.ExtraFields == "some", v.cfg.Repeats && status/100 == 2
	if unknown || repeats {
		body, _ := decodeAny(encoded) // it was encoded just now
		extend(body, unknown, repeats)
		encoded, _ = json.Marshal(body)
	}
	return encoded
}

func extend(body any, unknown, repeats bool) {
	switch body := body.(type) {
	case []any:
		for _, item := range body {
			extend(item, unknown, repeats)
		}
	case object:
		for name, member := range body {
			extend(member, unknown, repeats)
			if list, isList := member.([]any); isList && repeats && len(list) > 0 {
				body[name] = append(list, list[0])
			}
		}
		if unknown {
			body["future_field"] = object{"version": 2, "tags": []string{"new"}}
			body["future_flag"] = nil
		}
	}
}

// decodeAny decodes JSON whose numbers keep their spelling.
func decodeAny(encoded []byte) (body any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	err = decoder.Decode(&body)
	return body, err
}
