// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// responseMembers are those that the provider uses.
var responseMembers = map[string][]string{
	"the detail": memberNames[streamkap.ProjectKey](),
	"a creation": {"type", "project_key_id", "project", "api", "kafka", "kafka_acls", "tool_profile", "created_at", "created_by"},
	"an update":  {"id", "name", "status", "new_api_credentials", "new_kafka_credentials"},
}

// memberNames are the names of the members that a type is decoded from.
func memberNames[T any]() (names []string) {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// tamperedValues are of every kind that JSON has.
var tamperedValues = []string{`null`, `7`, `1.5`, `true`, `""`, `" "`, odd, `[]`, `[null]`, `[` + odd + `]`, `{}`, `{"odd":[1]}`}

// tamperedResponses are wrong responses to a request.
func tamperedResponses(r simulator.Request, prior *resourceState) []simulator.Fault {
	f := simulator.Fault{Method: r.Method, Path: "/project-keys/*"}
	about := map[string]string{http.MethodGet: "the detail", http.MethodPatch: "an update"}[r.Method]
	switch {
	case r.Method == http.MethodPost && r.Path == "/project-keys":
		f.Path, about = r.Path, "a creation"
	case !strings.HasPrefix(r.Path, "/project-keys/"):
		return nil
	}
	var list []simulator.Fault
	for _, member := range responseMembers[about] {
		for _, value := range tamperedValues {
			f.Set = fmt.Sprintf(`{%q:%s}`, member, value)
			known := prior != nil && (member == "api_client_id" && prior.API != nil || member == "kafka_username" && prior.Kafka != nil)
			if known || !slices.Contains(undetectable, member) || !slices.Contains(likeAnID, value) {
				list = append(list, f)
			}
		}
	}
	if r.Method == http.MethodGet {
		f.Set, f.As = "", "/project-keys/"+namesake
		list = append(list, f)
	}
	return list
}

// undetectable are members that nothing gives away where they have a value likeAnID: what
// a service says once and nowhere else, and a capability that the state lacks: someone
// may have added it.
var (
	undetectable = []string{"project_key_id", "api_client_id", "kafka_username"}
	likeAnID     = []string{odd, `7`, `1.5`, `true`}
)
