// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var (
	kafkaPath = path.Root("kafka")
	mcpPath   = path.Root("mcp")

	allowedToolsPath = mcpPath.AtName("allowed_tools")
)

// securityProtocol and saslMechanism are the only ones there are (contract,
// "Create").
const (
	securityProtocol = "SASL_SSL"
	saslMechanism    = "PLAIN"
)

// fields are all attributes but the timeouts, in the order of the schema. What
// roles and permissions mean together, and what rotates a password, is decided
// in resource_plan_diff.go besides; where a secret is, in resource_encrypt.go.
var fields = slices.Concat(keyFields, apiFields, kafkaFields, mcpFields)

var keyFields = []field{
	computedText("id",
		func(file *streamkap.CredentialFile) any { return &file.ProjectKeyID },
		func(a *answer) types.String { return stringOrNull(a.ID) }),
	attribute[types.String]{
		row:    row{name: "name", members: []string{"name"}},
		same:   sameString,
		create: func(r *createRequest, name types.String) { r.Name = name.ValueString() },
		patch:  func(r *updateRequest, name types.String) { r.Name = streamkap.Value(name.ValueString()) },
		read:   func(_ types.String, a *answer) types.String { return types.StringValue(a.Name) },
	},
	attribute[types.String]{
		row: row{
			name: "description", members: []string{"description"},
			clear: func(r *updateRequest) { r.Description = streamkap.Null[string]() },
		},
		same:   sameString,
		create: func(r *createRequest, description types.String) { r.Description = description.ValueString() },
		patch: func(r *updateRequest, description types.String) {
			r.Description = streamkap.Value(description.ValueString())
		},
		read: func(prior types.String, a *answer) types.String {
			if a.describes(prior) {
				return prior
			}
			return stringOrNull(a.Description)
		},
	},
	attribute[types.Set]{
		row:    row{name: "role_ids", members: []string{"role_ids"}},
		same:   func(prior, planned types.Set) bool { return planned.IsNull() || sameStrings(prior, planned) },
		create: func(r *createRequest, ids types.Set) { r.RoleIDs = stringsOf(ids) },
		patch:  func(r *updateRequest, ids types.Set) { r.RoleIDs = streamkap.Value(stringsOf(ids)) },
		file:   func(file *streamkap.CredentialFile) any { return &file.API.Roles },
		// A key with permissions has no roles to show (contract, dialect 15).
		read: func(prior types.Set, a *answer) types.Set {
			return unlessSame(prior, stringSet(a.roleIDs()), sameStrings)
		},
		point: pointAtItem,
	},
	attribute[types.Set]{
		row:  row{name: "permission_ids", members: []string{"permission_ids"}},
		same: func(_, planned types.Set) bool { return planned.IsNull() },
		// Permissions of a key that has API access are never sent. They differ only where
		// an import could not read them.
		decided: (*Model).hasAPI,
		create:  func(r *createRequest, ids types.Set) { r.PermissionIDs = stringsOf(ids) },
		patch:   func(r *updateRequest, ids types.Set) { r.PermissionIDs = streamkap.Value(stringsOf(ids)) },
		read: func(prior types.Set, a *answer) types.Set {
			if len(a.Roles) > 0 || a.APIClientID == "" {
				return stringSet(nil)
			}
			return prior
		},
		point: pointAtItem,
	},
	attribute[types.String]{
		row:  row{name: "status", computed: true},
		read: func(_ types.String, a *answer) types.String { return stringOrNull(a.Status) },
	},
	computedText("service_id",
		func(file *streamkap.CredentialFile) any { return &file.Project.ServiceID },
		func(a *answer) types.String { return stringOrNull(a.ServiceID) }),
	attribute[types.String]{
		row:  row{name: "created_at", computed: true},
		file: func(file *streamkap.CredentialFile) any { return &file.CreatedAt },
		read: func(prior types.String, a *answer) types.String {
			if sameInstant(streamkap.Text(prior.ValueString()), a.CreatedAt) {
				return prior
			}
			return stringOrNull(a.CreatedAt)
		},
	},
	attribute[types.Set]{
		row:  row{name: "secret_recipients"},
		same: sameRecipients,
	},
	computedText("credential_json", nil, nil),
}

// computedText is issued, or else what a read shows.
func computedText(name string, file func(*streamkap.CredentialFile) any, shown func(*answer) types.String) attribute[types.String] {
	a := attribute[types.String]{row: row{name: name, computed: true, issued: true}, file: file}
	if shown != nil {
		a.read = func(_ types.String, from *answer) types.String { return shown(from) }
	}
	return a
}

func encryptedText(name string) attribute[types.String] {
	return attribute[types.String]{row: row{name: name, computed: true, ciphertext: true}}
}

var apiFields = []field{
	computedText("api.client_id",
		func(file *streamkap.CredentialFile) any { return &file.API.ClientID },
		func(a *answer) types.String { return stringOrNull(a.APIClientID) }),
	computedText("api.client_secret",
		func(file *streamkap.CredentialFile) any { return &file.API.ClientSecret }, nil),
	encryptedText("api.encrypted_client_secret"),
	// A read does not show the two addresses, so they are the documented ones of this
	// host.
	computedText("api.token_endpoint",
		func(file *streamkap.CredentialFile) any { return &file.API.TokenEndpoint },
		func(a *answer) types.String { return types.StringValue(a.host + streamkap.TokenPath) }),
	computedText("api.api_url",
		func(file *streamkap.CredentialFile) any { return &file.API.APIURL },
		func(a *answer) types.String { return types.StringValue(a.host) }),
}

func unlessSame[V any](prior, read V, same func(V, V) bool) V {
	if same(prior, read) {
		return prior
	}
	return read
}

func pointAtItem(at path.Path, set types.Set, rest []string) (path.Path, string) {
	items := stringsOf(set)
	if len(rest) > 0 {
		if i, err := strconv.Atoi(rest[0]); err == nil && i >= 0 && i < len(items) {
			return at.AtSetValue(types.StringValue(items[i])), ""
		}
	}
	return at, ""
}
