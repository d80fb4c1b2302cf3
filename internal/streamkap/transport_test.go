// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// listen serves a simulator on loopback and returns a client of it that has a
// token already. Something may be done before each request.
func listen(t *testing.T, before http.HandlerFunc) (*simulator.Server, *httptest.Server, *streamkap.Client) {
	t.Helper()
	server := simulator.New(simulator.Config{})
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if before != nil {
			before(w, r)
		}
		server.ServeHTTP(w, r)
	}))
	t.Cleanup(listener.Close)
	client := streamkap.New(streamkap.Config{Host: listener.URL, ClientID: simulator.DefaultClientID, Secret: simulator.DefaultSecret})
	wantNoError(t, errOf(client.WhoAmI(t.Context())))
	return server, listener, client
}

func TestCreate_OverAClosedSocketIsLostAndSentOnce(t *testing.T) {
	for _, drop := range []simulator.DropKind{simulator.DropBefore, simulator.DropAfter, simulator.DropTruncated} {
		server, _, client := listen(t, nil)
		server.Inject(simulator.Fault{Method: "POST", Path: keysPath, Drop: drop})
		wantKind(t, errOf(client.CreateProjectKey(t.Context(), fullRequest())), streamkap.KindUnknownOutcome)
		if n := len(server.Writes()); n != 1 {
			t.Errorf("%s: %d requests were sent", drop, n)
		}
	}
}

func TestCreate_NobodyListeningIsNotLost(t *testing.T) {
	// A connection that is kept could be used for a last request, which is lost.
	_, listener, client := listen(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") })
	listener.Close()
	wantKind(t, errOf(client.CreateProjectKey(t.Context(), fullRequest())), streamkap.KindNotListening)
}

func TestCreate_InterruptedOverASocketStillAnswered(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	_, _, client := listen(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == keysPath {
			interrupt()
		}
	})
	file, err := client.CreateProjectKey(ctx, fullRequest())
	wantNoError(t, err)
	if ctx.Err() == nil || file.API.ClientSecret == "" {
		t.Errorf("got %+v, interrupted: %v", file, ctx.Err())
	}
}

func TestConnection_KeptIsUsedAgain(t *testing.T) {
	connections := make(map[string]bool)
	_, _, client := listen(t, func(_ http.ResponseWriter, r *http.Request) { connections[r.RemoteAddr] = true })
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

// TestAnswer_BoundedAfterDecompression answers with a few kilobytes that become 34
// megabytes.
func TestAnswer_BoundedAfterDecompression(t *testing.T) {
	var bomb bytes.Buffer
	writer := gzip.NewWriter(&bomb)
	for range 34 {
		_, _ = writer.Write(make([]byte, 1<<20))
	}
	wantNoError(t, writer.Close())
	for status, most := range map[int]uint64{200: 200 << 20, 400: 32 << 20} {
		server, service, _ := listen(t, nil)
		attempts := 0
		service.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == streamkap.TokenPath {
				server.ServeHTTP(w, r)
				return
			}
			attempts++
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(status)
			_, _ = w.Write(bomb.Bytes())
		})
		client := streamkap.New(streamkap.Config{Host: service.URL, ClientID: simulator.DefaultClientID, Secret: simulator.DefaultSecret, MaxRetries: 1})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := errOf(client.ProjectKeys(t.Context()))
		runtime.ReadMemStats(&after)
		if spent := after.TotalAlloc - before.TotalAlloc; err == nil || spent > most || len(err.Error()) > 5000 {
			t.Errorf("%d: %d MiB were allocated in all, and the error has %d characters", status, spent>>20, len(err.Error()))
		}
		if attempts != 1 || status == 200 && !strings.Contains(err.Error(), "longer than 32 MiB") {
			t.Errorf("%d: %d attempts, the error is %v", status, attempts, err)
		}
	}
}

// hostForChild has the test below call this host. The settings of a proxy are
// read once by a process, so it takes one of its own.
const hostForChild = "STREAMKAP_TEST_HOST_FOR_CHILD"

func TestPlainHTTP_LoopbackOnlyAndNoProxy(t *testing.T) {
	if host := os.Getenv(hostForChild); host != "" {
		client := streamkap.New(streamkap.Config{Host: host, ClientID: simulator.DefaultClientID, Secret: simulator.DefaultSecret})
		wantNoError(t, errOf(client.WhoAmI(t.Context())))
		return
	}
	_, service, _ := listen(t, nil)
	_, port, _ := net.SplitHostPort(service.Listener.Addr().String())
	proxied := 0
	_, proxy, _ := listen(t, nil)
	proxy.Config.Handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { proxied++ })
	for host, reached := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "LocalHost": true, "127.0.0.1": true, "[::ffff:127.0.0.1]": true,
		// Reserved for examples.
		"192.0.2.1": false,
	} {
		command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
		command.Env = append(os.Environ(), hostForChild+"=http://"+host+":"+port, "HTTP_PROXY="+proxy.URL, "http_proxy="+proxy.URL, "NO_PROXY=", "no_proxy=")
		output, err := command.CombinedOutput()
		if (err == nil) != reached {
			t.Errorf("%s: %v\n%s", host, err, output)
		}
		if !reached && !strings.Contains(string(output), "goes to a loopback address only") {
			t.Errorf("%s: %s", host, output)
		}
	}
	if proxied > 0 {
		t.Errorf("the proxy was sent %d requests", proxied)
	}
}
