// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// TestError_SecretOfAnotherCallMasked echoes what earlier calls sent
// and received in the answer to a read, which holds no secret of its own.
func TestError_SecretOfAnotherCallMasked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{TokenLifetime: 10 * time.Second}, retries(0))
		ctx := t.Context()
		request := fullRequest()
		request.KafkaConfig.Password = "Sent-At-Creation-1"
		file, err := s.CreateProjectKey(ctx, request)
		wantNoError(t, err)
		wantNoError(t, errOf(s.UpdateProjectKey(ctx, file.ProjectKeyID, streamkap.UpdateProjectKeyRequest{KafkaPassword: "Sent-Afterwards-2"})))
		time.Sleep(time.Minute) // in a bubble; the token is another one from here on
		wantNoError(t, errOf(s.WhoAmI(ctx)))

		secrets := append(s.Server.Secrets(), "Sent-At-Creation-1", "Sent-Afterwards-2", string(file.API.ClientSecret))
		for _, known := range secrets {
			s.Inject(simulator.Fault{Path: oneKey, Status: 500, Body: fmt.Sprintf(`{"detail": "cannot set password %s"}`, known)})
			_, err := s.ProjectKey(ctx, file.ProjectKeyID)
			if got := wantAs[*streamkap.Error](t, err).Detail; got != "cannot set password "+secret.Masked {
				t.Errorf("the detail is %q", got)
			}
		}
	})
}

func TestError_LocMaskedAndShort(t *testing.T) {
	s := connect(t, simulator.Config{})
	s.Inject(simulator.Fault{Path: oneKey, Status: 422, Body: `{"detail": [{"loc": ["body", "Correct-Horse-9", "\u001b]52;c;eA==\u0007x", "` +
		strings.Repeat("y", 5000) + `"], "msg": "no"}` + strings.Repeat(`, {"loc": ["body"], "msg": "no"}`, 500) + `]}`})
	_, err := s.UpdateProjectKey(t.Context(), "an-id", streamkap.UpdateProjectKeyRequest{KafkaPassword: "Correct-Horse-9"})
	fields := wantAs[*streamkap.Error](t, err).Fields
	loc := fields[0].Loc
	if loc[1] != secret.Masked || loc[2] != "]52;c;eA==x" || len(loc[3]) > 140 || len(fields) > 20 {
		t.Errorf("%d fields, the first of them at %.300q", len(fields), loc)
	}
}

func TestError_RequestIDMaskedShortAndOneWord(t *testing.T) {
	entries, config := logged()
	s := connect(t, simulator.Config{}, config, retries(0))
	id := "\x1b]52;c;eA==\x07-" + simulator.DefaultSecret + "-" + strings.Repeat("i", 500)
	s.Inject(simulator.Fault{Path: oneKey, Status: 500, Header: http.Header{"X-Request-Id": {id}}})
	_, err := s.ProjectKey(t.Context(), "an-id")
	got := wantAs[*streamkap.Error](t, err).RequestID
	if len(got) > 135 || !strings.HasPrefix(got, "]52;c;eA==-"+secret.Masked+"-iii") {
		t.Errorf("the request id is %q", got)
	}
	s.Inject(simulator.Fault{Path: oneKey, Status: 404, Header: http.Header{"X-Request-Id": {"two words"}}})
	_, other := s.ProjectKey(t.Context(), "an-id")
	if got := wantAs[*streamkap.Error](t, other).RequestID; got != "" {
		t.Errorf("the request id is %q", got)
	}
	for _, text := range []string{err.Error(), fmt.Sprint(*entries)} {
		s.wantNoSecrets(text)
		if strings.ContainsRune(text, '\x1b') {
			t.Errorf("%q commands the terminal", text)
		}
	}
}

