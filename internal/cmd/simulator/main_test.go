// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"

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
	log string // the name of the file
}

func startCommand(t *testing.T, args ...string) *running {
	t.Helper()
	r := &running{Cmd: command(t, append([]string{"-listen", "127.0.0.1:0"}, args...)...), env: map[string]string{}, log: written(t, "")}
	log, err := os.Create(r.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	r.Stderr = log
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

// logged is what it has logged so far.
func (r *running) logged(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(r.log)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
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

func TestSimulator_ServesUntilInterrupted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows sends no signals to one process")
	}
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
		log := r.logged(t)
		if !strings.Contains(log, "POST /auth/access-token 200 ") || !strings.Contains(log, response.Header.Get("X-Request-Id")) {
			t.Errorf("the log is %q", log)
		}
		if strings.Contains(log, simulator.DefaultSecret) || strings.Contains(log, "simulated-access-") {
			t.Errorf("a secret is in the log %q", log)
		}
	}
}

func TestVersion_OfTheReleaseOrTheModule(t *testing.T) {
	output, err := command(t, "-version").Output()
	if err != nil || !strings.HasPrefix(string(output), "streamkap-simulator ") {
		t.Errorf("%v, %q", err, output)
	}
	for want, info := range map[string]*debug.BuildInfo{
		"1.2.3":   {Main: debug.Module{Version: "v1.2.3"}},
		"(devel)": {},
	} {
		if got := versionOf(info, true); got != want {
			t.Errorf("version %q, want %q", got, want)
		}
	}
	if got := versionOf(nil, false); got != "(devel)" {
		t.Errorf("version %q of what is not known", got)
	}
	version = "4.5.6"
	defer func() { version = "" }()
	if got := versionOf(&debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, true); got != "4.5.6" {
		t.Errorf("a release calls itself %q", got)
	}
}

