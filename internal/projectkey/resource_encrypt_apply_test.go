// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
)

// TestEncryptSecrets_OnlyUnknownValues encrypts what is given, where the plan leaves it open.
func TestEncryptSecrets_OnlyUnknownValues(t *testing.T) {
	to, err := encrypt.ParseRecipients([]string{"age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"})
	if err != nil {
		t.Fatal(err)
	}
	none, kept, later := types.StringNull(), types.StringValue("encrypted"), types.StringUnknown()
	for name, test := range map[string]struct {
		planned types.String
		secret  string
		to      encrypt.Recipients
		want    bool
	}{
		"left to the apply":  {later, "a secret", to, true},
		"no secret":          {later, "", to, false},
		"no recipients":      {later, "a secret", nil, false},
		"encrypted before":   {kept, "a secret", to, false},
		"not to be there":    {none, "a secret", to, false},
		"before, and no one": {kept, "", to, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := someParts(t, "1")
			p.API.known.EncryptedClientSecret, p.Kafka.known.EncryptedPassword = test.planned, test.planned
			var diags diag.Diagnostics
			p.encryptSecrets(test.to, map[string]string{clientSecret: test.secret, kafkaPassword: test.secret}, &diags)
			for _, got := range []types.String{p.API.known.EncryptedClientSecret, p.Kafka.known.EncryptedPassword} {
				if encrypted := strings.HasPrefix(got.ValueString(), "-----BEGIN AGE"); encrypted != test.want || !encrypted && !got.Equal(test.planned) || diags.HasError() {
					t.Errorf("%s, %v", got, diags)
				}
			}
		})
	}
}
