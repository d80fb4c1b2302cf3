// SPDX-License-Identifier: MPL-2.0

package e2e_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// rule is an access rule of a key.
type rule struct{ name, resource, operation, pattern string }

// kafkaKey is the configuration of one key. Its username is its name.
func kafkaKey(name, arguments string, rules ...rule) string {
	block := ""
	for _, r := range rules {
		block += fmt.Sprintf("    acl {\n      name = %q\n      resource = %q\n      operation = %q\n      pattern_type = %q\n    }\n",
			r.name, r.resource, r.operation, r.pattern)
	}
	return fmt.Sprintf(`
resource "streamkap_project_key" %[1]q {
  name = %[1]q
  kafka {
    username = %[1]q
    %[2]s
%[3]s  }
}
`, name, arguments, block)
}

// passwords are the variables that keys take theirs from.
const passwords = `
variable "password" {
  type      = string
  sensitive = true
  default   = ""
}

variable "ephemeral_password" {
  type      = string
  sensitive = true
  ephemeral = true
  default   = ""
}
`

// stored and writeOnly are a key's arguments.
const stored = "password = var.password"

func writeOnly(version string) string {
	return "password_wo = var.ephemeral_password\n    password_wo_version = " + version
}

// accesses has what is needed to use some keys put out.
func accesses(names ...string) string {
	return `
output "keys" {
  sensitive = true
  value = { for key in [streamkap_project_key.` + strings.Join(names, ", streamkap_project_key.") + `] : key.name => {
    bootstrap_servers = key.kafka.bootstrap_servers
    security_protocol = key.kafka.security_protocol
    sasl_mechanism    = key.kafka.sasl_mechanism
    username          = key.kafka.username
    password          = key.kafka.password
  } }
}
`
}

func TestAccKafkaAccess_TopicsAndGroupsOfTheRules(t *testing.T) {
	h := newTestbed(t, simulator.Config{})
	h.Setenv("TF_VAR_password", password)
	h.apply(passwords + accesses("literal", "prefixed", "writer") +
		kafkaKey("literal", stored, rule{"orders.created", "TOPIC", "READ", "LITERAL"}, rule{"billing", "GROUP", "READ", "LITERAL"}) +
		kafkaKey("prefixed", stored, rule{"orders.", "TOPIC", "READ", "PREFIXED"}, rule{"team-", "GROUP", "READ", "PREFIXED"}) +
		kafkaKey("writer", stored, rule{"orders.created", "TOPIC", "WRITE", "LITERAL"}))
	var keys map[string]access
	h.output("keys", &keys)

	literal := keys["literal"]
	must(t, "literal reads its topic", h.read(literal, "orders.created"), nil)
	must(t, "literal reads a topic whose name only begins like it", h.read(literal, "orders.created.late"), errTopic)
	must(t, "literal reads another topic", h.read(literal, "payments"), errTopic)
	must(t, "literal reads in its group", h.readAs(literal, "billing", "orders.created"), nil)
	must(t, "literal reads in a group whose name only begins like it", h.readAs(literal, "billing-2", "orders.created"), errGroup)
	must(t, "literal writes", h.write(literal, "orders.created", plainly), errTopic)

	prefixed := keys["prefixed"]
	must(t, "prefixed reads one of its topics", h.read(prefixed, "orders.created"), nil)
	must(t, "prefixed reads another of its topics", h.read(prefixed, "orders.paid"), nil)
	must(t, "prefixed reads a topic with another beginning", h.read(prefixed, "payments"), errTopic)
	must(t, "prefixed reads in one of its groups", h.readAs(prefixed, "team-a", "orders.paid"), nil)
	must(t, "prefixed reads in a group with another beginning", h.readAs(prefixed, "billing", "orders.paid"), errGroup)
	must(t, "prefixed writes", h.write(prefixed, "orders.paid", plainly), errTopic)

	writer := keys["writer"]
	must(t, "writer writes to its topic", h.write(writer, "orders.created"), nil)
	must(t, "writer writes to another topic", h.write(writer, "orders.paid"), errTopic)
	must(t, "writer reads", h.read(writer, "orders.created"), errTopic)

	h.destroy()
	for name, key := range keys {
		must(t, name+" after destroy", h.logIn(key), errLogin)
	}
}

// reader is a configuration of one key that reads a topic.
func reader(topic, arguments string) string {
	return passwords + accesses("reader") + kafkaKey("reader", arguments, rule{topic, "TOPIC", "READ", "LITERAL"})
}

