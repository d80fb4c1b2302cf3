// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// refused are configurations that a plan refuses. at is the beginning of the
// line that the error points at; it is empty where no attribute is at fault.
var refused = []struct {
	name string
	body string
	at   string
	says string
}{
	{"no access at all", key(named), "", "The key would give access to nothing. It needs role_ids, permission_ids or a kafka block"},
	{"empty name", key(`name = ""`, adminRole), `name = ""`, "A name has 1 to 100 characters, and this one has 0"},
	{"no roles", key(named, `role_ids = []`), `role_ids = []`, "role_ids is an empty set. Name at least one role"},
	{"no permissions", key(named, `permission_ids = []`), `permission_ids = []`, "Name at least one permission"},
	{"roles and permissions", key(named, adminRole, `permission_ids = ["a"]`), `role_ids = `, "A key has either role_ids or permission_ids"},
	{"kafka block without username", key(named, "kafka {\npassword = \""+password+"\"\n}"), `kafka {`, "A kafka block needs a username"},
	{"Kafka access without a password", key(named, kafkaWith("")), `kafka {`, "Kafka access can't be created without a password, and the kafka block has none"},
	{"password with a line break at its end", key(named, kafkaWith(`password = "Trailing-newline-1\n"`)), `password = `, `trimspace(file("PATH")) leaves out white space`},
	{"write-only password too weak", key(named, kafkaWith("password_wo = \"weak\"\npassword_wo_version = 1")), `password_wo = `, "has 4 characters"},
	{"write-only password without a version", key(named, kafkaWith(fmt.Sprintf("password_wo = %q", keptPassword))), `password_wo = `, "Set password_wo_version, to 1 at first"},
	{"version without a write-only password", key(named, kafkaWith("password_wo_version = 1")), `password_wo_version = `, "password_wo is null, or not set. A variable that it comes from has no value in this run"},
	{"no addresses", key(named, kafka(`whitelist_ips = []`)), `whitelist_ips = []`, "Do not leave whitelist_ips out, or set it to null, unless every address may connect"},
	{"no address", key(named, kafka(`whitelist_ips = ["10.0.0.256"]`)), `whitelist_ips = `, "neither an IPv4 address"},
	{"operation that a group does not take", key(named, kafka(acl("a", "GROUP", "WRITE", "LITERAL"))), `operation = "WRITE"`, `A rule for a GROUP allows DELETE, DESCRIBE, READ; acl block 1 (WRITE on GROUP a (LITERAL)) has "WRITE"`},
	{"unknown pattern type", key(named, kafka(acl("a", "TOPIC", "READ", "REGEX"))), `pattern_type = "REGEX"`, "value must be one of"},
	{"an empty role", key(named, `role_ids = ["", "a"]`), `role_ids = `, "One of role_ids is an empty text"},
	{"a role that is null", key(named, `role_ids = [null]`), `role_ids = `, "This attribute contains a null value"},
	{"less than no time to read", key(named, adminRole, "timeouts {\nread = \"-5m\"\n}"), `read = "-5m"`, "leaves no time for anything"},
	{"the same rule twice", key(named, kafka(acl("a", "TOPIC", "READ", "LITERAL"), "acl {\nname = \"a\"\noperation = \"READ\"\n}")), `name = "a"`, "acl blocks 1 and 2"},
	{"unknown tool profile", key(named, adminRole, "mcp {\ntool_profile = \"all\"\n}"), `tool_profile = "all"`, "value must be one of"},
	{"no allowed tools", key(named, adminRole, "mcp {\nallowed_tools = []\n}"), `allowed_tools = []`, "Do not leave allowed_tools out, or set it to null, unless every tool of tool_profile may be called"},
	{"no blocked tools", key(named, adminRole, "mcp {\nblocked_tools = []\n}"), `blocked_tools = []`, "Where no tool is to be blocked, leave it out, or set it to null"},
	{"no recipients", key(named, adminRole, `secret_recipients = []`), `secret_recipients = []`, "unless the state may hold the key's secrets in clear"},
	{"a role with a line break", key(named, `role_ids = ["a\n"]`), `role_ids = `, "One of the role ids has a line break (U+000A), as its last character"},
	{"a tool with a tab", key(named, adminRole, "mcp {\nallowed_tools = [\"a\\tb\"]\n}"), `allowed_tools = `, "One of the tool names has a tab (U+0009), as character 2 of 3"},
	{"a recipient with a line break", key(named, adminRole, `secret_recipients = ["age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj\n"]`), `secret_recipients = `, "has a line break (U+000A), as its last character"},
	{"an empty password", key(named, kafkaWith(`password = ""`)), `password = ""`, "password is empty. A variable that it comes from has no value in this run"},
	{"an empty write-only password", key(named, kafkaWith("password_wo = \"\"\npassword_wo_version = 1")), `password_wo = ""`, "password_wo is empty. A variable that it comes from has no value in this run"},
	{"a status that no key has", "data \"streamkap_project_keys\" \"test\" {\nstatus = \"Activ\"\n}\n", `status = "Activ"`, `No project key has the status "Activ"`},
	{"scope without API access", key(named, kafka(), "mcp {\ntool_profile = \"read-only\"\n}"), `tool_profile = `, "An AI agent uses a key through its API access"},
}

