// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

const (
	ofProvider = "https://provider.example.com"
	ofFile     = "https://file.example.com"
)

// hosts are two services. Nothing else is there.
type hosts map[string]*simulator.Server

func start() hosts {
	return hosts{"provider.example.com": simulator.New(simulator.Config{TokenLifetime: 3 * time.Hour}), "file.example.com": simulator.New(simulator.Config{})}
}

func (h hosts) RoundTrip(req *http.Request) (*http.Response, error) {
	return h[req.URL.Host].RoundTripper().RoundTrip(req)
}

// file is the credential file of a key that a service has.
func (h hosts) file(of, apiURL string) string {
	key := h[strings.TrimPrefix(of, "https://")].Seed(simulator.Key{Name: "other", RoleIDs: []string{simulator.RoleReadOnly}})
	text, _ := json.Marshal(map[string]any{
		"type": "streamkap_project_key", "project_key_id": key.ID,
		"api": map[string]any{"client_id": key.APIClientID, "client_secret": key.APISecret, "api_url": apiURL},
	})
	return string(text)
}

// exchanges counts the requests that each service got.
func (h hosts) exchanges() (atProvider, atFile int) {
	return len(h["provider.example.com"].Requests()), len(h["file.example.com"].Requests())
}

func encoded(t *testing.T, schema *tfprotov6.Schema, given map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	kind, _ := schema.ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, of := range kind.AttributeTypes {
		values[name] = tftypes.NewValue(of, given[name])
	}
	value, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, values))
	if err != nil {
		t.Fatal(err)
	}
	return &value
}

// open asks a provider for a token, as a CLI does. Values that are not known when
// the configuration is validated are validated by the opening alone.
func (h hosts) open(t *testing.T, secret string, config map[string]any, known bool) (token map[string]tftypes.Value, said []*tfprotov6.Diagnostic) {
	t.Helper()
	const name = "streamkap_access_token"
	server := provider.NewServer("test", provider.WithTransport(h))()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	credentials := map[string]any{"host": ofProvider}
	if secret != "" {
		credentials["client_id"], credentials["secret"] = simulator.DefaultClientID, secret
	}
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: encoded(t, schemas.Provider, credentials)})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatal(err, configured.Diagnostics)
	}
	schema := schemas.EphemeralResourceSchemas[name]
	if known {
		valid, err := server.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: name, Config: encoded(t, schema, config)})
		if err != nil || len(valid.Diagnostics) > 0 {
			return nil, valid.Diagnostics
		}
	}
	opened, err := server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: name, Config: encoded(t, schema, config)})
	if err != nil {
		t.Fatal(err)
	}
	if len(opened.Diagnostics) == 0 {
		result, err := opened.Result.Unmarshal(schema.ValueType())
		if err != nil || result.As(&token) != nil {
			t.Fatal(err)
		}
	}
	return token, opened.Diagnostics
}

func TestAccessToken_ExchangedWhereItBelongs(t *testing.T) {
	base64Of := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	for name, test := range map[string]struct {
		form               string
		secret             string // of the provider
		config             func(hosts) any
		atProvider, atFile int
		life               int64 // 0 where it is not known
	}{
		"the provider's":          {secret: simulator.DefaultSecret, atProvider: 1, life: 10800},
		"the provider's, snake":   {form: "snake", secret: simulator.DefaultSecret, atProvider: 1, life: 10800},
		"the provider's, no life": {form: "no-lifetime", secret: simulator.DefaultSecret, atProvider: 1},
		"a file's":                {secret: simulator.DefaultSecret, config: func(h hosts) any { return h.file(ofFile, ofFile) }, atFile: 1, life: 3600},
		"a file's, in Base64":     {config: func(h hosts) any { return base64Of(h.file(ofFile, ofFile)) }, atFile: 1, life: 3600},
		// The provider itself needs no credentials for it.
		"a file's, without an address": {config: func(h hosts) any { return h.file(ofProvider, "") }, atProvider: 1, life: 10800},
	} {
		t.Run(name, func(t *testing.T) {
			h := start()
			h["provider.example.com"].SetDialect(simulator.Dialect{Token: test.form})
			config := map[string]any{"use_provider_credentials": true}
			if test.config != nil {
				config = map[string]any{"project_key": test.config(h)}
			}
			token, said := h.open(t, test.secret, config, true)
			if len(said) > 0 {
				t.Fatal(said[0].Summary, said[0].Detail)
			}
			if atProvider, atFile := h.exchanges(); atProvider != test.atProvider || atFile != test.atFile {
				t.Errorf("%d exchanges at the provider's host, %d at the file's", atProvider, atFile)
			}
			var access, kind, expires *string
			life := new(big.Float)
			for attribute, into := range map[string]any{"access_token": &access, "token_type": &kind, "expires_at": &expires, "expires_in": &life} {
				if err := token[attribute].As(into); err != nil {
					t.Fatal(attribute, err)
				}
			}
			if access == nil || !strings.HasPrefix(*access, "simulated-access-") || *kind != "Bearer" {
				t.Errorf("the token is %v, of type %s", access, *kind)
			}
			if test.life == 0 {
				if expires != nil || life != nil {
					t.Errorf("it expires at %v", *expires)
				}
				return
			}
			at, err := time.Parse("2006-01-02T15:04:05Z", *expires)
			if off := time.Until(at) - time.Duration(test.life)*time.Second; err != nil || off.Abs() > time.Minute || life.Cmp(big.NewFloat(float64(test.life))) != 0 {
				t.Errorf("it expires at %s, in %v: %v", *expires, life, err)
			}
		})
	}
}