// reader is what Terraform puts out about that key. A password that is in no
// state is in no output either: who uses the key got it from elsewhere.
func (h *testbed) reader(password string) access {
	h.t.Helper()
	var keys map[string]access
	h.output("keys", &keys)
	a := keys["reader"]
	if a.Password == "" {
		a.Password = password
	}
	return a
}

func TestAccKafkaAccess_OnceActiveAndNotBefore(t *testing.T) {
	h := newTestbed(t, simulator.Config{ProvisionTime: 3 * time.Second})
	h.Setenv("TF_VAR_password", password)
	h.Write("main.tf", acctest.Required+reader("payments", stored))
	apply := h.Command("apply", "-auto-approve", "-no-color")
	if err := apply.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); len(h.service.Keys()) == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no key is made")
		}
	}
	early := access{Servers: h.broker.Servers(), Protocol: "SASL_SSL", Mechanism: "PLAIN", Username: "reader", Password: password}
	must(t, "while the key is made", h.logIn(early), errLogin)
	if err := apply.Wait(); err != nil {
		t.Fatal(err)
	}
	must(t, "once it is active", h.read(h.reader(""), "payments"), nil)
}

func TestAccKafkaAccess_ChangedRules(t *testing.T) {
	h := newTestbed(t, simulator.Config{})
	h.Setenv("TF_VAR_password", password)
	h.apply(reader("payments", stored))
	before := h.reader("")
	must(t, "payments", h.read(before, "payments"), nil)
	must(t, "orders.paid", h.read(before, "orders.paid"), errTopic)

	h.apply(reader("orders.paid", stored))
	must(t, "payments after the change", h.read(before, "payments"), errTopic)
	must(t, "orders.paid after the change", h.read(before, "orders.paid"), nil)
}

func TestAccKafkaAccess_RotatedPassword(t *testing.T) {
	const first, second = simulator.PasswordPrefix + "first", simulator.PasswordPrefix + "second"
	for name, form := range map[string]struct{ variable, before, after string }{
		"password":    {"TF_VAR_password", stored, stored},
		"password_wo": {"TF_VAR_ephemeral_password", writeOnly("1"), writeOnly("2")},
	} {
		t.Run(name, func(t *testing.T) {
			h := newTestbed(t, simulator.Config{})
			h.Setenv(form.variable, first)
			h.apply(reader("payments", form.before))
			old := h.reader(first)
			must(t, "the first password", h.read(old, "payments"), nil)
			connected, err := h.client(old)
			if err != nil {
				t.Fatal(err)
			}
			defer connected.Close()
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			must(t, "a connection with it", connected.Ping(ctx), nil)

			h.Setenv(form.variable, second)
			h.apply(reader("payments", form.after))
			must(t, "the first password after the rotation", h.logIn(old), errLogin)
			must(t, "the second password", h.read(h.reader(second), "payments"), nil)
			if connected.Ping(ctx) == nil {
				t.Error("the connection outlives its password")
			}
		})
	}
}

func TestAccKafkaAccess_ListedAddressesOnly(t *testing.T) {
	h := newTestbed(t, simulator.Config{})
	h.Setenv("TF_VAR_password", password)
	h.apply(reader("payments", stored+"\n"+`whitelist_ips = ["10.0.0.0/8", "192.168.1.7"]`))
	key := h.reader("")
	must(t, "no address of this machine is listed", h.logIn(key), errLogin)

	h.apply(reader("payments", stored+"\n"+`whitelist_ips = ["10.0.0.0/8", "127.0.0.1"]`))
	must(t, "this address is listed", h.read(key, "payments"), nil)
	if hasAddress("127.0.0.2") {
		must(t, "another address is not", h.logIn(key, h.from("127.0.0.2")), errLogin)
	}

	h.apply(reader("payments", stored))
	must(t, "every address may come without a list", h.read(key, "payments"), nil)
	if hasAddress("127.0.0.2") {
		must(t, "another address too", h.logIn(key, h.from("127.0.0.2")), nil)
	}
}

// TestAccKafkaAccess_ImportedKey is about the address, which an import
// has from another answer than a creation. The password is its owner's to know.
func TestAccKafkaAccess_ImportedKey(t *testing.T) {
	h := newTestbed(t, simulator.Config{})
	key := h.service.Seed(simulator.Key{
		Name: "reader", KafkaUsername: "reader", KafkaPassword: password,
		ACLs: []simulator.ACL{{Name: "payments", Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"}},
	})
	h.apply(reader("payments", "") + `
import {
  to = streamkap_project_key.reader
  id = "` + key.ID + `"
}
`)
	must(t, "an imported key", h.read(h.reader(password), "payments"), nil)
}

// hasAddress tells whether this machine has a second loopback address. Linux
// has a whole network of them.
func hasAddress(address string) bool {
	listener, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}
