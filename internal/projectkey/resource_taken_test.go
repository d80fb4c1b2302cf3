// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// nameTaken is how a service might refuse a second key of a name.
var nameTaken = simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Status: 409, Body: `{"detail": "A project key with the name 'orders' already exists"}`, Times: -1}

// taken plays a key that has a username: its deletion begins after a while, and
// ends a while later. A negative time is never.
func taken(s *simulator.Server, begins, lasts time.Duration) {
	key := s.Seed(simulator.Key{ID: "taken", Name: "orders", KafkaUsername: "orders-consumer"})
	time.AfterFunc(begins, func() {
		s.Modify(key.ID, func(k *simulator.Key) { k.Status = simulator.StatusDeleting })
		if lasts >= 0 {
			time.AfterFunc(lasts, func() { s.Remove(key.ID); s.ClearFaults() })
		}
	})
}

// written counts the requests of one kind.
func written(s *simulator.Server, method string) (count int) {
	for _, request := range s.Writes() {
		if request.Method == method {
			count++
		}
	}
	return count
}

// TestCreate_WaitsForUsernameOfKeyThatIsBeingDeleted makes a key whose Kafka
// username, or name, is that of a key which the same run deletes.
func TestCreate_WaitsForUsernameOfKeyThatIsBeingDeleted(t *testing.T) {
	for name, test := range map[string]struct {
		begins, lasts time.Duration
		fault         simulator.Fault
	}{
		"the deletion is under way":                 {begins: 0, lasts: 10 * time.Minute},
		"the deletion begins a moment later":        {begins: 5 * time.Second, lasts: time.Minute},
		"the deletion begins later":                 {begins: 12 * time.Second, lasts: 12 * time.Minute},
		"the key is gone at once":                   {begins: 2 * time.Second, lasts: 0},
		"the key is gone just before the last look": {begins: 14 * time.Second, lasts: 0},
		"the list fails meanwhile": {begins: 0, lasts: 5 * time.Minute, fault: simulator.Fault{
			Method: http.MethodGet, Path: "/project-keys", Skip: 2, Times: 40, Status: 502, Body: simulator.GatewayPage(502),
		}},
		"the name is taken": {begins: 3 * time.Second, lasts: time.Minute, fault: nameTaken},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := service(test.fault)
				taken(s, test.begins, test.lasts)
				time.Sleep(time.Millisecond)
				start := time.Now()
				said := connect(t, s).apply(nil, withUser("orders", "orders-consumer")).said
				if keys := s.Keys(); said != "" || len(keys) != 1 || keys[0].Status != simulator.StatusActive {
					t.Fatalf("there are %d keys: %s", len(keys), said)
				}
				free := test.begins + test.lasts
				if took := time.Since(start); took < free-time.Second || took > free+max(9*time.Second, free/5) {
					t.Errorf("it was free after %v, and made after %v", free, took)
				}
				if posts := written(s, http.MethodPost); posts > 3 {
					t.Errorf("%d requests to make it", posts)
				}
			})
		})
	}
}

