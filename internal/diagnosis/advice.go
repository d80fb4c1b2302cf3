// SPDX-License-Identifier: MPL-2.0

package diagnosis

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// Explanation is what a kind of failure is called, and what to do about it. No text
// names Terraform: it may be OpenTofu.
type Explanation struct{ Summary, Advice string }

const (
	outOfReach   = "Streamkap can't be reached"
	notInTime    = "Streamkap did not answer in time"
	checkNetwork = "Check host, network, proxy and firewall, and try again."
	tryLater     = "Try again. If it keeps happening, check status and network, and raise the timeouts of the resource."
	checkHost    = "This does not come from the Streamkap API. Check that host is its base URL, and what proxy or firewall stands in between."
	credentials  = "Streamkap credentials refused"
	notKnown     = "Project not known"
)

// explanations has every kind that is not of one resource alone. advise completes some
// of them.
var explanations = map[streamkap.Kind]Explanation{
	streamkap.KindUnknown:    {outOfReach, checkNetwork},
	streamkap.KindNotFound:   {"%s not found", "It may have been deleted by someone else, or belong to another tenant. Run plan to see what is left to do."},
	streamkap.KindRefused:    {"Streamkap refused the request", "Streamkap gives the reason above. Change what it names, in the configuration or in Streamkap, then try again."},
	streamkap.KindNameTaken:  {"Name is taken", "Choose another name, or import what has this one."},
	streamkap.KindPermission: {"Permission missing", ""},
	streamkap.KindUnusable:   {"No usable Streamkap credentials", ""},
	streamkap.KindCredentials: {credentials, "Check the client_id and secret, or the project_key, that the provider is given: " +
		"they may be mistyped, belong to a key that was deleted, or belong to another Streamkap host."},
	streamkap.KindToken:        {credentials, "The API refused a fresh token. The credentials may have been revoked meanwhile: check them and try again."},
	streamkap.KindOtherProject: {"Credentials of another project", "Nothing was changed. Check the host and the credentials that the provider is given, and its service_id if it has one."},
	streamkap.KindUntoldProject: {notKnown, "What belongs to the project of the credentials is therefore not known. Check host and credentials. " +
		"If they are right, report to Streamkap's support that the answer to GET /auth/whoami names no project."},
	streamkap.KindUnknownProject: {notKnown, "Whether the credentials belong to the same project is therefore not certain, and nothing was changed. " +
		"Check host and credentials. If they are right and it is not in Streamkap, take it out of the state with state rm."},
	streamkap.KindImplausibleID: {"Id refused", "Give the id that Streamkap shows."},
	streamkap.KindUnconfirmed: {
		"%s may be gone",
		"It counts as there until that is certain. Try again; if it stays so, give the credentials the permission to read the list.",
	},
	streamkap.KindRateLimited:     {"Streamkap's rate limit is reached", "Wait, then try again with a lower -parallelism, or raise max_retries in the provider block."},
	streamkap.KindTransient:       {"Streamkap failed", "This is a fault on Streamkap's side that often passes. Run it again; if it stays, "},
	streamkap.KindNotTheAPI:       {outOfReach, checkHost},
	streamkap.KindRedirected:      {outOfReach, checkHost},
	streamkap.KindNoSuchPath:      {"Streamkap API not found at this host", "The host answers, but does not know the path. Check that host is the base URL of the Streamkap API, without a path of its own."},
	streamkap.KindInvalidResponse: {"Streamkap's answer can't be understood", "Check that host is the base URL of the Streamkap API. If it is, "},
	streamkap.KindOutOfReach:      {outOfReach, checkNetwork},
	streamkap.KindUnresolved: {
		outOfReach, "The name of the host has no address. Check the host that the provider is given, and the name server of this machine.",
	},
	streamkap.KindNotListening: {
		outOfReach, "Nothing listens there, or a firewall refuses the connection. Check the host that the provider is given, and its port.",
	},
	streamkap.KindClosed: {
		outOfReach, "The connection was closed on the way, as proxies, firewalls and load balancers do. Try again; if it stays, look for one between here and the host.",
	},
	streamkap.KindUntrusted: {
		outOfReach, "This machine does not trust the certificate of the host. Check the host and this machine's clock. Where a proxy or a company " +
			"issues certificates of its own, install its certificate on this machine; on Linux, SSL_CERT_FILE can name the file with it.",
	},
	streamkap.KindNoTLS: {
		outOfReach, "The port does not speak TLS. Check the host that the provider is given: its port, and whether a proxy answers in its place.",
	},
	streamkap.KindTimeout:        {notInTime, tryLater},
	streamkap.KindDeadline:       {notInTime, tryLater},
	streamkap.KindInterrupted:    {"Interrupted", "Run it again to go on."},
	streamkap.KindUnknownOutcome: {"Streamkap's answer was lost", "The request may have been carried out, and it was not repeated. Check in Streamkap what became of it, then try again."},
	streamkap.KindUnknownPassword: {
		"New Kafka password may be in force",
		"If it is, clients with the old password are disconnected. Run apply again: that sets the same password once more, which does no harm.",
	},
}

// advise finds the summary of an error, and what to do.
func advise(operation Operation, err error) (summary, advice string) {
	kind := streamkap.KindOf(err)
	found, own := explanations[kind], operation.Own[kind]
	switch kind {
	case streamkap.KindNotFound, streamkap.KindUnconfirmed:
		found.Summary = capital(fmt.Sprintf(found.Summary, streamkap.Thing(err)))
	case streamkap.KindPermission:
		found.Advice = "The provider's credentials lack " + operation.Permission + ". Give them a role that has it, or use other credentials."
	case streamkap.KindUnusable:
		found.Advice = err.Error()
	case streamkap.KindTransient, streamkap.KindInvalidResponse:
		found.Advice += report(err)
	}
	return cmp.Or(own.Summary, found.Summary), cmp.Or(own.Advice, found.Advice)
}

// report says what to give to the people who can look the request up.
func report(err error) string {
	var answer *streamkap.Error
	if errors.As(err, &answer) && answer.RequestID != "" {
		return "report the request id to Streamkap's support."
	}
	return "report the request and its time to Streamkap's support."
}
