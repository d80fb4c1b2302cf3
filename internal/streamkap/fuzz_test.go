// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// What the fuzzer writes where a careless service would repeat a secret.
var repeated = strings.NewReplacer("{secret}", fuzzSecret, "{password}", fuzzPassword, "{token}", fuzzToken)

const (
	fuzzSecret   = "Fuzzed-client-secret-0123456789"
	fuzzPassword = "Fuzzed-kafka-password-0123456789"
	fuzzToken    = "fuzzed.access.token-0123456789"
)

// canned is a service that answers every request alike.
type canned struct {
	status int
	header http.Header
	body   string
}

func (a canned) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
		_ = req.Body.Close()
	}
	return a.response(req), nil
}

func (a canned) response(req *http.Request) *http.Response {
	header := http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}
	for name, values := range a.header {
		header[name] = values
	}
	return &http.Response{
		Status: strconv.Itoa(a.status), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: header,
		Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: req,
	}
}

// FuzzAnswers has every call answered with anything. None may panic or hang,
// no error may show a secret, and what counts as an answer is whole.
func FuzzAnswers(f *testing.F) {
	for _, body := range []string{
		``, `null`, `""`, `[]`, `{}`, `[null]`, `[{}]`, `[{"id":"a"},{"id":"b","roles":"","tool_profile":null}]`, `[{"id":"a"},{"id":""}]`,
		`{"id":"a","status":"Active","kafka_acls":[{"topic_name":"t","operation":"read"}],"whitelist_ips":"10.0.0.1, 10.0.0.2","token_ttl_seconds":3600}`,
		`{"id":"a","whitelist_ips":["10.0.0.1"],"token_ttl_seconds":3.5,"created_by_user":"someone"}`,
		`{"project_key_id":"a","api":{"client_id":"c","client_secret":"{secret}","roles":[]},"kafka":null}`,
		`{"project_key_id":"a","api":{"client_id":7,"client_secret":"{secret}"},"created_at":7}`,
		`{"id":"a","new_api_credentials":{"client_id":"c","client_secret":"{secret}"},"new_kafka_credentials":{"password":"{password}"}}`,
		`{"detail":"{password} is weak"}`, `{"detail":[{"loc":["body","kafka_config","password"],"msg":"{password}","input":"{password}"}]}`,
		`{"detail":{"message":"{token}"}}`, `{"detail":{"input":"{password}","other":["{secret}"]}}`, `{"error":"{password}"}`, `{password}`,
		"\ufeff" + `{"id":"a"}`, `<html>{password}</html>`, `[{"id":"a"}`, `{"id":"a"} trailing`, "\xff\xfe", `{"id":"\ud800"}`,
	} {
		f.Add(http.StatusOK, body)
		f.Add(http.StatusUnprocessableEntity, body)
	}
	f.Add(http.StatusNoContent, ``)
	f.Add(http.StatusFound, `{"id":"a"}`)
	f.Add(http.StatusBadGateway, `<html>{token}</html>`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		// net/http takes no other for the status of an answer.
		if status < 200 || status > 599 {
			return
		}
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			checkAnswers(ctx, t, canned{status: status, body: repeated.Replace(body)})
		})
	})
}

func checkAnswers(ctx context.Context, t *testing.T, service canned) {
	t.Helper()
	client := fuzzed(0, func(req *http.Request) canned {
		if req.URL.Path == streamkap.TokenPath {
			return fuzzedToken
		}
		return service
	})
	// The password is known from the first request that sends it.
	known := []string{fuzzSecret, fuzzToken}
	check := func(err error) {
		t.Helper()
		for _, secret := range known {
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("the error shows %q: %v", secret, err)
			}
		}
		_, _ = streamkap.IsNotFound(err), streamkap.IsTransient(err)
	}
	keys, err := client.ProjectKeys(ctx)
	check(err)
	if err == nil {
		checkRows(t, service.body, len(keys), func(i int) string { return keys[i].ID })
	}
	roles, err := client.Roles(ctx)
	check(err)
	if err == nil {
		checkRows(t, service.body, len(roles), func(i int) string { return roles[i].ID })
	}
	key, err := client.ProjectKey(ctx, "a")
	check(err)
	if err == nil {
		for _, address := range key.WhitelistIPs {
			if address == "" || strings.TrimSpace(address) != address || strings.Contains(address, ",") {
				t.Errorf("%q is not one address", address)
			}
		}
	}
	known = append(known, fuzzPassword)
	file, err := client.CreateProjectKey(ctx, streamkap.CreateProjectKeyRequest{Name: "a", KafkaConfig: &streamkap.KafkaConfig{Password: fuzzPassword}})
	check(err)
	if err == nil && file.ProjectKeyID == "" {
		t.Error("a key without an id was created")
	}
	_, err = client.UpdateProjectKey(ctx, "a", streamkap.UpdateProjectKeyRequest{KafkaPassword: fuzzPassword, AddsAPI: true})
	check(err)
	_, err = client.MCPConfig(ctx, "a")
	check(err)
	_, err = client.WhoAmI(ctx)
	check(err)
	check(client.DeleteProjectKey(ctx, "a"))
}