// TestCreate_TakenValueIsRefusedSoon has keys that stay. Only that of the same project
// is in the way, and it is named where that is certain.
func TestCreate_TakenValueIsRefusedSoon(t *testing.T) {
	const username, name = "ERROR: Kafka username is taken: Could not create project key", "ERROR: Name is taken: Could not create project key"
	refusal := func(status int, detail string) simulator.Fault {
		return simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Status: status, Body: `{"detail": ` + detail + `}`, Times: -1}
	}
	failing := func(path string, status int) simulator.Fault {
		return simulator.Fault{Method: http.MethodGet, Path: path, Status: status, Times: -1}
	}
	used := refusal(409, `"Kafka username 'orders-consumer' already exists"`)
	holder := simulator.Key{Name: "payments", KafkaUsername: "orders-consumer"}
	namesake := simulator.Key{Name: "orders", KafkaUsername: "payments"}
	for what, test := range map[string]struct {
		other  simulator.Key // that stays
		faults []simulator.Fault
		within time.Duration
		posts  int
		says   string
		named  bool
	}{
		"an active key":                  {other: holder, within: 15 * time.Second, posts: 1, says: username, named: true},
		"a key that can't be deleted":    {other: simulator.Key{Name: "payments", KafkaUsername: "orders-consumer", Status: simulator.StatusDeleteFailed}, within: 15 * time.Second, posts: 1, says: username, named: true},
		"a username in capitals":         {other: simulator.Key{Name: "payments", KafkaUsername: "ORDERS-CONSUMER"}, faults: []simulator.Fault{used}, within: 15 * time.Second, posts: 1, says: username, named: true},
		"a Kafka user that is of no key": {other: simulator.Key{Name: "payments", KafkaUsername: "payments"}, faults: []simulator.Fault{used}, within: 15 * time.Second, posts: 5, says: username},
		"nobody may list keys":           {other: holder, faults: []simulator.Fault{unlisted}, posts: 1, says: username},
		"nobody says the project":        {other: holder, faults: []simulator.Fault{failing("/auth/whoami", 403)}, posts: 1, says: username},
		"the list fails":                 {other: holder, faults: []simulator.Fault{failing("/project-keys", 502)}, within: 15 * time.Second, posts: 1, says: username},
		"a name, 409":                    {other: namesake, faults: []simulator.Fault{refusal(409, `"A project key with this name already exists"`)}, within: 15 * time.Second, posts: 1, says: name, named: true},
		"a name, 422":                    {other: namesake, faults: []simulator.Fault{refusal(422, `"Project key 'orders' already exists"`)}, within: 15 * time.Second, posts: 1, says: name, named: true},
		"a name, by its place":           {other: namesake, faults: []simulator.Fault{refusal(422, `[{"loc": ["body", "name"], "msg": "Already in use"}]`)}, within: 15 * time.Second, posts: 1, says: name, named: true},
		"a name that is not taken":       {other: namesake, faults: []simulator.Fault{refusal(422, `[{"loc": ["body", "name"], "msg": "too plain"}]`)}, posts: 1, says: "too plain"},
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := service(test.faults...)
				s.Seed(simulator.Key{ID: "elsewhere", Name: "orders", ServiceID: otherProject, KafkaUsername: "orders-consumer"})
				test.other.ID = "the-other"
				s.Seed(test.other)
				start := time.Now()
				said := connect(t, s).apply(nil, withUser("orders", "orders-consumer")).said
				tells(t, said, test.says)
				if took := time.Since(start); took != test.within {
					t.Errorf("it took %v", took)
				}
				if named := strings.Contains(said, fmt.Sprintf(`is that of project key %q (id the-other, status `, test.other.Name)); named != test.named || strings.Contains(said, "elsewhere") {
					t.Errorf("the key is named %t: %s", named, said)
				}
				if third := strings.Contains(said, "need a third name"); third != (test.named && test.says == name) {
					t.Errorf("what exchanged names need is said %t: %s", third, said)
				}
				if posts := written(s, http.MethodPost); posts != test.posts {
					t.Errorf("%d requests to make it", posts)
				}
			})
		})
	}
}

// TestUpdate_OwnNameIsNotTaken has a change refused for the name that the key itself has.
func TestUpdate_OwnNameIsNotTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := service(simulator.Fault{Method: http.MethodPatch, Status: 409, Body: `{"detail": "Project key 'orders' already exists"}`, Times: -1})
		said := connect(t, s).apply(stateOf(seedOrders(s)), orders(values{"description": "changed"})).said
		if tells(t, said, "ERROR"); strings.Contains(said, "is that of") {
			t.Error(said)
		}
	})
}

// TestCreate_KeyThatOutlivesTheTimeoutIsNamed has a key that is being deleted for
// longer than the create may take. The request is not sent when there is too
// little time left for its answer.
func TestCreate_KeyThatOutlivesTheTimeoutIsNamed(t *testing.T) {
	for name, test := range map[string]struct {
		lasts time.Duration
		says  []string
	}{
		"it stays":                       {-1, []string{"ERROR: Another key is still being deleted: Could not create project key", "(id taken,", "there after 1m0s"}},
		"it is gone just before the end": {55 * time.Second, []string{"ERROR"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{})
				taken(s, 0, test.lasts)
				time.Sleep(time.Millisecond)
				start := time.Now()
				config := with(withUser("orders", "orders-consumer"), values{"timeouts": values{"create": "1m"}})
				tells(t, connect(t, s).apply(nil, config).said, test.says...)
				if took := time.Since(start); took > time.Minute {
					t.Errorf("it took %v", took)
				}
				if posts := written(s, http.MethodPost); posts != 1 {
					t.Errorf("%d requests to make it", posts)
				}
			})
		})
	}
}

// TestUpdate_WaitsForUsernameOfKeyThatIsBeingDeleted adds Kafka access.
func TestUpdate_WaitsForUsernameOfKeyThatIsBeingDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Config{})
		key := seedOrders(s)
		taken(s, 3*time.Second, time.Minute)
		after := connect(t, s).apply(stateOf(key), orders(values{"kafka": kafkaUser("orders-consumer")}))
		tells(t, after.said)
		if keys := s.Keys(); len(keys) != 1 || keys[0].KafkaUsername != "orders-consumer" || after.key["kafka"] == nil {
			t.Errorf("there are %d keys", len(keys))
		}
	})
}
