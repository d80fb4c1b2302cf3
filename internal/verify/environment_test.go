// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"strings"
	"testing"
)

func TestFromEnvironment_RefusesHostsThatWouldShowTheSecret(t *testing.T) {
	for host, safe := range map[string]bool{
		"https://api.streamkap.com": true, "http://127.0.0.1:8080": true, "http://[::1]:8080": true, "http://localhost": true,
		"http://api.streamkap.com": false, "api.streamkap.com": false, "https://user@api.streamkap.com": false, "http://127.0.0.1.evil.example": false,
	} {
		options, err := FromEnvironment(func(name string) string { return map[string]string{"STREAMKAP_HOST": host + "/"}[name] })
		if (err == nil) != safe || options.Host != host {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestFromEnvironment_TakesCredentialsAsTheProviderDoes(t *testing.T) {
	file := `{"type": "streamkap_project_key", "api": {"client_id": "of-file", "client_secret": "s", "api_url": "https://elsewhere.example"}}`
	for want, environment := range map[string]map[string]string{
		"of-pair https://api.streamkap.com": {"STREAMKAP_CLIENT_ID": "of-pair", "STREAMKAP_CLIENT_SECRET": "s", "STREAMKAP_PROJECT_KEY": file},
		"of-file https://elsewhere.example": {"STREAMKAP_CLIENT_ID": "of-pair", "STREAMKAP_PROJECT_KEY": file},
		"of-file https://chosen.example":    {"STREAMKAP_HOST": "https://chosen.example", "STREAMKAP_PROJECT_KEY": file},
	} {
		options, err := FromEnvironment(func(name string) string { return environment[name] })
		if err != nil || options.ClientID+" "+options.Host != want {
			t.Errorf("%v, %s %s; want %s", err, options.ClientID, options.Host, want)
		}
	}
	if _, err := FromEnvironment(func(string) string { return "nonsense" }); err == nil || strings.Contains(err.Error(), "nonsense") {
		t.Errorf("%v", err)
	}
}
