// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// appearance shows what a row of the dialect looks like to a client.
type appearance func(c *caller) any

// appearances is how each variant of each row looks. A variant without an
// entry fails the test, so no row can be added without being seen.
var appearances = map[string]struct {
	show appearance
	want map[string]string
}{
	"status": {failedDeletion, map[string]string{
		"lower": `["active","delete_failed"]`, "title": `["Active","Delete Failed"]`, "upper": `["ACTIVE","DELETE_FAILED"]`, "kebab": `["active","delete-failed"]`,
	}},
	"token": {tokenMembers, map[string]string{
		"camel":       `["accessToken","expires","expiresIn","refreshToken"]`,
		"snake":       `["access_token","expires_in","refresh_token"]`,
		"no-lifetime": `["accessToken","refreshToken"]`,
	}},
	"create-code":    {createCode, map[string]string{"200": `200`, "201": `201`}},
	"create-timing":  {firstReads, map[string]string{"at-once": `["active","active","active"]`, "creating": `["creating","creating","creating"]`, "not-found-first": `[404,404,"active"]`}},
	"create-outcome": {firstStatus, map[string]string{"active": `"active"`, "failed": `"failed"`}},
	"delete-answer":  {deleteAnswer, map[string]string{"200-empty": `[200,[]]`, "200-body": `[200,["id","message"]]`, "202": `[202,["id","status"]]`, "204": `[204,[]]`}},
	"delete-timing":  {afterTwoDeletions, map[string]string{"at-once": `[404,404]`, "deleting": `["deleting","deleting"]`, "failed-once": `["delete_failed",404]`, "failed-forever": `["delete_failed","delete_failed"]`}},
	"gone":           {goneAnswer, map[string]string{"404": `[404,"Project key not found"]`, "400": `[400,"Project key none does not exist"]`}},
	"acl-name":       {aclMembers, map[string]string{"name": `["name","operation","resource","resource_pattern_type"]`, "topic_name": `["operation","resource","resource_pattern_type","topic_name"]`}},
	"acl-order":      {aclOrder, map[string]string{"kept": `["kept"]`, "sorted": `["sorted"]`, "shuffled": `"several"`}},
	"acl-resource":   {aclResources, map[string]string{"shown": `["GROUP","TOPIC"]`, "absent-when-topic": `["GROUP"]`}},
	"whitelist-form": {whitelist("10.0.0.1,10.0.0.0/8"), map[string]string{
		"as-sent": `"10.0.0.1,10.0.0.0/8"`, "spaced": `"10.0.0.1, 10.0.0.0/8"`, "reordered": `"10.0.0.0/8,10.0.0.1"`, "cidr": `"10.0.0.1/32,10.0.0.0/8"`,
	}},
	"whitelist-empty": {whitelist(""), map[string]string{"empty-string": `""`, "null": `null`}},
	"clearing":        {clearedByNullAndEmpty, map[string]string{"null-clears": `[true,true]`, "null-only": `[true,false]`, "empty-clears": `[false,true]`, "nothing-clears": `[false,false]`}},
	"empty-values": {emptyValues, map[string]string{
		"null": `[null,null,null,null,null]`, "empty-string": `["","","",null,null]`, "empty-list": `[null,null,null,[],[]]`, "both": `["","","",[],[]]`,
	}},
	"default-scope": {defaultScopes, map[string]string{"null": `[null,null]`, "full": `["full","full"]`}},
	"description": {description, map[string]string{
		"as-sent": `" <b>a</b> & b < c "`, "trimmed": `"<b>a</b> & b < c"`, "html-removed": `" a & b  c "`, "html-escaped": `" &lt;b&gt;a&lt;/b&gt; &amp; b &lt; c "`,
	}},
	"permission-roles": {permissionRoles, map[string]string{"empty": `[[],[]]`, "null": `[null,null]`}},
	"update-timing":    {statusAfterAddingKafka, map[string]string{"at-once": `"active"`, "creating": `"creating"`}},
	"role-order":       {roleOrder, map[string]string{"catalogue": `["catalogue"]`, "kept": `["kept"]`, "reversed": `["reversed"]`, "shuffled": `"several"`}},
	"extra-fields":     {extraFields, map[string]string{"none": `[false,false,false,false]`, "some": `[true,true,true,true]`}},
	"same-name":        {secondOfAName, map[string]string{"accepted": `[[200,""],[200,""]]`, "409": `[[409,"A project key with this name already exists"],[409,"A project key with this name already exists"]]`, "422": `[[422,"Project key 'n' already exists"],[422,"Project key 'n' already exists"]]`}},
	"other-project":    {ofAnotherProject, map[string]string{"readable": `[200,403,true]`, "forbidden": `[403,403,true]`, "missing": `[404,404,true]`}},
	"granting":         {givenByDataAdmin, map[string]string{"any": `[200,200,200]`, "own": `[200,403,403]`}},
}

