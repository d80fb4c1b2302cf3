// SPDX-License-Identifier: MPL-2.0

package diagnosis

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

// classify finds the summary and what to do. No text names the program that runs
// the provider: nothing tells Terraform from OpenTofu.
func classify(operation Operation, err error) (summary, advice string) {
	var (
		unusable *streamkap.UnusableError
		auth     *streamkap.AuthenticationError
		over     *streamkap.OpenError
		apiError *streamkap.Error
		answer   *streamkap.AnswerError
	)
	if summary, advice := classifyProject(err); summary != "" {
		return summary, advice
	}
	switch {
	case isA[*streamkap.LostAnswerError](err):
		return "Streamkap's answer was lost", "The request may have been carried out, and it was not repeated. Check in Streamkap what became of it, then try again."
	case isA[*streamkap.PasswordMayBeSetError](err):
		return "New Kafka password may be in force", "If it is, clients with the old password are disconnected. Run apply again: that sets the same password once more, which does no harm."
	case errors.As(err, &unusable):
		return "No usable Streamkap credentials", unusable.Reason
	case errors.As(err, &over):
		return classify(operation, over.Err)
	case errors.As(err, &auth) && errors.As(err, &apiError):
		return classifyExchange(operation, apiError)
	case errors.As(err, &apiError):
		return classifyAnswer(operation, apiError)
	case isA[*streamkap.RateLimitError](err):
		return rateLimited()
	case errors.As(err, &answer):
		return "Streamkap's answer can't be understood", "Check that host is the base URL of the Streamkap API. " +
			"If it is, " + report(answer.RequestID)
	case errors.Is(err, context.DeadlineExceeded):
		return "Streamkap did not answer in time", "Try again. If it keeps happening, check status and network, and raise the timeouts of the resource."
	case errors.Is(err, context.Canceled):
		return "Interrupted", "Run it again to go on."
	default:
		return "Streamkap can't be reached", hint(err)
	}
}

// hint is what to do about a connection that failed.
func hint(err error) string {
	var connection *transport.ConnectionError
	if errors.As(err, &connection) {
		switch connection.Obstacle() {
		case transport.Unresolved:
			return "The name of the host leads to no address. Check the host that the provider is given, and the name server of this machine."
		case transport.Refused:
			return "Nothing listens there, or a firewall refuses the connection. Check the host that the provider is given, and its port."
		case transport.Untrusted:
			return "This machine does not trust the certificate of the host. Check the host and this machine's clock. Where a proxy or a company " +
				"issues certificates of its own, have the machine trust its authority; on Linux, SSL_CERT_FILE can name the file with it."
		case transport.NoTLS:
			return "The port does not speak TLS. Check the host that the provider is given: its port, and whether a proxy answers in its place."
		case transport.Closed:
			return "The connection was closed on the way, as proxies, firewalls and load balancers do. Try again; if it stays, look for one between here and the host."
		}
	}
	return "Check host, network, proxy and firewall, and try again."
}

// classifyProject finds the summary of an error about whose key it is, and
// whether it is there; it is empty for any other.
func classifyProject(err error) (summary, advice string) {
	switch {
	case isA[*streamkap.OtherProjectError](err):
		return "Credentials of another project", "Nothing was changed. Check the host and the credentials that the provider is given, and its service_id if it has one."
	case isA[*streamkap.UnknownProjectError](err):
		return "Project not known", "Whether the credentials belong to the key's own project is therefore not certain, and nothing was changed. " +
			"Check host and credentials. If they are right and the key is not in Streamkap, take it out of the state with state rm."
	case isA[*streamkap.UnconfirmedError](err):
		return "Project key may be gone", "It counts as there until that is certain. Try again; if it stays so, give the credentials the permission to read the list of project keys."
	}
	return "", ""
}

var credentialWords = regexp.MustCompile(`(?i)\b(client|credential|secret|token)s?\b`)

// classifyExchange tells a refusal of credentials from an answer that is not
// about them, such as that of a host that has no such path.
func classifyExchange(operation Operation, apiError *streamkap.Error) (summary, advice string) {
	switch status := apiError.Status; {
	case apiError.HTML, status < 400, status >= 500, status == http.StatusTooManyRequests:
		return classifyAnswer(operation, apiError)
	case (status == http.StatusNotFound || status == http.StatusMethodNotAllowed) && !credentialWords.MatchString(apiError.Detail):
		return notTheAPI()
	}
	return "Streamkap credentials refused", "Check the client_id and secret, or the project_key, that the provider is given: " +
		"they may be mistyped, belong to a key that was deleted, or belong to another Streamkap host."
}

