// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
)

// frameworkLevels are the variables that say what the plugin framework and the
// SDK below it write to the log.
var frameworkLevels = []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK"}

// logVariables are all that have Terraform keep what a provider writes.
var logVariables = append([]string{"TF_LOG", "TF_LOG_PROVIDER"}, frameworkLevels...)

// DisableSDKLogs turns off messages that nobody reads, and returns an option that
// turns off the provider's own. Terraform drops what a provider writes unless one of
// these variables is set; a debugger shows it, unless TF_LOG is off. The framework
// has several messages for every attribute, which take a quarter of the time to plan
// a thousand ACL rules, and half of it for four thousand. The provider's own have to
// be masked.
func DisableSDKLogs(debugged bool) Option {
	read := debugged && !strings.EqualFold(os.Getenv("TF_LOG"), "off")
	for _, name := range logVariables {
		level := os.Getenv(name)
		read = read || level != "" && !strings.EqualFold(level, "off")
	}
	if read {
		return func(*StreamkapProvider) {}
	}
	for _, name := range frameworkLevels {
		_ = os.Setenv(name, "OFF")
	}
	return func(p *StreamkapProvider) { p.quiet = true }
}

// logDebug is how the provider logs: with every known secret masked, in the message
// and in its fields.
func logDebug(ctx context.Context, message string, fields map[string]any) {
	cleaned := make(map[string]any, len(fields))
	for name, value := range fields {
		if text, ok := value.(string); ok {
			value = secret.Clean(text)
		}
		cleaned[name] = value
	}
	tflog.Debug(ctx, secret.Clean(message), cleaned)
}

// envProtocolData has the SDK write what Terraform sends and is sent, write-only
// values among it, to files that everybody can read.
const envProtocolData = "TF_LOG_SDK_PROTO_DATA_DIR"

// SilenceStdLog turns off what would bypass the provider's own log. net/http writes
// to the standard logger: unsolicited answers, and with GODEBUG=http2debug all that
// goes over a connection. It has to be called before the provider is served. It
// writes to notes what it turned off.
func SilenceStdLog(notes io.Writer) {
	log.SetOutput(io.Discard)
	if os.Getenv(envProtocolData) == "" {
		return
	}
	_ = os.Unsetenv(envProtocolData)
	_, _ = fmt.Fprintf(notes, "[WARN] %s is ignored: the files would hold secrets in clear, write-only values among them\n", envProtocolData)
}
