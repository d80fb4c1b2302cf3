package docs

import (
	"context"
	"log"
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/acctest"
)

// asOther makes the test binary behave as the other provider.
const asOther = "DOCS_TEST_AS_OTHER_PROVIDER"

func TestMain(m *testing.M) {
	if os.Getenv(asOther) != "" {
		err := providerserver.Serve(context.Background(), newOther, providerserver.ServeOpts{
			Address: "registry.terraform.io/streamkap-com/streamkap", ProtocolVersion: 6,
		})
		if err != nil {
			log.Fatal(err)
		}
		return
	}
	acctest.Hide(passwords...)
	acctest.Main(m)
}
