// SPDX-License-Identifier: MPL-2.0

package e2e_test

import (
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/readback"
)

// properties has the file for the reader's client put out.
const properties = `
locals {
  kafka = streamkap_project_key.reader.kafka
}

output "properties" {
  value     = provider::streamkap::kafka_client_properties(local.kafka.bootstrap_servers, local.kafka.username, local.kafka.password)
  sensitive = true
}
`

// understood is what a Java client would take out of a client.properties.
func understood(t *testing.T, file string) access {
	t.Helper()
	read, err := readback.Properties(file)
	if err != nil {
		t.Fatal(err)
	}
	login, err := readback.JAAS(read["sasl.jaas.config"])
	if err != nil {
		t.Fatal(err)
	}
	if login.Module != "org.apache.kafka.common.security.plain.PlainLoginModule" || login.Flag != "required" {
		t.Errorf("the login module is %s %s", login.Module, login.Flag)
	}
	return access{
		Servers: read["bootstrap.servers"], Protocol: read["security.protocol"], Mechanism: read["sasl.mechanism"],
		Username: login.Options["username"], Password: login.Options["password"],
	}
}

func TestAccAClientConnectsWithTheProperties(t *testing.T) {
	for name, password := range map[string]string{
		"a plain password":    password,
		"an awkward password": simulator.PasswordPrefix + `"quoted" \back\\slash = : # ! ; ${x} é 密 😀 \`,
	} {
		t.Run(name, func(t *testing.T) {
			h := newTestbed(t, simulator.Config{})
			h.Setenv("TF_VAR_password", password)
			h.apply(reader("payments", stored) + properties)
			var file string
			h.output("properties", &file)
			key := understood(t, file)
			must(t, "a topic of the key's", h.read(key, "payments"), nil)
			must(t, "another topic", h.read(key, "orders.paid"), errTopic)
		})
	}
}

// TestAccPropertiesOfAPasswordThatIsInNoState passes the password on without
// its being stored on the way.
func TestAccPropertiesOfAPasswordThatIsInNoState(t *testing.T) {
	const password = "Ephemeral-1-never-stored"
	acctest.Hide(password)
	h := newTestbed(t, simulator.Config{})
	h.Setenv("TF_VAR_ephemeral_password", password)
	// A secret store's write-only argument would take it as the second key's does.
	h.apply(reader("payments", writeOnly("1")) + `
locals {
  kafka      = streamkap_project_key.reader.kafka
  properties = provider::streamkap::kafka_client_properties(local.kafka.bootstrap_servers, local.kafka.username, var.ephemeral_password)
}
` + kafkaKey("taker", `password_wo = "Ephemeral-1-${sha256(local.properties)}"
    password_wo_version = 1`))
	if keys := h.service.Keys(); len(keys) != 2 || keys[1].KafkaPassword == "" {
		t.Errorf("the properties were not taken by the second key")
	}
}

func TestAccPropertiesOfNothing(t *testing.T) {
	h := newTestbed(t, simulator.Config{})
	for argument, want := range map[string]string{
		"null":                       "argument must not be null",
		`""`:                         "The value is empty",
		`"simulated-secret-\u0000x"`: "The value holds a null character",
	} {
		// The CLI shows the line at fault, so the value stands in another one.
		h.Write("main.tf", acctest.Required+`
variable "password" {
  default   = `+argument+`
  sensitive = true
}

output "properties" {
  value = provider::streamkap::kafka_client_properties("a:1", "reader", var.password)
  sensitive = true
}
`)
		output, err := h.Try("plan", "-no-color")
		if err == nil || !strings.Contains(acctest.OneLine(output), want) || strings.Contains(output, "simulated-secret") {
			t.Errorf("%s: %v\n%s", argument, err, output)
		}
	}
}
