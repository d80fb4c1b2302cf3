// SPDX-License-Identifier: MPL-2.0

package diagnosis_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

var update = flag.Bool("update", false, "write testdata/explain.golden anew")

const golden = "testdata/explain.golden"

var operation = diagnosis.Operation{
	Action: `update project key "orders" (6f1c)`, Permission: "the Project Keys write permission, which the roles Admin and Data Admin include",
}

// example is an error and what it is an example of.
type example struct {
	name string
	err  error
}

// answered is a refusal of an update.
func answered(status int, detail string) *streamkap.Error {
	return &streamkap.Error{Method: "PATCH", Path: "/project-keys/6f1c", Status: status, RequestID: "req-1", Detail: detail}
}

func page(status int) *streamkap.Error {
	return &streamkap.Error{Method: "PATCH", Path: "/project-keys/6f1c", Status: status, HTML: true}
}

func noAnswer(err error) error {
	return &streamkap.ConnectionError{Method: "GET", Path: "/project-keys/6f1c", Host: "https://api.example.com", Err: err}
}

func noToken(err error) error { return &streamkap.AuthenticationError{Err: err} }

func exchange(status int, detail string) error {
	return noToken(&streamkap.Error{Method: "POST", Path: streamkap.TokenPath, Status: status, RequestID: "req-1", Detail: detail})
}

var refused = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}

