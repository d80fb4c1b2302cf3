// SPDX-License-Identifier: MPL-2.0

package function

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

var _ function.Function = &KafkaClientPropertiesFunction{}

// KafkaClientPropertiesFunction writes the configuration of a Java client.
type KafkaClientPropertiesFunction struct{}

// NewKafkaClientPropertiesFunction makes the function.
func NewKafkaClientPropertiesFunction() function.Function {
	return &KafkaClientPropertiesFunction{}
}

// Metadata names the function.
func (f *KafkaClientPropertiesFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "kafka_client_properties"
}

// Definition describes the function.
func (f *KafkaClientPropertiesFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Writes the client.properties of a Java Kafka client",
		MarkdownDescription: "Returns the text of the `client.properties` with which a Java client uses a project key's Kafka access: " +
			"`bootstrap.servers`, `security.protocol`, `sasl.mechanism` and `sasl.jaas.config`. " +
			"User name and password are quoted for the JAAS line and escaped for a properties file, whatever characters they are made of, and the text is plain ASCII. " +
			"The tools of Kafka itself take it with `--command-config`, `--consumer.config` or `--producer.config`.\n\n" +
			"It makes no request. The result is sensitive where the password is, and ephemeral where the password is, " +
			"so that a password that is in no state can be passed on to a write-only argument, such as that of a secret store. " +
			"Give it a value that Terraform knows to be sensitive: beside an error Terraform itself shows the values of names that are not.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "bootstrap_servers",
				MarkdownDescription: "Addresses of the brokers, joined by commas: `kafka.bootstrap_servers` of the key.",
			},
			function.StringParameter{
				Name:                "username",
				MarkdownDescription: "Kafka user name of the key.",
			},
			function.StringParameter{
				Name:                "password",
				MarkdownDescription: "Kafka password of the key.",
			},
		},
		Return: function.StringReturn{},
	}
}

// Run writes the text.
func (f *KafkaClientPropertiesFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var servers, username, password string
	if resp.Error = req.Arguments.Get(ctx, &servers, &username, &password); resp.Error != nil {
		return
	}
	for i, argument := range []string{servers, username, password} {
		if reason := objection(argument); reason != "" {
			// One at a time: Terraform would name the first argument alone.
			resp.Error = function.NewArgumentFuncError(int64(i), reason)
			return
		}
	}
	resp.Error = resp.Result.Set(ctx, clientProperties(servers, username, password))
}

// objection says what no client could use. Terraform ends the sentence.
func objection(argument string) string {
	switch {
	case argument == "":
		return "The value is empty"
	case strings.Contains(argument, "\x00"):
		return "The value holds a null character, which ends a field when a client logs in"
	default:
		return ""
	}
}

// clientProperties is a file for java.util.Properties.
func clientProperties(servers, username, password string) string {
	login := "org.apache.kafka.common.security.plain.PlainLoginModule required" +
		" username=" + jaasQuote(username) + " password=" + jaasQuote(password) + ";"
	var file strings.Builder
	for _, property := range [][2]string{
		{"bootstrap.servers", servers},
		{"security.protocol", "SASL_SSL"},
		{"sasl.mechanism", "PLAIN"},
		{"sasl.jaas.config", login},
	} {
		file.WriteString(property[0] + "=" + escape(property[1]) + "\n")
	}
	return file.String()
}

// jaasQuote writes a text so that Kafka reads it from a JAAS line as it was.
// Kafka takes the line apart with a java.io.StreamTokenizer, to which a
// backslash begins an escape, and the end of a line is the end of the quote.
func jaasQuote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`).Replace(text) + `"`
}

// escape writes a text as the value of a property. It escapes what has to be,
// and nothing else: the line then looks as it does in Kafka's documentation,
// and a reader that knows less than Java understands it as well.
func escape(value string) string {
	var escaped strings.Builder
	for i, c := range value {
		switch {
		case c == '\\':
			escaped.WriteString(`\\`)
		case c == ' ' && i == 0:
			escaped.WriteString(`\ `)
		case c < ' ' || c > '~':
			for _, unit := range utf16.Encode([]rune{c}) {
				fmt.Fprintf(&escaped, `\u%04X`, unit)
			}
		default:
			escaped.WriteRune(c)
		}
	}
	return escaped.String()
}
