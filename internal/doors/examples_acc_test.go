package doors_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// example reads a file below examples.
func example(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAccTheExampleOfTheFunctionOpensTheDoor(t *testing.T) {
	h := newHouse(t, simulator.Config{})
	h.Setenv("TF_VAR_orders_password", password)
	h.apply(example(t, "functions/kafka_client_properties/function.tf"))
	var file string
	h.output("client_properties", &file)
	must(t, "a topic of the key's", h.read(understood(t, file), "orders.paid"), nil)
}

// TestAccTheExamplesForClients applies their configuration, lets the Go client
// run with what came of that, and tries what the Java client would read.
func TestAccTheExamplesForClients(t *testing.T) {
	h := newHouse(t, simulator.Config{})
	h.Setenv("TF_VAR_kafka_password", password)
	h.apply(example(t, "kafka-clients/main.tf"))
	var servers, username, stored, file string
	h.output("bootstrap_servers", &servers)
	h.output("username", &username)
	h.output("password", &stored)
	h.output("client_properties", &file)

	java := understood(t, file)
	if java.Username != username || java.Password != stored || java.Servers != servers {
		t.Errorf("client_properties says another thing than the outputs")
	}
	must(t, "the Java client", h.read(java, "orders.created"), nil)
	if runtime.GOOS != "linux" {
		t.Skip("only on Linux is there a variable for the authorities that a Go program trusts")
	}
	h.Write("ca.pem", string(h.broker.Certificate()))
	h.runGoExample("KAFKA_BOOTSTRAP_SERVERS="+servers, "KAFKA_USERNAME="+username, "KAFKA_PASSWORD="+stored,
		"SSL_CERT_FILE="+filepath.Join(h.Dir, "ca.pem"))
}

// runGoExample runs the program until it has printed every record, and then
// interrupts it.
func (h *house) runGoExample(environment ...string) {
	h.t.Helper()
	program := filepath.Join(h.t.TempDir(), "orders-consumer")
	if output, err := exec.Command("go", "build", "-o", program, "../../examples/kafka-clients/go").CombinedOutput(); err != nil {
		h.t.Fatalf("%v\n%s", err, output)
	}
	command := exec.CommandContext(h.t.Context(), program)
	command.Env = append(os.Environ(), environment...)
	command.Stderr = os.Stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		h.t.Fatal(err)
	}
	late := time.AfterFunc(30*time.Second, func() { _ = command.Process.Kill() })
	defer late.Stop()
	var printed []string
	for lines := bufio.NewScanner(stdout); len(printed) < len(records) && lines.Scan(); {
		printed = append(printed, lines.Text())
	}
	_ = command.Process.Signal(os.Interrupt)
	if err := command.Wait(); err != nil || strings.Join(printed, " ") != strings.Join(records, " ") {
		h.t.Errorf("the Go client printed %q, %v", printed, err)
	}
}

// TestTheExamplesThatAreNotRun at least say what a key needs.
func TestTheExamplesThatAreNotRun(t *testing.T) {
	environment := []string{"KAFKA_BOOTSTRAP_SERVERS", "KAFKA_USERNAME", "KAFKA_PASSWORD", "SASL_SSL", "PLAIN"}
	for name, mentions := range map[string][]string{
		"kafka-clients/java/OrdersConsumer.java":  {`Path.of("client.properties")`},
		"kafka-clients/spring/application.yml":    append(environment, "org.apache.kafka.common.security.plain.PlainLoginModule"),
		"kafka-clients/python/orders_consumer.py": environment,
		"kafka-clients/README.md":                 append(environment, "client_properties"),
	} {
		text := example(t, name)
		for _, mention := range append(mentions, "orders-consumer", "orders.created") {
			if !strings.Contains(text, mention) {
				t.Errorf("%s lacks %s", name, mention)
			}
		}
	}
}
