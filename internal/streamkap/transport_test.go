// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// listen serves a simulator on loopback and returns a client of it that has a
// token already. The handler may be wrapped.
func listen(t *testing.T, wrap func(http.Handler) http.Handler) (*simulator.Server, *httptest.Server, *streamkap.Client) {
	t.Helper()
	server := simulator.New(simulator.Config{})
	listener := httptest.NewServer(wrap(server))
	t.Cleanup(listener.Close)
	client := streamkap.New(streamkap.Config{Host: listener.URL, ClientID: simulator.DefaultClientID, Secret: simulator.DefaultSecret})
	wantNoError(t, errOf(client.WhoAmI(t.Context())))
	return server, listener, client
}

func unwrapped(handler http.Handler) http.Handler { return handler }

func TestCreate_OverAClosedSocketIsLostAndSentOnce(t *testing.T) {
	for _, drop := range []simulator.DropKind{simulator.DropBefore, simulator.DropAfter, simulator.DropTruncated} {
		server, _, client := listen(t, unwrapped)
		server.Inject(simulator.Fault{Method: "POST", Path: keysPath, Drop: drop})
		wantKind(t, errOf(client.CreateProjectKey(t.Context(), fullRequest())), streamkap.KindUnknownOutcome)
		if n := len(server.Writes()); n != 1 {
			t.Errorf("%s: %d requests were sent", drop, n)
		}
	}
}

func TestCreate_NobodyListeningIsNotLost(t *testing.T) {
	// A connection that is kept could be used for a last request, which is lost.
	_, listener, client := listen(t, func(handler http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "close")
			handler.ServeHTTP(w, r)
		})
	})
	listener.Close()
	_, err := client.CreateProjectKey(t.Context(), fullRequest())
	wantA[*streamkap.ConnectionError](t, err)
	var dial *net.OpError
	if !errors.As(err, &dial) || dial.Op != "dial" || streamkap.KindOf(err) == streamkap.KindUnknownOutcome {
		t.Errorf("the error is %v", err)
	}
}

func TestCreate_InterruptedOverASocketStillAnswered(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	_, _, client := listen(t, func(handler http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && r.URL.Path == keysPath {
				interrupt()
			}
			handler.ServeHTTP(w, r)
		})
	})
	file, err := client.CreateProjectKey(ctx, fullRequest())
	wantNoError(t, err)
	if ctx.Err() == nil || file.API.ClientSecret == "" {
		t.Errorf("got %+v, interrupted: %v", file, ctx.Err())
	}
}

func TestConnection_KeptIsUsedAgain(t *testing.T) {
	connections := make(map[string]bool)
	_, _, client := listen(t, func(handler http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			connections[r.RemoteAddr] = true
			handler.ServeHTTP(w, r)
		})
	})
	for range 5 {
		wantNoError(t, errOf(client.ProjectKeys(t.Context())))
	}
	if len(connections) != 1 {
		t.Errorf("%d connections were made", len(connections))
	}
}

// TestCreate_FailedHandshakeIsNotLost has a server whose certificate nobody
// trusts, and one that ends every handshake.
func TestCreate_FailedHandshakeIsNotLost(t *testing.T) {
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	defer untrusted.Close()
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	rude, err := net.Listen("tcp", "127.0.0.1:0")
	wantNoError(t, err)
	defer rude.Close()
	go func() {
		for {
			connection, err := rude.Accept()
			if err != nil {
				return
			}
			connection.Close()
		}
	}()
	for _, host := range []string{untrusted.URL, "https://" + rude.Addr().String()} {
		token := simulator.New(simulator.Config{})
		client := streamkap.New(streamkap.Config{
			Host: host, ClientID: simulator.DefaultClientID, Secret: simulator.DefaultSecret,
			Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
				if req.URL.Path == streamkap.TokenPath {
					return token.RoundTripper().RoundTrip(req)
				}
				return http.DefaultTransport.RoundTrip(req)
			}),
		})
		_, err := client.CreateProjectKey(t.Context(), fullRequest())
		wantA[*streamkap.ConnectionError](t, err)
		if streamkap.KindOf(err) == streamkap.KindUnknownOutcome {
			t.Errorf("%s: a request that was never written is called lost: %v", host, err)
		}
	}
}

// TestAnswer_BoundedAfterDecompression answers with a few kilobytes that
// become a hundred megabytes.
func TestAnswer_BoundedAfterDecompression(t *testing.T) {
	var bomb bytes.Buffer
	writer := gzip.NewWriter(&bomb)
	for range 100 {
		_, _ = writer.Write(make([]byte, 1<<20))
	}
	wantNoError(t, writer.Close())
	for _, status := range []int{200, 400} {
		server := simulator.New(simulator.Config{})
		listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == streamkap.TokenPath {
				server.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(status)
			_, _ = w.Write(bomb.Bytes())
		}))
		t.Cleanup(listener.Close)
		client := streamkap.New(streamkap.Config{Host: listener.URL, ClientID: simulator.DefaultClientID, Secret: simulator.DefaultSecret, MaxRetries: 5})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := client.ProjectKeys(t.Context())
		runtime.ReadMemStats(&after)
		most := uint64(200 << 20)
		if status == 400 {
			most = 32 << 20
		}
		if spent := after.TotalAlloc - before.TotalAlloc; err == nil || spent > most || len(err.Error()) > 5000 {
			t.Errorf("%d: %d MiB were allocated in all, and the error has %d characters", status, spent>>20, len(err.Error()))
		}
	}
}
