// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// The limits of a run.
const (
	// MaxKeys is how many keys a run may ask for, refused ones included.
	MaxKeys = 8
	// RequestsPerSecond is how many requests a run sends at the most.
	RequestsPerSecond = 2
	// Longest is how long a run takes at the most: what it does, a request that is
	// waited for, and cleaning up.
	Longest      = lifeTimeout + time.Minute + cleanTimeout
	lifeTimeout  = 19 * time.Minute
	cleanTimeout = 10 * time.Minute
)

// DefaultRole is what keys are given unless told otherwise.
const DefaultRole = "Read Only"

// Options say what a run may do, and where.
type Options struct {
	owned.Config
	// Roles are what the keys are given: keys or names of roles.
	Roles []string
	// Permissions are the ids that a key by permissions is made with, if any.
	Permissions []string
	// Kafka makes keys with Kafka access too.
	Kafka bool
	// EmptyWhitelist lets a Kafka user, one without any rule, be without a
	// restriction of its addresses for a few seconds.
	EmptyWhitelist bool
	// OpenAPI is the file for the service's own description, if it is wanted.
	OpenAPI string
}

// FromEnvironment takes host and credentials from the variables that the
// provider takes them from. Missing credentials are no error here.
func FromEnvironment(getenv func(string) string) (Options, error) {
	var o Options
	o.ClientID, o.Secret = getenv("STREAMKAP_CLIENT_ID"), cmp.Or(getenv("STREAMKAP_SECRET"), getenv("STREAMKAP_CLIENT_SECRET"))
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
	o.Host = strings.TrimRight(cmp.Or(getenv("STREAMKAP_HOST"), apiURL, streamkap.DefaultHost), "/")
	if why := streamkap.RefuseHost(o.Host); why != "" {
		return o, errors.New("the host " + why)
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