func examples() []example {
	invalid := answered(422, "")
	invalid.Fields = []streamkap.FieldError{
		{Loc: []string{"body", "name"}, Message: "String should have at most 100 characters"},
		{Loc: []string{"body", "kafka_acls", "0", "operation"}, Message: "Input should be 'READ' or 'WRITE'."},
	}
	return []example{
		{"no credentials", &streamkap.CallError{Kind: streamkap.KindUnusable, Text: "The provider has no credentials. Set client_id and secret."}},
		{"credentials refused", exchange(401, "Invalid credentials")},
		{"credentials not found", exchange(404, "The API token does not exist")},
		{"host with a wrong path", exchange(404, "Not Found")},
		{"host that redirects", exchange(302, "")},
		{"credentials of another project", &streamkap.CallError{
			Kind: streamkap.KindOtherProject, Text: "the credentials belong to project s1, not to project s2: host https://api.example.com " +
				"(from the environment variable STREAMKAP_HOST), client id client-1 (from the argument client_id)",
		}},
		{"project of the key unknown", &streamkap.CallError{Kind: streamkap.KindUnknownProject, Text: "it is not known which project it belongs to"}},
		{"project of the credentials unknown", &streamkap.CallError{
			Kind: streamkap.KindUntoldProject, Text: "Streamkap does not say which project the credentials belong to",
		}},
		{"gone, unconfirmed", &streamkap.CallError{Kind: streamkap.KindUnconfirmed, Text: "it could not be confirmed that the key is gone", Err: page(404)}},
		{"out of reach, not sent", &transport.OpenError{Err: noAnswer(refused)}},
		{"password may be set", &streamkap.CallError{Kind: streamkap.KindUnknownPassword, Text: "the new password may be in force", Err: answered(503, "")}},
		{"asked to wait", &streamkap.Error{Method: "GET", Path: "/project-keys/6f1c", Status: 503, RequestID: "req-1", Wait: time.Hour}},
		{"token exchange fails", exchange(503, "")},
		{"token exchange is rate limited", exchange(429, "Too many requests")},
		{"token exchange can't connect", noToken(&streamkap.ConnectionError{Method: "POST", Path: streamkap.TokenPath, Host: "https://api.example.com", Err: refused})},
		{"token exchange answers nonsense", noToken(&streamkap.Error{Method: "POST", Path: "/auth/access-token", Status: 200, RequestID: "req-1", Invalid: errors.New("the answer has no access token")})},
		{"token refused", answered(401, "Invalid or expired token")},
		{"permission missing", &streamkap.Error{
			Method: "PATCH", Path: "/project-keys/6f1c", Status: 403, RequestID: "req-1", Own: true, Detail: "Missing permission: project-keys:write",
			Asked: "host https://api.example.com (from the environment variable STREAMKAP_HOST), client id client-1 (from the argument client_id)",
		}},
		{"forbidden by a gateway", page(403)},
		{"rate limit", answered(429, "Too many requests.")},
		{"rate limit, too long a pause", &transport.RateLimitError{Until: time.Unix(0, 0)}},
		{"server error", answered(500, "Internal Server Error")},
		{"gateway error", page(502)},
		{"error without a word", &streamkap.Error{Method: "DELETE", Path: "/project-keys/6f1c", Status: 503}},
		{"status without a name", answered(599, "")},
		{"name taken, 422", &streamkap.Error{
			Method: "POST", Path: "/project-keys", Status: 422, Fields: []streamkap.FieldError{{Loc: []string{"body", "name"}, Message: "Already in use"}},
		}},
		{"name taken", answered(409, "A key with this name already exists")},
		{"gone, 404", answered(404, "Project key not found")},
		{"gone, 400", answered(400, "Project key 6f1c does not exist")},
		{"page not found", page(404)},
		{"invalid fields", invalid},
		{"refused", answered(400, "Permissions of an existing API credential can't be changed")},
		{"refused, long", answered(400, "Too much to tell …")},
		{"redirected", answered(302, "")},
		{"answer can't be understood", &streamkap.Error{Method: "GET", Path: "/project-keys/6f1c", Status: 200, RequestID: "req-1", Invalid: errors.New("the answer has no id")}},
		{"connection refused", noAnswer(refused)},
		{"unknown host", noAnswer(&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.example.com", IsNotFound: true}})},
		{"too slow", noAnswer(context.DeadlineExceeded)},
		{"untrusted certificate", noAnswer(&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}})},
		{"port without TLS", noAnswer(tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"})},
		{"connection reset", noAnswer(&net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET})},
		{"too slow, after a failure", &streamkap.ConnectionError{
			Host:   "https://api.example.com",
			Method: "GET", Path: "/project-keys/6f1c", Err: context.DeadlineExceeded, Before: "HTTP 503, request id req-1",
		}},
		{"interrupted", noAnswer(context.Canceled)},
		{"interrupted between two requests", context.Canceled},
		{"out of time between two requests", context.DeadlineExceeded},
		{"lost answer", &streamkap.CallError{Kind: streamkap.KindUnknownOutcome, Text: "the answer was lost", Err: noAnswer(errors.New("unexpected EOF"))}},
	}
}

func TestExplain_Golden(t *testing.T) {
	var text strings.Builder
	for _, example := range examples() {
		summary, detail := diagnosis.Explain(operation, example.err)
		fmt.Fprintf(&text, "# %s\n\n%s\n\n%s\n\n\n", example.name, summary, detail)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range sections(text.String()) {
		if want := sections(string(want))[name]; got != want {
			t.Errorf("%s:\ngot\n%s\nwant\n%s", name, got, want)
		}
	}
	if !t.Failed() && text.String() != string(want) {
		t.Errorf("%s has more in it than the test: write it anew with -update", golden)
	}
}

// sections splits the golden file by its headings.
func sections(text string) map[string]string {
	found := make(map[string]string)
	for _, section := range strings.Split(text, "# ")[1:] {
		name, rest, _ := strings.Cut(section, "\n")
		found[name] = strings.TrimSpace(rest)
	}
	return found
}

// toDo matches advice: a sentence, or part of one, that begins with what to do.
var toDo = regexp.MustCompile(`(^|[.:] )(Run|Check|check|Try|Wait|Choose|Change|Give|Remove|Set)\b`)

// TestExplain_Form has each text say what failed and what to do, with the request id
// where there is one, and no summary hold a fact.
func TestExplain_Form(t *testing.T) {
	for _, example := range examples() {
		summary, detail := diagnosis.Explain(operation, example.err)
		paragraphs := strings.Split(detail, "\n\n")
		if last := paragraphs[len(paragraphs)-1]; len(paragraphs) < 2 || paragraphs[0] != `Could not update project key "orders" (6f1c).` || !toDo.MatchString(last) {
			t.Errorf("%s: it does not say what failed and what to do: %s", example.name, detail)
		}
		other, _ := diagnosis.Explain(diagnosis.Operation{Action: "do something else", Permission: "another"}, example.err)
		if summary == "" || summary != other || regexp.MustCompile(`[0-9"]|\.$`).MatchString(summary) || strings.Contains(detail, "..") {
			t.Errorf("%s: badly put:\n%s\n%s", example.name, summary, detail)
		}
		if regexp.MustCompile(`(?i)\b(terraform|opentofu|tofu)\b`).MatchString(summary + detail) {
			t.Errorf("%s names a program: %s\n%s", example.name, summary, detail)
		}
		var answer *streamkap.Error
		var cut *streamkap.ConnectionError
		known := errors.As(example.err, &answer) && answer.RequestID != "" || errors.As(example.err, &cut) && cut.Before != ""
		if strings.Contains(detail, "req-1") != known {
			t.Errorf("%s: the request id: %s", example.name, detail)
		}
	}
}

// TestExplain_NobodyWasAskedWithoutASecret has a client id, and no secret to send with it.
func TestExplain_NobodyWasAskedWithoutASecret(t *testing.T) {
	_, err := streamkap.New(streamkap.Config{Host: "https://api.example.com", ClientID: "client-1", Unusable: streamkap.Unusable("No secret.")}).ProjectKey(t.Context(), "k")
	summary, detail := diagnosis.Explain(operation, err)
	if summary != "No usable Streamkap credentials" || strings.Contains(detail, "asked") {
		t.Errorf("it says\n%s\n%s", summary, detail)
	}
}

// TestExplain_OneOfARunSaysAll has 300 keys meet a
// service that is down, and credentials that are wrong.
func TestExplain_OneOfARunSaysAll(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{
		"down":  {Drop: simulator.DropRefused, Times: -1},
		"502":   {Status: 502, Times: -1},
		"wrong": {Path: streamkap.TokenPath, Status: 401, Body: `{"detail": "Invalid credentials"}`},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := simulator.New(simulator.Config{})
			server.Inject(fault)
			client := streamkap.New(streamkap.Config{
				Host: "https://api.example.com", ClientID: "client-1", Secret: "s3cret-not-real", MaxRetries: 5, Transport: server.RoundTripper(),
				Origins: streamkap.Origins{Host: "the argument host", Credentials: "the environment variable STREAMKAP_CLIENT_ID"},
			})
			lines := 0
			for i := range 300 {
				_, err := client.ProjectKey(t.Context(), "k")
				summary, detail := diagnosis.Explain(operation, err)
				text := summary + "\n" + detail
				lines += strings.Count(text, "\n") + 1
				tells := strings.Contains(detail, "The provider asked host https://api.example.com (from the argument host), "+
					"client id client-1 (from the environment variable STREAMKAP_CLIENT_ID).")
				if tells != (i == 0) || i > 0 && strings.Count(text, "\n") != 1 {
					t.Fatalf("%s: error %d is\n%s", name, i+1, text)
				}
			}
			if lines >= 700 {
				t.Errorf("%s: %d lines", name, lines)
			}
		})
	}
}
