// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

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

// setting is a value of the provider block or, where that has none, of the
// environment.
type setting struct {
	value string
	// argument and variable are its name, one of them empty.
	argument, variable string
}

// lookUp finds a setting. Invisible characters at its ends come from files and
// terminals, and are removed. A text that is empty then counts as not given.
func lookUp(getenv func(string) string, argument string, value types.String, variables ...string) setting {
	if text := streamkap.Trim(value.ValueString()); text != "" {
		return setting{value: text, argument: argument}
	}
	for _, variable := range variables {
		if text := streamkap.Trim(getenv(variable)); text != "" {
			return setting{value: text, variable: variable}
		}
	}
	return setting{}
}

func (s setting) origin() string {
	switch {
	case s.argument != "":
		return "the argument " + s.argument
	case s.variable != "":
		return "the environment variable " + s.variable
	}
	return ""
}

// refuse puts an error on the argument, or names the environment variable.
func (s setting) refuse(diags *diag.Diagnostics, summary, detail string) {
	if s.argument != "" {
		diags.AddAttributeError(path.Root(s.argument), summary, detail)
		return
	}
	diags.AddError(summary, detail+"\n\nThe value comes from the environment variable "+s.variable+".")
}

// clientConfig finds the host and the credentials. Credentials that are missing or
// not known yet are no error here, but of the first call that needs them.
func clientConfig(data StreamkapProviderModel, getenv func(string) string) (config streamkap.Config, diags diag.Diagnostics) {
	config.MaxRetries = streamkap.DefaultMaxRetries
	if !data.MaxRetries.IsNull() && !data.MaxRetries.IsUnknown() {
		config.MaxRetries = int(data.MaxRetries.ValueInt64())
	}
	if unknown := unknownArgument(data); unknown != "" {
		config.Unusable = streamkap.Unusable(fmt.Sprintf("The provider argument %q is not known yet: "+
			"it depends on a resource that is still to be created or changed. Apply that resource first, for example with -target, "+
			"or take the value from somewhere that is known during a plan.", unknown))
		return config, nil
	}
	config.ServiceID = lookUp(getenv, "service_id", data.ServiceID, envServiceID).value
	host := lookUp(getenv, "host", data.Host, envHost)
	clientID := lookUp(getenv, "client_id", data.ClientID, envClientID)
	secret := lookUp(getenv, "secret", data.Secret, envSecret, envClientSecret)
	file := lookUp(getenv, "project_key", data.ProjectKey, envProjectKey)
	// An argument has priority over the environment, and there a pair over a file.
	inBlock := clientID.argument != "" || secret.argument != ""
	if file.argument == "" && (inBlock || clientID.value != "" && secret.value != "") {
		file = setting{}
	}
	apiURL := ""
	if file.value != "" {
		var err error
		if apiURL, err = config.UseFile(file.value); err != nil {
			file.refuse(&diags, "Credential file refused", "The credential file of the provider can't be used: "+err.Error()+".\n\n"+howToAuthenticate)
		}
		config.Origins.Credentials = "the credential file in " + file.origin()
	} else {
		setPair(&config, clientID, secret)
	}
	setHost(&config, host, file, apiURL, &diags)
	return config, diags
}

func setPair(config *streamkap.Config, clientID, secret setting) {
	lacks := ""
	switch {
	case clientID.value == "" && secret.value == "":
		lacks = "no credentials"
	case clientID.value == "":
		lacks = "a secret but no client_id"
	case secret.value == "":
		lacks = "a client_id but no secret"
	}
	if lacks != "" {
		config.Unusable = streamkap.Unusable("The provider has " + lacks + ". " + howToAuthenticate)
	}
	config.ClientID, config.Secret = clientID.value, secret.value
	config.Origins.Credentials = clientID.origin()
}

func unknownArgument(data StreamkapProviderModel) string {
	names := []string{"host", "client_id", "secret", "project_key", "service_id"}
	for i, value := range []types.String{data.Host, data.ClientID, data.Secret, data.ProjectKey, data.ServiceID} {
		if value.IsUnknown() {
			return names[i]
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
	switch value := streamkap.Trim(getenv(envPreflight)); value {
	case "true":
		return true
	case "false", "":
	default:
		diags.AddError("STREAMKAP_PREFLIGHT is neither true nor false",
			fmt.Sprintf("The environment variable %s is %q. Set it to true to have plans checked against Streamkap, to false, or to nothing.", envPreflight, value))
	}
	return false
}

// refuseFileBesidePair refuses a file beside a pair in one provider block. A value
// that is not known yet may turn out to be empty.
func refuseFileBesidePair(data StreamkapProviderModel, diags *diag.Diagnostics) {
	given := func(value types.String) bool { return streamkap.Trim(value.ValueString()) != "" }
	if !given(data.ProjectKey) || !given(data.ClientID) && !given(data.Secret) {
		return
	}
	diags.AddAttributeError(path.Root("project_key"), "Two sets of provider credentials",
		"The provider block has project_key beside client_id or secret, and each of the two says on its own who the provider is. Keep one of them.")
}

func setHost(config *streamkap.Config, host, file setting, apiURL string, diags *diag.Diagnostics) {
	switch {
	case host.value == "" && apiURL == "":
		config.Host = streamkap.DefaultHost
	case host.value == "":
		config.Host, config.Origins.Host = apiURL, streamkap.APIURLOfFile
		if reason := streamkap.RefuseHost(apiURL); reason != "" {
			file.refuse(diags, "Credential file refused", "The api_url in the credential file "+reason+". Set host to override it.")
		}
	default:
		config.Host, config.Origins.Host = host.value, host.origin()
		if reason := streamkap.RefuseHost(host.value); reason != "" {
			host.refuse(diags, "Invalid host", "The host "+reason+".")
		}
	}
}