func TestDialect_EveryVariantIsVisible(t *testing.T) {
	for _, row := range simulator.Rows() {
		for _, variant := range row.Variants {
			t.Run(row.Name+"="+variant.Name, func(t *testing.T) {
				want, ok := appearances[row.Name].want[variant.Name]
				if !ok {
					t.Fatal("no appearance is known")
				}
				synctest.Test(t, func(t *testing.T) {
					d, err := simulator.DialectOf(map[string]string{row.Name: variant.Name})
					if err != nil {
						t.Fatal(err)
					}
					if got := compact(appearances[row.Name].show(in(t, d))); got != want {
						t.Errorf("got %s, want %s", got, want)
					}
				})
			})
		}
	}
}

// compact is a value as JSON, with what HTML would escape as it is.
func compact(v any) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v)
	return strings.TrimSpace(text.String())
}

func failedDeletion(c *caller) any {
	id := c.create(roleBased())
	before := c.status(id)
	c.server.Modify(id, func(k *simulator.Key) { k.Status = simulator.StatusDeleteFailed })
	return []any{before, c.status(id)}
}

func tokenMembers(c *caller) any {
	answer := c.want(200, "POST", "/auth/access-token", object{"client_id": simulator.DefaultClientID, "secret": simulator.DefaultSecret})
	return slices.Sorted(maps.Keys(answer))
}

func createCode(c *caller) any {
	code, _ := c.call("POST", "/project-keys", roleBased())
	return code
}

func firstReads(c *caller) any {
	id := c.create(roleBased())
	return []any{c.status(id), c.status(id), c.status(id)}
}

func firstStatus(c *caller) any { return c.status(c.create(roleBased())) }

func deleteAnswer(c *caller) any {
	code, text := c.call("DELETE", "/project-keys/"+c.create(roleBased()), nil)
	body := object{}
	_ = json.Unmarshal([]byte(text), &body)
	return []any{code, append([]string{}, slices.Sorted(maps.Keys(body))...)}
}

func afterTwoDeletions(c *caller) any {
	id := c.create(roleBased())
	c.call("DELETE", "/project-keys/"+id, nil)
	first := c.status(id)
	c.call("DELETE", "/project-keys/"+id, nil)
	return []any{first, c.status(id)}
}

func goneAnswer(c *caller) any {
	code, text := c.call("GET", "/project-keys/none", nil)
	var body object
	_ = json.Unmarshal([]byte(text), &body)
	return []any{code, body["detail"]}
}

// acls are those of a new key with five rules.
func acls(c *caller) []any {
	id := c.create(withKafka("kafka_acls", []object{
		acl("d", "", "READ"), acl("a", "", "READ"), acl("e", "GROUP", "READ"), acl("b", "", "READ"), acl("c", "", "READ"),
	}))
	return c.read(id)["kafka_acls"].([]any)
}

func aclMembers(c *caller) any { return slices.Sorted(maps.Keys(acls(c)[0].(object))) }

func aclOrder(c *caller) any {
	acls(c)
	id := c.server.Keys()[0].ID
	return orders(map[string]string{"daebc": "kept", "abcde": "sorted"}, func() (order string) {
		for _, rule := range c.read(id)["kafka_acls"].([]any) {
			order += rule.(object)["name"].(string)
		}
		return order
	})
}

// orders names the order that several reads agree on, or says "several".
func orders(names map[string]string, read func() string) any {
	seen := map[string]bool{}
	for range 10 {
		seen[read()] = true
	}
	if len(seen) > 1 {
		return "several"
	}
	var order []string
	for text := range seen {
		order = append(order, names[text])
	}
	return order
}

