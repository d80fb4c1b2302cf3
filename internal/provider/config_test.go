// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// credentialFile is the file of a key with API access for the given host.
func credentialFile(apiURL string) string {
	return fmt.Sprintf(`{"type": "streamkap_project_key", "project_key_id": "k",
		"api": {"client_id": "file-id", "client_secret": "file-secret-not-real", "api_url": %q}, "kafka": null}`, apiURL)
}

const kafkaOnlyFile = `{"type": "streamkap_project_key", "project_key_id": "k", "api": null,
	"kafka": {"username": "orders", "password": "Not-a-secret-1"}}`

func TestConfigOfEveryForm(t *testing.T) {
	file := credentialFile("https://file.example.com")
	for _, test := range []struct {
		name string
		data StreamkapProviderModel
		env  map[string]string
		id   string
		host string
	}{
		{
			name: "pair of arguments",
			data: StreamkapProviderModel{ClientID: types.StringValue("id"), Secret: types.StringValue("secret")},
			id:   "id", host: streamkap.DefaultHost,
		},
		{
			name: "pair of the environment",
			env:  map[string]string{envClientID: "env-id", envSecret: "secret"},
			id:   "env-id", host: streamkap.DefaultHost,
		},
		{
			name: "secret under its other name",
			env:  map[string]string{envClientID: "env-id", envClientSecret: "secret"},
			id:   "env-id", host: streamkap.DefaultHost,
		},
		{
			name: "pair half from an argument",
			data: StreamkapProviderModel{ClientID: types.StringValue("id")},
			env:  map[string]string{envSecret: "secret", envProjectKey: file},
			id:   "id", host: streamkap.DefaultHost,
		},
		{
			name: "file as an argument",
			data: StreamkapProviderModel{ProjectKey: types.StringValue(file)},
			id:   "file-id", host: "https://file.example.com",
		},
		{
			name: "file in Base64",
			data: StreamkapProviderModel{ProjectKey: types.StringValue(base64.StdEncoding.EncodeToString([]byte(file)))},
			id:   "file-id", host: "https://file.example.com",
		},
		{
			name: "file of the environment",
			env:  map[string]string{envProjectKey: file},
			id:   "file-id", host: "https://file.example.com",
		},
		{
			name: "an argument beats a pair of the environment",
			data: StreamkapProviderModel{ProjectKey: types.StringValue(file)},
			env:  map[string]string{envClientID: "env-id", envSecret: "secret"},
			id:   "file-id", host: "https://file.example.com",
		},
		{
			name: "arguments beat a file of the environment",
			data: StreamkapProviderModel{ClientID: types.StringValue("id"), Secret: types.StringValue("secret")},
			env:  map[string]string{envProjectKey: file},
			id:   "id", host: streamkap.DefaultHost,
		},
		{
			name: "a pair beats a file in the environment",
			env:  map[string]string{envClientID: "env-id", envSecret: "secret", envProjectKey: file},
			id:   "env-id", host: streamkap.DefaultHost,
		},
		{
			name: "half a pair does not beat a file in the environment",
			env:  map[string]string{envClientID: "env-id", envProjectKey: file},
			id:   "file-id", host: "https://file.example.com",
		},
		{
			name: "host argument beats host of the environment and of the file",
			data: StreamkapProviderModel{Host: types.StringValue("https://argument.example.com/"), ProjectKey: types.StringValue(file)},
			env:  map[string]string{envHost: "https://env.example.com"},
			id:   "file-id", host: "https://argument.example.com/",
		},
		{
			name: "host of the environment beats that of the file",
			env:  map[string]string{envHost: "https://env.example.com", envProjectKey: file},
			id:   "file-id", host: "https://env.example.com",
		},
		{
			name: "what nobody sees at the ends",
			data: StreamkapProviderModel{
				Host: types.StringValue("\ufeffhttps://argument.example.com\n"), ClientID: types.StringValue("id\r\n"), Secret: types.StringValue("\u00a0secret\n"),
			},
			id: "id", host: "https://argument.example.com",
		},
		{
			name: "what nobody sees at the ends of the environment",
			env:  map[string]string{envHost: "https://env.example.com\n", envClientID: "\ufeffenv-id", envClientSecret: "secret\n", envSecret: " ", envProjectKey: file},
			id:   "env-id", host: "https://env.example.com",
		},
		{
			name: "file in Base64 of a file with a byte order mark",
			data: StreamkapProviderModel{ProjectKey: types.StringValue("\ufeff" + base64.StdEncoding.EncodeToString([]byte("\ufeff"+file)) + "\n")},
			id:   "file-id", host: "https://file.example.com",
		},
		{
			name: "file beside a pair that is empty",
			data: StreamkapProviderModel{ClientID: types.StringValue(""), Secret: types.StringValue("\n"), ProjectKey: types.StringValue(file)},
			env:  map[string]string{envClientID: "env-id"},
			id:   "file-id", host: "https://file.example.com",
		},
		{
			name: "pair beside a file that is empty",
			data: StreamkapProviderModel{ClientID: types.StringValue("id"), Secret: types.StringValue("secret"), ProjectKey: types.StringValue("")},
			id:   "id", host: streamkap.DefaultHost,
		},
		{
			name: "plain http to a loopback address",
			data: StreamkapProviderModel{ProjectKey: types.StringValue(credentialFile("http://127.0.0.1:8089"))},
			id:   "file-id", host: "http://127.0.0.1:8089",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			config, diags := clientConfig(test.data, func(name string) string { return test.env[name] })
			if diags.HasError() {
				t.Fatal(diags)
			}
			if config.Unusable != nil || config.ClientID != test.id || config.Host != test.host {
				t.Errorf("client id %q, host %q, unusable %v; expected %q and %q", config.ClientID, config.Host, config.Unusable, test.id, test.host)
			}
			if !slices.Contains([]string{"secret", "file-secret-not-real"}, config.Secret) || config.MaxRetries != streamkap.DefaultMaxRetries {
				t.Errorf("another secret, or %d retries", config.MaxRetries)
			}
		})
	}
}

