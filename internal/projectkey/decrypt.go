// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/sealed"
)

var _ function.Function = &DecryptCredentialFunction{}

// DecryptCredentialFunction writes the credential file of a key whose secrets
// are encrypted in the state.
type DecryptCredentialFunction struct{}

// NewDecryptCredentialFunction makes the function.
func NewDecryptCredentialFunction() function.Function {
	return &DecryptCredentialFunction{}
}

// Metadata names the function.
func (f *DecryptCredentialFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "decrypt_credential"
}

// Definition describes the function.
func (f *DecryptCredentialFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Decrypts the credential file of a project key with secret_recipients",
		MarkdownDescription: "Returns the credential file of a project key, as JSON: what `credential_json` would be without `secret_recipients`, and the Kafka password " +
			"with it, where the key has `kafka.encrypted_password`. Secrets that are in the state in clear are taken as they are.\n\n" +
			"It makes no request. The result is ephemeral where the identity is, so that it can be given to a write-only argument, such as that of a secret store, " +
			"in the apply that makes the key, and is in no state and no plan. While the key is still to be made, the result is unknown.\n\n" +
			"Give the identity as a value that Terraform knows to be ephemeral or sensitive, such as a variable that is declared so, or as `file(…)`: " +
			"beside an error Terraform itself shows the values of names that are neither.",
		Parameters: []function.Parameter{
			function.DynamicParameter{
				Name:                "key",
				MarkdownDescription: "The key: the resource itself, as in `streamkap_project_key.orders`.",
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
func (f *DecryptCredentialFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
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
	identity, err := sealed.ParseIdentity(text)
	if err != nil {
		return types.StringNull(), fmt.Errorf("can't be decrypted, because the identity %w", err)
	}
	if err := key.open(identity); err != nil {
		return types.StringNull(), err
	}
	file, _ := key.credentials(nil)
	return types.StringValue(render(file)), nil
}

var errNoKey = errors.New("is no streamkap_project_key: give the resource itself, such as streamkap_project_key.orders, or one instance of it where it has count or for_each")

// keyFrom reads the resource out of a value that can be anything.
func keyFrom(ctx context.Context, object types.Dynamic) (*parts, error) {
	var schema resource.SchemaResponse
	NewProjectKeyResource().Schema(ctx, resource.SchemaRequest{}, &schema)
	var key *ProjectKeyModel
	if value, err := object.ToTerraformValue(ctx); err == nil {
		// It reads nothing out of a value of another type.
		_ = (&tfsdk.State{Schema: schema.Schema, Raw: value}).Get(ctx, &key)
	}
	if key == nil {
		return nil, errNoKey
	}
	return split(key), nil
}

// The ways in which a key has no credential file.
var (
	errNoAccess = errors.New("has neither API access nor Kafka access, so it has no credential file")
	errNoSecret = errors.New("has a client secret that is not known, in clear or encrypted, as it is after an import. Streamkap does not show it again: for a credential file, replace the key")
)

// open puts the encrypted secrets of a key where they would be without
// encryption.
func (p *parts) open(identity sealed.Identity) error {
	var failures []string
	open := func(plain *types.String, encrypted types.String, name string) {
		if encrypted.IsNull() {
			return
		}
		secret, err := identity.Open(encrypted.ValueString())
		if err != nil {
			failures = append(failures, name+" "+whyClosed(encrypted.ValueString(), err))
			return
		}
		*plain = types.StringValue(secret)
	}
	if p.api != nil {
		open(&p.api.ClientSecret, p.api.EncryptedClientSecret, "api.encrypted_client_secret")
	}
	if p.kafka != nil {
		open(&p.kafka.Password, p.kafka.EncryptedPassword, "kafka.encrypted_password")
	}
	switch {
	case len(failures) > 0:
		return fmt.Errorf("can't be decrypted: its %s", strings.Join(failures, "; and its "))
	case p.api == nil && p.kafka == nil:
		return errNoAccess
	case p.api != nil && p.api.ClientSecret.IsNull():
		return errNoSecret
	}
	return nil
}

// whyClosed adds to an error for whom the secret was encrypted, where that can
// still be told.
func whyClosed(encrypted string, err error) string {
	recipients, countErr := sealed.CountRecipients(encrypted)
	if countErr != nil || !errors.Is(err, sealed.ErrDamaged) {
		return err.Error()
	}
	return fmt.Sprintf("%s, for %s", err, recipients)
}
