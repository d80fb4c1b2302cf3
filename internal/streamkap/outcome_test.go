// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// outcome is what becomes of one call.
type outcome struct {
	call string
	// fault is what the service does about it, and then another.
	fault, then simulator.Fault
	// retries are the client's, and negative for none.
	retries int
	// timeout is the caller's deadline, and cancel when it is interrupted.
	timeout, cancel time.Duration

	// want is KindUnknown for a success.
	want streamkap.Kind
	// attempts counts the requests to where the fault is.
	attempts int
	took     time.Duration
	says     string
}

func waiting(status int, retryAfter string) simulator.Fault {
	return simulator.Fault{Status: status, Header: http.Header{"Retry-After": {retryAfter}}}
}

func times(n int, fault simulator.Fault) simulator.Fault {
	fault.Times = n
	return fault
}

func at(path string, fault simulator.Fault) simulator.Fault {
	fault.Path = path
	return fault
}

const (
	none    = -1
	forEver = -1
	first   = time.Second / 2 // the pause before the first repetition
	exact   = time.Minute + first
	success = streamkap.KindUnknown
	lost    = streamkap.KindUnknownOutcome
	mayBe   = streamkap.KindUnknownPassword
)

// outcomes of calls that may be made any number of times.
var outcomes = map[string]outcome{
	"no connection":       {call: "read", fault: simulator.Fault{Drop: simulator.DropRefused}, retries: none, want: streamkap.KindNotListening, attempts: 1, says: "GET /project-keys/an-id: no answer from https://api.example.com: dial tcp: connection refused"},
	"400":                 {call: "read", fault: simulator.Fault{Status: 400}, want: streamkap.KindRefused, attempts: 1},
	"403":                 {call: "read", fault: simulator.Fault{Status: 403}, want: streamkap.KindPermission, attempts: 1},
	"404":                 {call: "read", fault: simulator.Fault{Status: 404}, want: streamkap.KindNotFound, attempts: 1},
	"404, no web page":    {call: "read", fault: simulator.Fault{Status: 404, Header: http.Header{"Content-Type": {"text/html"}}}, want: streamkap.KindNotFound, attempts: 1},
	"409":                 {call: "rename", fault: simulator.Fault{Status: 409}, want: streamkap.KindRefused, attempts: 1},
	"422":                 {call: "rename", fault: simulator.Fault{Status: 422}, want: streamkap.KindRefused, attempts: 1},
	"no JSON":             {call: "read", fault: times(2, simulator.Fault{Status: 200, Body: "OK"}), retries: 1, want: streamkap.KindInvalidResponse, attempts: 2, took: first, says: "HTTP 200 (request "},
	"a web page":          {call: "read", fault: times(2, simulator.Fault{Status: 200, Body: simulator.GatewayPage(200)}), retries: 1, want: streamkap.KindInvalidResponse, attempts: 2, took: first},
	"an empty answer":     {call: "read", fault: times(2, simulator.Fault{Status: 200}), retries: 1, want: streamkap.KindInvalidResponse, attempts: 2, took: first},
	"another thing":       {call: "read", fault: times(2, simulator.Fault{Status: 200, Body: `{"items": []}`}), retries: 1, want: streamkap.KindInvalidResponse, attempts: 2, took: first},
	"a bad gateway":       {call: "read", fault: simulator.Fault{Status: 502, Body: simulator.GatewayPage(502), Header: http.Header{"X-Request-Id": {"r"}}}, retries: none, want: streamkap.KindTransient, attempts: 1, says: "GET /project-keys/an-id: HTTP 502 (request r)"},
	"hung, read":          {call: "read", fault: simulator.Fault{Delay: time.Hour}, want: streamkap.KindNotFound, attempts: 2, took: exact},
	"hung, rename":        {call: "rename", fault: simulator.Fault{Delay: time.Hour}, want: streamkap.KindNotFound, attempts: 2, took: exact},
	"dropped, rename":     {call: "rename", fault: times(2, simulator.Fault{Drop: simulator.DropAfter}), retries: 1, want: streamkap.KindClosed, attempts: 2, took: first},
	"hung, delete":        {call: "delete", fault: simulator.Fault{Delay: time.Hour}, want: success, attempts: 2, took: exact},
	"hung for ever":       {call: "list", fault: times(forEver, simulator.Fault{Delay: time.Hour}), retries: 100, want: streamkap.KindTimeout, attempts: 2, took: 2 * time.Minute},
	"down for ever":       {call: "list", fault: times(forEver, simulator.Fault{Status: 500}), retries: 100, want: streamkap.KindTimeout, attempts: 9, took: 2 * time.Minute},
	"little time":         {call: "list", fault: times(4, simulator.Fault{Status: 503}), timeout: 5 * time.Second, want: streamkap.KindDeadline, attempts: 4, took: 5 * time.Second, says: "the attempt before ended with HTTP 503, request id "},
	"interrupted":         {call: "list", fault: simulator.Fault{Delay: time.Hour}, cancel: time.Second, want: streamkap.KindInterrupted, attempts: 1, took: time.Second},
	"interrupted waiting": {call: "list", fault: waiting(429, "3600"), timeout: 2 * time.Hour, cancel: time.Minute, want: streamkap.KindInterrupted, attempts: 1, took: time.Minute},

	// The clock of a bubble starts at the beginning of 2000.
	"to wait, seconds":    {call: "list", fault: waiting(429, "7"), attempts: 2, took: 7 * time.Second},
	"to wait, date":       {call: "list", fault: waiting(429, "Sat, 01 Jan 2000 00:00:09 GMT"), attempts: 2, took: 9 * time.Second},
	"to wait, date gone":  {call: "list", fault: waiting(429, "Fri, 31 Dec 1999 23:59:59 GMT"), attempts: 2},
	"to wait, absent":     {call: "list", fault: waiting(429, ""), attempts: 2, took: first},
	"to wait, nonsense":   {call: "list", fault: waiting(429, "soon"), attempts: 2, took: first},
	"to wait, negative":   {call: "list", fault: waiting(429, "-1"), attempts: 2, took: first},
	"to wait, not at all": {call: "list", fault: waiting(429, "0"), attempts: 2},
	"to wait, very long":  {call: "list", fault: waiting(429, "300"), timeout: time.Hour, attempts: 2, took: 5 * time.Minute},
	// A pause that outlasts the deadline is not kept.
	"to wait too long":             {call: "list", fault: waiting(429, "3600"), want: streamkap.KindRateLimited, attempts: 1, says: "HTTP 429, to wait 1h0m0s"},
	"to wait until the deadline":   {call: "list", fault: waiting(429, "7"), timeout: 7 * time.Second, want: streamkap.KindRateLimited, attempts: 1},
	"to wait too long, 503":        {call: "list", fault: waiting(503, "3600"), want: streamkap.KindTransient, attempts: 1, says: "HTTP 503, to wait 1h0m0s"},
	"to wait too long for a token": {call: "list", fault: at(streamkap.TokenPath, waiting(503, "3600")), want: streamkap.KindTransient, attempts: 1, says: "HTTP 503, to wait 1h0m0s"},
}

