// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// secured is a workspace at a service behind TLS, whose certificate is in ca.pem.
func secured(t *testing.T) *acctest.Workspace {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("only on Linux is there a variable for the authorities that a Go program trusts")
	}
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	server := httptest.NewTLSServer(s.Server)
	t.Cleanup(server.Close)
	w.Write("main.tf", acctest.Required+"provider \"streamkap\" {\n  max_retries = 0\n}\n\ndata \"streamkap_whoami\" \"this\" {}\n")
	w.Setenv("STREAMKAP_HOST", server.URL)
	w.Write("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	return w
}

// refused is a plan that has to fail, and to say why.
func refused(t *testing.T, w *acctest.Workspace, says string) {
	t.Helper()
	if printed, err := w.Try("plan", "-no-color"); err == nil || !strings.Contains(acctest.OneLine(printed), says) {
		t.Errorf("the plan ends with %v, and says: %s", err, printed)
	}
}

func TestAccProvider_TrustsTheCertificatesOfAFile(t *testing.T) {
	w := secured(t)
	refused(t, w, "certificate")
	w.Setenv("SSL_CERT_FILE", filepath.Join(w.Dir, "ca.pem"))
	w.Run("plan", "-no-color")
}

// NO_PROXY is left out: what it spares the proxy is not on loopback, and no test
// may go there. The proxy lets nobody through, since all that counts is who asks.
func TestAccProvider_GoesThroughTheProxyOfTheEnvironment(t *testing.T) {
	w := secured(t)
	var asked sync.Map
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		asked.Store(req.Method+" "+req.Host, true)
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(proxy.Close)
	for name, value := range map[string]string{
		"SSL_CERT_FILE": filepath.Join(w.Dir, "ca.pem"), "HTTPS_PROXY": proxy.URL, "https_proxy": proxy.URL, "NO_PROXY": "", "no_proxy": "",
	} {
		w.Setenv(name, value)
	}
	w.Run("plan", "-no-color")
	asked.Range(func(what, _ any) bool {
		t.Errorf("for a service on loopback, the proxy was asked to %v", what)
		return true
	})
	w.Setenv("STREAMKAP_HOST", "https://streamkap.invalid")
	refused(t, w, "Forbidden")
	if _, ok := asked.Load("CONNECT streamkap.invalid:443"); !ok {
		t.Error("the proxy was not asked")
	}
}
