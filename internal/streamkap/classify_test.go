// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

// TestError_Kind has refusals told by request and status first, and by words last.
// Words in passing do not mislead.
func TestError_Kind(t *testing.T) {
	const notFound = "Project key not found"
	for _, test := range []struct {
		method, path string
		status       int
		detail       string
		want         streamkap.Kind
	}{
		{"GET", "/project-keys/k", 404, notFound, streamkap.KindNotFound},
		{"GET", "/project-keys/k", 404, "", streamkap.KindNotFound},
		{"GET", "/project-keys/k", 404, "nope", streamkap.KindNotFound},
		{"GET", "/project-keys/k/mcp-config", 404, "Not Found", streamkap.KindNotFound},
		{"GET", "/project-keys/k", 400, "project key NOT FOUND", streamkap.KindNotFound},
		{"GET", "/project-keys/k", 400, "Project key 12 does not exist", streamkap.KindNotFound},
		{"DELETE", "/project-keys/k", 400, "No such project key", streamkap.KindNotFound},
		{"DELETE", "/project-keys/k", 410, notFound, streamkap.KindNotFound},
		{"GET", "/project-keys/k", 422, notFound, streamkap.KindNotFound},
		{"PATCH", "/project-keys/k", 404, "", streamkap.KindNotFound},
		{"PATCH", "/project-keys/k", 400, "Project key k does not exist", streamkap.KindNotFound},
		{"GET", "/connectors/c", 404, "", streamkap.KindNotFound},
		{"PATCH", "/connectors/c", 400, "No such connector", streamkap.KindNotFound},

		{"GET", "/project-keys/k", 400, "Annot founded", streamkap.KindRefused},
		{"GET", "/project-keys/k", 400, "", streamkap.KindRefused},
		{"DELETE", "/project-keys/k", 409, "Key is being deleted", streamkap.KindRefused},
		{"PATCH", "/project-keys/k", 404, "Role r1 not found", streamkap.KindRefused},
		{"PATCH", "/project-keys/k", 400, "Role r1 does not exist", streamkap.KindRefused},
		{"PATCH", "/connectors/c", 400, "No such key", streamkap.KindRefused},
		{"POST", "/project-keys", 404, notFound, streamkap.KindRefused},
		{"GET", "/auth/whoami", 404, notFound, streamkap.KindNoSuchPath},
		{"GET", "/auth/roles", 404, "Not Found", streamkap.KindNoSuchPath},
		{"GET", "/project-keys", 404, "", streamkap.KindNoSuchPath},

		{"GET", "/project-keys/k", 401, notFound, streamkap.KindToken},
		{"GET", "/project-keys/k", 403, notFound, streamkap.KindPermission},
		{"GET", "/project-keys/k", 429, notFound, streamkap.KindRateLimited},
		{"GET", "/project-keys/k", 408, notFound, streamkap.KindTransient},
		{"GET", "/project-keys/k", 500, notFound, streamkap.KindTransient},
		{"GET", "/project-keys/k", 503, "no such host", streamkap.KindTransient},
		{"GET", "/project-keys/k", 300, notFound, streamkap.KindRedirected},

		{"POST", "/project-keys", 409, "Kafka username already exists", streamkap.KindUsernameTaken},
		{"PATCH", "/project-keys/k", 400, "Kafka username 'orders' is already used in this project", streamkap.KindUsernameTaken},
		{"POST", "/project-keys", 400, "Kafka access requires an AWS-hosted project with a dedicated namespace", streamkap.KindKafkaUnavailable},
		{"PATCH", "/project-keys/k", 400, "Cannot update a project key with status creating", streamkap.KindWrongState},
		{"PATCH", "/project-keys/k", 400, "Key is in DELETE_FAILED", streamkap.KindWrongState},
		{"POST", "/project-keys", 409, "A project key with this name already exists", streamkap.KindNameTaken},
		{"POST", "/project-keys", 422, "Project key 'orders' already exists", streamkap.KindNameTaken},
		{"PATCH", "/project-keys/k", 409, "Project key named orders already exists.", streamkap.KindNameTaken},
		{"PATCH", "/project-keys/k", 422, `Project key "orders-topic for the connector" already exists`, streamkap.KindNameTaken},
		{"POST", "/project-keys", 409, "Project key 'Kafka user' already exists", streamkap.KindNameTaken},
		{"POST", "/project-keys", 422, "Duplicate project key: orders", streamkap.KindNameTaken},
		{"POST", "/project-keys", 409, "Name must be unique", streamkap.KindNameTaken},
		{"POST", "/project-keys", 409, "already exists", streamkap.KindNameTaken},

		{"POST", "/project-keys", 400, "Role 12 does not exist", streamkap.KindRefused},
		{"POST", "/project-keys", 400, "Error creating the Kafka user: quota reached", streamkap.KindRefused},
		{"PATCH", "/project-keys/k", 400, "Tool streamkap_draws is unknown", streamkap.KindRefused},
		{"PATCH", "/project-keys/k", 400, "Permission orders-laws:read is unknown", streamkap.KindRefused},
		{"DELETE", "/project-keys/k", 409, "Key is used by connector named orders", streamkap.KindRefused},
		{"DELETE", "/project-keys/k", 409, "The username is in use", streamkap.KindRefused},
		{"POST", "/project-keys", 409, "Limit of Project Keys for this namespace reached", streamkap.KindRefused},
		{"POST", "/project-keys", 409, "A connector of this name exists", streamkap.KindRefused},
		{"PATCH", "/project-keys/k", 400, "Error while creating ACL entries", streamkap.KindRefused},
		{"PATCH", "/project-keys/k", 400, "Unknown status code from the broker", streamkap.KindRefused},
		{"PATCH", "/project-keys/k", 409, "This project key has a Kafka user already", streamkap.KindRefused},
		{"PATCH", "/project-keys/k", 409, "The API client of this key already exists", streamkap.KindRefused},
		{"PATCH", "/project-keys/k", 400, "Role 'the name is taken already' is unknown", streamkap.KindRefused},
	} {
		err := &streamkap.Error{Method: test.method, Path: test.path, Status: test.status, Detail: test.detail}
		if got := streamkap.KindOf(err); got != test.want || streamkap.IsNotFound(err) != (got == streamkap.KindNotFound) {
			t.Errorf("kind %d of %v, want %d", got, err, test.want)
		}
	}
}

