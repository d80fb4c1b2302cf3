// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// credentialFile is the file of a key with API access for the given host.
func credentialFile(apiURL string) string {
	return fmt.Sprintf(`{"type": "streamkap_project_key", "project_key_id": "k",
		"api": {"client_id": "file-id", "client_secret": "file-secret-not-real", "api_url": %q}, "kafka": null}`, apiURL)
}

const kafkaOnlyFile = `{"type": "streamkap_project_key", "project_key_id": "k", "api": null,
	"kafka": {"username": "orders", "password": "Not-a-secret-1"}}`

type model = StreamkapProviderModel

func v(text string) types.String { return types.StringValue(text) }

func environment(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

func TestClientConfig_ArgumentsAndEnvironment(t *testing.T) {
	const ofFile = "https://file.example.com"
	file := credentialFile(ofFile)
	base64Of := func(text string) types.String { return v(base64.StdEncoding.EncodeToString([]byte(text))) }
	pair, envPair := model{ClientID: v("id"), Secret: v("secret")}, map[string]string{envClientID: "env-id", envSecret: "secret"}
	for name, test := range map[string]struct {
		data     model
		env      map[string]string
		id, host string
	}{
		"a pair of arguments":                         {pair, nil, "id", streamkap.DefaultHost},
		"a pair of the environment":                   {model{}, envPair, "env-id", streamkap.DefaultHost},
		"a secret under its other name":               {model{}, map[string]string{envClientID: "env-id", envClientSecret: "secret"}, "env-id", streamkap.DefaultHost},
		"a pair half from an argument":                {model{ClientID: v("id")}, map[string]string{envSecret: "secret", envProjectKey: file}, "id", streamkap.DefaultHost},
		"a file as an argument":                       {model{ProjectKey: v(file)}, nil, "file-id", ofFile},
		"a file in Base64":                            {model{ProjectKey: base64Of(file)}, nil, "file-id", ofFile},
		"a file of the environment":                   {model{}, map[string]string{envProjectKey: file}, "file-id", ofFile},
		"a file before a pair of the environment":     {model{ProjectKey: v(file)}, envPair, "file-id", ofFile},
		"a pair before a file of the environment":     {pair, map[string]string{envProjectKey: file}, "id", streamkap.DefaultHost},
		"a pair before a file, both of it":            {model{}, map[string]string{envClientID: "env-id", envSecret: "secret", envProjectKey: file}, "env-id", streamkap.DefaultHost},
		"half a pair after a file, both of it":        {model{}, map[string]string{envClientID: "env-id", envProjectKey: file}, "file-id", ofFile},
		"a host of the environment before the file's": {model{}, map[string]string{envHost: "https://env.example.com", envProjectKey: file}, "file-id", "https://env.example.com"},
		"a host as an argument before all others": {
			model{Host: v("https://argument.example.com/"), ProjectKey: v(file)}, map[string]string{envHost: "https://env.example.com"}, "file-id", "https://argument.example.com/",
		},
		"what nobody sees at the ends": {
			model{Host: v("\ufeffhttps://argument.example.com\n"), ClientID: v("id\r\n"), Secret: v("\u00a0secret\n")}, nil, "id", "https://argument.example.com",
		},
		"what nobody sees in the environment": {
			model{},
			map[string]string{envHost: "https://env.example.com\n", envClientID: "\ufeffenv-id", envClientSecret: "secret\n", envSecret: " ", envProjectKey: file},
			"env-id", "https://env.example.com",
		},
		"a file beside an empty pair": {
			model{ClientID: v(""), Secret: v("\n"), ProjectKey: v(file)}, map[string]string{envClientID: "env-id"}, "file-id", ofFile,
		},
		"a pair beside an empty file": {model{ClientID: v("id"), Secret: v("secret"), ProjectKey: v("")}, nil, "id", streamkap.DefaultHost},
		"empty arguments before a pair of the environment": {
			model{Host: v(""), ClientID: v(""), Secret: v("\n")}, envPair, "env-id", streamkap.DefaultHost,
		},
		"empty arguments before a file of the environment": {model{ClientID: v("\ufeff"), ProjectKey: v("")}, map[string]string{envProjectKey: file}, "file-id", ofFile},
		"plain http to loopback":                           {model{ProjectKey: v(credentialFile("http://127.0.0.1:8089"))}, nil, "file-id", "http://127.0.0.1:8089"},
	} {
		t.Run(name, func(t *testing.T) {
			config, diags := clientConfig(test.data, environment(test.env))
			if diags.HasError() || config.Unusable != nil || config.ClientID != test.id || config.Host != test.host {
				t.Errorf("client id %q, host %q, unusable %v, %v; expected %q and %q", config.ClientID, config.Host, config.Unusable, diags, test.id, test.host)
			}
			if !slices.Contains([]string{"secret", "file-secret-not-real"}, config.Secret) || config.MaxRetries != streamkap.DefaultMaxRetries {
				t.Errorf("another secret, or %d retries", config.MaxRetries)
			}
		})
	}
}

func TestClientConfig_RefusesWhatIsWrong(t *testing.T) {
	host := func(text string) model { return model{Host: v(text)} }
	key := func(text string) model { return model{ProjectKey: v(text)} }
	for name, test := range map[string]struct {
		data     model
		env      map[string]string
		at, says string
	}{
		"host over plain http":            {host("http://api.example.com"), nil, "host", "plain http"},
		"address over plain http":         {host("http://10.0.0.1"), nil, "host", "plain http"},
		"address of IPv6 over plain http": {host("http://[2001:db8::1]:80"), nil, "host", "plain http"},
		"host named like loopback":        {host("http://127.0.0.1.example.com"), nil, "host", "plain http"},
		"host cut off":                    {host("https://[::1"), nil, "host", "is not a URL"},
		"host that is a path":             {host("https:///api"), nil, "host", "is not a URL"},
		"host without a scheme":           {host("api.streamkap.com"), nil, "host", "is not a URL"},
		"host with a query":               {host("https://a.example.com?x=1"), nil, "host", "nothing else"},
		"host with an empty query":        {host("https://a?"), nil, "host", "nothing else"},
		"host with an empty fragment":     {host("https://a#"), nil, "host", "nothing else"},
		"host with a password":            {host("https://u:p@a.example.com"), nil, "host", "nothing else"},
		"host of the environment":         {model{}, map[string]string{envHost: "ftp://a.example.com"}, "", envHost},
		"host that the file has too":      {model{Host: v("http://a"), ProjectKey: v(credentialFile("http://a"))}, nil, "host", "plain http"},
		"host of the environment, too":    {key(credentialFile("http://a")), map[string]string{envHost: "http://a"}, "", envHost},
		"path of a file":                  {key("/home/someone/not-a-file-but-secret.json"), nil, "project_key", `write file("PATH") in a configuration`},
		"path of a file, environment":     {model{}, map[string]string{envProjectKey: "./key.json\n"}, "", `"$(cat PATH)" in a shell`},
		"file that is no file":            {key("not-a-file-but-secret"), nil, "project_key", "neither the JSON"},
		"file of another type":            {key(`{"type": "service_account"}`), nil, "project_key", `"type"`},
		"file of a Kafka-only key":        {key(kafkaOnlyFile), nil, "project_key", "Kafka-only"},
		"file of the environment":         {model{}, map[string]string{envProjectKey: kafkaOnlyFile}, "", envProjectKey},
		"file for plain http":             {key(credentialFile("http://api.example.com")), nil, "project_key", "plain http"},
	} {
		t.Run(name, func(t *testing.T) {
			_, diags := clientConfig(test.data, environment(test.env))
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
	for name, test := range map[string]struct {
		data   model
		errors int
	}{
		"both":                  {model{ClientID: v("a"), Secret: v("b"), ProjectKey: v("c")}, 1},
		"a client id beside it": {model{ClientID: v("a"), ProjectKey: v("c")}, 1},
		"a secret beside it":    {model{Secret: v("b"), ProjectKey: v("c")}, 1},
		"an empty pair":         {model{ClientID: v(""), Secret: v("\n"), ProjectKey: v("c")}, 0},
		"an empty file":         {model{ClientID: v("a"), Secret: v("b"), ProjectKey: v("")}, 0},
		"not known yet":         {model{ClientID: types.StringUnknown(), ProjectKey: v("c")}, 0},
	} {
		var diags diag.Diagnostics
		refuseFileBesidePair(test.data, &diags)
		if diags.ErrorsCount() != test.errors {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

func TestClientConfig_MissingCredentialsLeftToTheFirstCall(t *testing.T) {
	file := map[string]string{envProjectKey: credentialFile("")}
	unknown := types.StringUnknown()
	for name, test := range map[string]struct {
		data model
		env  map[string]string
		says string
	}{
		"none":                    {model{}, nil, "no credentials"},
		"a client id alone":       {model{ClientID: v("id")}, nil, "no secret"},
		"a secret alone":          {model{}, map[string]string{envSecret: "s"}, "no client_id"},
		"an id beside a file":     {model{ClientID: v("id")}, file, "no secret"},
		"a secret beside a file":  {model{Secret: v("s")}, file, "no client_id"},
		"a host not known yet":    {model{Host: unknown}, nil, `"host" is not known yet`},
		"a secret not known yet":  {model{ClientID: v("id"), Secret: unknown}, nil, `"secret" is not known yet`},
		"a file not known yet":    {model{ProjectKey: unknown}, nil, `"project_key" is not known yet: it depends on a resource that is still to be created or changed. Apply that resource first,`},
		"an id not known yet":     {model{ClientID: unknown}, nil, `"client_id" is not known yet`},
		"a project not known yet": {model{ServiceID: unknown}, nil, `"service_id" is not known yet`},
		"retries not known yet":   {model{MaxRetries: types.Int64Unknown()}, nil, "no credentials"},
		"an empty string is none": {model{ClientID: v(""), ProjectKey: v("")}, nil, "no credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			config, diags := clientConfig(test.data, environment(test.env))
			_, err := streamkap.New(config).WhoAmI(t.Context())
			if diags.HasError() || streamkap.KindOf(err) != streamkap.KindUnusable || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v; the first call says %v, expected %q", diags, err, test.says)
			}
		})
	}
}

func TestClientConfig_RetriesAndProject(t *testing.T) {
	for _, retries := range []int64{0, 7} {
		config, _ := clientConfig(model{MaxRetries: types.Int64Value(retries)}, environment(nil))
		if config.MaxRetries != int(retries) {
			t.Errorf("%d retries, expected %d", config.MaxRetries, retries)
		}
	}
	env := map[string]string{envServiceID: "\ufeffof-the-environment\n"}
	for want, test := range map[string]struct {
		argument types.String
		env      map[string]string
	}{
		"":                   {types.StringNull(), nil},
		"of-the-environment": {types.StringNull(), env},
		"of-the-argument":    {v("\u00a0of-the-argument\n"), env},
	} {
		if config, diags := clientConfig(model{ServiceID: test.argument}, environment(test.env)); config.ServiceID != want || diags.HasError() {
			t.Errorf("service_id %q, expected %q; %v", config.ServiceID, want, diags)
		}
	}
}

func TestClientConfig_Origins(t *testing.T) {
	file := credentialFile("https://file.example.com")
	for name, test := range map[string]struct {
		data model
		env  map[string]string
		want streamkap.Origins
	}{
		"nothing but a pair": {model{ClientID: v("id"), Secret: v("s")}, nil, streamkap.Origins{Credentials: "the argument client_id"}},
		"arguments": {
			model{Host: v("https://a.example.com"), ProjectKey: v(file)},
			map[string]string{envHost: "https://b.example.com"},
			streamkap.Origins{Host: "the argument host", Credentials: "the credential file in the argument project_key"},
		},
		"environment": {
			model{},
			map[string]string{envHost: "https://b.example.com", envClientID: "id", envSecret: "s"},
			streamkap.Origins{Host: "the environment variable STREAMKAP_HOST", Credentials: "the environment variable STREAMKAP_CLIENT_ID"},
		},
		"a file alone": {
			model{},
			map[string]string{envProjectKey: file},
			streamkap.Origins{Host: "the api_url of the credential file", Credentials: "the credential file in the environment variable STREAMKAP_PROJECT_KEY"},
		},
	} {
		if config, _ := clientConfig(test.data, environment(test.env)); config.Origins != test.want {
			t.Errorf("%s: %+v, expected %+v", name, config.Origins, test.want)
		}
	}
}

func TestPreflight_OfArgumentAndEnvironment(t *testing.T) {
	for name, test := range map[string]struct {
		argument types.Bool
		env      string
		want     bool
		refused  bool
	}{
		"neither":                                   {argument: types.BoolNull()},
		"the environment":                           {argument: types.BoolNull(), env: "true", want: true},
		"the environment turns it off":              {argument: types.BoolNull(), env: "false"},
		"white space around it":                     {argument: types.BoolNull(), env: " true\n", want: true},
		"nothing but white space":                   {argument: types.BoolNull(), env: " "},
		"an argument":                               {argument: types.BoolValue(true), want: true},
		"an argument wins over the environment":     {argument: types.BoolValue(false), env: "true"},
		"an argument wins over a wrong environment": {argument: types.BoolValue(true), env: "warn", want: true},
		"an argument that is not known yet":         {argument: types.BoolUnknown(), env: "true"},
		"another word":                              {argument: types.BoolNull(), env: "warn", refused: true},
		"another spelling":                          {argument: types.BoolNull(), env: "TRUE", refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			got := checksPlans(test.argument, func(string) string { return test.env }, &diags)
			if got != test.want || diags.HasError() != test.refused {
				t.Errorf("%t, %v", got, diags)
			}
			if test.refused && !strings.Contains(diags[0].Detail(), `STREAMKAP_PREFLIGHT is "`+test.env+`". Set it to true`) {
				t.Error(diags)
			}
		})
	}
}
