// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"io"
	"net/http"
	"os"
)

// The limits that keep a run small.
const (
	// MaxKeys is how many keys a run may ask for, refused ones included.
	MaxKeys = 8
	// RequestsPerSecond is how many requests a run sends at the most.
	RequestsPerSecond = 2
)

// Options say what a run may do, and where.
type Options struct {
	// Host is the base URL of the service.
	Host string
	// ClientID and Secret are the credentials; they need the permission to
	// write project keys.
	ClientID string
	Secret   string
	// ServiceID is the project that the credentials have to belong to.
	ServiceID string
	// Journal is the file for what the run is about to make and has made.
	Journal string
	// Roles are what the keys are given: keys or names of roles.
	Roles []string
	// Permissions are the ids that a key by permissions is made with. Without
	// them none is made.
	Permissions []string
	// Kafka makes keys with Kafka access too.
	Kafka bool
	// EmptyWhitelist lets a Kafka user, one without any rule, be without a
	// restriction of its addresses for a few seconds.
	EmptyWhitelist bool
	// Transport carries the requests; nil means the usual one.
	Transport http.RoundTripper
	// Progress is told what is being done. It may be nil.
	Progress io.Writer

	// sync stands in for fsync in tests.
	sync func(*os.File) error
}

// DefaultRole is what keys are given unless told otherwise.
const DefaultRole = "Read Only"

func (o Options) withDefaults() Options {
	if len(o.Roles) == 0 {
		o.Roles = []string{DefaultRole}
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	if o.sync == nil {
		o.sync = (*os.File).Sync
	}
	return o
}
