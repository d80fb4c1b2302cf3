// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

// TestKindOf_OutermostErrorDecides wraps errors in others, which have a kind of
// their own or not.
func TestKindOf_OutermostErrorDecides(t *testing.T) {
	answered := func(method, path string, status int, detail string) error {
		return &streamkap.Error{Method: method, Path: path, Status: status, Detail: detail}
	}
	exchanged := func(status int, detail string) error {
		return &streamkap.AuthenticationError{Err: answered("POST", streamkap.TokenPath, status, detail)}
	}
	const oneKey = "/project-keys/k"
	for _, test := range []struct {
		err  error
		want streamkap.Kind
	}{
		{errors.New("something"), streamkap.KindUnknown},
		{answered("GET", oneKey, 404, ""), streamkap.KindNotFound},
		{answered("GET", oneKey, 403, "Key does not exist"), streamkap.KindPermission},
		{answered("GET", oneKey, 401, ""), streamkap.KindToken},
		{answered("GET", "/connectors/c", 404, ""), streamkap.KindNotFound},
		{answered("PATCH", "/connectors/c", 400, "No such connector"), streamkap.KindNotFound},
		{answered("PATCH", "/connectors/c", 400, "No such key"), streamkap.KindRefused},
		{answered("GET", "/connectors", 404, ""), streamkap.KindNoSuchPath},
		{answered("POST", "/project-keys", 409, "Kafka username already exists"), streamkap.KindUsernameTaken},
		{fmt.Errorf("wrapped: %w", answered("GET", oneKey, 500, "")), streamkap.KindTransient},
		{exchanged(401, ""), streamkap.KindCredentials},
		{exchanged(403, ""), streamkap.KindCredentials},
		{exchanged(404, "Not Found"), streamkap.KindNoSuchPath},
		{exchanged(404, "The token does not exist"), streamkap.KindCredentials},
		{exchanged(503, ""), streamkap.KindTransient},
		{&streamkap.CallError{Kind: streamkap.KindUnknownOutcome, Text: "the answer was lost", Err: answered("POST", "/project-keys", 504, "")}, streamkap.KindUnknownOutcome},
		{&streamkap.SharedError{Err: exchanged(401, "")}, streamkap.KindCredentials},
		{&transport.OpenError{Err: answered("GET", oneKey, 503, "")}, streamkap.KindTransient},
		{&streamkap.ConnectionError{Err: context.DeadlineExceeded}, streamkap.KindTimeout},
		{&streamkap.ConnectionError{Err: context.DeadlineExceeded, GivenUp: true}, streamkap.KindDeadline},
		{&streamkap.ConnectionError{Err: context.Canceled, GivenUp: true}, streamkap.KindInterrupted},
		{&transport.RateLimitError{}, streamkap.KindRateLimited},
		{&streamkap.ConnectionError{Err: &net.DNSError{}}, streamkap.KindUnresolved},
		{&streamkap.ConnectionError{Err: syscall.ECONNREFUSED}, streamkap.KindNotListening},
		{&streamkap.ConnectionError{Err: &tls.CertificateVerificationError{}}, streamkap.KindUntrusted},
		{&streamkap.ConnectionError{Err: tls.RecordHeaderError{}}, streamkap.KindNoTLS},
		{&streamkap.ConnectionError{Err: io.ErrUnexpectedEOF}, streamkap.KindClosed},
		{&streamkap.ConnectionError{Err: errors.New("connection refused")}, streamkap.KindOutOfReach},
	} {
		if got := streamkap.KindOf(test.err); got != test.want {
			t.Errorf("kind %d of %v, want %d", got, test.err, test.want)
		}
	}
}
