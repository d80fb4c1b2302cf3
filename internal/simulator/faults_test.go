// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

func TestFault_AnswersInTheServicesPlace(t *testing.T) {
	c := start(t, simulator.Config{})
	c.server.Inject(simulator.Fault{Method: "POST", Path: "/project-keys", Status: 503, Body: simulator.GatewayPage(503), Header: http.Header{"Retry-After": {"3"}}})
	status, text := c.call("POST", "/project-keys", roleBased())
	if status != 503 || !strings.Contains(text, "<h1>503 Service Unavailable</h1>") || c.header.Get("Content-Type") != "text/html" || c.header.Get("Retry-After") != "3" {
		t.Errorf("answered %d %s %v", status, text, c.header)
	}
	if c.header.Get("X-Request-Id") == "" || len(c.server.Keys()) != 0 {
		t.Error("there is no request id, or the work was done")
	}
	c.server.Inject(simulator.Fault{Method: "POST", Path: "/project-keys", Status: 504, Processed: true})
	if status, text := c.call("POST", "/project-keys", roleBased()); status != 504 || text != "" || len(c.server.Keys()) != 1 {
		t.Errorf("after the work: answered %d %q, %d keys", status, text, len(c.server.Keys()))
	}
	c.create(roleBased())
}

func TestFault_StrikesAsOftenAsItIsToldTo(t *testing.T) {
	c := start(t, simulator.Config{})
	c.server.Inject(simulator.Fault{Method: "GET", Path: "/project-keys", Status: 500, Body: "{}", Skip: 1, Times: 2})
	c.server.Inject(simulator.Fault{Path: "/auth/*", Status: 502, Times: -1})
	c.server.Inject(simulator.Fault{Path: "/auth/*", Status: 503, Times: -1}) // comes after the other one
	var got []int
	for _, path := range []string{"/project-keys", "/project-keys", "/project-keys", "/project-keys", "/auth/whoami", "/auth/whoami", "/auth/roles"} {
		status, _ := c.call("GET", path, nil)
		got = append(got, status)
	}
	if !slices.Equal(got, []int{200, 500, 500, 200, 502, 502, 502}) {
		t.Errorf("answered %v", got)
	}
	if unused := c.server.UnusedFaults(); len(unused) != 0 {
		t.Errorf("unused: %+v", unused)
	}
	c.server.ClearFaults()
	c.play(`200 GET /auth/whoami`)
}

func TestFault_MatchesMethodAndPath(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(roleBased())
	fault := simulator.Fault{Method: "GET", Path: "/project-keys/*", Status: 500}
	c.server.Inject(fault)
	c.play(`
		200 GET /project-keys
		200 GET /project-keys/{role-based}/mcp-config
		200 PATCH /project-keys/{role-based} {"name": "renamed"}
	`)
	fault.Times = 1
	if unused := c.server.UnusedFaults(); !reflect.DeepEqual(unused, []simulator.Fault{fault}) {
		t.Errorf("unused: %+v", unused)
	}
	c.want(500, "GET", "/project-keys/"+id, nil)
	if unused := c.server.UnusedFaults(); len(unused) != 0 {
		t.Errorf("unused: %+v", unused)
	}
}

func TestFault_DropsTheConnection(t *testing.T) {
	for drop, want := range map[simulator.DropKind]struct {
		err  error
		keys int
	}{
		simulator.DropRefused:   {syscall.ECONNREFUSED, 0},
		simulator.DropBefore:    {io.ErrUnexpectedEOF, 0},
		simulator.DropAfter:     {io.ErrUnexpectedEOF, 1},
		simulator.DropTruncated: {io.ErrUnexpectedEOF, 1},
	} {
		t.Run(string(drop), func(t *testing.T) {
			c := start(t, simulator.Config{})
			c.server.Inject(simulator.Fault{Method: "POST", Drop: drop})
			response, err := c.send("POST", "/project-keys", roleBased())
			if drop == simulator.DropTruncated {
				var text []byte
				if text, err = io.ReadAll(response.Body); len(text) == 0 || int64(len(text)) >= response.ContentLength {
					t.Errorf("read %d of %d bytes", len(text), response.ContentLength)
				}
			}
			if !errors.Is(err, want.err) || len(c.server.Keys()) != want.keys {
				t.Errorf("error %v, %d keys", err, len(c.server.Keys()))
			}
			if writes := c.server.Writes(); len(writes) != 1 || writes[0].Drop != drop {
				t.Errorf("log %+v", writes)
			}
		})
	}
}