// creations are repeated only where nothing was done.
var creations = map[string]outcome{
	"500":            {fault: simulator.Fault{Status: 500, Body: `{"detail": "Internal Server Error"}`}, want: lost, attempts: 1},
	"502 as HTML":    {fault: simulator.Fault{Status: 502, Body: simulator.GatewayPage(502)}, want: lost, attempts: 1},
	"503 retry":      {fault: waiting(503, "1"), want: lost, attempts: 1},
	"504 processed":  {fault: simulator.Fault{Status: 504, Processed: true}, want: lost, attempts: 1},
	"408":            {fault: simulator.Fault{Status: 408}, want: lost, attempts: 1},
	"redirected":     {fault: simulator.Fault{Status: 302, Header: http.Header{"Location": {"/elsewhere"}}}, want: lost, attempts: 1},
	"dropped before": {fault: simulator.Fault{Drop: simulator.DropBefore}, want: lost, attempts: 1},
	"dropped after":  {fault: simulator.Fault{Drop: simulator.DropAfter}, want: lost, attempts: 1},
	"truncated":      {fault: simulator.Fault{Drop: simulator.DropTruncated}, want: lost, attempts: 1},
	"malformed":      {fault: simulator.Fault{Status: 200, Processed: true, Body: `{"project_key_id": "x", `}, want: lost, attempts: 1},
	"empty":          {fault: simulator.Fault{Status: 201, Processed: true}, want: lost, attempts: 1},
	"web page":       {fault: simulator.Fault{Status: 200, Body: simulator.GatewayPage(200)}, want: lost, attempts: 1},
	"without an id":  {fault: simulator.Fault{Status: 200, Processed: true, Body: `{"type": "streamkap_project_key"}`}, want: lost, attempts: 1},
	"with an odd id": {fault: simulator.Fault{Status: 200, Processed: true, Body: `{"project_key_id": {}}`}, want: lost, attempts: 1},
	"a list":         {fault: simulator.Fault{Status: 200, Processed: true, Body: `[]`}, want: lost, attempts: 1},
	"null":           {fault: simulator.Fault{Status: 200, Processed: true, Body: `null`}, want: lost, attempts: 1},

	"429 five times":     {fault: times(5, simulator.Fault{Status: 429}), attempts: 6, took: 31 * first},
	"refused five times": {fault: times(5, simulator.Fault{Drop: simulator.DropRefused}), attempts: 6, took: 31 * first},
	"401":                {fault: simulator.Fault{Status: 401}, attempts: 2},

	"400":                    {fault: simulator.Fault{Status: 400}, want: streamkap.KindRefused, attempts: 1},
	"401 twice":              {fault: times(2, simulator.Fault{Status: 401}), want: streamkap.KindToken, attempts: 2},
	"403":                    {fault: simulator.Fault{Status: 403}, want: streamkap.KindPermission, attempts: 1},
	"404":                    {fault: simulator.Fault{Status: 404}, want: streamkap.KindRefused, attempts: 1},
	"422":                    {fault: simulator.Fault{Status: 422}, want: streamkap.KindRefused, attempts: 1},
	"429 for ever":           {fault: times(forEver, simulator.Fault{Status: 429}), want: streamkap.KindRateLimited, attempts: 6, took: 31 * first},
	"no connection for ever": {fault: times(forEver, simulator.Fault{Drop: simulator.DropRefused}), want: streamkap.KindNotListening, attempts: 6, took: 31 * first},
	"a web page that says 4": {fault: simulator.Fault{Status: 403, Body: simulator.GatewayPage(403)}, want: streamkap.KindNotTheAPI, attempts: 1},

	// An interrupt does not cut off an answer, and is not followed by a repetition.
	"interrupted, then answered":     {fault: simulator.Fault{Delay: 5 * time.Minute}, timeout: time.Hour, cancel: time.Second, attempts: 1, took: 5 * time.Minute},
	"interrupted, then dropped":      {fault: simulator.Fault{Delay: time.Minute, Drop: simulator.DropAfter}, cancel: time.Second, want: lost, attempts: 1, took: time.Minute},
	"interrupted, then 503":          {fault: simulator.Fault{Delay: time.Minute, Status: 503}, cancel: time.Second, want: lost, attempts: 1, took: time.Minute},
	"interrupted, then 429":          {fault: simulator.Fault{Delay: time.Minute, Status: 429}, cancel: time.Second, want: streamkap.KindRateLimited, attempts: 1, took: time.Minute},
	"interrupted, then 401":          {fault: simulator.Fault{Delay: time.Minute, Status: 401}, cancel: time.Second, want: streamkap.KindInterrupted, attempts: 1, took: time.Minute},
	"interrupted, then refused":      {fault: simulator.Fault{Delay: time.Minute, Drop: simulator.DropRefused}, cancel: time.Second, want: streamkap.KindNotListening, attempts: 1, took: time.Minute},
	"interrupted while it waits":     {fault: waiting(429, "3600"), timeout: 2 * time.Hour, cancel: time.Minute, want: streamkap.KindInterrupted, attempts: 1, took: time.Minute},
	"interrupted, ended by timeout":  {fault: simulator.Fault{Delay: time.Hour}, timeout: 3 * time.Minute, cancel: time.Second, want: lost, attempts: 1, took: 3 * time.Minute, says: "in time"},
	"interrupted, ended by the last": {fault: simulator.Fault{Delay: time.Hour}, cancel: time.Second, want: lost, attempts: 1, took: 2 * time.Minute, says: "in time"},

	// Without a token nothing is sent.
	"no token, 503 twice":      {fault: at(streamkap.TokenPath, times(2, simulator.Fault{Status: 503, Body: simulator.GatewayPage(503)})), attempts: 3, took: 3 * first},
	"no token, 429 twice":      {fault: at(streamkap.TokenPath, times(2, simulator.Fault{Status: 429})), attempts: 3, took: 3 * first},
	"no token, dropped twice":  {fault: at(streamkap.TokenPath, times(2, simulator.Fault{Drop: simulator.DropBefore})), attempts: 3, took: 3 * first},
	"no token, no JSON twice":  {fault: at(streamkap.TokenPath, times(2, simulator.Fault{Status: 200, Body: `{"accessToken": `})), attempts: 3, took: 3 * first},
	"no token, hung":           {fault: at(streamkap.TokenPath, simulator.Fault{Delay: time.Hour}), attempts: 2, took: exact},
	"no token in time":         {fault: at(streamkap.TokenPath, simulator.Fault{Delay: time.Hour}), timeout: 5 * time.Second, want: streamkap.KindDeadline, attempts: 2, took: 5 * time.Second, says: "POST /project-keys: not sent, because no access token came from https://api.example.com in time"},
	"no token, 503 for ever":   {fault: at(streamkap.TokenPath, times(forEver, simulator.Fault{Status: 503})), retries: 2, want: streamkap.KindTransient, attempts: 3, took: 3 * first},
	"no token, never answered": {fault: at(streamkap.TokenPath, simulator.Fault{Drop: simulator.DropBefore}), retries: none, want: streamkap.KindClosed, attempts: 1},
}