func classifyAnswer(operation Operation, apiError *streamkap.Error) (summary, advice string) {
	switch status := apiError.Status; {
	case status == http.StatusUnauthorized:
		return "Streamkap credentials refused", "The API refused a fresh token. The credentials may have been revoked meanwhile: check them and try again."
	case status == http.StatusForbidden && !apiError.HTML:
		return "Permission missing", "The provider's credentials lack " + operation.Permission + ". Give them a role that has it, or use other credentials."
	case status == http.StatusTooManyRequests:
		return rateLimited()
	case status >= 500:
		return "Streamkap failed", "This is a fault on Streamkap's side that often passes. Run it again; if it stays, " + report(apiError.RequestID)
	case apiError.HTML, status < 400:
		return "Streamkap can't be reached", "This does not come from the Streamkap API. Check that host is its base URL, and what proxy or firewall stands in between."
	}
	for _, refusal := range refusals {
		if refusal.matches(apiError) {
			return refusal.summary, refusal.advice
		}
	}
	switch {
	case apiError.Missing():
		return "Project key not found", "The key may have been deleted by someone else, or belong to another tenant. Run plan to see what is left to do."
	case apiError.Status == http.StatusNotFound && apiError.Method == http.MethodGet:
		return notTheAPI()
	}
	return "Streamkap refused the request", "Change the configuration according to what Streamkap said, and try again."
}

// report says what to tell the people who can look the request up.
func report(requestID string) string {
	if requestID == "" {
		return "report the request and its time to Streamkap's support."
	}
	return "report the request id to Streamkap's support."
}

func notTheAPI() (summary, advice string) {
	return "Streamkap API not found at this host", "The host answers, but does not know the path. Check that host is the base URL of the Streamkap API, without a path of its own."
}

func rateLimited() (summary, advice string) {
	return "Streamkap's rate limit is reached", "Wait, then try again with a lower -parallelism, or raise max_retries in the provider block."
}

// refusal is a 4xx of which more can be said than the API did. It is known by
// request and code first, then by the part of the request that was refused, and
// only then by words.
type refusal struct {
	methods  []string
	statuses []int
	// field is the last step to the part that a 422 refuses. A refusal without
	// such parts is known by about.
	field           string
	about, says     *regexp.Regexp
	not             *regexp.Regexp
	summary, advice string
}

func (r refusal) matches(apiError *streamkap.Error) bool {
	if !strings.HasPrefix(apiError.Path, "/project-keys") || !slices.Contains(r.methods, apiError.Method) || !slices.Contains(r.statuses, apiError.Status) {
		return false
	}
	for _, field := range apiError.Fields {
		if r.field != "" && len(field.Loc) > 0 && field.Loc[len(field.Loc)-1] == r.field && r.says.MatchString(field.Message) {
			return true
		}
	}
	detail := quoted.ReplaceAllString(apiError.Detail, "$1")
	return r.says.MatchString(detail) && (r.about == nil || r.about.MatchString(detail)) && (r.not == nil || !r.not.MatchString(detail))
}

var (
	writes   = []string{http.MethodPost, http.MethodPatch}
	refused  = []int{http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity}
	taken    = regexp.MustCompile(`(?i)\b(already|taken|in use|exists|duplicate|not unique|must be unique)\b`)
	username = regexp.MustCompile(`(?i)\busername\b`)
	// quoted is what a text repeats of the request, such as a name: what it says
	// has no meaning.
	quoted = regexp.MustCompile(`(^|[\s(:])(?:'[^']*'|"[^"]*")`)
)

// otherName is what to do where a name is taken.
const otherName = "Choose another name, or import the key that has this one."

// refusals are looked through in this order.
var refusals = []refusal{
	{
		methods: writes, statuses: refused, says: regexp.MustCompile(`(?i)\b(dedicated namespace|(aws|hetzner)-hosted|hosted on (aws|hetzner))\b`), summary: KafkaUnavailable,
		advice: "Not every project can have Kafka access. Remove the kafka block, or use credentials of a project that can.",
	},
	{
		methods: writes, statuses: refused, field: "username", about: username, says: taken, summary: UsernameTaken,
		advice: "A Kafka username is unique within the project. Choose another kafka.username, or import the key that has this one.",
	},
	{
		methods: writes, statuses: refused, field: "name", about: regexp.MustCompile(`(?i)\bname\b`), says: taken,
		not: regexp.MustCompile(`(?i)\b(connector|topic|role|permission|group|schema|namespace)s?\b`), summary: NameTaken,
		advice: otherName,
	},
	{
		// What already exists of a key that is to be made, or renamed, is its name.
		methods: writes, statuses: []int{http.StatusConflict, http.StatusUnprocessableEntity},
		says: regexp.MustCompile(`(?i)^\W*((the|this|a|an?other)\W+)?((project\W+)?key\b.*)?\balready (exists|in use|taken|used)\b|\bduplicate (project )?key\b`),
		not:  regexp.MustCompile(`(?i)\b(user|kafka|api|client|connector|topic|role|permission|group|schema|namespace)s?\b`), summary: NameTaken,
		advice: otherName,
	},
	{
		methods: []string{http.MethodPatch}, statuses: []int{http.StatusBadRequest, http.StatusConflict},
		says:    regexp.MustCompile(`(?i)\b(creating|deleting|delete[_ -]failed|being (created|deleted))\W*$|\bstatus\b.*\b(creating|deleting|delete[_ -]failed)\b`),
		summary: "Project key is in a state that allows no change",
		advice: "Wait until Streamkap has finished what it is doing with the key, then try again. " +
			"A key whose deletion failed can only be deleted: run apply to have it replaced.",
	},
}
