// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/hashicorp/go-cleanhttp"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// FromEnvironment takes host and credentials from the variables that the
// provider takes them from. Missing credentials are no error here.
func FromEnvironment(getenv func(string) string) (Options, error) {
	o := Options{
		ClientID:  getenv("STREAMKAP_CLIENT_ID"),
		Secret:    firstOf(getenv("STREAMKAP_SECRET"), getenv("STREAMKAP_CLIENT_SECRET")),
		Transport: cleanhttp.DefaultPooledTransport(),
	}
	apiURL := ""
	if text := getenv("STREAMKAP_PROJECT_KEY"); text != "" && !o.hasCredentials() {
		file, err := streamkap.ParseCredentialFile(text)
		if err != nil {
			return o, fmt.Errorf("STREAMKAP_PROJECT_KEY: %w", err)
		}
		if file.HasAPI() {
			o.ClientID, o.Secret, apiURL = string(file.API.ClientID), string(file.API.ClientSecret), string(file.API.APIURL)
		}
	}
	o.Host = strings.TrimRight(firstOf(getenv("STREAMKAP_HOST"), apiURL, streamkap.DefaultHost), "/")
	if !isSafe(o.Host) {
		return o, errors.New("the host is not a URL such as " + streamkap.DefaultHost + "; plain http is for loopback alone")
	}
	return o, nil
}

func (o Options) hasCredentials() bool { return o.ClientID != "" && o.Secret != "" }

// Complete says what is missing before anything can be sent.
func (o Options) Complete() error {
	switch {
	case !o.hasCredentials():
		return errors.New("there are no credentials: set STREAMKAP_CLIENT_ID and STREAMKAP_SECRET, or STREAMKAP_PROJECT_KEY")
	case o.ServiceID == "":
		return errors.New("name the project with -service-id: keys are made in no other")
	default:
		return nil
	}
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// isSafe tells whether secrets can be sent to a base URL.
func isSafe(host string) bool {
	base, err := url.Parse(host)
	if err != nil || base.Host == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return false
	}
	address, err := netip.ParseAddr(base.Hostname())
	loopback := base.Hostname() == "localhost" || (err == nil && address.IsLoopback())
	return base.Scheme == "https" || (base.Scheme == "http" && loopback)
}