func TestConfigRefusesWhatIsWrong(t *testing.T) {
	for _, test := range []struct {
		name string
		data StreamkapProviderModel
		env  map[string]string
		at   string
		says string
	}{
		{name: "host over plain http", data: StreamkapProviderModel{Host: types.StringValue("http://api.example.com")}, at: "host", says: "plain http"},
		{name: "address over plain http", data: StreamkapProviderModel{Host: types.StringValue("http://10.0.0.1")}, at: "host", says: "plain http"},
		{name: "address of IPv6 over plain http", data: StreamkapProviderModel{Host: types.StringValue("http://[2001:db8::1]:80")}, at: "host", says: "plain http"},
		{name: "host cut off", data: StreamkapProviderModel{Host: types.StringValue("https://[::1")}, at: "host", says: "is not a URL"},
		{name: "host that is a path", data: StreamkapProviderModel{Host: types.StringValue("https:///api")}, at: "host", says: "is not a URL"},
		{
			name: "host that the file has too",
			data: StreamkapProviderModel{Host: types.StringValue("http://a"), ProjectKey: types.StringValue(credentialFile("http://a"))},
			at:   "host", says: "plain http",
		},
		{
			name: "host of the environment that the file has too",
			data: StreamkapProviderModel{ProjectKey: types.StringValue(credentialFile("http://a"))},
			env:  map[string]string{envHost: "http://a"}, says: envHost,
		},
		{name: "host without a scheme", data: StreamkapProviderModel{Host: types.StringValue("api.streamkap.com")}, at: "host", says: "is not a URL"},
		{name: "host with a query", data: StreamkapProviderModel{Host: types.StringValue("https://a.example.com?x=1")}, at: "host", says: "nothing else"},
		{name: "host with an empty query", data: StreamkapProviderModel{Host: types.StringValue("https://a?")}, at: "host", says: "nothing else"},
		{name: "host with an empty fragment", data: StreamkapProviderModel{Host: types.StringValue("https://a#")}, at: "host", says: "nothing else"},
		{name: "host with a password", data: StreamkapProviderModel{Host: types.StringValue("https://u:p@a.example.com")}, at: "host", says: "nothing else"},
		{name: "host named like loopback", data: StreamkapProviderModel{Host: types.StringValue("http://127.0.0.1.example.com")}, at: "host", says: "plain http"},
		{name: "host of the environment", env: map[string]string{envHost: "ftp://a.example.com"}, says: envHost},
		{
			name: "path of a file", data: StreamkapProviderModel{ProjectKey: types.StringValue("/home/someone/not-a-file-but-secret.json")},
			at: "project_key", says: `write file("PATH") in a configuration`,
		},
		{name: "path of a file in the environment", env: map[string]string{envProjectKey: "./key.json\n"}, says: `"$(cat PATH)" in a shell`},
		{name: "file that is no file", data: StreamkapProviderModel{ProjectKey: types.StringValue("not-a-file-but-secret")}, at: "project_key", says: "neither the JSON"},
		{name: "file of another type", data: StreamkapProviderModel{ProjectKey: types.StringValue(`{"type": "service_account"}`)}, at: "project_key", says: `"type"`},
		{name: "file of a Kafka-only key", data: StreamkapProviderModel{ProjectKey: types.StringValue(kafkaOnlyFile)}, at: "project_key", says: "Kafka-only"},
		{name: "file of the environment", env: map[string]string{envProjectKey: kafkaOnlyFile}, says: envProjectKey},
		{name: "file for plain http", data: StreamkapProviderModel{ProjectKey: types.StringValue(credentialFile("http://api.example.com"))}, at: "project_key", says: "plain http"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, diags := clientConfig(test.data, func(name string) string { return test.env[name] })
			if diags.ErrorsCount() != 1 {
				t.Fatalf("%d errors, expected 1", diags.ErrorsCount())
			}
			detail := diags[0].Detail()
			if !strings.Contains(detail, test.says) {
				t.Errorf("the error does not say %q: %s", test.says, detail)
			}
			for _, secret := range []string{"file-secret-not-real", "Not-a-secret-1", "not-a-file-but-secret"} {
				if strings.Contains(detail, secret) {
					t.Errorf("the error repeats a secret: %s", detail)
				}
			}
			located, ok := diags[0].(interface{ Path() path.Path })
			if ok != (test.at != "") || ok && !located.Path().Equal(path.Root(test.at)) {
				t.Errorf("the error is not at %q", test.at)
			}
		})
	}
}