// rotations tell a password that may be in force from one that is certainly not.
var rotations = map[string]outcome{
	"dropped":               {fault: times(2, simulator.Fault{Drop: simulator.DropAfter}), want: mayBe, attempts: 2, took: first},
	"503":                   {fault: times(2, simulator.Fault{Status: 503}), want: mayBe, attempts: 2, took: first},
	"dropped, then refused": {fault: simulator.Fault{Drop: simulator.DropAfter}, then: simulator.Fault{Status: 400}, want: mayBe, attempts: 2, took: first},
	"interrupted":           {fault: simulator.Fault{Delay: time.Minute}, cancel: time.Second, want: mayBe, attempts: 1, took: time.Second},
	"refused":               {fault: simulator.Fault{Status: 400}, want: streamkap.KindRefused, attempts: 1},
	"rate limited":          {fault: times(2, simulator.Fault{Status: 429}), want: streamkap.KindRateLimited, attempts: 2, took: first},
	"no connection":         {fault: times(2, simulator.Fault{Drop: simulator.DropRefused}), want: streamkap.KindNotListening, attempts: 2, took: first},
	"no token":              {fault: at(streamkap.TokenPath, times(2, simulator.Fault{Drop: simulator.DropBefore})), want: streamkap.KindClosed, attempts: 2, took: first},
}