func aclResources(c *caller) any {
	seen := map[string]bool{}
	for _, rule := range acls(c) {
		if resource, ok := rule.(object)["resource"].(string); ok {
			seen[resource] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func whitelist(addresses string) appearance {
	return func(c *caller) any { return c.read(c.create(withKafka("whitelist_ips", addresses)))["whitelist_ips"] }
}

func clearedByNullAndEmpty(c *caller) any {
	id := c.create(with(roleBased(), "description", "d"))
	cleared := func(value any) bool {
		c.update(id, object{"description": "d"})
		c.update(id, object{"description": value})
		return c.read(id)["description"] == nil
	}
	return []bool{cleared(nil), cleared("")}
}

func emptyValues(c *caller) any {
	api, kafka := c.read(c.create(roleBased())), c.read(c.create(kafkaOnly()))
	return []any{api["description"], api["kafka_username"], kafka["api_client_id"], api["allowed_tools"], kafka["kafka_acls"]}
}

func defaultScopes(c *caller) any {
	return []any{c.read(c.create(roleBased()))["tool_profile"], c.read(c.create(kafkaOnly()))["tool_profile"]}
}

func description(c *caller) any {
	return c.read(c.create(with(roleBased(), "description", " <b>a</b> & b < c ")))["description"]
}

func permissionRoles(c *caller) any {
	file := c.want(200, "POST", "/project-keys", permissionBased())
	return []any{file["api"].(object)["roles"], c.read(file["project_key_id"].(string))["roles"]}
}

func statusAfterAddingKafka(c *caller) any {
	id := c.create(roleBased())
	c.update(id, object{"kafka_config": kafkaConfig("orders")})
	return c.status(id)
}

func roleOrder(c *caller) any {
	id := c.create(with(roleBased(), "role_ids", []string{simulator.RoleReadOnly, simulator.RoleAdmin, simulator.RoleDataAdmin}))
	return orders(map[string]string{"Admin,Data Admin,Read Only,": "catalogue", "Read Only,Admin,Data Admin,": "kept", "Data Admin,Admin,Read Only,": "reversed"}, func() (order string) {
		for _, role := range c.read(id)["roles"].([]any) {
			order += role.(object)["name"].(string) + ","
		}
		return order
	})
}

func extraFields(c *caller) any {
	has := func(o any) bool { _, ok := o.(object)["future_field"]; return ok }
	file := c.want(200, "POST", "/project-keys", roleBased())
	detail := c.read(file["project_key_id"].(string))
	refusal := c.want(404, "GET", "/project-keys/none", nil)
	return []bool{has(file["api"]), has(detail), has(detail["roles"].([]any)[0]), has(refusal)}
}

// secondOfAName is how a creation and a renaming are answered that give a key the
// name of another one.
func secondOfAName(c *caller) any {
	first := with(roleBased(), "name", "n")
	c.create(first)
	renamed := c.create(with(roleBased(), "name", "m"))
	answered := func(method, path string, body any) []any {
		code, text := c.call(method, path, body)
		var refusal struct{ Detail string }
		_ = json.Unmarshal([]byte(text), &refusal)
		return []any{code, refusal.Detail}
	}
	return []any{answered("PATCH", "/project-keys/"+renamed, object{"name": "n"}), answered("POST", "/project-keys", first)}
}

// ofAnotherProject is how a read and a change are answered, and whether the key
// is listed.
func ofAnotherProject(c *caller) any {
	k := c.server.Seed(simulator.Key{Name: "other", RoleIDs: []string{simulator.RoleAdmin}, ServiceID: "other"})
	read, _ := c.call("GET", "/project-keys/"+k.ID, nil)
	change, _ := c.call("PATCH", "/project-keys/"+k.ID, object{"name": "mine"})
	return []any{read, change, len(c.list()) == 1}
}

// givenByDataAdmin is how Data Admin is answered that gives its own role to a
// key, the role Admin, and a permission of Admin's.
func givenByDataAdmin(c *caller) any {
	k := c.server.Seed(simulator.Key{RoleIDs: []string{simulator.RoleDataAdmin}})
	c.logIn(k.APIClientID, k.APISecret)
	var codes []any
	for _, body := range []object{
		{"name": "same", "role_ids": []string{simulator.RoleDataAdmin}},
		{"name": "more", "role_ids": []string{simulator.RoleAdmin}},
		{"name": "more", "permission_ids": []string{simulator.PermissionTenant}},
	} {
		code, _ := c.call("POST", "/project-keys", body)
		codes = append(codes, code)
	}
	return codes
}
