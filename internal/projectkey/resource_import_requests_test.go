// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// TestImport_ReadsEachKeyTwice lists keys, generates their configuration,
// imports them and plans them, call by call as Terraform does.
func TestImport_ReadsEachKeyTwice(t *testing.T) {
	const keys, rules = 10, 20
	s := acctest.Start(t, simulator.Config{})
	var acls []simulator.ACL
	for i := range rules {
		acls = append(acls, simulator.ACL{Name: fmt.Sprintf("orders.%05d", i), Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"})
	}
	for i := range keys {
		s.Seed(simulator.Key{Name: fmt.Sprint("key-", i), KafkaUsername: fmt.Sprint("key-", i), ACLs: acls})
	}
	p := speak(t, s, nil)
	s.ResetRequests()

	states := make([]*tfprotov6.ReadResourceResponse, 0, keys)
	for _, listed := range p.list(tfprotov6.ListResourceRequest{Limit: keys, IncludeResource: true}, nil) {
		p.check(nil, listed.Diagnostics)
		generated, err := p.server.GenerateResourceConfig(t.Context(), &tfprotov6.GenerateResourceConfigRequest{TypeName: typeName, State: listed.Resource})
		p.check(err, generated.Diagnostics)
		imported, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: typeName, Identity: listed.Identity})
		p.check(err, imported.Diagnostics)
		resource := imported.ImportedResources[0]
		states = append(states, p.read(resource.State, resource.Private))
		p.planNothing(generated.Config, states[len(states)-1])
	}
	requests := len(s.Requests())
	if len(states) != keys || requests != 2*keys+3 {
		t.Errorf("%d keys were adopted with %d requests", len(states), requests)
	}
}
