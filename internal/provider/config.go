// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// The environment variables that stand in for the arguments.
const (
	envHost         = "STREAMKAP_HOST"
	envClientID     = "STREAMKAP_CLIENT_ID"
	envSecret       = "STREAMKAP_SECRET"
	envClientSecret = "STREAMKAP_CLIENT_SECRET"
	envProjectKey   = "STREAMKAP_PROJECT_KEY"
	envServiceID    = "STREAMKAP_SERVICE_ID"
	envPreflight    = "STREAMKAP_PREFLIGHT"
)

const howToAuthenticate = "Set client_id and secret, or project_key, in the provider block; or set " +
	envClientID + " and " + envSecret + ", or " + envProjectKey + ", in the environment. " +
	"Project keys are made in Streamkap under Project Settings > Project Keys."

// clientConfig decides whom the client is and where it goes. Credentials that
// are missing or not known yet make no error here, but one of the first call
// that needs them.
func clientConfig(data StreamkapProviderModel, getenv func(string) string) (streamkap.Config, diag.Diagnostics) {
	data, getenv = data.trimmed(), trimming(getenv)
	config := streamkap.Config{MaxRetries: streamkap.DefaultMaxRetries}
	if !data.MaxRetries.IsNull() && !data.MaxRetries.IsUnknown() {
		config.MaxRetries = int(data.MaxRetries.ValueInt64())
	}
	if unknown := unknownArgument(data); unknown != "" {
		config.Unusable = streamkap.Unusable(fmt.Sprintf("The provider argument %q is not known yet: "+
			"it depends on a resource that has not been created. Create that resource first, for example with -target, "+
			"or take the value from somewhere that is known during a plan.", unknown))
		return config, nil
	}
	config.ServiceID = cmp.Or(data.ServiceID.ValueString(), getenv(envServiceID))
	apiURL, diags := setCredentials(&config, data, getenv)
	diags.Append(setHost(&config, data, getenv, apiURL)...)
	return config, diags
}

// trimmed is the provider block without what nobody sees at the ends of its
// texts: a file or a terminal has brought it along. What is empty then is not
// given.
func (m StreamkapProviderModel) trimmed() StreamkapProviderModel {
	for _, text := range []*types.String{&m.Host, &m.ClientID, &m.Secret, &m.ProjectKey, &m.ServiceID} {
		if !text.IsNull() && !text.IsUnknown() {
			*text = types.StringValue(streamkap.Trim(text.ValueString()))
		}
	}
	return m
}

func trimming(getenv func(string) string) func(string) string {
	return func(name string) string { return streamkap.Trim(getenv(name)) }
}

func unknownArgument(data StreamkapProviderModel) string {
	for _, argument := range []struct {
		name  string
		value types.String
	}{
		{"host", data.Host},
		{"client_id", data.ClientID},
		{"secret", data.Secret},
		{"project_key", data.ProjectKey},
		{"service_id", data.ServiceID},
	} {
		if argument.value.IsUnknown() {
			return argument.name
		}
	}
	return ""
}

// checksPlans reports whether plans are checked against Streamkap. An argument
// that is not known yet checks nothing.
func checksPlans(argument types.Bool, getenv func(string) string, diags *diag.Diagnostics) bool {
	if !argument.IsNull() {
		return argument.ValueBool()
	}
	switch value := trimming(getenv)(envPreflight); value {
	case "true":
		return true
	case "false", "":
	default:
		diags.AddError("STREAMKAP_PREFLIGHT is neither true nor false",
			fmt.Sprintf("The environment variable %s is %q. Set it to true to have plans checked against Streamkap, to false, or to nothing.", envPreflight, value))
	}
	return false
}

// refuseFileBesidePair refuses a file and a pair in one provider block, on the
// file, once. A value that is not known yet may turn out not to be given.
func refuseFileBesidePair(data StreamkapProviderModel, diags *diag.Diagnostics) {
	data = data.trimmed()
	if data.ProjectKey.ValueString() == "" || data.ClientID.ValueString() == "" && data.Secret.ValueString() == "" {
		return
	}
	diags.AddAttributeError(path.Root("project_key"), "Two sets of provider credentials",
		"The provider block has project_key beside client_id or secret, and each of the two says on its own who the provider is. Keep one of them.")
}

