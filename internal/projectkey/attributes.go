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
// in diff.go besides; where a secret is, in sealing.go and credentialfile.go.
var fields = slices.Concat(keyFields, apiFields, kafkaFields, mcpFields)

var keyFields = []field{
	attribute[types.String]{
		row:    row{at: path.Root("id"), computed: true},
		in:     func(m *ProjectKeyModel) *types.String { return &m.ID },
		issued: func(file *streamkap.CredentialFile) types.String { return text(file.ProjectKeyID) },
		shown:  func(a *answer) types.String { return text(a.ID) },
	},
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
	attribute[types.String]{
		row:    row{at: path.Root("service_id"), computed: true},
		in:     func(m *ProjectKeyModel) *types.String { return &m.ServiceID },
		issued: func(file *streamkap.CredentialFile) types.String { return text(file.Project.ServiceID) },
		shown:  func(a *answer) types.String { return text(a.ServiceID) },
	},
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
	attribute[types.String]{
		row: row{at: path.Root("credential_json"), computed: true},
		in:  func(m *ProjectKeyModel) *types.String { return &m.CredentialJSON },
	},
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
	attribute[types.String]{
		row:    row{at: apiPath.AtName("client_id"), computed: true, needs: apiAccess},
		in:     inAPI(func(api *APIModel) *types.String { return &api.ClientID }),
		issued: fromAPI(func(api *streamkap.APICredentials) streamkap.Text { return api.ClientID }),
		shown:  func(a *answer) types.String { return text(a.APIClientID) },
	},
	attribute[types.String]{
		row:    row{at: apiPath.AtName("client_secret"), computed: true, needs: apiAccess},
		in:     inAPI(func(api *APIModel) *types.String { return &api.ClientSecret }),
		issued: fromAPI(func(api *streamkap.APICredentials) streamkap.Text { return api.ClientSecret }),
	},
	attribute[types.String]{
		row: row{at: apiPath.AtName("encrypted_client_secret"), computed: true, needs: apiAccess},
		in:  inAPI(func(api *APIModel) *types.String { return &api.EncryptedClientSecret }),
	},
	// A read does not tell the two addresses, so they are the documented ones of
	// the service at hand.
	attribute[types.String]{
		row:    row{at: apiPath.AtName("token_endpoint"), computed: true, needs: apiAccess},
		in:     inAPI(func(api *APIModel) *types.String { return &api.TokenEndpoint }),
		issued: fromAPI(func(api *streamkap.APICredentials) streamkap.Text { return api.TokenEndpoint }),
		shown:  func(a *answer) types.String { return types.StringValue(a.host + streamkap.TokenPath) },
	},
	attribute[types.String]{
		row:    row{at: apiPath.AtName("api_url"), computed: true, needs: apiAccess},
		in:     inAPI(func(api *APIModel) *types.String { return &api.APIURL }),
		issued: fromAPI(func(api *streamkap.APICredentials) streamkap.Text { return api.APIURL }),
		shown:  func(a *answer) types.String { return types.StringValue(a.host) },
	},
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