// checkRows makes sure that a list is not shorter than the answer's.
func checkRows(t *testing.T, body string, rows int, id func(int) string) {
	t.Helper()
	var items []json.RawMessage
	if err := json.Unmarshal([]byte(body), &items); err != nil || items == nil {
		t.Errorf("%q counts as a list", body)
	}
	if len(items) != rows {
		t.Errorf("%d rows of %d", rows, len(items))
	}
	for i := range rows {
		if id(i) == "" {
			t.Errorf("row %d has no id", i+1)
		}
	}
}

// FuzzTokenAnswers has the exchange of credentials answered with anything.
func FuzzTokenAnswers(f *testing.F) {
	claims := func(text string) string { return "e30." + base64.RawURLEncoding.EncodeToString([]byte(text)) + ".c2ln" }
	for _, body := range []string{
		`{"accessToken":"a","expiresIn":3600}`, `{"access_token":"a","expires_in":"3600"}`, `{"accessToken":"a","expiresIn":1e400}`,
		`{"accessToken":"a","expiresIn":9223372036854775807}`, `{"accessToken":"a","expiresIn":-1}`, `{"accessToken":"a","expiresIn":0.001}`,
		`{"accessToken":"` + claims(`{"exp":1e300}`) + `"}`, `{"accessToken":"` + claims(`{"exp":"soon"}`) + `"}`, `{"accessToken":"..."}`,
		`{"accessToken":"` + claims(`{"exp":253402300800}`) + `"}`, `{"accessToken":""}`, `{}`, `null`, `"a"`, `{"accessToken":"{secret}"}`, `{"expires_in":"{secret}"}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			client := fuzzed(0, func(req *http.Request) canned {
				if req.URL.Path == streamkap.TokenPath {
					return canned{status: http.StatusOK, body: repeated.Replace(body)}
				}
				return oneFuzzed
			})
			token, err := client.NewToken(ctx)
			if err == nil && token.AccessToken == "" {
				t.Error("a token without a token")
			}
			if err != nil && strings.Contains(err.Error(), fuzzSecret) {
				t.Errorf("the error shows the secret: %v", err)
			}
			// Whatever it says of its life, a token that works is used.
			_, err = client.ProjectKey(ctx, "a")
			if err == nil == (token == nil) {
				t.Errorf("with the token %+v, reading a key ended with %v", token, err)
			}
		})
	})
}

// oneFuzzed is a key, and fuzzedToken an exchange.
var (
	oneFuzzed   = canned{status: http.StatusOK, body: `{"id":"a","status":"Active"}`}
	fuzzedToken = canned{status: http.StatusOK, body: `{"accessToken":"` + fuzzToken + `","expiresIn":3600}`}
)

// fuzzed is a client of a service that answers so.
func fuzzed(retries int, answer func(req *http.Request) canned) *streamkap.Client {
	return streamkap.New(streamkap.Config{
		Host: "https://api.example", ClientID: "fuzz", Secret: fuzzSecret, MaxRetries: retries,
		Transport: roundTrip(func(req *http.Request) (*http.Response, error) { return answer(req).RoundTrip(req) }),
	})
}

// FuzzRetryAfter has a service ask for a pause in any words. The request goes
// on in time, or the error says that it could not.
func FuzzRetryAfter(f *testing.F) {
	for _, header := range []string{
		"", "0", "1", "-1", "1.5", "120", "9223372036854775807", "99999999999999999999", "1e9", "soon", "Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
		"Sat, 01 Jan 2000 00:00:30 GMT", " 5 ", "5, 6", "\x00",
	} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
			defer cancel()
			refused := false
			client := fuzzed(3, func(req *http.Request) canned {
				switch {
				case req.URL.Path == streamkap.TokenPath:
					return fuzzedToken
				case refused:
					return oneFuzzed
				}
				refused = true
				return canned{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {header}}}
			})
			start := time.Now()
			_, err := client.ProjectKey(ctx, "a")
			if took := time.Since(start); took > 10*time.Minute {
				t.Errorf("it took %s", took)
			}
			if err != nil && ctx.Err() == nil && streamkap.KindOf(err) != streamkap.KindRateLimited {
				t.Errorf("the error does not say that there are too many requests: %v", err)
			}
		})
	})
}
