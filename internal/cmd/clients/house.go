// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/cli"
)

// The passwords of a house's keys: one with every special character of ASCII,
// and what a shell, a template or Spring would expand; and the one after it.
const (
	firstPassword = `Aa1 !"#$%&'()*+,-./:;<=>?@[\]^_` + "`" + `{|}~ ${HOME} %{x} $(id) \n x`
	nextPassword  = `x\"Bb2 ~}|{` + "`" + `_^]\[@?>=<;:/.-,+*)('&%$#"!` + "`id`" + ` $HOME \\`
)

// aWriter is a second key, which may do what the example's may not.
const aWriter = `
resource "streamkap_project_key" "writer" {
  name = "writer"
  kafka {
    username = "writer"
    password = var.kafka_password
    acl {
      name      = "orders.created"
      operation = "WRITE"
    }
  }
}

output "writer_properties" {
  value     = provider::streamkap::kafka_client_properties(local.kafka.bootstrap_servers, "writer", var.kafka_password)
  sensitive = true
}
`

// house is a simulator of its own, and a workspace with the example in it.
type house struct {
	*cli.CLI
	tools     *tools
	dir       string
	simulator *exec.Cmd
	outputs   map[string]string
}

// newHouse starts the simulator as its documentation says, and applies the
// example.
func newHouse(ctx context.Context, t *tools, dir string) (*house, error) {
	h := &house{CLI: &cli.CLI{Path: t.Path, Dir: t.Dir}, tools: t, dir: dir}
	if err := h.prepare(); err != nil {
		return nil, err
	}
	if err := h.open(ctx, t.path("simulator"), "-listen", "127.0.0.1:0", "-kafka-ca", authority); err != nil {
		return nil, err
	}
	if err := h.rotate(ctx, firstPassword); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

// authority is the file with the certificate to trust.
const authority = "kafka-ca.pem"

// prepare lays out the workspace.
func (h *house) prepare() error {
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"streamkap-com/streamkap\" = %q\n  }\n  direct {}\n}\n", filepath.ToSlash(h.tools.dir))
	example, err := os.ReadFile(filepath.Join(h.tools.repository, "examples", "kafka-clients", "main.tf"))
	if err != nil {
		return err
	}
	for name, value := range map[string]string{
		"TF_CLI_CONFIG_FILE": filepath.Join(h.dir, "cli.tfrc"), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0",
	} {
		h.Set(name, value)
	}
	return errors.Join(h.write("cli.tfrc", overrides), h.write("main.tf", string(example)), h.write("writer.tf", aWriter))
}

// open starts the simulator and takes over the three lines that it prints.
func (h *house) open(ctx context.Context, command ...string) error {
	h.simulator = h.Command(ctx, command[0], command[1:]...)
	h.simulator.Dir = h.dir
	stdout, err := h.simulator.StdoutPipe()
	if err != nil {
		return err
	}
	if err := h.simulator.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(stdout)
	for range 3 {
		if !lines.Scan() {
			return errors.Join(errors.New("the simulator does not start"), h.simulator.Wait())
		}
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		h.Set(name, value)
	}
	return nil
}

// close stops the simulator, if it still runs.
func (h *house) close() error {
	if h.simulator.ProcessState != nil {
		return nil
	}
	_ = h.simulator.Process.Signal(os.Interrupt)
	return h.simulator.Wait()
}

func (h *house) write(name, text string) error {
	return os.WriteFile(filepath.Join(h.dir, name), []byte(text), 0o600)
}

// rotate applies with another password.
func (h *house) rotate(ctx context.Context, password string) error {
	h.Set("TF_VAR_kafka_password", password)
	return h.apply(ctx)
}

// allow applies the example with one text in it in another's place.
func (h *house) allow(ctx context.Context, text, other string) error {
	example, err := os.ReadFile(filepath.Join(h.dir, "main.tf"))
	if err != nil {
		return err
	}
	changed := strings.Replace(string(example), text, other, 1)
	if changed == string(example) {
		return fmt.Errorf("the example is without %s", text)
	}
	return errors.Join(h.write("main.tf", changed), h.apply(ctx))
}

func (h *house) apply(ctx context.Context) error {
	if _, err := h.terraform(ctx, "apply", "-auto-approve", "-no-color"); err != nil {
		return err
	}
	text, err := h.terraform(ctx, "output", "-json")
	if err != nil {
		return err
	}
	var outputs map[string]struct{ Value string }
	if err := json.Unmarshal([]byte(text), &outputs); err != nil {
		return err
	}
	h.outputs = map[string]string{}
	for name, output := range outputs {
		h.outputs[name] = output.Value
	}
	return nil
}

func (h *house) terraform(ctx context.Context, args ...string) (string, error) {
	var out bytes.Buffer
	if err := h.Execute(ctx, &out, h.dir, h.Path, args...); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", h.Name(), args[0], err, concealed(out.String()))
	}
	return out.String(), nil
}

// user is one of the keys, and how it is used.
type user struct {
	name   string
	spoil  string // what is put behind the password
	trusts string // the authority that is trusted, where it is another one
}

// program is something that runs with the access of a key.
type program struct {
	*exec.Cmd
	out  *lines
	done chan error
}

// start starts a program with what Terraform puts out about a key, as the
// documentation of the examples says.
func (h *house) start(ctx context.Context, who user, command ...string) (*program, error) {
	properties := map[string]string{"orders-consumer": "client_properties", "writer": "writer_properties"}[who.name]
	file := who.name + ".properties"
	if err := h.write(file, h.outputs[properties]); err != nil {
		return nil, err
	}
	trusted := filepath.Join(h.dir, authority)
	if who.trusts != "" {
		trusted = who.trusts
	}
	p := &program{Cmd: h.Command(ctx, command[0], command[1:]...), out: &lines{}, done: make(chan error, 1)}
	p.Dir, p.Stdout, p.Stderr = h.dir, p.out, p.out
	p.WaitDelay = time.Second
	// A client that fails is not given the time that a CLI has.
	p.Cancel = func() error { return p.kill() }
	p.Env = append(p.Env,
		"KAFKA_BOOTSTRAP_SERVERS="+h.outputs["bootstrap_servers"], "KAFKA_USERNAME="+who.name, "KAFKA_PASSWORD="+h.outputs["password"]+who.spoil,
		"KAFKA_PASSWORD_SPOILED_BY="+who.spoil, "KAFKA_CLIENT_PROPERTIES="+file,
		"KAFKA_CA_FILE="+trusted, "NODE_EXTRA_CA_CERTS="+trusted)
	if err := p.Start(); err != nil {
		return nil, err
	}
	go func() {
		err := p.Wait()
		_ = p.kill()
		p.done <- err
	}()
	return p, nil
}
