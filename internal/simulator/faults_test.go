// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

func TestAFaultAnswersInTheServicesPlace(t *testing.T) {
	c := start(t, simulator.Config{})
	c.server.Inject(simulator.Fault{Method: "POST", Path: "/project-keys", Status: 503, Body: simulator.GatewayPage(503), Header: http.Header{"Retry-After": {"3"}}})
	status, text := c.call("POST", "/project-keys", roleBased())
	if status != 503 || !strings.Contains(text, "<h1>503 Service Unavailable</h1>") || c.header.Get("Content-Type") != "text/html" || c.header.Get("Retry-After") != "3" {
		t.Errorf("answered %d %s %v", status, text, c.header)
	}
	if c.header.Get("X-Request-Id") == "" || len(c.server.Keys()) != 0 {
		t.Error("there is no request id, or the work was done")
	}
	c.create(roleBased())
}

func TestAProcessedFaultLeavesTheWorkDone(t *testing.T) {
	c := start(t, simulator.Config{})
	c.server.Inject(simulator.Fault{Method: "POST", Path: "/project-keys", Status: 504, Processed: true})
	if status, text := c.call("POST", "/project-keys", roleBased()); status != 504 || text != "" || len(c.server.Keys()) != 1 {
		t.Errorf("answered %d %q, %d keys", status, text, len(c.server.Keys()))
	}
}

func TestFaultsAreCounted(t *testing.T) {
	c := start(t, simulator.Config{})
	c.server.Inject(simulator.Fault{Method: "GET", Path: "/project-keys", Status: 500, Skip: 1, Times: 2})
	c.server.Inject(simulator.Fault{Path: "/auth/*", Status: 502, Times: -1})
	c.server.Inject(simulator.Fault{Path: "/auth/*", Status: 503, Times: -1}) // comes after the other one
	var got []int
	for range 4 {
		status, _ := c.call("GET", "/project-keys", nil)
		got = append(got, status)
	}
	if !reflect.DeepEqual(got, []int{200, 500, 500, 200}) {
		t.Errorf("answered %v", got)
	}
	for range 3 {
		c.want(502, "GET", "/auth/whoami", nil)
	}
	if unused := c.server.UnusedFaults(); len(unused) != 0 {
		t.Errorf("unused: %+v", unused)
	}
	c.server.ClearFaults()
	c.want(200, "GET", "/auth/whoami", nil)
}

func TestFaultsMatchByMethodAndPath(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(roleBased())
	fault := simulator.Fault{Method: "GET", Path: "/project-keys/*", Status: 500}
	c.server.Inject(fault)
	c.list()
	c.want(200, "GET", "/project-keys/"+id+"/mcp-config", nil)
	c.want(200, "PATCH", "/project-keys/"+id, object{"name": "renamed"})
	fault.Times = 1
	if unused := c.server.UnusedFaults(); !reflect.DeepEqual(unused, []simulator.Fault{fault}) {
		t.Errorf("unused: %+v", unused)
	}
	c.want(500, "GET", "/project-keys/"+id, nil)
	if unused := c.server.UnusedFaults(); len(unused) != 0 {
		t.Errorf("unused: %+v", unused)
	}
}

func TestDroppedConnections(t *testing.T) {
	for drop, want := range map[simulator.DropKind]struct {
		err  error
		keys int
	}{
		simulator.DropRefused: {syscall.ECONNREFUSED, 0},
		simulator.DropBefore:  {io.ErrUnexpectedEOF, 0},
		simulator.DropAfter:   {io.ErrUnexpectedEOF, 1},
	} {
		c := start(t, simulator.Config{})
		c.server.Inject(simulator.Fault{Method: "POST", Drop: drop})
		if _, err := c.send("POST", "/project-keys", roleBased()); !errors.Is(err, want.err) {
			t.Errorf("%s: error %v", drop, err)
		}
		if got := len(c.server.Keys()); got != want.keys {
			t.Errorf("%s: %d keys, want %d", drop, got, want.keys)
		}
		writes := c.server.Writes()
		if len(writes) != 1 || writes[0].Drop != drop {
			t.Errorf("%s: log %+v", drop, writes)
		}
	}
}

func TestTruncatedAnswers(t *testing.T) {
	c := start(t, simulator.Config{})
	c.server.Inject(simulator.Fault{Method: "POST", Drop: simulator.DropTruncated})
	response, err := c.send("POST", "/project-keys", roleBased())
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if !errors.Is(err, io.ErrUnexpectedEOF) || len(text) == 0 || int64(len(text)) >= response.ContentLength {
		t.Errorf("read %d of %d bytes (%v)", len(text), response.ContentLength, err)
	}
	if len(c.server.Keys()) != 1 {
		t.Error("the work was not done")
	}
}

func TestADelayComesAfterTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, simulator.Config{})
		c.server.Inject(simulator.Fault{Method: "POST", Path: "/project-keys", Delay: time.Hour})
		begin := time.Now()
		c.create(roleBased())
		if took := time.Since(begin); took != time.Hour {
			t.Errorf("took %v", took)
		}
		if made := c.server.Keys()[0].CreatedAt; !made.Equal(begin) {
			t.Errorf("made at %v, asked at %v", made, begin)
		}
	})
}

func TestFaultsWithoutSensePanic(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{
		"nothing":        {Method: "GET"},
		"pattern":        {Path: "/[", Status: 500},
		"drop":           {Drop: "sometimes"},
		"times":          {Times: -2, Status: 500},
		"skip":           {Skip: -1, Status: 500},
		"status":         {Status: 99},
		"negative delay": {Delay: -1},
		"set":            {Set: "[]"},
		"as":             {As: "project-keys"},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			simulator.New(simulator.Config{}).Inject(fault)
		}()
	}
}

