// SPDX-License-Identifier: MPL-2.0

// Package function holds the functions that need nothing of a key but its
// texts. They are pure and make no request, and their errors repeat no argument.
package function

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
)

var _ function.Function = &DecryptFunction{}

// DecryptFunction decrypts one age file.
type DecryptFunction struct{}

// NewDecryptFunction makes the function.
func NewDecryptFunction() function.Function { return &DecryptFunction{} }

// Metadata names the function.
func (f *DecryptFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "decrypt"
}

// Definition describes the function.
func (f *DecryptFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Decrypts one secret that was encrypted to secret_recipients",
		MarkdownDescription: "Returns the text of one armored age file, such as `api.encrypted_client_secret` or `kafka.encrypted_password` of a " +
			"`streamkap_project_key`, or what `age --armor` has written. For a whole credential file there is `decrypt_credential`.\n\n" +
			"It makes no request. The result is ephemeral where the identity is, so that it can be given to a write-only argument, and is in no state and no plan. " +
			"While the key is still to be made, the result is unknown.\n\n" +
			"Give the identity as a value that Terraform knows to be ephemeral or sensitive, such as a variable that is declared so, or `sensitive(file(…))`. " +
			"With any other value, a file's own content among them, plans and outputs show the result in clear, and an error may show the value itself.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "ciphertext",
				MarkdownDescription: "The armored age file. Its text has to be UTF-8, of at most 1 MiB.",
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

// Run decrypts the text. Every error blames the ciphertext, also where the identity
// is at fault: beside an error a CLI shows the values that the blamed argument
// refers to, and the identity must not be among them.
func (f *DecryptFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var ciphertext, text string
	if resp.Error = req.Arguments.Get(ctx, &ciphertext, &text); resp.Error != nil {
		return
	}
	identity, err := encrypt.ParseIdentity(text)
	if err != nil {
		// Terraform ends the sentence.
		resp.Error = function.NewArgumentFuncError(0, "The ciphertext can't be decrypted, because the identity "+err.Error())
		return
	}
	secret, err := identity.Decrypt(ciphertext)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, "The ciphertext "+err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, secret)
}