// TestError_QuotedTextMasked is about decoders and transports, which quote
// the bytes that they choke on, as of expires_in: "<secret>".
func TestError_QuotedTextMasked(t *testing.T) {
	s := connect(t, simulator.Config{})
	quoting := fmt.Errorf("invalid number literal %q or %s \x1b[2J%s", "quoted by "+simulator.RefreshTokenPrefix, simulator.DefaultSecret, strings.Repeat("x", 5000))
	for _, err := range []error{
		&streamkap.Error{Status: 200, Invalid: quoting},
		&streamkap.ConnectionError{Method: "GET", Path: "/p", Err: quoting},
		&streamkap.AuthenticationError{Err: &streamkap.Error{Status: 200, Invalid: quoting}},
		&streamkap.CallError{Kind: streamkap.KindUnknownOutcome, Text: "the answer was lost", Err: &streamkap.ConnectionError{Method: "POST", Path: "/p", Err: quoting}},
	} {
		text := err.Error()
		s.wantNoSecrets(text)
		if strings.Contains(text, "quoted by") || len(text) > 2200 || strings.ContainsRune(text, '\x1b') || !strings.Contains(text, secret.Masked) {
			t.Errorf("%T has %d characters: %.200s", err, len(text), text)
		}
	}
}

// TestConnectionError_QuotedBytesMasked answers with what is no HTTP.
func TestConnectionError_QuotedBytesMasked(t *testing.T) {
	for _, answer := range []string{
		"HTTP/1.1 abc %s\r\n\r\n",
		"HTTP/1.1 200 OK\r\n%s without a colon\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: %s\r\n\r\n",
		"%s\r\n\r\n",
	} {
		_, service, _ := listen(t, nil)
		service.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			wantNoError(t, err)
			defer connection.Close()
			_, _ = fmt.Fprintf(connection, answer, "\x1b[2J"+simulator.DefaultSecret)
		})
		entries, config := logged()
		settings := streamkap.Config{Host: service.URL, ClientID: "id", Secret: simulator.DefaultSecret}
		config(&settings)
		_, err := streamkap.New(settings).WhoAmI(t.Context())
		if err == nil || len(*entries) == 0 {
			t.Fatalf("%q is taken for an answer", answer)
		}
		for _, text := range []string{err.Error(), fmt.Sprint(*entries)} {
			if strings.Contains(text, simulator.DefaultSecret) || strings.ContainsRune(text, '\x1b') {
				t.Errorf("%q: %s", answer, text)
			}
		}
	}
}

// A service can name more secrets than can be masked, in an answer that
// succeeds or in one that refuses. What it says from then on is not shown.
func TestError_NothingIsShownOnceSecretsCanNotBeMasked(t *testing.T) {
	secretOf := func(i int) string { return fmt.Sprintf("flooded-secret-%05d-%s", i, strings.Repeat("x", 90)) }
	var members []string
	for i := range 6_000 {
		members = append(members, fmt.Sprintf(`{"secret": %q}`, secretOf(i)))
	}
	flood := `"more": [` + strings.Join(members, ",") + `]`
	echo := `{"detail": "Project key not found: ` + secretOf(5_999) + `"}`
	for name, faults := range map[string][]simulator.Fault{
		"a refusal": {{Path: oneKey, Status: 404, Body: `{"detail": "Project key not found: ` + secretOf(5_999) + `", ` + flood + `}`}},
		"an answer, then a refusal": {
			{Path: oneKey, Status: 200, Body: `{"id": "a", "name": "a", "service_id": "s", "status": "Active", ` + flood + `}`},
			{Path: oneKey, Status: 404, Body: echo},
		},
	} {
		t.Run(name, func(t *testing.T) {
			secret.Forget()
			t.Cleanup(secret.Forget)
			s := connect(t, simulator.Config{}, retries(0))
			var err error
			for _, fault := range faults {
				s.Inject(fault)
				_, err = s.ProjectKey(t.Context(), "a")
				if fault.Status == http.StatusOK {
					wantNoError(t, err)
				}
			}
			if got := wantAs[*streamkap.Error](t, err); got.Detail != secret.Withheld || got.RequestID != "" || strings.Contains(err.Error(), "flooded") {
				t.Errorf("the error is %v", err)
			}
			if !streamkap.IsNotFound(err) {
				t.Error("the key counts as there, although the answer is 404")
			}
		})
	}
}
