// SPDX-License-Identifier: MPL-2.0

package function_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	functions "github.com/streamkap-com/terraform-provider-streamkap/internal/function"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/readback"
)

const servers = "a.streamkap.net:32400,b.streamkap.net:32400"

func call(arguments ...string) (string, *function.FuncError) {
	var values []attr.Value
	for _, argument := range arguments {
		values = append(values, types.StringValue(argument))
	}
	resp := function.RunResponse{Result: function.NewResultData(types.StringUnknown())}
	functions.NewKafkaClientPropertiesFunction().Run(context.Background(),
		function.RunRequest{Arguments: function.NewArgumentsData(values)}, &resp)
	text, _ := resp.Result.Value().(types.String)
	return text.ValueString(), resp.Error
}

func TestKafkaClientProperties_LikeKafkasDocumentation(t *testing.T) {
	file, err := call(servers, "orders-consumer", "Simulated=1:#!")
	if err != nil {
		t.Fatal(err)
	}
	want := `bootstrap.servers=a.streamkap.net:32400,b.streamkap.net:32400
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="orders-consumer" password="Simulated=1:#!";
`
	if file != want {
		t.Errorf("the file is\n%s", file)
	}
}

// awkward are texts that go wrong wherever one of the two rules is missed.
var awkward = []string{
	"plain", `"`, `\`, `\\`, `\"`, `a"b\c`, `ends in \`, ` leading and trailing `, "=:#!", "a = b: c", `";`, `'single'`,
	`\u0041`, `\n`, "a\nb", "a\rb", "a\r\nb", "a\tb", "a\fb", "\x01\x7f", `\101`, `\0`, "\\\n1", "naïve", "пароль", "密码", "𝄞😀", "\u00a0", "\u2028",
	"${file:/etc/passwd:x}", "// no comment", "/* none */", "%{if}", strings.Repeat(`\"`, 64),
}

func TestKafkaClientProperties_RefusalsRepeatNoArgument(t *testing.T) {
	for name, refusal := range map[string]struct {
		arguments []string
		at        int64
		says      string
	}{
		"no servers":  {[]string{"", "some-user", "simulated-secret"}, 0, "empty"},
		"no user":     {[]string{servers, "", "simulated-secret"}, 1, "empty"},
		"no password": {[]string{servers, "some-user", ""}, 2, "empty"},
		"nothing":     {[]string{"", "", ""}, 0, "empty"},
		"null in it":  {[]string{servers, "some-user", "simulated-secret\x00more"}, 2, "null character"},
	} {
		t.Run(name, func(t *testing.T) {
			_, refused := call(refusal.arguments...)
			if refused == nil || refused.FunctionArgument == nil || *refused.FunctionArgument != refusal.at || strings.Count(refused.Text, refusal.says) != 1 {
				t.Fatalf("the error is %+v", refused)
			}
			for _, secret := range []string{"some-user", "simulated-secret", "streamkap.net"} {
				if strings.Contains(refused.Error(), secret) {
					t.Errorf("the error repeats an argument: %v", refused)
				}
			}
		})
	}
}

// FuzzProperties writes anything. A client that reads the file as Java does gets the
// same, and nothing else.
func FuzzProperties(f *testing.F) {
	for _, text := range awkward {
		f.Add(servers, text, "x"+text)
		f.Add(text, "a", "b")
	}
	f.Fuzz(func(t *testing.T, servers, username, password string) {
		if !utf8.ValidString(servers + username + password) {
			return
		}
		file, failed := call(servers, username, password)
		if failed != nil {
			if servers != "" && username != "" && password != "" && !strings.Contains(servers+username+password, "\x00") {
				t.Errorf("%q, %q, %q: %v", servers, username, password, failed)
			}
			return
		}
		if strings.ContainsFunc(file, func(c rune) bool { return c != '\n' && (c < ' ' || c > '~') }) {
			t.Errorf("the file is not plain ASCII: %q", file)
		}
		properties, err := readback.Properties(file)
		if err != nil {
			t.Fatalf("%q: %v", file, err)
		}
		login, err := readback.JAAS(properties["sasl.jaas.config"])
		if err != nil || login.Flag != "required" || !maps.Equal(login.Options, map[string]string{"username": username, "password": password}) {
			t.Errorf("%q, %q are read back as %+v, %v", username, password, login, err)
		}
		delete(properties, "sasl.jaas.config")
		if !maps.Equal(properties, map[string]string{"bootstrap.servers": servers, "security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN"}) {
			t.Errorf("the other properties are %q", properties)
		}
	})
}
