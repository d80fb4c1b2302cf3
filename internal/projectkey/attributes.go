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
	apiPath   = path.Root("api")

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
// in diff.go besides; where a secret is, in resource_encrypt.go and credentialfile.go.
var fields = slices.Concat(keyFields, apiFields, kafkaFields, mcpFields)

var keyFields = []field{
	computedText(path.Root("id"), noAccess, func(m *ProjectKeyModel) *types.String { return &m.ID },
		func(file *streamkap.CredentialFile) types.String { return text(file.ProjectKeyID) },
		func(a *answer) types.String { return text(a.ID) }),
	attribute[types.String]{
		row:    row{at: path.Root("name"), members: []string{"name"}},
		in:     func(m *ProjectKeyModel) *types.String { return &m.Name },
		same:   sameText,
		create: func(r *streamkap.CreateProjectKeyRequest, name types.String) { r.Name = name.ValueString() },
		patch: func(r *streamkap.UpdateProjectKeyRequest, name types.String) {
			r.Name = streamkap.Value(name.ValueString())
		},
		read: func(_ types.String, a *answer) types.String { return types.StringValue(a.Name) },
	},
	attribute[types.String]{
		row: row{at: path.Root("description"), members: []string{"description"}, clear: &clearing{
			asked: func(r *streamkap.UpdateProjectKeyRequest) bool { return empties(r.Description) },
			shows: func(key *streamkap.ProjectKey) bool { return key.Description != "" },
			again: func(r *streamkap.UpdateProjectKeyRequest) { r.Description = streamkap.Null[string]() },
		}},
		in:   func(m *ProjectKeyModel) *types.String { return &m.Description },
		same: sameText,
		create: func(r *streamkap.CreateProjectKeyRequest, description types.String) {
			r.Description = description.ValueString()
		},
		patch: func(r *streamkap.UpdateProjectKeyRequest, description types.String) {
			r.Description = streamkap.Value(description.ValueString())
		},
		read: func(prior types.String, a *answer) types.String {
			if a.describes(prior) {
				return prior
			}
			return text(a.Description)
		},
	},
	attribute[types.Set]{
		row:    row{at: path.Root("role_ids"), members: []string{"role_ids"}, needs: apiAccess},
		in:     func(m *ProjectKeyModel) *types.Set { return &m.RoleIDs },
		same:   func(prior, planned types.Set) bool { return planned.IsNull() || sameTexts(prior, planned) },
		create: func(r *streamkap.CreateProjectKeyRequest, ids types.Set) { r.RoleIDs = texts(ids) },
		patch:  func(r *streamkap.UpdateProjectKeyRequest, ids types.Set) { r.RoleIDs = streamkap.Value(texts(ids)) },
		// A key with permissions has no roles to show (contract, dialect 15).
		read:  func(prior types.Set, a *answer) types.Set { return unlessSame(prior, textSet(a.roleIDs()), sameTexts) },
		point: pointAtItem,
	},
	attribute[types.Set]{
		row:  row{at: path.Root("permission_ids"), members: []string{"permission_ids"}, needs: apiAccess},
		in:   func(m *ProjectKeyModel) *types.Set { return &m.PermissionIDs },
		same: func(_, planned types.Set) bool { return planned.IsNull() },
		// Permissions of a key that has API access are never sent: Streamkap can't
		// change them, so they differ only where an import could not read them.
		decided: (*ProjectKeyModel).hasAPI,
		create:  func(r *streamkap.CreateProjectKeyRequest, ids types.Set) { r.PermissionIDs = texts(ids) },
		patch: func(r *streamkap.UpdateProjectKeyRequest, ids types.Set) {
			r.PermissionIDs = streamkap.Value(texts(ids))
		},
		read: func(prior types.Set, a *answer) types.Set {
			if len(a.Roles) > 0 || a.APIClientID == "" {
				return textSet(nil)
			}
			return prior
		},
		point: pointAtItem,
	},
	attribute[types.String]{
		row:   row{at: path.Root("status"), computed: true},
		in:    func(m *ProjectKeyModel) *types.String { return &m.Status },
		shown: func(a *answer) types.String { return text(a.Status) },
		read:  func(_ types.String, a *answer) types.String { return text(a.Status) },
	},
	computedText(path.Root("service_id"), noAccess, func(m *ProjectKeyModel) *types.String { return &m.ServiceID },
		func(file *streamkap.CredentialFile) types.String { return text(file.Project.ServiceID) },
		func(a *answer) types.String { return text(a.ServiceID) }),
	attribute[types.String]{
		row:    row{at: path.Root("created_at"), computed: true},
		in:     func(m *ProjectKeyModel) *types.String { return &m.CreatedAt },
		issued: func(file *streamkap.CredentialFile) types.String { return text(file.CreatedAt) },
		shown:  func(a *answer) types.String { return text(a.CreatedAt) },
		read: func(prior types.String, a *answer) types.String {
			if sameInstant(streamkap.Text(prior.ValueString()), a.CreatedAt) {
				return prior
			}
			return text(a.CreatedAt)
		},
	},
	attribute[types.Set]{
		row:  row{at: recipientsPath},
		in:   func(m *ProjectKeyModel) *types.Set { return &m.SecretRecipients },
		same: sameRecipients,
	},
	computedText(path.Root("credential_json"), noAccess, func(m *ProjectKeyModel) *types.String { return &m.CredentialJSON }, nil, nil),
}

