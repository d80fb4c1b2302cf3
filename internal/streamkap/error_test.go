// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

func TestError_EveryForm(t *testing.T) {
	field := func(message string, loc ...string) streamkap.FieldError {
		return streamkap.FieldError{Loc: loc, Message: message}
	}
	for name, test := range map[string]struct {
		body   string
		detail string
		fields []streamkap.FieldError
		html   bool
		own    bool
	}{
		"text":                 {own: true, body: `{"detail": "Too late"}`, detail: "Too late"},
		"object with message":  {own: true, body: `{"detail": {"message": "Too late", "code": 7}}`, detail: "Too late"},
		"object with reason":   {own: true, body: `{"detail": {"reason": "Too late"}}`, detail: "Too late"},
		"an empty message":     {own: true, body: `{"detail": {"message": "", "msg": 7, "error": "Too late"}}`, detail: "Too late"},
		"object without words": {own: true, body: `{"detail": {"code": 7, "input": "x", "ctx": {"y": 1}}}`, detail: `{"code":7}`},
		"sentences":            {own: true, body: `{"detail": ["Too late", "Too much"]}`, detail: "Too late; Too much"},
		"no detail":            {body: `{"message": "Too late"}`, detail: "Too late"},
		"null detail":          {body: `{"detail": null, "error": "Too late"}`, detail: "Too late"},
		"nothing":              {body: `{}`},
		"empty":                {body: ``},
		"blank":                {body: " \r\n"},
		"plain text":           {body: `Too late`, detail: "Too late"},
		"JSON text":            {body: `"Too late"`, detail: `"Too late"`},
		"HTML":                 {body: simulator.GatewayPage(422), html: true},
		"HTML after space":     {body: "\n <!DOCTYPE html><p>no", html: true},
		"number":               {own: true, body: `{"detail": 12}`},
		"fields": {
			own: true, body: `{"detail": [{"loc": ["body", "name"], "msg": "too long", "type": "t", "input": "x", "ctx": {"max": 100}},
				{"loc": ["body", "kafka_config", "kafka_acls", 1, "operation"], "msg": "not an operation", "type": "t"}]}`,
			fields: []streamkap.FieldError{
				field("too long", "body", "name"),
				field("not an operation", "body", "kafka_config", "kafka_acls", "1", "operation"),
			},
		},
		"field without a place": {own: true, body: `{"detail": [{"msg": "odd"}]}`, fields: []streamkap.FieldError{field("odd")}},
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			s.Inject(simulator.Fault{Path: oneKey, Status: 422, Body: test.body, Header: http.Header{"X-Request-Id": {"the-request"}}})
			_, err := s.ProjectKey(t.Context(), "an-id")
			got := wantAs[*streamkap.Error](t, err)
			want := &streamkap.Error{
				Method: "GET", Path: "/project-keys/an-id", Status: 422, RequestID: "the-request",
				Detail: test.detail, Fields: test.fields, HTML: test.html, Own: test.own,
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestError_TextTellsRequestStatusAndReason(t *testing.T) {
	for want, err := range map[string]error{
		"GET /p: HTTP 503":                                                    &streamkap.Error{Method: "GET", Path: "/p", Status: 503},
		"GET /p: HTTP 400 (request r): no":                                    &streamkap.Error{Method: "GET", Path: "/p", Status: 400, RequestID: "r", Detail: "no"},
		"GET /p: HTTP 429, to wait 7s":                                        &streamkap.Error{Method: "GET", Path: "/p", Status: 429, Wait: 7 * time.Second},
		"get an access token: refused":                                        &streamkap.AuthenticationError{Err: errors.New("refused")},
		"the answer was lost: cut off":                                        &streamkap.CallError{Text: "the answer was lost", Err: errors.New("cut off")},
		"There are no credentials.":                                           streamkap.Unusable("There are no credentials."),
		"GET /p: no answer from h in time":                                    &streamkap.ConnectionError{Method: "GET", Path: "/p", Host: "h", Err: context.DeadlineExceeded},
		"PATCH /p: HTTP 422; body.name: no":                                   &streamkap.Error{Method: "PATCH", Path: "/p", Status: 422, Fields: []streamkap.FieldError{{Loc: []string{"body", "name"}, Message: "no"}}},
		"GET /p: HTTP 200 (request r): the answer can't be understood: no id": &streamkap.Error{Method: "GET", Path: "/p", Status: 200, RequestID: "r", Invalid: errors.New("no id")},
		"GET /p: no answer from h: EOF; the attempt before ended with HTTP 503": &streamkap.ConnectionError{
			Method: "GET", Path: "/p", Host: "h", Err: io.EOF, Before: "HTTP 503",
		},
	} {
		if got := err.Error(); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

func TestError_LongDetailShortenedBetweenCharacters(t *testing.T) {
	s := connect(t, simulator.Config{})
	s.Inject(simulator.Fault{Path: oneKey, Status: 400, Body: `{"detail": "x` + strings.Repeat("ö", 5000) + `"}`})
	detail := wantAs[*streamkap.Error](t, errOf(s.ProjectKey(t.Context(), "an-id"))).Detail
	if len(detail) > 2010 || !strings.HasSuffix(detail, "öö …") || strings.ContainsRune(detail, '\uFFFD') {
		t.Errorf("the detail has %d bytes and ends in %q", len(detail), detail[len(detail)-10:])
	}
}

// echoes are the forms in which a refusal can repeat a password.
func echoes(secret string) map[string]string {
	quoted, _ := json.Marshal(secret)
	python := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(quoted))
	ascii := strings.ReplaceAll(python, "ö", `\u00f6`)
	text := func(s string) string {
		again, _ := json.Marshal(s)
		return string(again)
	}
	return map[string]string{
		"detail":             `{"detail": ` + text("bad: "+secret+".") + `}`,
		"msg":                `{"detail": [{"loc": ["body", "kafka_password"], "msg": ` + text("bad: "+secret) + `}]}`,
		"input":              `{"detail": [{"loc": ["body", "kafka_password"], "msg": "bad", "input": ` + python + `}]}`,
		"ctx":                `{"detail": [{"loc": ["body", "kafka_password"], "msg": "bad", "ctx": {"error": ` + python + `}}]}`,
		"input of an object": `{"detail": {"code": 7, "input": ` + python + `, "ctx": {"given": ` + python + `}}}`,
		"deep in an object":  `{"detail": {"errors": [{"input": ` + python + `}]}}`,
		"request quoted":     `{"detail": ` + text(`cannot store {"kafka_password": `+python+`}`) + `}`,
		"request as Go":      `{"detail": ` + text(fmt.Sprintf("bad %q", secret)) + `}`,
		"HTML-safe JSON":     `{"detail": ` + text(`cannot store {"kafka_password": `+string(quoted)+`}`) + `}`,
		"ASCII JSON":         `{"detail": ` + text(`cannot store {"kafka_password": `+ascii+`}`) + `}`,
		"plain body":         "bad: " + secret,
		"odd JSON":           `{"message": 12, "password": ` + python + `}`,
		"odd ASCII JSON":     `{"message": 12, "password": ` + ascii + `}`,
		"message":            `{"message": ` + text("bad: "+secret) + `}`,
		"Base64":             `{"detail": "bad: ` + base64.StdEncoding.EncodeToString([]byte(secret)) + `"}`,
		"URL Base64":         `{"detail": "bad: ` + base64.URLEncoding.EncodeToString([]byte(secret)) + `"}`,
		"unpadded Base64":    `{"detail": "bad: ` + base64.RawStdEncoding.EncodeToString([]byte(secret)) + `"}`,
		"form":               `{"detail": "bad: password=` + url.QueryEscape(secret) + `"}`,
		"URL":                `{"detail": "bad: /` + url.PathEscape(secret) + `"}`,
		"at the cut":         `{"detail": ` + text(strings.Repeat("x", 1992)+secret) + `}`,
	}
}

func TestError_EchoedPasswordMasked(t *testing.T) {
	for echo, body := range echoes(password) {
		for _, name := range []string{"create", "rotate", "add Kafka"} {
			t.Run(echo+", "+name, func(t *testing.T) {
				s := connect(t, simulator.Config{})
				s.Inject(simulator.Fault{Path: keysPath, Status: 422, Body: body, Times: -1})
				s.Inject(simulator.Fault{Path: oneKey, Status: 422, Body: body, Times: -1})
				err := calls[name](t.Context(), s.Client, "an-id")
				wantA[*streamkap.Error](t, err)
				// Any longer run of its characters would be a leak too.
				for _, part := range []string{"Pa\"ss", `Pa\"ss`, "Pa%22ss", "UGEic3N"} {
					if strings.Contains(err.Error(), part) {
						t.Fatalf("%q shows the password", strings.ReplaceAll(err.Error(), "xx", ""))
					}
				}
			})
		}
	}
}

// TestError_MasksWhatTheCallKnows also has a client secret that is too short to be
// looked for in texts that have nothing to do with it, and secrets that begin alike.
func TestError_MasksWhatTheCallKnows(t *testing.T) {
	for name, test := range map[string]struct{ client, password, body, want string }{
		"the rest is left alone": {"a-client-secret", "Correct-Horse-1", "Password Correct-Horse-1 was used before: Correct-Horse-1", "Password (sensitive) was used before: (sensitive)"},
		"short":                  {"5e<ret", "Correct-Horse-1", `no client of id and 5e<ret, nor of 5e\u003cret`, "no client of id and (sensitive), nor of (sensitive)"},
		"begins like another":    {"Correct-Horse-1-and-more", "Correct-Horse-1", "bad: Correct-Horse-1-and-more", "bad: (sensitive)"},
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{}, func(config *streamkap.Config) { config.Secret = test.client })
			s.AddClient(simulator.DefaultClientID, test.client, simulator.PermissionWriteKeys)
			s.Inject(simulator.Fault{Path: oneKey, Status: 400, Body: `{"detail": "` + test.body + `"}`})
			err := errOf(s.UpdateProjectKey(t.Context(), "an-id", streamkap.UpdateProjectKeyRequest{KafkaPassword: test.password}))
			if got := wantAs[*streamkap.Error](t, err).Detail; got != test.want {
				t.Errorf("the detail is %q, want %q", got, test.want)
			}
		})
	}
}

func TestError_SimulatedRefusalShowsNoSecret(t *testing.T) {
	s := connect(t, simulator.Config{})
	request := fullRequest()
	request.KafkaConfig.Password = "too-weak-a-password"
	_, err := s.CreateProjectKey(t.Context(), request)
	got := wantAs[*streamkap.Error](t, err)
	if len(got.Fields) == 0 || strings.Join(got.Fields[0].Loc, ".") != "body.kafka_config.password" {
		t.Errorf("the error is %+v", got)
	}
	s.wantNoSecrets(err.Error())
}
