// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// BenchmarkSchemaServed is what each start of the provider costs, beside the
// process itself.
func BenchmarkSchemaServed(b *testing.B) {
	for b.Loop() {
		if _, err := NewServer("test")().GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
			b.Fatal(err)
		}
	}
}
