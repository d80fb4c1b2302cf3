package provider

import "os"

// QuietFramework turns the plugin framework's own messages off where nobody
// reads them. There are several for every attribute, which take a quarter of
// the time to plan a key with a thousand ACL rules, and Terraform drops them
// unless one of these variables is set. The provider's own messages stay.
func QuietFramework() {
	for _, name := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_SDK"} {
		if os.Getenv(name) != "" {
			return
		}
	}
	_ = os.Setenv("TF_LOG_SDK", "OFF")
}
