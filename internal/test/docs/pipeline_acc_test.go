// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
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

// workflowStep are the commands and the environment of a step of the example.
func workflowStep(t *testing.T, name string) string {
	t.Helper()
	const file = "examples/guides/pipeline/keys.yml"
	_, step, found := strings.Cut(read(t, file), "      - name: "+name+"\n")
	if !found {
		t.Fatalf("%s has no step %q", file, name)
	}
	step, _, _ = strings.Cut(step, "\n      - ")
	commands := ""
	for _, variable := range regexp.MustCompile(`(?m)^          (\w+): ['"](.*)['"]`).FindAllStringSubmatch(step, -1) {
		commands += "export " + variable[1] + "='" + variable[2] + "'\n"
	}
	_, run, _ := strings.Cut(step, "        run: ")
	return commands + strings.TrimPrefix(strings.ReplaceAll(run, "          ", ""), "|\n") + "\n"
}

// TestAccPipeline_StepsRunWithTheCredentialsOfTheirEnvironment runs the commands
// of the workflow with the credentials that it names.
func TestAccPipeline_StepsRunWithTheCredentialsOfTheirEnvironment(t *testing.T) {
	r := fleet(t)
	r.mirror(t)
	passwords := "export TF_VAR_kafka_passwords='" + fleetPasswords + "'\n"

	r.as(simulator.RoleReadOnly)
	r.shell(t, workflowStep(t, "Initialise")+workflowStep(t, "Plan"))
	if printed, err := r.tryShell(t, passwords+workflowStep(t, "Apply")); err == nil || !strings.Contains(printed, "Permission missing") {
		t.Errorf("credentials that only read can apply: %s", printed)
	}
	r.as(simulator.RoleDataAdmin)
	r.shell(t, passwords+workflowStep(t, "Apply"))
	r.shell(t, "export SECRET_IDENTITY='"+reader.String()+"'\n"+workflowStep(t, "Hand over"))
	r.mustHaveHandedOverTheFleet(t)

	r.as(simulator.RoleReadOnly)
	drift := workflowStep(t, "Look for drift")
	r.shell(t, drift)
	for _, k := range r.service.Keys() {
		if k.HasKafka() {
			r.service.Modify(k.ID, func(k *simulator.Key) { k.WhitelistIPs = []string{"10.0.0.1"} })
		}
	}
	printed, err := r.tryShell(t, drift)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Errorf("nobody notices the change: %v, %s", err, printed)
	}
	r.mustHideSecrets()
}

// secured is a run with a service behind TLS, whose certificate is in ca.pem.
func secured(t *testing.T) *run {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("only on Linux is there a variable for the authorities that a Go program trusts")
	}
	r := newRun(t)
	server := httptest.NewTLSServer(r.service.Server)
	t.Cleanup(server.Close)
	r.Write("main.tf", acctest.Required+"provider \"streamkap\" {\n  max_retries = 0\n}\n\ndata \"streamkap_whoami\" \"this\" {}\n")
	r.Setenv("STREAMKAP_HOST", server.URL)
	r.Write("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	return r
}

func (r *run) trust() { r.Setenv("SSL_CERT_FILE", filepath.Join(r.Dir, "ca.pem")) }

func TestAccProviderTrustsTheCertificatesOfAFile(t *testing.T) {
	r := secured(t)
	r.refused(t, "certificate", "plan")
	r.trust()
	r.Run("plan", "-no-color")
}

// TestAccProviderGoesThroughTheProxyOfTheEnvironment leaves out NO_PROXY: what
// it spares the proxy is not on loopback, and no test may go there. The proxy
// lets nobody through, since all that counts is who asks.
func TestAccProviderGoesThroughTheProxyOfTheEnvironment(t *testing.T) {
	r := secured(t)
	r.trust()
	var asked sync.Map
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		asked.Store(req.Method+" "+req.Host, true)
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(proxy.Close)
	for name, value := range map[string]string{"HTTPS_PROXY": proxy.URL, "https_proxy": proxy.URL, "NO_PROXY": "", "no_proxy": ""} {
		r.Setenv(name, value)
	}
	r.Run("plan", "-no-color")
	asked.Range(func(what, _ any) bool {
		t.Errorf("for a service on loopback, the proxy was asked to %v", what)
		return true
	})
	r.Setenv("STREAMKAP_HOST", "https://streamkap.invalid")
	r.refused(t, "Forbidden", "plan")
	if _, ok := asked.Load("CONNECT streamkap.invalid:443"); !ok {
		t.Error("the proxy was not asked")
	}
}
