package provider_test

import (
	"os"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
)

func TestFrameworkIsQuietOnlyWhereNobodyListens(t *testing.T) {
	for _, listener := range []string{"", "TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_SDK"} {
		t.Run("listener "+listener, func(t *testing.T) {
			for _, name := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_SDK"} {
				t.Setenv(name, "")
			}
			want := "OFF"
			if listener != "" {
				t.Setenv(listener, "WARN")
				want = os.Getenv("TF_LOG_SDK")
			}
			provider.QuietFramework()
			if got := os.Getenv("TF_LOG_SDK"); got != want {
				t.Errorf("TF_LOG_SDK is %q; want %q", got, want)
			}
		})
	}
}
