// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/readback"
)

// used is what the pod takes out of which Secret.
const used = `locals {
  pod = yamldecode(file("deployment.yaml")).spec.template.spec
}

output "used" {
  value = concat(
    [for e in local.pod.containers[0].env : "${e.valueFrom.secretKeyRef.name} ${e.valueFrom.secretKeyRef.key}" if e.name == e.valueFrom.secretKeyRef.key],
    [for i in local.pod.volumes[0].secret.items : "${local.pod.volumes[0].secret.secretName} ${i.key}"],
  )
}
`

func TestAccExampleForKubernetesFillsASecretAndNothingElse(t *testing.T) {
	r := newRun(t)
	r.skipBefore(t, 11)
	r.copyTo(t, "kafka-clients/kubernetes", "")
	r.Write("pod.tf", used)
	r.standIn(t, "kubernetes")
	holds := func(password string, sent int) {
		t.Helper()
		texts := r.sent(t, "orders-kafka")
		if len(texts) != sent {
			t.Fatalf("the Secret was sent %d times", len(texts))
		}
		var keys map[string]string
		if err := json.Unmarshal([]byte(texts[sent-1]), &keys); err != nil {
			t.Fatal(err)
		}
		properties, err := readback.Properties(keys["client.properties"])
		if err != nil {
			t.Fatal(err)
		}
		login, err := readback.JAAS(properties["sasl.jaas.config"])
		if err != nil || login.Options["password"] != password || keys["KAFKA_PASSWORD"] != password || r.service.Keys()[0].KafkaPassword != password {
			t.Errorf("the Secret is %s, %v", texts, err)
		}
		var used, has []string
		if err := json.Unmarshal([]byte(r.Run("output", "-json", "used")), &used); err != nil {
			t.Fatal(err)
		}
		for key := range keys {
			has = append(has, "orders-kafka "+key)
		}
		slices.Sort(used)
		slices.Sort(has)
		if !slices.Equal(used, has) {
			t.Errorf("the pod uses %q, and there is %q", used, has)
		}
	}

	r.Setenv("TF_VAR_kafka_password", passwords[0])
	r.applied()
	holds(passwords[0], 1)
	r.settled()

	r.Setenv("TF_VAR_kafka_password", passwords[1])
	r.Setenv("TF_VAR_kafka_password_version", "2")
	expect(t, r.applied(), "0 added, 2 changed, 0 destroyed")
	holds(passwords[1], 2)
	r.destroyed(t, 0)
}