func TestParseFault(t *testing.T) {
	for text, want := range map[string]simulator.Fault{
		"PATCH /project-keys/* status=503 times=2": {Method: "PATCH", Path: "/project-keys/*", Status: 503, Times: 2},
		"* * drop=after skip=1":                    {Drop: simulator.DropAfter, Skip: 1},
		"GET * delay=1.5s times=-1":                {Method: "GET", Delay: 1500 * time.Millisecond, Times: -1},
		"* /auth/* status=429 header=Retry-After:2": {
			Path: "/auth/*", Status: 429, Header: http.Header{"Retry-After": {"2"}},
		},
		"POST * status=504 processed body=html":          {Method: "POST", Status: 504, Processed: true, Body: simulator.GatewayPage(504)},
		`* * status=400 body={"detail": "no more keys"}`: {Status: 400, Body: `{"detail": "no more keys"}`},
		"GET * status=503 body=html times=2":             {Method: "GET", Status: 503, Body: simulator.GatewayPage(503), Times: 2},
		`* * body={"a": [1, 2]} status=400 times=2`:      {Status: 400, Body: `{"a": [1, 2]}`, Times: 2},
		`* * body="" status=200`:                         {Status: 200, Body: `""`},
		`* * status=404 body='default backend' times=3`:  {Status: 404, Body: "default backend", Times: 3},
		"GET * late": {Method: "GET", Late: true},
		`GET * set={"kafka_username": null} as=/whatever`: {Method: "GET", Set: `{"kafka_username": null}`, As: "/whatever"},
	} {
		if got, err := simulator.ParseFault(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q was read as %+v (%v)", text, got, err)
		}
	}
	for _, text := range []string{
		"", "GET", "GET /", "GET / status=x", "GET / what=1", "GET / drop=never", "GET / status=500 header=x",
		"GET / status=404 body=default backend", `GET / status=404 body={"a"`, "GET / status=404 body='default",
	} {
		if got, err := simulator.ParseFault(text); err == nil {
			t.Errorf("%q was read as %+v", text, got)
		}
	}
}

func TestLateReadShowsAKeyBeforeItsLastChange(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(roleBased())
	if status, text := c.call("PATCH", "/project-keys/"+id, map[string]any{"name": "renamed"}); status != http.StatusOK {
		t.Fatalf("answered %d %s", status, text)
	}
	c.server.Inject(simulator.Fault{Method: "GET", Late: true})
	for i, want := range []string{"role-based", "renamed"} {
		if got := c.read(id)["name"]; got != want {
			t.Errorf("read %d shows the name %v, expected %s", i+1, got, want)
		}
	}
}

func TestMembersOfAnAnswerAreSet(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(with(roleBased(), "kafka_config", kafkaConfig("orders")))
	c.server.Inject(simulator.Fault{Method: "GET", Path: "/project-keys/*", Set: `{"kafka_username": null}`})
	c.server.Inject(simulator.Fault{Method: "GET", Path: "/project-keys", Set: `{"name": "other"}`})
	if detail := c.read(id); detail["kafka_username"] != nil || detail["name"] != "role-based" {
		t.Errorf("the detail is %v", detail)
	}
	if rows := c.list(); rows[0]["name"] != "other" || rows[0]["kafka_username"] != "orders" {
		t.Errorf("the rows are %v", rows)
	}
	if detail := c.read(id); detail["kafka_username"] != "orders" {
		t.Errorf("after the fault the detail is %v", detail)
	}
}

func TestARequestIsAnsweredForAnotherKey(t *testing.T) {
	c := start(t, simulator.Config{})
	asked, answered := c.create(roleBased()), c.create(kafkaOnly())
	c.server.Inject(simulator.Fault{Path: "/project-keys/" + asked, As: "/project-keys/" + answered})
	if got := c.read(asked)["id"]; got != answered {
		t.Errorf("the answer is about %v", got)
	}
	if log := c.server.Requests(); log[len(log)-1].Path != "/project-keys/"+asked {
		t.Errorf("logged %v", log[len(log)-1].Path)
	}
	if got := c.read(asked)["id"]; got != asked {
		t.Errorf("after the fault the answer is about %v", got)
	}
}

func TestTheRateIsLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, simulator.Config{})
		for form, want := range map[simulator.RetryAfterForm]string{
			"":                          "1",
			simulator.RetryAfterSeconds: "1",
			simulator.RetryAfterDate:    time.Now().Add(2 * time.Second).UTC().Format(http.TimeFormat),
			simulator.RetryAfterAbsent:  "",
		} {
			s := anonymous(t, simulator.New(simulator.Config{RateLimit: 2, RetryAfter: form}))
			s.refused(401, "GET", "/project-keys", nil)
			s.refused(401, "GET", "/project-keys", nil)
			s.refused(429, "GET", "/project-keys", nil)
			if got := s.header.Get("Retry-After"); got != want {
				t.Errorf("%q: Retry-After %q, want %q", form, got, want)
			}
		}
		c.server.SetConfig(func(cfg *simulator.Config) { cfg.RateLimit = 2 })
		c.list()
		c.list()
		c.refused(429, "GET", "/project-keys", nil)
		time.Sleep(500 * time.Millisecond)
		c.list()
		c.refused(429, "GET", "/project-keys", nil)
	})
}
