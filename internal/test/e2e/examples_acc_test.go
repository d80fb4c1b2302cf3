// SPDX-License-Identifier: MPL-2.0

package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator/broker"
)

// example reads a file below examples.
func example(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The password is one that a client.properties has to escape.
func TestAccKafkaClients_ExampleOfTheFunction(t *testing.T) {
	h := newTestbed(t, simulator.Config{})
	h.Setenv("TF_VAR_orders_password", simulator.PasswordPrefix+`"quoted" \back\\slash = : # ! ; ${x} é 密 😀 \`)
	h.apply(example(t, "functions/kafka_client_properties/function.tf"))
	var file string
	h.output("client_properties", &file)
	must(t, "a topic of the key's", h.read(understood(t, file), "orders.paid"), nil)
	must(t, "another topic", h.read(understood(t, file), "payments"), errTopic)
}

// clients has the configuration of the examples for clients applied.
func clients(t *testing.T) *testbed {
	t.Helper()
	h := newTestbed(t, simulator.Config{})
	h.Setenv("TF_VAR_kafka_password", password)
	h.apply(example(t, "kafka-clients/main.tf"))
	h.Write("ca.pem", string(h.broker.Certificate()))
	return h
}

// java is what the Java client takes out of its file.
func (h *testbed) java() access {
	h.t.Helper()
	var file string
	h.output("client_properties", &file)
	return understood(h.t, file)
}

// The Go client is run with what came of the configuration, and what the Java
// client would read is tried. "make test-clients" tries every other client.
func TestAccKafkaClients_Examples(t *testing.T) {
	h := clients(t)
	var servers, username, stored string
	h.output("bootstrap_servers", &servers)
	h.output("username", &username)
	h.output("password", &stored)
	java := h.java()
	if java.Username != username || java.Password != stored || java.Servers != servers {
		t.Errorf("client_properties says another thing than the outputs")
	}
	must(t, "the Java client", h.read(java, "orders.created"), nil)
	c := h.startGoExample(java)
	c.awaitRecords()
	_ = c.Process.Signal(os.Interrupt)
	if err := c.Wait(); err != nil {
		t.Errorf("after an interrupt: %v", err)
	}
}

// TestAccKafkaClients_GoExampleEndsWhenItFails goes through what can go wrong before
// it runs, and while it does. Each has a broker of its own: where a client was ended,
// its group makes the next one wait.
func TestAccKafkaClients_GoExampleEndsWhenItFails(t *testing.T) {
	for name, failure := range map[string]struct {
		before func(*testbed, *access)
		during func(*testbed)
		says   string
	}{
		"wrong password":  {before: func(_ *testbed, a *access) { a.Password += "x" }, says: "SASL_AUTHENTICATION_FAILED"},
		"untrusted CA":    {before: func(h *testbed, _ *access) { h.Write("ca.pem", string(otherCertificate(h.t))) }, says: "certificate"},
		"forbidden topic": {before: func(h *testbed, _ *access) { h.forbid("orders.") }, says: "TOPIC_AUTHORIZATION_FAILED"},
		"forbidden group": {before: func(h *testbed, _ *access) { h.forbid("orders-consumer") }, says: "GROUP_AUTHORIZATION_FAILED"},
		"rotation": {during: func(h *testbed) {
			h.Setenv("TF_VAR_kafka_password", password+"-2")
			h.Run("apply", "-auto-approve", "-no-color")
		}, says: "SASL_AUTHENTICATION_FAILED"},
		"destroy":     {during: (*testbed).destroy, says: "SASL_AUTHENTICATION_FAILED"},
		"broker away": {during: func(h *testbed) { h.broker.Close() }, says: "dial"},
	} {
		t.Run(name, func(t *testing.T) {
			h := clients(t)
			key := h.java()
			if failure.before != nil {
				failure.before(h, &key)
			}
			c := h.startGoExample(key)
			if failure.during != nil {
				c.awaitRecords()
				failure.during(h)
			}
			err := c.Wait()
			if err == nil || c.ProcessState.ExitCode() != 1 || !strings.Contains(c.stderr.String(), failure.says) {
				t.Errorf("it ended with %v, and said %q", err, c.stderr.String())
			}
		})
	}
}

// otherCertificate is of an authority that did not sign the broker's.
func otherCertificate(t *testing.T) []byte {
	t.Helper()
	other, err := broker.Start(simulator.New(simulator.Config{}))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	return other.Certificate()
}

// forbid takes the rule with this name away from the key.
func (h *testbed) forbid(name string) {
	h.service.Modify(h.service.Keys()[0].ID, func(key *simulator.Key) {
		key.ACLs = slices.DeleteFunc(key.ACLs, func(rule simulator.ACL) bool { return rule.Name == name })
	})
}

// program is the example for Go at work.
type program struct {
	*exec.Cmd
	t      *testing.T
	stdout *bufio.Scanner
	stderr bytes.Buffer
}

// startGoExample starts the program, which is killed if it runs for too long.
func (h *testbed) startGoExample(a access) *program {
	h.t.Helper()
	path := filepath.Join(h.Dir, "orders-consumer")
	if output, err := exec.Command("go", "build", "-o", path, "../../../examples/kafka-clients/go").CombinedOutput(); err != nil {
		h.t.Fatalf("%v\n%s", err, output)
	}
	ctx, cancel := context.WithTimeout(h.t.Context(), time.Minute)
	h.t.Cleanup(cancel)
	p := &program{Cmd: exec.CommandContext(ctx, path), t: h.t}
	p.Env = append(os.Environ(), "KAFKA_BOOTSTRAP_SERVERS="+a.Servers, "KAFKA_USERNAME="+a.Username, "KAFKA_PASSWORD="+a.Password,
		"KAFKA_CA_FILE="+filepath.Join(h.Dir, "ca.pem"))
	p.Stderr = &p.stderr
	stdout, err := p.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	p.stdout = bufio.NewScanner(stdout)
	if err := p.Start(); err != nil {
		h.t.Fatal(err)
	}
	return p
}

// awaitRecords waits until every record is printed.
func (p *program) awaitRecords() {
	p.t.Helper()
	var printed []string
	for len(printed) < len(records) && p.stdout.Scan() {
		printed = append(printed, p.stdout.Text())
	}
	if !slices.Equal(printed, records) {
		p.t.Errorf("the Go client printed %q", printed)
	}
}

// TestKafkaClients_ExamplesNotRunHere at least say what a key needs.
func TestKafkaClients_ExamplesNotRunHere(t *testing.T) {
	environment := []string{"KAFKA_BOOTSTRAP_SERVERS", "KAFKA_USERNAME", "KAFKA_PASSWORD"}
	consumer := []string{"orders-consumer", "orders.created"}
	for name, mentions := range map[string][]string{
		"kafka-clients/java/OrdersConsumer.java":   append(consumer, `Path.of("client.properties")`, "System.exit(1)"),
		"kafka-clients/spring/application.yml":     append(consumer, "KAFKA_BOOTSTRAP_SERVERS", "SASL_SSL", "PLAIN"),
		"kafka-clients/spring/KafkaLogin.java":     {"KAFKA_USERNAME", "KAFKA_PASSWORD", "org.apache.kafka.common.security.plain.PlainLoginModule"},
		"kafka-clients/python/orders_consumer.py":  append(append(consumer, environment...), "SASL_SSL", "PLAIN"),
		"kafka-clients/node/orders-consumer.mjs":   append(append(consumer, environment...), "ssl: true", "plain"),
		"kafka-clients/kubernetes/deployment.yaml": environment,
	} {
		text := example(t, name)
		for _, mention := range mentions {
			if !strings.Contains(text, mention) {
				t.Errorf("%s lacks %s", name, mention)
			}
		}
	}
}