func TestAccessToken_NewEachTime(t *testing.T) {
	h := start()
	own := map[string]any{"use_provider_credentials": true}
	first, _ := h.open(t, simulator.DefaultSecret, own, true)
	second, _ := h.open(t, simulator.DefaultSecret, own, true)
	if first["access_token"].Equal(second["access_token"]) {
		t.Error("two tokens are one")
	}
}

// TestAccessToken_RefusedBeforeAnyConnection also covers that the provider's own
// token does not stand in for a file that is not there.
func TestAccessToken_RefusedBeforeAnyConnection(t *testing.T) {
	const missing, two, refused = "Credential file missing", "Two sets of credentials", "Credential file refused"
	fileFor := func(apiURL string) string { return start().file(ofFile, apiURL) }
	for name, test := range map[string]struct {
		own, file     any
		summary, says string
	}{
		"nothing is given":            {nil, nil, missing, "project_key is null, so there are no credentials"},
		"not the provider's":          {false, nil, missing, "not used in its place"},
		"both":                        {true, "simulated-file-secret", two, "Remove one of the two"},
		"empty beside the provider's": {true, "", two, "Remove one of the two"},
		"empty":                       {nil, "", refused, "it is empty"},
		"no file":                     {nil, "simulated-file-secret", refused, "it is neither the JSON"},
		"other type":                  {nil, `{"type": "service_account"}`, refused, `its "type" is not`},
		"Kafka-only":                  {nil, `{"type": "streamkap_project_key", "api": null, "kafka": {"username": "a"}}`, refused, "belongs to a Kafka-only key"},
		"no secret":                   {nil, `{"type": "streamkap_project_key", "api": {"client_id": "a"}}`, refused, "it holds no client secret"},
		"plain http":                  {nil, fileFor("http://api.streamkap.com"), refused, "its api_url uses plain http"},
		"no URL":                      {nil, fileFor("api.streamkap.com"), refused, "its api_url is not a URL"},
		"other protocol":              {nil, fileFor("ftp://api.streamkap.com"), refused, "its api_url is not a URL"},
	} {
		for _, known := range []bool{true, false} {
			h := start()
			token, said := h.open(t, simulator.DefaultSecret, map[string]any{"use_provider_credentials": test.own, "project_key": test.file}, known)
			if token != nil || len(said) != 1 || said[0].Summary != test.summary || !strings.Contains(said[0].Detail, test.says) ||
				!said[0].Attribute.Equal(tftypes.NewAttributePath().WithAttributeName("project_key")) {
				t.Fatalf("%s, known %t: got %v, said %+v", name, known, token, said)
			}
			if strings.Contains(said[0].Detail, "simulated-") {
				t.Errorf("%s: it repeats the file: %s", name, said[0].Detail)
			}
			if atProvider, atFile := h.exchanges(); atProvider+atFile > 0 {
				t.Errorf("%s: requests were made", name)
			}
		}
	}
}

func TestAccessToken_RefusedCredentials(t *testing.T) {
	for says, config := range map[string]map[string]any{
		"Could not exchange the credential file in project_key": {"project_key": start().file(ofFile, ofFile)},
		"Could not exchange the provider's credentials for":     {"use_provider_credentials": true},
	} {
		_, said := start().open(t, "a-mistyped-secret", config, true)
		if len(said) != 1 || said[0].Summary != "Streamkap credentials refused" || !strings.Contains(said[0].Detail, says) {
			t.Errorf("said %+v", said)
		}
	}
}
