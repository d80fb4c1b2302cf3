package provider

import (
	"os"
	"testing"
)

func TestFrameworkIsQuietOnlyWhereNobodyListens(t *testing.T) {
	variables := append([]string{"TF_LOG", "TF_LOG_PROVIDER"}, frameworkLevels...)
	for _, listener := range append(variables, "") {
		t.Run("listener "+listener, func(t *testing.T) {
			for _, name := range variables {
				t.Setenv(name, "")
			}
			if listener != "" {
				t.Setenv(listener, "DEBUG")
			}
			QuietFramework()
			for _, name := range frameworkLevels {
				want := ""
				switch listener {
				case "":
					want = "OFF"
				case name:
					want = "DEBUG"
				}
				if got := os.Getenv(name); got != want {
					t.Errorf("%s is %q; want %q", name, got, want)
				}
			}
		})
	}
}
