package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// asCommand makes the test binary behave as the command itself.
const asCommand = "SIMULATOR_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func command(t *testing.T, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	return cmd
}

// running is a command that has printed its environment.
type running struct {
	*exec.Cmd
	env map[string]string
	log bytes.Buffer
}

func startCommand(t *testing.T, args ...string) *running {
	t.Helper()
	r := &running{Cmd: command(t, append([]string{"-listen", "127.0.0.1:0"}, args...)...), env: map[string]string{}}
	r.Stderr = &r.log
	stdout, err := r.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for len(r.env) < 3 && lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		r.env[name] = value
	}
	return r
}

// logIn exchanges the printed credentials.
func (r *running) logIn() (*http.Response, error) {
	body := `{"client_id": "` + r.env["STREAMKAP_CLIENT_ID"] + `", "secret": "` + r.env["STREAMKAP_SECRET"] + `"}`
	response, err := http.Post(r.env["STREAMKAP_HOST"]+"/auth/access-token", "application/json", strings.NewReader(body))
	if err == nil {
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	return response, err
}

func TestTheCommandServesUntilItIsInterrupted(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		r := startCommand(t)
		response, err := r.logIn()
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("log in: %v, %v", response, err)
		}
		if err := r.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if err := r.Wait(); err != nil {
			t.Errorf("after %v: %v", signal, err)
		}
		log := r.log.String()
		if !strings.Contains(log, "POST /auth/access-token 200 ") || !strings.Contains(log, response.Header.Get("X-Request-Id")) {
			t.Errorf("the log is %q", log)
		}
		if strings.Contains(log, simulator.DefaultSecret) || strings.Contains(log, "simulated-access-") {
			t.Errorf("a secret is in the log %q", log)
		}
	}
}

func TestTheCommandInjectsFaultsAndDialects(t *testing.T) {
	r := startCommand(t, "-fault", "POST /auth/access-token drop=before", "-fault", "POST * status=503", "-dialect", "token=snake")
	defer func() { _ = r.Process.Kill() }()
	if _, err := r.logIn(); err == nil {
		t.Error("the dropped connection was answered")
	}
	if response, err := r.logIn(); err != nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%v, %v", response, err)
	}
	if response, err := r.logIn(); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("%v, %v", response, err)
	}
}

func TestTheCommandSeedsKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(file, []byte(`[{"name": "seeded", "role_ids": ["`+simulator.RoleAdmin+`"], "acls": []}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	opts, err := parseOptions([]string{"-seed", file}, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	server, err := opts.simulator()
	if err != nil {
		t.Fatal(err)
	}
	if keys := server.Keys(); len(keys) != 1 || keys[0].Name != "seeded" || !keys[0].HasAPI() {
		t.Errorf("keys %+v", keys)
	}
}

func TestTheCommandRefusesMistakes(t *testing.T) {
	typo := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(typo, []byte(`[{"nmae": "seeded"}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"only a loopback address": {"-listen", "0.0.0.0:0"},
		"missing port":            {"-listen", "127.0.0.1"},
		"no dialect row":          {"-dialect", "x=y"},
		"expected a method":       {"-fault", "POST"},
		"expected seconds":        {"-retry-after", "never"},
		"unexpected argument":     {"start"},
		"nmae":                    {"-seed", typo},
		"no such file":            {"-seed", typo + ".missing"},
	} {
		output, err := command(t, args...).CombinedOutput()
		if err == nil || !strings.Contains(string(output), want) {
			t.Errorf("%v: %v, %q; want %q in it", args, err, output, want)
		}
	}
}

func TestHelpListsEveryVariant(t *testing.T) {
	output, err := command(t, "-help").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range simulator.Rows() {
		for _, variant := range row.Variants {
			if !strings.Contains(string(output), row.Name+": "+row.About) || !strings.Contains(string(output), variant.Name+" ") {
				t.Errorf("%s=%s is missing", row.Name, variant.Name)
			}
		}
	}
}