// TestValidateConfig_FileBesideAPair counts what is empty, or not known yet, as
// not given.
func TestValidateConfig_FileBesideAPair(t *testing.T) {
	text := types.StringValue
	for name, test := range map[string]struct {
		data   StreamkapProviderModel
		errors int
	}{
		"both":                  {StreamkapProviderModel{ClientID: text("a"), Secret: text("b"), ProjectKey: text("c")}, 1},
		"a client id beside it": {StreamkapProviderModel{ClientID: text("a"), ProjectKey: text("c")}, 1},
		"a secret beside it":    {StreamkapProviderModel{Secret: text("b"), ProjectKey: text("c")}, 1},
		"an empty pair":         {StreamkapProviderModel{ClientID: text(""), Secret: text("\n"), ProjectKey: text("c")}, 0},
		"an empty file":         {StreamkapProviderModel{ClientID: text("a"), Secret: text("b"), ProjectKey: text("")}, 0},
		"not known yet":         {StreamkapProviderModel{ClientID: types.StringUnknown(), ProjectKey: text("c")}, 0},
	} {
		var diags diag.Diagnostics
		refuseFileBesidePair(test.data, &diags)
		if diags.ErrorsCount() != test.errors {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

func TestConfigLeavesMissingCredentialsToTheFirstCall(t *testing.T) {
	for name, test := range map[string]struct {
		data StreamkapProviderModel
		env  map[string]string
		says string
	}{
		"none":              {says: "no credentials"},
		"a client id alone": {data: StreamkapProviderModel{ClientID: types.StringValue("id")}, says: "no secret"},
		"a secret alone":    {env: map[string]string{envSecret: "s"}, says: "no client_id"},
		"an id beside a file": {
			data: StreamkapProviderModel{ClientID: types.StringValue("id")}, env: map[string]string{envProjectKey: credentialFile("")}, says: "no secret",
		},
		"a secret beside a file": {
			data: StreamkapProviderModel{Secret: types.StringValue("s")}, env: map[string]string{envProjectKey: credentialFile("")}, says: "no client_id",
		},
		"a host not known yet":    {data: StreamkapProviderModel{Host: types.StringUnknown()}, says: `"host" is not known yet`},
		"a secret not known yet":  {data: StreamkapProviderModel{ClientID: types.StringValue("id"), Secret: types.StringUnknown()}, says: `"secret" is not known yet`},
		"a file not known yet":    {data: StreamkapProviderModel{ProjectKey: types.StringUnknown()}, says: `"project_key" is not known yet`},
		"an id not known yet":     {data: StreamkapProviderModel{ClientID: types.StringUnknown()}, says: `"client_id" is not known yet`},
		"a project not known yet": {data: StreamkapProviderModel{ServiceID: types.StringUnknown()}, says: `"service_id" is not known yet`},
		"retries not known yet":   {data: StreamkapProviderModel{MaxRetries: types.Int64Unknown()}, says: "no credentials"},
		"an empty string is none": {data: StreamkapProviderModel{ClientID: types.StringValue(""), ProjectKey: types.StringValue("")}, says: "no credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			config, diags := clientConfig(test.data, func(name string) string { return test.env[name] })
			if diags.HasError() {
				t.Fatal(diags)
			}
			_, err := streamkap.New(config).WhoAmI(t.Context())
			if streamkap.KindOf(err) != streamkap.KindUnusable || !strings.Contains(err.Error(), test.says) {
				t.Errorf("the first call says %v, expected %q", err, test.says)
			}
		})
	}
}

func TestConfigTakesMaxRetries(t *testing.T) {
	for _, retries := range []int64{0, 7} {
		config, _ := clientConfig(StreamkapProviderModel{MaxRetries: types.Int64Value(retries)}, func(string) string { return "" })
		if config.MaxRetries != int(retries) {
			t.Errorf("%d retries, expected %d", config.MaxRetries, retries)
		}
	}
}

func TestConfigTakesTheProjectThatCredentialsHaveToBeOf(t *testing.T) {
	env := func(name string) string { return map[string]string{envServiceID: "\ufeffof-the-environment\n"}[name] }
	for want, test := range map[string]struct {
		argument types.String
		getenv   func(string) string
	}{
		"":                   {types.StringNull(), func(string) string { return "" }},
		"of-the-environment": {types.StringNull(), env},
		"of-the-argument":    {types.StringValue("\u00a0of-the-argument\n"), env},
	} {
		config, diags := clientConfig(StreamkapProviderModel{ServiceID: test.argument}, test.getenv)
		if config.ServiceID != want || diags.HasError() {
			t.Errorf("service_id %q, expected %q; %v", config.ServiceID, want, diags)
		}
	}
}

func TestConfigSaysWhereHostAndCredentialsComeFrom(t *testing.T) {
	file := credentialFile("https://file.example.com")
	for name, test := range map[string]struct {
		data StreamkapProviderModel
		env  map[string]string
		want streamkap.Origins
	}{
		"nothing but a pair": {
			data: StreamkapProviderModel{ClientID: types.StringValue("id"), Secret: types.StringValue("s")},
			want: streamkap.Origins{Credentials: "the argument client_id"},
		},
		"arguments": {
			data: StreamkapProviderModel{Host: types.StringValue("https://a.example.com"), ProjectKey: types.StringValue(file)},
			env:  map[string]string{envHost: "https://b.example.com"},
			want: streamkap.Origins{Host: "the argument host", Credentials: "the credential file in the argument project_key"},
		},
		"environment": {
			env:  map[string]string{envHost: "https://b.example.com", envClientID: "id", envSecret: "s"},
			want: streamkap.Origins{Host: "the environment variable STREAMKAP_HOST", Credentials: "the environment variable STREAMKAP_CLIENT_ID"},
		},
		"a file alone": {
			env:  map[string]string{envProjectKey: file},
			want: streamkap.Origins{Host: "the api_url of the credential file", Credentials: "the credential file in the environment variable STREAMKAP_PROJECT_KEY"},
		},
	} {
		config, _ := clientConfig(test.data, func(name string) string { return test.env[name] })
		if config.Origins != test.want {
			t.Errorf("%s: %+v, expected %+v", name, config.Origins, test.want)
		}
	}
}

func TestFileOfAnotherProjectMayBeExchanged(t *testing.T) {
	server := simulator.New(simulator.Config{ServiceID: "another"})
	key := server.Seed(simulator.Key{Name: "k", RoleIDs: []string{simulator.RoleAdmin}})
	text := fmt.Sprintf(`{"type": "streamkap_project_key", "project_key_id": %q, "api": {"client_id": %q, "client_secret": %q}}`,
		key.ID, key.APIClientID, key.APISecret)
	client, err := clientForFile(streamkap.Config{Host: streamkap.DefaultHost, ServiceID: "own", Transport: server.RoundTripper()}, text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.NewToken(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestFileSaysWhereItsSecretMayBeSent(t *testing.T) {
	server := simulator.New(simulator.Config{})
	key := server.Seed(simulator.Key{Name: "k", RoleIDs: []string{simulator.RoleAdmin}})
	unusable := streamkap.Unusable("The provider has no credentials.")
	for name, test := range map[string]struct {
		apiURL, host string
		want         string // what the error says
	}{
		"its own":                         {apiURL: "https://file.example.com"},
		"its own, and not the provider's": {apiURL: "https://file.example.com", host: "https://own.example.com"},
		"the provider's":                  {host: "https://own.example.com"},
		"nowhere":                         {want: unusable.Error()},
		"in the clear":                    {apiURL: "http://file.example.com", host: "https://own.example.com", want: "its api_url uses plain http"},
	} {
		t.Run(name, func(t *testing.T) {
			sentTo := ""
			config := streamkap.Config{Host: test.host, Unusable: unusable, Transport: noting{server.RoundTripper(), &sentTo}}
			client, err := clientForFile(config, fmt.Sprintf(`{"type": "streamkap_project_key", "project_key_id": %q,
				"api": {"client_id": %q, "client_secret": %q, "api_url": %q}}`, key.ID, key.APIClientID, key.APISecret, test.apiURL))
			if err == nil {
				_, err = client.NewToken(t.Context())
			}
			switch {
			case test.want == "" && (err != nil || sentTo != cmp.Or(test.apiURL, test.host)):
				t.Errorf("sent to %q, %v", sentTo, err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || sentTo != ""):
				t.Errorf("sent to %q, and not %q: %v", sentTo, test.want, err)
			}
		})
	}
}

// noting notes where requests are sent.
type noting struct {
	http.RoundTripper
	host *string
}

func (n noting) RoundTrip(req *http.Request) (*http.Response, error) {
	*n.host = req.URL.Scheme + "://" + req.URL.Host
	return n.RoundTripper.RoundTrip(req)
}
