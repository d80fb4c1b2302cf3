package docs

import (
	"context"
	"log"
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/acctest"
)

// asOther makes the test binary behave as another provider, and says which.
const asOther = "DOCS_TEST_AS_OTHER_PROVIDER"

func TestMain(m *testing.M) {
	if name := os.Getenv(asOther); name != "" {
		stand := newOther
		if name != "streamkap" {
			stand = func() provider.Provider { return secretStore{name} }
		}
		err := providerserver.Serve(context.Background(), stand, providerserver.ServeOpts{
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
