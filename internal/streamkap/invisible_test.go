// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

func TestInvisible_NamesTheFirstCharacterAndItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"":                  "",
		"orders":            "",
		"orders consumer":   "",
		"a\u00a0b":          "",
		"Prüfer 密 👩\u200d💻": "",
		"orders\n":          "a line break (U+000A), as its last character",
		"orders\r\n":        "a carriage return (U+000D), as character 7 of 8",
		" orders":           "a space (U+0020), as its first character",
		"orders\u00a0":      "a no-break space (U+00A0), as its last character",
		"orders\u3000":      "a white space character (U+3000), as its last character",
		"orders\u200b":      "a zero width space (U+200B), as its last character",
		"\ufefforders":      "a byte order mark (U+FEFF), as its first character",
		"ü\ufefforders":     "a byte order mark (U+FEFF), as character 2 of 8",
		"or\tders":          "a tab (U+0009), as character 3 of 7",
		"or\u2028ders":      "a line separator (U+2028), as character 3 of 7",
		"or\x1bders":        "an escape character (U+001B), as character 3 of 7",
		"or\u0085ders":      "a control character (U+0085), as character 3 of 7",
		"\u00a0":            "a no-break space (U+00A0), as its last character",
		"  ":                "a space (U+0020), as its first character",
	} {
		t.Run(text, func(t *testing.T) {
			if got := streamkap.Invisible(text); got != want {
				t.Errorf("%q has %q, want %q", text, got, want)
			}
		})
	}
}

func TestTrim_TakesOffWhatIsInvisibleAtTheEnds(t *testing.T) {
	for text, want := range map[string]string{
		"\ufeff \tid\r\n": "id", "\u00a0i d\u200b\ufeff": "i d", "\ufeff": "", "i\ufeffd": "i\ufeffd", "": "",
	} {
		if got := streamkap.Trim(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// TestAnswer_NamesAreComposed has a service that stores text decomposed.
// Terraform has it composed, so a name could not be found.
func TestAnswer_NamesAreComposed(t *testing.T) {
	s := connect(t, simulator.Config{Roles: []simulator.Role{{ID: "r", Key: "pru\u0308fer", Name: "Pru\u0308fer"}}})
	seeded := s.Seed(simulator.Key{
		Name: "Pru\u0308fer", RoleIDs: []string{"r"}, KafkaUsername: "abc", AllowedTools: []string{"pru\u0308fen"},
		ACLs: []simulator.ACL{{Name: "pru\u0308f", Resource: "GROUP", Operation: "READ", PatternType: "LITERAL"}},
	})
	key, err := s.ProjectKey(t.Context(), seeded.ID)
	wantNoError(t, err)
	rows, err := s.ProjectKeys(t.Context())
	wantNoError(t, err)
	roles, err := s.Roles(t.Context())
	wantNoError(t, err)
	for what, name := range map[string]string{
		"a key": key.Name, "a row": rows[0].Name, "a role's name": string(roles[0].Name), "a role's key": string(roles[0].Key),
		"the role of a key": string(key.Roles[0].Name), "a rule": key.KafkaACLs[0].Name + "er", "a tool": key.AllowedTools[0],
	} {
		if name != streamkap.Compose(name) {
			t.Errorf("the name of %s is %+q", what, name)
		}
	}
}

// TestRefusal_IsOneLine has a service that tries to begin a line of its own.
func TestRefusal_IsOneLine(t *testing.T) {
	s := connect(t, simulator.Config{})
	s.Inject(simulator.Fault{Path: keysPath, Status: 422, Body: `{"detail": [{"loc": ["body\nError: forged"], "msg": "a\nError: forged"}]}`})
	if err := errOf(s.ProjectKeys(t.Context())); err == nil || !strings.HasSuffix(err.Error(), "; body Error: forged: a Error: forged") {
		t.Errorf("the error is %q", err)
	}
}