func TestCall_Outcome(t *testing.T) {
	for name, test := range outcomes {
		bubble(t, name, test.check)
	}
}

func TestCreate_Outcome(t *testing.T) {
	for name, test := range creations {
		test.call = "create"
		bubble(t, name, test.check)
	}
}

func TestUpdate_OutcomeOfARotation(t *testing.T) {
	for name, test := range rotations {
		test.call, test.retries = "rotate", 1
		bubble(t, name, test.check)
	}
}

func (o outcome) check(t *testing.T) {
	s := connect(t, simulator.Config{}, retries(max(cmp.Or(o.retries, streamkap.DefaultMaxRetries), 0)))
	path := map[string]string{"list": keysPath, "create": keysPath}[o.call]
	path = cmp.Or(o.fault.Path, path, oneKey)
	o.fault.Path, o.then.Path = path, path
	s.Inject(o.fault)
	if o.then.Status != 0 {
		s.Inject(o.then)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if o.timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, o.timeout)
		defer cancel()
	}
	if o.cancel > 0 {
		time.AfterFunc(o.cancel, cancel)
	}
	start := time.Now()
	err := calls[o.call](ctx, s.Client, "an-id")
	wantElapsed(t, start, o.took)
	time.Sleep(time.Hour) // until an exchange has ended that outlives the request
	if got := streamkap.KindOf(err); got != o.want || (err == nil) != (o.want == success) {
		t.Errorf("the error is of kind %d: %v; want %d", got, err, o.want)
	}
	attempts := 0
	for _, request := range s.Requests() {
		if request.Path == strings.Replace(path, "*", "an-id", 1) && (o.call != "create" || request.Method == http.MethodPost) {
			attempts++
		}
	}
	if attempts != o.attempts {
		t.Errorf("%d attempts, want %d", attempts, o.attempts)
	}
	if err != nil {
		if s.wantNoSecrets(err.Error()); !strings.Contains(err.Error(), o.says) || strings.Contains(err.Error(), "<") {
			t.Errorf("the error is %v; want one that says %q", err, o.says)
		}
	}
	if made := len(s.Keys()); o.call == "create" && o.want != lost && (made == 1) != (o.want == success) {
		t.Errorf("%d keys were made", made)
	}
}