// TestError_KindByRefusedField has a 422 that says which part it refuses, and why.
func TestError_KindByRefusedField(t *testing.T) {
	for _, test := range []struct {
		loc, message string
		want         streamkap.Kind
	}{
		{"body kafka_config username", "already exists", streamkap.KindUsernameTaken},
		{"body kafka_config username", "is too short", streamkap.KindRefused},
		{"body name", "must be unique", streamkap.KindNameTaken},
		{"body name first", "must be unique", streamkap.KindRefused},
		{"body role_ids", "already exists", streamkap.KindRefused},
		{"", "already exists", streamkap.KindRefused},
	} {
		field := streamkap.FieldError{Loc: strings.Fields(test.loc), Message: test.message}
		err := &streamkap.Error{Method: "POST", Path: "/project-keys", Status: 422, Fields: []streamkap.FieldError{field}}
		if got := streamkap.KindOf(err); got != test.want {
			t.Errorf("kind %d of %v, want %d", got, err, test.want)
		}
	}
}

// TestKindOf_OutermostErrorDecides wraps errors in others, which have a kind of
// their own or not.
func TestKindOf_OutermostErrorDecides(t *testing.T) {
	answered := func(status int, detail string) error {
		return &streamkap.Error{Method: "GET", Path: "/project-keys/k", Status: status, Detail: detail}
	}
	exchanged := func(status int, detail string) error {
		return &streamkap.AuthenticationError{Err: &streamkap.Error{Method: "POST", Path: streamkap.TokenPath, Status: status, Detail: detail}}
	}
	connection := func(err error) error { return &streamkap.ConnectionError{Err: err} }
	givenUp := func(err error) error { return &streamkap.ConnectionError{Err: err, GivenUp: true} }
	called := func(kind streamkap.Kind) error { return &streamkap.CallError{Kind: kind, Err: answered(404, "")} }
	for _, test := range []struct {
		err  error
		want streamkap.Kind
	}{
		{nil, streamkap.KindUnknown},
		{errors.New("not found"), streamkap.KindUnknown},
		{fmt.Errorf("wrapped: %w", answered(500, "")), streamkap.KindTransient},
		{&streamkap.Error{Status: 404, HTML: true}, streamkap.KindNotTheAPI},
		{&streamkap.Error{Status: 200, Invalid: errors.New("not found")}, streamkap.KindInvalidResponse},
		{exchanged(401, "not found"), streamkap.KindCredentials},
		{exchanged(403, ""), streamkap.KindCredentials},
		{exchanged(404, "Not Found"), streamkap.KindNoSuchPath},
		{exchanged(404, "The token does not exist"), streamkap.KindCredentials},
		{exchanged(302, ""), streamkap.KindRedirected},
		{exchanged(503, ""), streamkap.KindTransient},
		{&streamkap.AuthenticationError{Err: answered(404, "")}, streamkap.KindNoSuchPath},
		{&streamkap.AuthenticationError{Err: connection(errors.New("reset"))}, streamkap.KindOutOfReach},
		{called(streamkap.KindUnknownOutcome), streamkap.KindUnknownOutcome},
		{called(streamkap.KindUnconfirmed), streamkap.KindUnconfirmed},
		{streamkap.Unusable("not found"), streamkap.KindUnusable},
		{&streamkap.SharedError{Err: exchanged(401, "")}, streamkap.KindCredentials},
		{&transport.OpenError{Err: answered(503, "")}, streamkap.KindTransient},
		{&transport.RateLimitError{}, streamkap.KindRateLimited},
		{context.Canceled, streamkap.KindInterrupted},
		{context.DeadlineExceeded, streamkap.KindDeadline},
		{connection(context.DeadlineExceeded), streamkap.KindTimeout},
		{givenUp(context.DeadlineExceeded), streamkap.KindDeadline},
		{givenUp(context.Canceled), streamkap.KindInterrupted},
		{connection(&net.DNSError{}), streamkap.KindUnresolved},
		{connection(syscall.ECONNREFUSED), streamkap.KindNotListening},
		{connection(&tls.CertificateVerificationError{}), streamkap.KindUntrusted},
		{connection(tls.RecordHeaderError{}), streamkap.KindNoTLS},
		{connection(io.ErrUnexpectedEOF), streamkap.KindClosed},
		{connection(errors.New("connection refused")), streamkap.KindOutOfReach},
	} {
		if got := streamkap.KindOf(test.err); got != test.want || streamkap.IsNotFound(test.err) {
			t.Errorf("kind %d of %v, want %d", got, test.err, test.want)
		}
	}
}

func TestIsTransientAndForeign_ByKind(t *testing.T) {
	transient := []streamkap.Kind{
		streamkap.KindRateLimited, streamkap.KindTransient, streamkap.KindNotTheAPI, streamkap.KindInvalidResponse, streamkap.KindTimeout,
		streamkap.KindOutOfReach, streamkap.KindUnresolved, streamkap.KindNotListening, streamkap.KindClosed,
	}
	foreign := []streamkap.Kind{streamkap.KindNotTheAPI, streamkap.KindInvalidResponse}
	for kind := streamkap.KindUnknown; kind <= streamkap.KindUnknownPassword; kind++ {
		err := &streamkap.CallError{Kind: kind}
		if streamkap.IsTransient(err) != slices.Contains(transient, kind) || streamkap.IsForeign(err) != slices.Contains(foreign, kind) {
			t.Errorf("kind %d: transient %t, foreign %t", kind, streamkap.IsTransient(err), streamkap.IsForeign(err))
		}
	}
}
