// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

var (
	missingWords = regexp.MustCompile(`(?i)\b(not found|does not exist|doesn't exist|no such)\b`)
	// otherThings are what a PATCH can name that does not exist, beside the thing
	// that it changes.
	otherThings = regexp.MustCompile(`(?i)\b(role|permission|topic|group|tool|profile|user)s?\b`)
)

// split finds what a path is about: a collection, and what follows in it.
func split(path string) (collection, rest string) {
	collection, rest, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return collection, rest
}

// thing names what a path leads to, such as "project key" for /project-keys/{id}. It is
// empty for a path that does not lead to one thing by its id.
func thing(path string) string {
	collection, id := split(path)
	if collection == "auth" || id == "" {
		return ""
	}
	return strings.ReplaceAll(strings.TrimSuffix(collection, "s"), "-", " ")
}

// Thing names what was asked for with a refused request, such as "project key".
func Thing(err error) string {
	var refusal *Error
	if errors.As(err, &refusal) {
		return thing(refusal.Path)
	}
	return ""
}

// missing reports whether a refusal of a request for one thing says that there is
// no such thing.
func (e *Error) missing() bool {
	thing := thing(e.Path)
	switch {
	case thing == "":
		return false
	case e.Status != http.StatusNotFound && !missingWords.MatchString(e.Detail):
		return false
	case e.Method != http.MethodPatch || slices.Contains(words.FindAllString(strings.ToLower(e.Detail), -1), thing[strings.LastIndex(thing, " ")+1:]):
		return true
	default:
		// A change names other things too. One of those can be what is missing.
		return e.Status == http.StatusNotFound && !otherThings.MatchString(e.Detail)
	}
}

var words = regexp.MustCompile(`\w+`)

// refusal is a kind of 4xx. It is known by request and code first, then by the part
// of the request that was refused, and only then by words.
type refusal struct {
	methods  []string
	statuses []int
	// field is the last step to the part that a 422 refuses. A refusal that names no
	// part is known by about.
	field       string
	about, says *regexp.Regexp
	not         *regexp.Regexp
	kind        Kind
}

func (r refusal) matches(e *Error) bool {
	if !slices.Contains(r.methods, e.Method) || !slices.Contains(r.statuses, e.Status) {
		return false
	}
	for _, field := range e.Fields {
		if len(field.Loc) > 0 && field.Loc[len(field.Loc)-1] == r.field && r.says.MatchString(field.Message) {
			return true
		}
	}
	detail := quoted.ReplaceAllString(e.Detail, "$1")
	return r.says.MatchString(detail) && (r.about == nil || r.about.MatchString(detail)) && (r.not == nil || !r.not.MatchString(detail))
}

var (
	writes   = []string{http.MethodPost, http.MethodPatch}
	refused  = []int{http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity}
	taken    = regexp.MustCompile(`(?i)\b(already|taken|in use|exists|duplicate|not unique|must be unique)\b`)
	username = regexp.MustCompile(`(?i)\busername\b`)
	// quoted is what a text repeats from the request, such as a name. Its words have
	// no meaning.
	quoted = regexp.MustCompile(`(^|[\s(:])(?:'[^']*'|"[^"]*")`)
)

// refusals are known by collection, and tried in this order.
var refusals = map[string][]refusal{"project-keys": {
	{
		methods: writes, statuses: refused, says: regexp.MustCompile(`(?i)\b(dedicated namespace|(aws|hetzner)-hosted|hosted on (aws|hetzner))\b`), kind: KindKafkaUnavailable,
	},
	{
		methods: writes, statuses: refused, field: "username", about: username, says: taken, kind: KindUsernameTaken,
	},
	{
		methods: writes, statuses: refused, field: "name", about: regexp.MustCompile(`(?i)\bname\b`), says: taken,
		not: regexp.MustCompile(`(?i)\b(connector|topic|role|permission|group|schema|namespace)s?\b`), kind: KindNameTaken,
	},
	{
		// When a key can't be made or renamed, what already exists is its name.
		methods: writes, statuses: []int{http.StatusConflict, http.StatusUnprocessableEntity},
		says: regexp.MustCompile(`(?i)^\W*((the|this|a|an?other)\W+)?((project\W+)?key\b.*)?\balready (exists|in use|taken|used)\b|\bduplicate (project )?key\b`),
		not:  regexp.MustCompile(`(?i)\b(user|kafka|api|client|connector|topic|role|permission|group|schema|namespace)s?\b`), kind: KindNameTaken,
	},
	{
		methods: []string{http.MethodPatch}, statuses: []int{http.StatusBadRequest, http.StatusConflict},
		says: regexp.MustCompile(`(?i)\b(creating|deleting|delete[_ -]failed|being (created|deleted))\W*$|\bstatus\b.*\b(creating|deleting|delete[_ -]failed)\b`),
		kind: KindWrongState,
	},
}}
