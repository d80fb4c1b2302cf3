// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// hostForChild has the test below call this host. The settings of a proxy are
// read once by a process, so it takes one of its own.
const hostForChild = "STREAMKAP_TEST_HOST_FOR_CHILD"

func TestPlainHTTP_LoopbackOnlyAndNoProxy(t *testing.T) {
	if host := os.Getenv(hostForChild); host != "" {
		client := streamkap.New(streamkap.Config{Host: host, ClientID: simulator.DefaultClientID, Secret: simulator.DefaultSecret})
		wantNoError(t, errOf(client.WhoAmI(t.Context())))
		return
	}
	_, port, found := strings.Cut(strings.TrimPrefix(serve(t, simulator.New(simulator.Config{})), "http://"), ":")
	if !found {
		t.Fatal("no port")
	}
	proxied := 0
	proxy := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		proxied++
		w.WriteHeader(http.StatusTeapot)
	}))
	for host, reached := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "LocalHost": true, "127.0.0.1": true, "[::ffff:127.0.0.1]": true,
		// Reserved for examples.
		"192.0.2.1": false,
	} {
		command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
		command.Env = append(os.Environ(), hostForChild+"=http://"+host+":"+port, "HTTP_PROXY="+proxy, "http_proxy="+proxy, "NO_PROXY=", "no_proxy=")
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

func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	listener := httptest.NewServer(handler)
	t.Cleanup(listener.Close)
	return listener.URL
}
