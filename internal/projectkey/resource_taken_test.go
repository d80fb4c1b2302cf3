// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
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
		faults        []simulator.Fault
	}{
		"the deletion is under way":                 {begins: 0, lasts: 10 * time.Minute},
		"the deletion begins a moment later":        {begins: 5 * time.Second, lasts: time.Minute},
		"the deletion begins later":                 {begins: 12 * time.Second, lasts: 12 * time.Minute},
		"the key is gone at once":                   {begins: 2 * time.Second, lasts: 0},
		"the key is gone just before the last look": {begins: 14 * time.Second, lasts: 0},
		"the list fails meanwhile": {begins: 0, lasts: 5 * time.Minute, faults: []simulator.Fault{
			{Method: http.MethodGet, Path: "/project-keys", Skip: 2, Times: 40, Status: 502, Body: simulator.GatewayPage(502)},
		}},
		"the name is taken": {begins: 3 * time.Second, lasts: time.Minute, faults: []simulator.Fault{nameTaken}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{})
				p := connect(t, s)
				for _, fault := range test.faults {
					s.Inject(fault)
				}
				taken(s, test.begins, test.lasts)
				time.Sleep(time.Millisecond)
				start := time.Now()
				said := p.apply(nil, withUser("orders", "orders-consumer")).said
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

// TestCreate_TakenUsernameIsRefusedSoon has keys that stay. Only that of the same
// project is in the way.
func TestCreate_TakenUsernameIsRefusedSoon(t *testing.T) {
	const isOf, names = "The Kafka username", `is that of project key "payments" (id the-other, status `
	used := simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Status: 409, Body: `{"detail": "Kafka username 'orders-consumer' already exists"}`, Times: -1}
	for name, test := range map[string]struct {
		status string
		faults []simulator.Fault
		within time.Duration
		posts  int
		named  bool
	}{
		"an active key":                  {status: simulator.StatusActive, within: 15 * time.Second, posts: 1, named: true},
		"a key that can't be deleted":    {status: simulator.StatusDeleteFailed, within: 15 * time.Second, posts: 1, named: true},
		"nobody may list keys":           {status: simulator.StatusActive, faults: []simulator.Fault{unlisted}, posts: 1},
		"a Kafka user that is of no key": {faults: []simulator.Fault{used}, within: 15 * time.Second, posts: 5},
		"the list fails": {
			status: simulator.StatusActive, within: 15 * time.Second, posts: 1,
			faults: []simulator.Fault{{Method: http.MethodGet, Path: "/project-keys", Status: 502, Times: -1}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{})
				p := connect(t, s)
				s.Seed(simulator.Key{ID: "elsewhere", Name: "elsewhere", ServiceID: otherProject, KafkaUsername: "orders-consumer"})
				if test.status != "" {
					s.Seed(simulator.Key{ID: "the-other", Name: "payments", KafkaUsername: "orders-consumer", Status: test.status})
				}
				for _, fault := range test.faults {
					s.Inject(fault)
				}
				start := time.Now()
				said := p.apply(nil, withUser("orders", "orders-consumer")).said
				if took := time.Since(start); took != test.within {
					t.Errorf("it took %v", took)
				}
				tells(t, said, "ERROR: Kafka username is taken: Could not create project key")
				if strings.Contains(said, isOf) != test.named || strings.Contains(said, names) != test.named {
					t.Error(said)
				}
				if posts := written(s, http.MethodPost); posts != test.posts {
					t.Errorf("%d requests to make it", posts)
				}
			})
		})
	}
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

// TestRun_KeyDeletedBesideOneCreatedWithItsUsername is what Terraform does where
// a resource gets another address without a moved block, in either order.
func TestRun_KeyDeletedBesideOneCreatedWithItsUsername(t *testing.T) {
	deleting := simulator.Dialect{DeleteTiming: simulator.DeletingFirst}
	for variant, config := range map[string]simulator.Config{
		"at once": {}, "deleting": {DeleteTime: 3 * time.Minute, Dialect: deleting},
		"names are unique": {DeleteTime: 3 * time.Minute, Dialect: simulator.Dialect{DeleteTiming: simulator.DeletingFirst, SameName: simulator.SameName422}},
		"failed once":      {DeleteTime: time.Minute, DeleteFailures: 1, Dialect: simulator.Dialect{DeleteTiming: simulator.DeleteFailedOnce}},
	} {
		for order, waits := range map[string]struct{ create, delete time.Duration }{"create first": {delete: time.Second}, "delete first": {create: time.Second}} {
			t.Run(order+", "+variant, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := simulator.New(config)
					p, config := connect(t, s), withUser("orders", "orders-consumer")
					before := p.apply(nil, config)
					tells(t, before.said)
					created := make(chan string)
					go func() {
						time.Sleep(waits.create)
						created <- p.apply(nil, config).said
					}()
					time.Sleep(waits.delete)
					tells(t, p.delete(before.key))
					tells(t, <-created)
					if keys := s.Keys(); len(keys) != 1 || keys[0].ID == before.key["id"] {
						t.Errorf("there are %d keys", len(keys))
					}
				})
			})
		}
	}
}
