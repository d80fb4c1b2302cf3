// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"log"
	"os"
	"strings"
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

func TestSealClosesWhatBypassesTheLog(t *testing.T) {
	before := log.Writer()
	t.Cleanup(func() { log.SetOutput(before) })
	var written, notes strings.Builder
	log.SetOutput(&written)
	t.Setenv(envProtocolData, t.TempDir())
	Seal(&notes)
	log.Print("Unsolicited response received on idle HTTP channel")
	if written.Len() > 0 {
		t.Errorf("the standard logger writes %q", written.String())
	}
	if dir, set := os.LookupEnv(envProtocolData); set || !strings.HasPrefix(notes.String(), "[WARN] "+envProtocolData+" is ignored") {
		t.Errorf("the SDK writes to %q, and the log says %q", dir, notes.String())
	}
}
