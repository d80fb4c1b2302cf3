// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"log"
	"os"
	"strings"
	"testing"
)

func TestDisableSDKLogs_OnlyWhereNobodyReads(t *testing.T) {
	for _, test := range []struct {
		variable, level string
		debugged, quiet bool
	}{
		{"TF_LOG", "", false, true},
		{"TF_LOG", "off", false, true},
		{"TF_LOG", "ERROR", false, false},
		{"TF_LOG_PROVIDER", "DEBUG", false, false},
		{"TF_LOG_SDK", "DEBUG", false, false},
		{"TF_LOG_SDK_FRAMEWORK", "DEBUG", false, false},
		{"TF_LOG", "", true, false},
		{"TF_LOG", "OFF", true, true},
		{"TF_LOG", "DEBUG", true, false},
	} {
		t.Run(fmt.Sprintf("%s=%s, debugged %t", test.variable, test.level, test.debugged), func(t *testing.T) {
			for _, name := range logVariables {
				t.Setenv(name, "")
			}
			t.Setenv(test.variable, test.level)
			var p StreamkapProvider
			DisableSDKLogs(test.debugged)(&p)
			if p.quiet != test.quiet {
				t.Errorf("the provider's own messages: quiet is %t", p.quiet)
			}
			for _, name := range frameworkLevels {
				if quiet := os.Getenv(name) == "OFF"; quiet != test.quiet {
					t.Errorf("%s is %q", name, os.Getenv(name))
				}
			}
		})
	}
}

func TestSilenceStdLog_ClosesWhatBypassesTheLog(t *testing.T) {
	before := log.Writer()
	t.Cleanup(func() { log.SetOutput(before) })
	var written, notes strings.Builder
	log.SetOutput(&written)
	t.Setenv(envProtocolData, t.TempDir())
	SilenceStdLog(&notes)
	log.Print("Unsolicited response received on idle HTTP channel")
	if written.Len() > 0 {
		t.Errorf("the standard logger writes %q", written.String())
	}
	if dir, set := os.LookupEnv(envProtocolData); set || !strings.HasPrefix(notes.String(), "[WARN] "+envProtocolData+" is ignored") {
		t.Errorf("the SDK writes to %q, and the log says %q", dir, notes.String())
	}
}
