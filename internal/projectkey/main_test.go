// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

func TestMain(m *testing.M) {
	acctest.Hide(password, otherPassword)
	acctest.Main(m)
}
