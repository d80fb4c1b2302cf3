// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"context"
	"log"
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// asOther makes the test binary behave as another provider, and says which.
const asOther = "DOCS_TEST_AS_OTHER_PROVIDER"

func TestMain(m *testing.M) {
	if name := os.Getenv(asOther); name == "age" {
		if err := decryptAsAge(); err != nil {
			log.Fatal(err)
		}
		return
	} else if name != "" {
		err := providerserver.Serve(context.Background(), func() provider.Provider { return standIn{name} }, providerserver.ServeOpts{
			Address: "registry.terraform.io/example-org/" + name, ProtocolVersion: 6,
		})
		if err != nil {
			log.Fatal(err)
		}
		return
	}
	acctest.Hide(passwords...)
	acctest.Main(m)
}
