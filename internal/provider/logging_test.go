package provider

import (
	"os"
	"testing"
)

func TestFrameworkIsQuietOnlyWhereNobodyListens(t *testing.T) {
	for _, test := range []struct {
		variable, level string
		quiet           bool
	}{
		{"TF_LOG", "", true},
		{"TF_LOG", "off", true},
		{"TF_LOG", "ERROR", false},
		{"TF_LOG_PROVIDER", "DEBUG", false},
		{"TF_LOG_SDK", "DEBUG", false},
		{"TF_LOG_SDK_FRAMEWORK", "DEBUG", false},
	} {
		t.Run(test.variable+"="+test.level, func(t *testing.T) {
			for _, name := range append([]string{"TF_LOG", "TF_LOG_PROVIDER"}, frameworkLevels...) {
				t.Setenv(name, "")
			}
			t.Setenv(test.variable, test.level)
			QuietFramework()
			for _, name := range frameworkLevels {
				if quiet := os.Getenv(name) == "OFF"; quiet != test.quiet {
					t.Errorf("%s is %q", name, os.Getenv(name))
				}
			}
		})
	}
}