// once are configurations with one thing wrong, of which one error tells.
var once = map[string]string{
	"roles and permissions":      key(named, adminRole, `permission_ids = ["a"]`),
	"roles and no permissions":   key(named, adminRole, `permission_ids = []`),
	"no roles and permissions":   key(named, `role_ids = []`, `permission_ids = ["a"]`),
	"no roles":                   key(named, `role_ids = []`),
	"both passwords":             key(named, kafkaWith(fmt.Sprintf("password = %q\npassword_wo = %q\npassword_wo_version = 1", keptPassword, keptPassword))),
	"a username of wrong length": key(named, kafkaNamed("A")),
	"an empty role":              key(named, `role_ids = [""]`),
	"a rule of a space":          key(named, kafka(acl(" ", "TOPIC", "READ", "LITERAL"))),
}

func TestAccPlan_OneFaultIsOneError(t *testing.T) {
	for name, body := range once {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			w := acctest.NewWorkspace(t, s)
			w.Write("main.tf", acctest.Required+body)
			printed, err := w.Try("plan", "-no-color")
			if n := strings.Count(printed, "Error: "); err == nil || n != 1 {
				t.Errorf("%d errors:\n%s", n, printed)
			}
		})
	}
}

// TestAccPlan_EmptyPasswordIsNeededOnlyWhereItIsSent is a pipeline whose
// variable of the password is set to nothing, for drift plans and a destroy.
func TestAccPlan_EmptyPasswordIsNeededOnlyWhereItIsSent(t *testing.T) {
	for _, argument := range []string{"password = var.word", "password_wo = var.word\npassword_wo_version = var.edition"} {
		t.Run(argument, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			w := acctest.NewWorkspace(t, s)
			w.Write("main.tf", acctest.Required+"variable \"word\" {\nsensitive = true\n}\nvariable \"edition\" {\ndefault = 1\n}\n"+key(named, kafkaWith(argument)))
			w.Setenv("TF_VAR_word", keptPassword)
			w.Run("apply", "-auto-approve")
			made := s.Keys()[0]
			w.Setenv("TF_VAR_word", "")
			w.Run("plan", "-detailed-exitcode")
			if strings.Contains(argument, "edition") {
				printed, err := w.Try("plan", "-no-color", "-var=edition=2")
				if said := acctest.OneLine(printed); err == nil || !strings.Contains(said, "password_wo is empty. A variable that it comes from has no value") {
					t.Errorf("a rotation says: %s", said)
				}
			}
			if now := s.Keys()[0]; now.KafkaPassword != made.KafkaPassword || now.PasswordRotations != 0 {
				t.Error("the password is another one")
			}
			w.Run("destroy", "-auto-approve")
		})
	}
}

func kafkaNamed(username string) string {
	return fmt.Sprintf("kafka {\nusername = %q\npassword = %q\n}", username, keptPassword)
}