func TestFault_ShowsAKeyBeforeItsLastChange(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(with(roleBased(), "allowed_tools", []string{"a"}))
	before := c.read(id)
	c.update(id, object{"name": "renamed", "allowed_tools": []string{"b"}})
	c.server.Inject(simulator.Fault{Method: "GET", Late: true})
	if late := c.read(id); !reflect.DeepEqual(late, before) {
		t.Errorf("a late read shows %v, expected %v", late, before)
	}
	if name := c.read(id)["name"]; name != "renamed" {
		t.Errorf("the next read shows the name %v", name)
	}
}

func TestFault_SetsMembersOfAnAnswer(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(both())
	c.server.Inject(simulator.Fault{Method: "GET", Path: "/project-keys/*", Set: `{"kafka_username": null}`})
	c.server.Inject(simulator.Fault{Method: "GET", Path: "/project-keys", Set: `{"name": "other"}`})
	if detail := c.read(id); detail["kafka_username"] != nil || detail["name"] != "both" {
		t.Errorf("the detail is %v", detail)
	}
	if rows := c.list(); rows[0]["name"] != "other" || rows[0]["kafka_username"] != "orders" {
		t.Errorf("the rows are %v", rows)
	}
	if detail := c.read(id); detail["kafka_username"] != "orders" {
		t.Errorf("after the fault the detail is %v", detail)
	}
}

func TestFault_AnswersForAnotherKey(t *testing.T) {
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

func TestInject_SenselessFaultPanics(t *testing.T) {
	for want, fault := range map[string]simulator.Fault{
		"does nothing":               {Method: "GET"},
		"is not a pattern":           {Path: "/[", Status: 500},
		"has another drop":           {Drop: "sometimes"},
		"GET * has a negative count": {Method: "GET", Times: -2, Status: 500},
		"/x has a negative count":    {Path: "/x", Skip: -1, Status: 500},
		"has a status that is not":   {Status: 99},
		"* * has a negative count":   {Delay: -1},
		"has a set that is no JSON":  {Set: "[]"},
		"has an as that is no path":  {As: "project-keys"},
	} {
		wantPanic(t, want, func() { simulator.New(simulator.Config{}).Inject(fault) })
	}
}

func TestParseFault_Words(t *testing.T) {
	for text, want := range map[string]simulator.Fault{
		"PATCH /project-keys/* status=503 times=2":  {Method: "PATCH", Path: "/project-keys/*", Status: 503, Times: 2},
		"* * drop=after skip=1":                     {Drop: simulator.DropAfter, Skip: 1},
		"GET * delay=1.5s times=-1":                 {Method: "GET", Delay: 1500 * time.Millisecond, Times: -1},
		"* /auth/* status=429 header=Retry-After:2": {Path: "/auth/*", Status: 429, Header: http.Header{"Retry-After": {"2"}}},
		"POST * status=504 processed body=html":     {Method: "POST", Status: 504, Processed: true, Body: simulator.GatewayPage(504)},
		"GET * status=503 body=html times=2":        {Method: "GET", Status: 503, Body: simulator.GatewayPage(503), Times: 2},
		"GET * late":                                {Method: "GET", Late: true},

		`* * status=400 body={"detail": "no more keys"}`:  {Status: 400, Body: `{"detail": "no more keys"}`},
		`* * body={"a": [1, 2]} status=400 times=2`:       {Status: 400, Body: `{"a": [1, 2]}`, Times: 2},
		`* * body="" status=200`:                          {Status: 200, Body: `""`},
		`* * status=404 body='default backend' times=3`:   {Status: 404, Body: "default backend", Times: 3},
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

func TestRateLimit_RefusesWhatExceedsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for form, want := range map[simulator.RetryAfterForm]string{
			"":                          "1",
			simulator.RetryAfterSeconds: "1",
			simulator.RetryAfterDate:    time.Now().Add(2 * time.Second).UTC().Format(http.TimeFormat),
			simulator.RetryAfterAbsent:  "",
		} {
			c := anonymous(t, simulator.New(simulator.Config{RateLimit: 2, RetryAfter: form}))
			c.play(`
				401 GET /project-keys
				401 GET /project-keys
				429 GET /project-keys
			`)
			if got := c.header.Get("Retry-After"); got != want {
				t.Errorf("%q: Retry-After %q, want %q", form, got, want)
			}
		}
		c := start(t, simulator.Config{})
		c.server.SetConfig(func(cfg *simulator.Config) { cfg.RateLimit = 2 })
		c.play(`
			200 GET /project-keys
			200 GET /project-keys
			429 GET /project-keys
		`)
		time.Sleep(500 * time.Millisecond)
		c.play(`
			200 GET /project-keys
			429 GET /project-keys
		`)
	})
}
