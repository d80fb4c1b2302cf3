// SPDX-License-Identifier: MPL-2.0

package function_test

import (
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
	functions "github.com/streamkap-com/terraform-provider-streamkap/internal/function"
)

func newIdentity(t *testing.T) *age.X25519Identity {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return identity
}

func encryptTo(t *testing.T, secret string, identity *age.X25519Identity) string {
	t.Helper()
	recipients, err := encrypt.ParseRecipients([]string{identity.Recipient().String()})
	if err != nil {
		t.Fatal(err)
	}
	text, err := recipients.Encrypt(secret)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// decrypt calls the function as a CLI does.
func decrypt(t *testing.T, ciphertext, identity string) (attr.Value, *function.FuncError) {
	t.Helper()
	resp := function.RunResponse{Result: function.NewResultData(types.StringNull())}
	arguments := []attr.Value{types.StringValue(ciphertext), types.StringValue(identity)}
	functions.NewDecryptFunction().Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData(arguments)}, &resp)
	return resp.Result.Value(), resp.Error
}

func TestDecrypt_TheText(t *testing.T) {
	identity := newIdentity(t)
	for _, secret := range []string{"Not-a-secret-1", "", "two\nlines"} {
		if got, err := decrypt(t, encryptTo(t, secret, identity), identity.String()); err != nil || !got.Equal(types.StringValue(secret)) {
			t.Errorf("%q is decrypted as %v, %v", secret, got, err)
		}
	}
}

// The refusals blame the ciphertext, never the identity: a CLI shows what the
// blamed argument refers to.
func TestDecrypt_RefusalsRepeatNoArgument(t *testing.T) {
	mine, other := newIdentity(t), newIdentity(t)
	text := encryptTo(t, "Not-a-secret-1", mine)
	lines := strings.SplitAfter(text, "\n")
	for name, test := range map[string]struct{ ciphertext, identity, says string }{
		"somebody else": {text, other.String(), "The ciphertext can be decrypted by 1 recipient (1 age1), and the identity belongs to none of them"},
		"cut off":       {strings.Join(lines[:len(lines)-3], ""), mine.String(), "The ciphertext was cut off or changed after it was encrypted"},
		"a plain text":  {"hunter2", mine.String(), "The ciphertext is not an armored age file"},
		"nothing":       {"", mine.String(), "The ciphertext is not an armored age file"},
		"no identity":   {text, "hunter2", "because the identity has an unknown form"},
		"exchanged":     {mine.String(), text, "because the identity is protected by a passphrase"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decrypt(t, test.ciphertext, test.identity)
			if err == nil || !strings.Contains(err.Text, test.says) {
				t.Fatalf("the error is %v, expected %q", err, test.says)
			}
			if err.FunctionArgument == nil || *err.FunctionArgument != 0 {
				t.Errorf("the error blames the argument %v", err.FunctionArgument)
			}
			for _, part := range []string{"hunter2", mine.String(), other.String(), "Not-a-secret", "YWdl"} {
				if strings.Contains(err.Text, part) {
					t.Errorf("the error repeats %s: %s", part, err.Text)
				}
			}
		})
	}
}