func TestSimulator_InjectsFaultsInADialect(t *testing.T) {
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

// written is the name of a file with a text.
func written(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "input.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestSeed_KeysOfSeveralProjects(t *testing.T) {
	own := written(t, `[{"name": "seeded", "role_ids": ["lister"]}]`)
	other := written(t, `[{"name": "theirs", "kafka_config": {"username": "theirs"}, "service_id": "p2"}]`)
	roles := written(t, `[{"id": "lister", "key": "lister", "name": "Lister", "permissions": ["`+simulator.PermissionReadKeys+`"]}]`)
	opts, err := parseOptions([]string{
		"-project", "service=p2,tenant=t2,client=them,secret=their-secret",
		"-roles", roles, "-seed", own, "-seed", other,
	}, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	server, err := opts.simulator()
	if err != nil {
		t.Fatal(err)
	}
	if keys := server.Keys(); len(keys) != 2 || !keys[0].HasAPI() || keys[1].ServiceID != "p2" || keys[1].CreatedBy != "them" {
		t.Errorf("keys %+v", keys)
	}
	var printed bytes.Buffer
	printEnvironment(&printed, "http://127.0.0.1:1", server.Config())
	if !strings.Contains(printed.String(), "# export STREAMKAP_CLIENT_ID=them STREAMKAP_SECRET=their-secret") {
		t.Errorf("printed %s", &printed)
	}
}

func TestDialectFrom_Report(t *testing.T) {
	report := written(t, `{"format": 1, "dialect": "token=snake,status=lower,gone=400", "rows": []}`)
	opts, err := parseOptions([]string{"-dialect-from", report}, io.Discard, io.Discard)
	if err != nil || opts.cfg.Dialect != (simulator.Dialect{Token: "snake", Gone: "400"}) {
		t.Errorf("the dialect is %q, %v", opts.cfg.Dialect, err)
	}
	opts, err = parseOptions([]string{"-dialect-from", written(t, `{"dialect": ""}`)}, io.Discard, io.Discard)
	if err != nil || opts.cfg.Dialect != (simulator.Dialect{}) {
		t.Errorf("the dialect is %q, %v", opts.cfg.Dialect, err)
	}
}

func TestKafka_KeyLogsIn(t *testing.T) {
	certificate := filepath.Join(t.TempDir(), "ca.pem")
	keys := written(t, `[{"name": "seeded", "kafka_config": {"username": "seeded", "password": "Simulated-1-password",
		"kafka_acls": [{"topic_name": "events", "operation": "READ", "resource_pattern_type": "LITERAL"}]}}]`)
	r := startCommand(t, "-seed", keys, "-kafka-ca", certificate, "-kafka-topics", "events",
		"-kafka-listen", "127.0.0.1:0,localhost:0", "-kafka-advertise", "localhost")
	defer func() { _ = r.Process.Kill() }()
	pem, err := os.ReadFile(certificate)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		t.Fatalf("the certificate is %q", pem)
	}
	said := regexp.MustCompile(`(?m)^Kafka listens on (localhost:\d+),(localhost:\d+); its clients have to trust (.*)\.$`).FindStringSubmatch(r.logged(t))
	if len(said) != 4 || said[3] != certificate {
		t.Fatalf("the log is %s", r.logged(t))
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(said[1:3]...), kgo.DialTLSConfig(&tls.Config{RootCAs: roots}),
		kgo.SASL(plain.Auth{User: "seeded", Pass: "Simulated-1-password"}.AsMechanism()), kgo.ConsumeTopics("events"))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if fetches := client.PollFetches(ctx); fetches.Err() != nil || fetches.NumRecords() == 0 {
		t.Errorf("%d records, %v", fetches.NumRecords(), fetches.Err())
	}
}

func TestMistake_NamesTheFlag(t *testing.T) {
	typo := written(t, `[{"nmae": "seeded"}]`)
	refused := written(t, `[{"name": "seeded", "kafka_config": {"username": "UPPER"}}]`)
	incomplete := written(t, `[{"id": "r1"}]`)
	twice := written(t, `[{"id": "r1", "key": "k", "name": "n"}, {"id": "r2", "key": "k", "name": "n"}]`)
	directory := t.TempDir()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().String()
	for _, mistake := range []struct {
		args []string
		says []string
	}{
		{[]string{"-listen", "0.0.0.0:0"}, []string{`-listen "0.0.0.0:0": only a loopback address`}},
		{[]string{"-listen", "127.0.0.1"}, []string{`-listen "127.0.0.1"`, "missing port"}},
		{[]string{"-listen", port}, []string{"-listen " + port, "choose another port"}},
		{[]string{"-listen", "localhost:99999"}, []string{"-listen localhost:99999"}},
		{[]string{"-listen", "127.0.0.1:0", "-kafka-ca", typo, "-kafka-listen", port}, []string{"-kafka-listen " + port, "choose other ports"}},
		{[]string{"-kafka-ca", typo, "-kafka-listen", "0.0.0.0:9092"}, []string{`-kafka-listen "0.0.0.0:9092": only a loopback address`}},
		{[]string{"-kafka-advertise", "kafka.test"}, []string{"-kafka-advertise", "give -kafka-ca"}},
		{[]string{"-listen", "127.0.0.1:0", "-kafka-ca", directory}, []string{"-kafka-ca", directory}},
		{[]string{"-latency", "-1s"}, []string{"-latency -1s: expected 0 or more"}},
		{[]string{"-rate", "-1"}, []string{"-rate -1: expected 0 or more"}},
		{[]string{"-record", typo}, []string{"-record", typo}},
		{[]string{"-dialect", "x=y"}, []string{"-dialect", "no dialect row"}},
		{[]string{"-dialect-from", written(t, `{"dialect": "token=telex"}`)}, []string{"-dialect-from", "no variant"}},
		{[]string{"-dialect-from", written(t, `{"format": 1}`)}, []string{"-dialect-from", "it has no dialect"}},
		{[]string{"-dialect-from", twice}, []string{"-dialect-from", "it is no report"}},
		{[]string{"-dialect-from", typo + ".missing"}, []string{"-dialect-from", typo + ".missing"}},
		{[]string{"-fault", "POST"}, []string{"-fault", "expected a method"}},
		{[]string{"-retry-after", "never"}, []string{"-retry-after", "expected seconds"}},
		{[]string{"start"}, []string{"unexpected argument"}},
		{[]string{"-seed", typo}, []string{"-seed", typo, "nmae"}},
		{[]string{"-seed", refused}, []string{"-seed " + refused, "kafka_config.username: String"}},
		{[]string{"-seed", typo + ".missing"}, []string{"-seed", typo + ".missing"}},
		{[]string{"-roles", incomplete}, []string{"-roles", incomplete, "needs id, key and name"}},
		{[]string{"-roles", twice}, []string{"-roles", twice, "of another one"}},
		{[]string{"-project", "srevice=1"}, []string{"-project", "is none of service="}},
		{[]string{"-project", "name=Billing"}, []string{"-project", "expected a service="}},
		{[]string{"-project", "service=1", "-project", "service=1,name=Billing"}, []string{"-project", "two projects have"}},
	} {
		t.Run(strings.Join(mistake.args, " "), func(t *testing.T) {
			output, err := command(t, mistake.args...).CombinedOutput()
			if err == nil {
				t.Error("it was not refused")
			}
			for _, want := range mistake.says {
				if !strings.Contains(string(output), want) {
					t.Errorf("%q is not in %q", want, output)
				}
			}
		})
	}
}

func TestHelp_ListsEveryVariant(t *testing.T) {
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

// TestHelp_CommandsAreAccepted takes the commands out of the help as they stand.
func TestHelp_CommandsAreAccepted(t *testing.T) {
	commands := regexp.MustCompile(`(?m)^ +go run \./internal/cmd/simulator (-.*)$`).FindAllStringSubmatch(strings.ReplaceAll(explanations, "\\\n", ""), -1)
	if len(commands) != 2 {
		t.Fatalf("the help has %d commands", len(commands))
	}
	for _, command := range commands {
		if _, err := parseOptions(strings.Fields(command[1]), io.Discard, io.Discard); err != nil {
			t.Errorf("%s: %v", command[1], err)
		}
	}
}

// TestGuide_FaultsAreWhatItSays reads the faults out of the guide's table.
func TestGuide_FaultsAreWhatItSays(t *testing.T) {
	guide, err := os.ReadFile("../../../templates/guides/testing-with-the-simulator.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	var got []simulator.Fault
	for _, match := range regexp.MustCompile("(?m)^\\| `-fault '(.*)'`").FindAllStringSubmatch(string(guide), -1) {
		fault, err := simulator.ParseFault(match[1])
		if err != nil {
			t.Error(err)
		}
		got = append(got, fault)
	}
	want := []simulator.Fault{
		{Method: "POST", Path: "/project-keys", Status: 503, Body: simulator.GatewayPage(503), Times: 2},
		{Method: "POST", Path: "/project-keys", Drop: simulator.DropAfter},
		{Method: "GET", Path: "/project-keys/*", Set: `{"kafka_username": null}`},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the guide's faults are %+v", got)
	}
}