// setCredentials lets an argument beat the environment, and there a pair beat
// a credential file. It returns the api_url of the file, if one is used.
func setCredentials(config *streamkap.Config, data StreamkapProviderModel, getenv func(string) string) (string, diag.Diagnostics) {
	var diags diag.Diagnostics
	explicitPair := data.ClientID.ValueString() != "" || data.Secret.ValueString() != ""
	clientID := cmp.Or(data.ClientID.ValueString(), getenv(envClientID))
	secret := cmp.Or(data.Secret.ValueString(), getenv(envSecret), getenv(envClientSecret))
	file := data.ProjectKey.ValueString()
	if file == "" && !explicitPair && (clientID == "" || secret == "") {
		file = getenv(envProjectKey)
	}
	if file != "" {
		config.Origins.Credentials = "the credential file in " + origin("project_key", envProjectKey, data.ProjectKey)
		apiURL, err := setFile(config, file)
		if err != nil {
			addArgumentError(&diags, "project_key", envProjectKey, data.ProjectKey, "Credential file refused",
				"The credential file of the provider can't be used: "+err.Error()+".\n\n"+howToAuthenticate)
		}
		return apiURL, diags
	}
	switch {
	case clientID == "" && secret == "":
		config.Unusable = streamkap.Unusable("The provider has no credentials. " + howToAuthenticate)
	case clientID == "":
		config.Unusable = streamkap.Unusable("The provider has a secret but no client_id. " + howToAuthenticate)
	case secret == "":
		config.Unusable = streamkap.Unusable("The provider has a client_id but no secret. " + howToAuthenticate)
	}
	config.ClientID, config.Secret = clientID, secret
	config.Origins.Credentials = origin("client_id", envClientID, data.ClientID)
	return "", diags
}

func setFile(config *streamkap.Config, text string) (apiURL string, err error) {
	file, err := streamkap.ParseCredentialFile(text)
	switch {
	case err != nil:
		return "", err
	case !file.HasAPI():
		return "", fmt.Errorf("it belongs to a Kafka-only key, which has no access to the API")
	case file.API.ClientSecret == "":
		return "", fmt.Errorf("it holds no client secret")
	}
	config.ClientID, config.Secret = string(file.API.ClientID), string(file.API.ClientSecret)
	return string(file.API.APIURL), nil
}

func setHost(config *streamkap.Config, data StreamkapProviderModel, getenv func(string) string, apiURL string) diag.Diagnostics {
	var diags diag.Diagnostics
	config.Host = cmp.Or(data.Host.ValueString(), getenv(envHost), apiURL, streamkap.DefaultHost)
	switch {
	case data.Host.ValueString() != "" || getenv(envHost) != "":
		config.Origins.Host = origin("host", envHost, data.Host)
	case apiURL != "":
		config.Origins.Host = "the api_url of the credential file"
	}
	reason := refuseHost(config.Host)
	switch {
	case reason == "":
	case config.Host == apiURL && data.Host.ValueString() == "" && getenv(envHost) == "":
		addArgumentError(&diags, "project_key", envProjectKey, data.ProjectKey, "Credential file refused",
			"The api_url in the credential file "+reason+". Set host to override it.")
	default:
		addArgumentError(&diags, "host", envHost, data.Host, "Invalid host", "The host "+reason+".")
	}
	return diags
}

// refuseHost says why a base URL can't be used, or returns "". A secret must
// not cross a network in the clear, so plain http is for loopback only.
func refuseHost(host string) string {
	base, err := url.Parse(host)
	switch {
	case !strings.Contains(host, "://"):
		return "is not a URL: it does not begin with https://. Give all of it, such as " + streamkap.DefaultHost
	case err != nil || base.Host == "" || (base.Scheme != "https" && base.Scheme != "http"):
		return "is not a URL such as " + streamkap.DefaultHost
	case base.User != nil || strings.ContainsAny(host, "?#"):
		return "may hold a scheme, a host, a port and a path, and nothing else"
	case base.Scheme == "http" && !isLoopback(base.Hostname()):
		return "uses plain http, which is accepted for a loopback address only: the client secret would be readable on the network. Use https"
	}
	return ""
}

func isLoopback(hostname string) bool {
	if strings.EqualFold(hostname, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(hostname)
	return err == nil && address.IsLoopback()
}

// addArgumentError puts an error on the argument, or names the environment
// variable where that is what the value came from.
func addArgumentError(diags *diag.Diagnostics, argument, env string, value types.String, summary, detail string) {
	if value.ValueString() != "" {
		diags.AddAttributeError(path.Root(argument), summary, detail)
		return
	}
	diags.AddError(summary, detail+"\n\nThe value comes from the environment variable "+env+".")
}

// origin says which of an argument and an environment variable a value is from.
func origin(argument, env string, value types.String) string {
	if value.ValueString() != "" {
		return "the argument " + argument
	}
	return "the environment variable " + env
}
