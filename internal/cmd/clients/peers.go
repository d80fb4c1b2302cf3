// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"os/exec"
	"path/filepath"
)

// A peer is a client library with a program around it that takes a verb, a topic
// and a group: login, read (one record), write (one record), commit (as a member
// of the group, after reading), follow (as a member, until it is not let in any
// more). It has the access of a key in its environment, as the examples have it,
// and ends with a code other than zero when it is refused.
type peer struct {
	// name is the client's in the table.
	name string
	// needs says what is missing for it, or "".
	needs func(*tools) string
	// command is the peer, without verb, topic and group.
	command func(*tools) []string
	// follow is a program of the examples in the place of that verb.
	follow func(*tools) []string
	// example says that this program is the client's own, whose situations are
	// gone through.
	example bool
}

var peers = []peer{
	{name: "kcat", needs: lacks("kcat"), command: script("sh", "kcat.sh")},
	{name: "confluent-kafka (Python)", needs: lacksModule("confluent_kafka"), command: python("confluent_kafka", "confluent.py"), follow: python("confluent_kafka", "orders_consumer.py"), example: true},
	{name: "kafka-python", needs: lacksModule("kafka"), command: python("kafka", "kafka_python.py")},
	{name: "kafkajs", needs: lacksPackage("kafkajs"), command: script("node", "kafkajs.mjs"), follow: script("node", "orders-consumer.mjs"), example: true},
	{name: "@platformatic/kafka", needs: lacksPackage("@platformatic/kafka"), command: script("node", "platformatic.mjs")},
	{name: "sarama", command: built("sarama")},
	{name: "segmentio/kafka-go", command: built("segmentio")},
	{name: "franz-go", command: built("franz"), follow: built("orders-consumer"), example: true},
	{name: "Java's parsers, then franz-go", needs: lacks("javac"), command: java("franz"), follow: java("orders-consumer")},
}

func lacks(program string) func(*tools) string {
	return func(*tools) string {
		if _, err := exec.LookPath(program); err != nil {
			return program
		}
		return ""
	}
}

// script is a file of the workshop that an interpreter reads.
func script(interpreter, file string) func(*tools) []string {
	return func(t *tools) []string { return []string{interpreter, t.path(file)} }
}

// built is a program of the workshop.
func built(name string) func(*tools) []string {
	return func(t *tools) []string { return []string{t.path(name)} }
}

// java has Java's own parsers read client.properties, and a program of the
// workshop do the rest.
func java(name string) func(*tools) []string {
	return func(t *tools) []string { return []string{"java", "-cp", t.dir, "Readback", t.path(name)} }
}

func python(module, file string) func(*tools) []string {
	return func(t *tools) []string { return []string{t.pythons[module], t.path(file)} }
}

// lacksModule looks for a Python that has a module: the one on PATH, or
// Debian's own, which has what apt-get has installed.
func lacksModule(module string) func(*tools) string {
	return func(t *tools) string {
		for _, python := range []string{"python3", "/usr/bin/python3"} {
			if exec.CommandContext(context.Background(), python, "-c", "import "+module).Run() == nil {
				t.pythons[module] = python
				return ""
			}
		}
		return "the Python module " + module
	}
}

func lacksPackage(name string) func(*tools) string {
	return func(t *tools) string {
		if missing := lacks("node")(t); missing != "" {
			return missing
		}
		if matches, _ := filepath.Glob(filepath.Join(t.repository, nodeModules, filepath.FromSlash(name))); len(matches) == 0 {
			return "the npm package " + name
		}
		return ""
	}
}