// computedText is a text that the service chooses.
func computedText(
	at path.Path, needs access, in func(*ProjectKeyModel) *types.String,
	issued func(*streamkap.CredentialFile) types.String, shown func(*answer) types.String,
) attribute[types.String] {
	return attribute[types.String]{row: row{at: at, computed: true, needs: needs}, in: in, issued: issued, shown: shown}
}

// inAPI finds an attribute of the api object.
func inAPI(in func(*APIModel) *types.String) func(*ProjectKeyModel) *types.String {
	return func(m *ProjectKeyModel) *types.String {
		if m.API.known == nil {
			return nil
		}
		return in(m.API.known)
	}
}

// fromAPI is what an answer issues of API access.
func fromAPI(of func(*streamkap.APICredentials) streamkap.Text) func(*streamkap.CredentialFile) types.String {
	return func(file *streamkap.CredentialFile) types.String {
		if file.API == nil {
			return types.StringNull()
		}
		return text(of(file.API))
	}
}

var apiFields = []field{
	computedText(apiPath.AtName("client_id"), apiAccess, inAPI(func(api *APIModel) *types.String { return &api.ClientID }),
		fromAPI(func(api *streamkap.APICredentials) streamkap.Text { return api.ClientID }),
		func(a *answer) types.String { return text(a.APIClientID) }),
	computedText(apiPath.AtName("client_secret"), apiAccess, inAPI(func(api *APIModel) *types.String { return &api.ClientSecret }),
		fromAPI(func(api *streamkap.APICredentials) streamkap.Text { return api.ClientSecret }), nil),
	computedText(apiPath.AtName("encrypted_client_secret"), apiAccess, inAPI(func(api *APIModel) *types.String { return &api.EncryptedClientSecret }), nil, nil),
	// A read does not tell the two addresses, so they are the documented ones of
	// the service at hand.
	computedText(apiPath.AtName("token_endpoint"), apiAccess, inAPI(func(api *APIModel) *types.String { return &api.TokenEndpoint }),
		fromAPI(func(api *streamkap.APICredentials) streamkap.Text { return api.TokenEndpoint }),
		func(a *answer) types.String { return types.StringValue(a.host + streamkap.TokenPath) }),
	computedText(apiPath.AtName("api_url"), apiAccess, inAPI(func(api *APIModel) *types.String { return &api.APIURL }),
		fromAPI(func(api *streamkap.APICredentials) streamkap.Text { return api.APIURL }),
		func(a *answer) types.String { return types.StringValue(a.host) }),
}

// unlessSame is what is read, or the prior value where that means the same.
func unlessSame[V any](prior, read V, same func(V, V) bool) V {
	if same(prior, read) {
		return prior
	}
	return read
}

// pointAtItem points at one item of a set that was sent in the order of texts.
func pointAtItem(at path.Path, set types.Set, rest []string) (path.Path, string) {
	items := texts(set)
	if len(rest) > 0 {
		if i, err := strconv.Atoi(rest[0]); err == nil && i >= 0 && i < len(items) {
			return at.AtSetValue(types.StringValue(items[i])), ""
		}
	}
	return at, ""
}
