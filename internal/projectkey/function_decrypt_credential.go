// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
)

var _ function.Function = &decryptCredentialFunction{}

// decryptCredentialFunction writes the credential file of a key whose secrets
// are encrypted in the state.
type decryptCredentialFunction struct{}

// NewDecryptCredentialFunction makes the function.
func NewDecryptCredentialFunction() function.Function {
	return &decryptCredentialFunction{}
}

func (f *decryptCredentialFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "decrypt_credential"
}

func (f *decryptCredentialFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Decrypts the credential file of a project key with secret_recipients",
		MarkdownDescription: "Returns the credential file of a project key, as JSON: what `credential_json` would be without `secret_recipients`, and the Kafka password " +
			"with it, where the key has `kafka.encrypted_password`. Secrets that are in the state in clear are taken as they are.\n\n" +
			"It makes no request. The result is ephemeral where the identity is, so that it can be given to a write-only argument, such as that of a secret store, " +
			"in the apply that makes the key, and is in no state and no plan. While the key is still to be made, the result is unknown.\n\n" +
			"Give the identity as a value that Terraform knows to be ephemeral or sensitive, such as a variable that is declared so, or `sensitive(file(…))`. " +
			"With any other value, a file's own content among them, plans and outputs show the result in clear, and an error may show the value itself.",
		Parameters: []function.Parameter{
			function.DynamicParameter{
				Name: "key",
				MarkdownDescription: "The key: the resource itself, as in `streamkap_project_key.orders`, or any object with its attributes `api` and `kafka`, " +
					"such as an output of another state. Of its other attributes, the file holds `id`, `service_id`, `created_at`, `role_ids` and `mcp`, where they are there.",
			},
			function.StringParameter{
				Name: "identity",
				MarkdownDescription: "Who decrypts: an age identity (`AGE-SECRET-KEY-…`), or a whole file of them as `age-keygen` writes it, " +
					"or an OpenSSH private key of the kind `ssh-ed25519` or `ssh-rsa` that has no passphrase.",
			},
		},
		Return: function.StringReturn{},
	}
}

// Run decrypts the file. Every error is one of the key's, also where the
// identity is at fault: beside an error a CLI shows the values that the blamed
// argument refers to, and the identity must not be among them. Of the key it
// shows that it is an object.
func (f *decryptCredentialFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var object types.Dynamic
	var text string
	if resp.Error = req.Arguments.Get(ctx, &object, &text); resp.Error != nil {
		return
	}
	file, err := decrypted(ctx, object, text)
	if err != nil {
		// Terraform ends the sentence.
		resp.Error = function.NewArgumentFuncError(0, "The key "+err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, file)
}

func decrypted(ctx context.Context, object types.Dynamic, text string) (types.String, error) {
	key, err := keyFrom(ctx, object)
	if err != nil {
		return types.StringNull(), err
	}
	identity, err := encrypt.ParseIdentity(text)
	if err != nil {
		return types.StringNull(), fmt.Errorf("can't be decrypted, because the identity %w", err)
	}
	if err := key.decryptSecrets(identity); err != nil {
		return types.StringNull(), err
	}
	file, _ := key.credentials(nil)
	return types.StringValue(render(file)), nil
}

var errNoKey = errors.New("is not a streamkap_project_key: give the resource itself, such as streamkap_project_key.orders, one instance of it where it has count or for_each, " +
	"or an object with its attributes api and kafka")

// keyFrom reads a key out of a value that can be anything: the resource, of this
// version or of another one, or an object that an output of another
// configuration has made of it. What is not needed for a file is left alone.
func keyFrom(ctx context.Context, object types.Dynamic) (*Model, error) {
	value, err := object.ToTerraformValue(ctx)
	if err != nil {
		return nil, errNoKey
	}
	from := objectReader{members: membersOf(value)}
	if !from.has("api") && !from.has("kafka") {
		return nil, errNoKey
	}
	key := new(Model)
	if from.open("api") {
		key.API = nestedOfNulls[apiModel]()
	}
	if from.open("kafka") {
		key.Kafka = nestedOfNulls[kafkaModel]()
	}
	if from.open("mcp") {
		key.MCP = nestedOfNulls[mcpModel]()
	}
	for _, f := range fields {
		f.load(key, &from)
	}
	if len(from.wrong) > 0 {
		return nil, fmt.Errorf("has values of other types than a streamkap_project_key has: %s", strings.Join(from.wrong, ", "))
	}
	return key, nil
}

func membersOf(value tftypes.Value) map[string]tftypes.Value {
	var members map[string]tftypes.Value
	if value.As(&members) != nil {
		return nil
	}
	return members
}

// objectReader reads an object whose attributes may be missing. It collects the
// names of those that have another type.
type objectReader struct {
	members map[string]tftypes.Value
	wrong   []string
}

func (r *objectReader) has(name string) bool {
	_, there := r.members[name]
	return there
}

// decode decodes a value into target, and reports whether there is one.
func (r *objectReader) decode(name string, value tftypes.Value, target any) bool {
	if value.IsKnown() && value.IsNull() {
		return false
	}
	if !value.IsKnown() || value.As(target) != nil {
		r.wrong = append(r.wrong, name)
		return false
	}
	return true
}

// open adds the members of a nested object under their full names, and reports
// whether there is one.
func (r *objectReader) open(name string) bool {
	var members map[string]tftypes.Value
	there := r.has(name) && r.decode(name, r.members[name], &members)
	for member, value := range members {
		r.members[name+"."+member] = value
	}
	return there
}

// read reads an attribute of the prior value's type. Without one, the prior value stays.
func (r *objectReader) read(name string, prior attr.Value) attr.Value {
	var text string
	var elements []tftypes.Value
	switch value, there := r.members[name]; prior.(type) {
	case types.String:
		if there && r.decode(name, value, &text) {
			return types.StringValue(text)
		}
	case types.Set:
		if there && r.decode(name, value, &elements) {
			items := make([]string, len(elements))
			for i, element := range elements {
				r.decode(name, element, &items[i])
			}
			return stringSet(items)
		}
	}
	return prior
}

// The ways in which a key has no credential file.
var (
	errNoAccess = errors.New("has neither API access nor Kafka access, so it has no credential file")
	errNoSecret = errors.New("has a client secret that is not known, in clear or encrypted, as it is after an import. Streamkap does not show it again: for a credential file, replace the key")
)

// decryptSecrets puts the encrypted secrets of a key where they would be without
// encryption.
func (p *Model) decryptSecrets(identity encrypt.Identity) error {
	var failures []string
	for _, s := range p.secrets() {
		if s.encrypted.IsNull() {
			continue
		}
		text, err := identity.Decrypt(s.encrypted.ValueString())
		if err != nil {
			failures = append(failures, s.attribute+" "+err.Error())
			continue
		}
		*s.plain = types.StringValue(text)
	}
	switch {
	case len(failures) > 0:
		return fmt.Errorf("can't be decrypted: its %s", strings.Join(failures, "; and its "))
	case p.API.known == nil && p.Kafka.known == nil:
		return errNoAccess
	case p.API.known != nil && p.API.known.ClientSecret.IsNull():
		return errNoSecret
	}
	return nil
}
