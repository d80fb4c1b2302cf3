// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// as has the commands that follow use a key of this role.
func (r *run) as(role string) {
	k := r.service.Seed(simulator.Key{Name: "for the pipeline", RoleIDs: []string{role}})
	r.Setenv("STREAMKAP_CLIENT_ID", k.APIClientID)
	r.Setenv("STREAMKAP_SECRET", k.APISecret)
}

// TestAccAPipelinePlansWithCredentialsThatOnlyRead runs the commands of the
// guide with the credentials that it names.
func TestAccAPipelinePlansWithCredentialsThatOnlyRead(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	r := &run{acctest.NewWorkspace(t, s), s}
	r.copyTo(t, "guides/pipeline", "")
	r.skipOldCLI(t, false)
	mirror(t, r.Workspace)
	give := "export TF_VAR_orders_password=" + passwords[0] + "\n"

	r.as(simulator.RoleReadOnly)
	r.shell(t, give+commandsAfter(t, "in-your-pipeline", "export STREAMKAP_PREFLIGHT"))
	apply := commandsAfter(t, "in-your-pipeline", "terraform init -input=false\nterraform apply")
	if printed, err := r.tryShell(t, give+apply); err == nil || !strings.Contains(printed, "Permission missing") {
		t.Errorf("credentials that only read can apply: %s", printed)
	}
	r.shell(t, give+"terraform plan -input=false -out=change.tfplan")
	r.as(simulator.RoleDataAdmin)
	r.shell(t, give+apply)

	r.as(simulator.RoleReadOnly)
	drift := commandsAfter(t, "in-your-pipeline", "terraform init -input=false\nterraform plan -input=false -lock=false")
	r.shell(t, drift)
	for _, k := range s.Keys() {
		if k.HasKafka() {
			s.Modify(k.ID, func(k *simulator.Key) { k.WhitelistIPs = []string{"10.0.0.1"} })
		}
	}
	printed, err := r.tryShell(t, drift)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Errorf("nobody notices the change: %v, %s", err, printed)
	}
}

// secured is a run with a service behind TLS, whose certificate is in ca.pem.
func secured(t *testing.T) (*run, *httptest.Server) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("only on Linux is there a variable for the authorities that a Go program trusts")
	}
	s := acctest.Start(t, simulator.Config{})
	server := httptest.NewTLSServer(s.Server)
	t.Cleanup(server.Close)
	r := &run{acctest.NewWorkspace(t, s), s}
	r.Write("main.tf", acctest.Required+`data "streamkap_whoami" "this" {}`)
	r.Setenv("STREAMKAP_HOST", server.URL)
	r.Write("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	return r, server
}

func (r *run) trust() { r.Setenv("SSL_CERT_FILE", filepath.Join(r.Dir, "ca.pem")) }

func TestAccProviderTrustsTheCertificatesOfAFile(t *testing.T) {
	r, _ := secured(t)
	if printed, err := r.Try("plan", "-no-color"); err == nil || !strings.Contains(printed, "certificate") {
		t.Errorf("an unknown certificate is trusted: %s", printed)
	}
	r.trust()
	r.Run("plan", "-no-color")
}

// TestAccProviderGoesThroughTheProxyOfTheEnvironment leaves out NO_PROXY: what
// it spares the proxy is not on loopback, and no test may go there.
func TestAccProviderGoesThroughTheProxyOfTheEnvironment(t *testing.T) {
	r, secure := secured(t)
	r.trust()
	proxy := &tunnels{to: secure.Listener.Addr().String()}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
		r.Setenv(name, server.URL)
	}
	for _, name := range []string{"NO_PROXY", "no_proxy"} {
		r.Setenv(name, "")
	}
	r.Run("plan", "-no-color")
	if asked := proxy.asked(); len(asked) > 0 {
		t.Errorf("for a service on loopback, the proxy was asked for %q", asked)
	}
	// The certificate of the test server is for this name.
	r.Setenv("STREAMKAP_HOST", "https://example.com")
	r.Run("plan", "-no-color")
	if asked := proxy.asked(); !slices.Contains(asked, "example.com:443") {
		t.Errorf("the proxy was asked for %q", asked)
	}
}

// tunnels is a proxy whose every tunnel leads to one address.
type tunnels struct {
	to    string
	mu    sync.Mutex
	hosts []string
}

func (p *tunnels) asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.hosts)
}

func (p *tunnels) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	p.mu.Lock()
	p.hosts = append(p.hosts, req.Host)
	p.mu.Unlock()
	far, err := net.Dial("tcp", p.to)
	if err != nil || req.Method != http.MethodConnect {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer far.Close()
	w.WriteHeader(http.StatusOK)
	near, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer near.Close()
	go func() {
		_, _ = io.Copy(far, near)
		_ = far.Close()
	}()
	_, _ = io.Copy(near, far)
}