func TestAccPlan_InvalidConfigurationsRefused(t *testing.T) {
	for _, refusal := range refused {
		t.Run(refusal.name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{})
			scenario(t, resource.TestStep{
				Config:      s.Config(refusal.body),
				PlanOnly:    true,
				ExpectError: pointingAt(refusal.at, refusal.says),
			})
			if requests := s.Requests(); len(requests) != 0 {
				t.Errorf("the plan made %d requests", len(requests))
			}
		})
	}
}

// TestAccPlan_PasswordOfTwoFormsWarned gives the password decomposed,
// which is not how the service gets it.
func TestAccPlan_PasswordOfTwoFormsWarned(t *testing.T) {
	const warning = "Warning: Kafka password with characters that have two forms"
	for name, password := range map[string]struct {
		given, sent string
		warns       bool
	}{
		"decomposed":                      {"Cafe\u0301-password-1", "Caf\u00e9-password-1", true},
		"composed":                        {"Caf\u00e9-password-1", "Caf\u00e9-password-1", true},
		"of one form, and a space inside": {"\u00df \u5bc6 \u20ac-Password-1", "\u00df \u5bc6 \u20ac-Password-1", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{})
			w := acctest.NewWorkspace(t, s)
			w.Write("main.tf", acctest.Required+key(named, kafkaWith(`password = "`+password.given+`"`)))
			printed := acctest.OneLine(w.Run("apply", "-no-color", "-auto-approve"))
			if strings.Contains(printed, warning) != password.warns {
				t.Errorf("it says: %s", printed)
			}
			if got := s.Keys()[0].KafkaPassword; got != password.sent {
				t.Errorf("the service was sent %+q, expected %+q", got, password.sent)
			}
		})
	}
}

// pointingAt matches an error that says this and quotes the line that begins
// so. Both are matched however the CLI wraps lines.
func pointingAt(at, says string) *regexp.Regexp {
	pattern := strings.Join(quoteWords(says), `[\s│]+`)
	if at != "" {
		pattern = `\d+:\s+` + regexp.QuoteMeta(at) + `(?s:.*?)` + pattern
	}
	return regexp.MustCompile(pattern)
}

func quoteWords(text string) []string {
	words := strings.Fields(text)
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	return words
}

func TestAccPlan_UnknownValuesAccepted(t *testing.T) {
	unknown := `
resource "terraform_data" "later" {
  input = {
    role = "` + simulator.RoleAdmin + `"
    word = "` + keptPassword + `"
    name = "orders-consumer"
    address = "10.0.0.1"
    rules = [{ name = "a", resource = "GROUP", operation = "READ" }]
    profile = "read-only"
    registry = true
  }
}
`
	for name, body := range map[string]string{
		"attributes": key(
			`name = terraform_data.later.output.name`,
			`role_ids = [terraform_data.later.output.role]`,
			"kafka {\nusername = terraform_data.later.output.name\npassword = terraform_data.later.output.word\n"+
				"whitelist_ips = [terraform_data.later.output.address]\nschema_registry = terraform_data.later.output.registry\n"+
				"acl {\nname = terraform_data.later.output.name\nresource = terraform_data.later.output.rules[0].resource\noperation = terraform_data.later.output.rules[0].operation\n}\n}",
			"mcp {\ntool_profile = terraform_data.later.output.profile\nallowed_tools = [terraform_data.later.output.name]\n}",
		),
		"blocks": key(named, `role_ids = toset([terraform_data.later.output.role])`, `
  dynamic "kafka" {
    for_each = terraform_data.later.output.rules
    content {
      username = "orders-consumer"
      password = terraform_data.later.output.word
      dynamic "acl" {
        for_each = terraform_data.later.output.rules
        content {
          name      = acl.value.name
          resource  = acl.value.resource
          operation = acl.value.operation
        }
      }
    }
  }
  dynamic "mcp" {
    for_each = terraform_data.later.output.rules
    content {
      tool_profile = "read-only"
    }
  }
`),
	} {
		t.Run(name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{})
			scenario(t, apply(s, unknown+body, plancheck.ResourceActionCreate, secretsMatch(s)))
		})
	}
}
