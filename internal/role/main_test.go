// SPDX-License-Identifier: MPL-2.0

package role_test

import (
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }
