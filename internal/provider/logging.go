package provider

import (
	"os"
	"strings"
)

// frameworkLevels are the variables that say what the plugin framework and the
// SDK below it write to the log.
var frameworkLevels = []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK"}

// QuietFramework turns the plugin framework's own messages off where nobody
// reads them: Terraform drops what a provider writes unless one of these
// variables is set. There are several messages for every attribute, and each
// takes longer the more attributes there are: a quarter of the time to plan a
// thousand ACL rules, and half of the time for four thousand. The provider's own
// messages stay.
func QuietFramework() {
	for _, name := range append([]string{"TF_LOG", "TF_LOG_PROVIDER"}, frameworkLevels...) {
		if level := os.Getenv(name); level != "" && !strings.EqualFold(level, "off") {
			return
		}
	}
	for _, name := range frameworkLevels {
		_ = os.Setenv(name, "OFF")
	}
}
