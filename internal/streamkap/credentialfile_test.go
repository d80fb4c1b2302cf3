// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// The name makes both alphabets of Base64 differ, and the length needs padding.
const fileText = `{
  "type": "streamkap_project_key",
  "project_key_id": "6f1c",
  "project": {"service_id": "65e9", "name": "Orders ~~~???>>>"},
  "api": {
    "client_id": "client-1",
    "client_secret": "s3cret-value",
    "token_endpoint": "https://api.example.com/auth/access-token",
    "api_url": "https://api.example.com",
    "roles": ["Admin"]
  },
  "kafka": null,
  "kafka_acls": null,
  "created_at": "2025-01-01T00:00:00Z",
  "created_by": {"id": "someone"},
  "a_new_field": {"of": "which nobody knows"}
}`

func encoded(encoding *base64.Encoding) string { return encoding.EncodeToString([]byte(fileText)) }

// wrapped is a text with a line break after every 64 characters.
func wrapped(text, lineBreak string) string {
	return regexp.MustCompile(".{64}").ReplaceAllString(text, "$0"+lineBreak)
}

func TestParseCredentialFile_EveryForm(t *testing.T) {
	var want streamkap.CredentialFile
	wantNoError(t, json.Unmarshal([]byte(fileText), &want))
	for name, text := range map[string]string{
		"JSON":                              fileText,
		"JSON with space around it":         "\n\t " + fileText + "\r\n",
		"Base64":                            encoded(base64.StdEncoding),
		"Base64 without padding":            encoded(base64.RawStdEncoding),
		"URL Base64":                        encoded(base64.URLEncoding),
		"URL Base64 without padding":        encoded(base64.RawURLEncoding),
		"Base64 in lines":                   wrapped(encoded(base64.StdEncoding), "\n") + "\n",
		"Base64 in Windows lines":           wrapped(encoded(base64.StdEncoding), "\r\n"),
		"Base64 indented":                   "  " + wrapped(encoded(base64.URLEncoding), "\n\t "),
		"byte order mark inside the Base64": "\u00a0" + base64.StdEncoding.EncodeToString([]byte("\ufeff"+fileText+"\r\n")) + "\u200b\n",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := streamkap.ParseCredentialFile(text)
			if wantNoError(t, err); !reflect.DeepEqual(*got, want) {
				t.Errorf("got  %+v\nwant %+v", *got, want)
			}
		})
	}
}

func TestParseCredentialFile_WhatItGivesAccessTo(t *testing.T) {
	for members, want := range map[string][2]bool{
		``:                                {false, false},
		`, "api": null, "kafka": null`:    {false, false},
		`, "api": {}, "kafka": {}`:        {false, false},
		`, "api": {"client_id": "c"}`:     {true, false},
		`, "kafka": {"username": "user"}`: {false, true},
	} {
		file, err := streamkap.ParseCredentialFile(`{"type": "streamkap_project_key"` + members + `}`)
		if wantNoError(t, err); file.HasAPI() != want[0] || file.HasKafka() != want[1] {
			t.Errorf("%s: API %v, Kafka %v", members, file.HasAPI(), file.HasKafka())
		}
	}
}

func TestCredentialFile_WrittenAsItWasRead(t *testing.T) {
	const text = `{"type":"streamkap_project_key","project_key_id":"k","project":{"service_id":"s","name":"Orders"},` +
		`"api":{"client_id":"c","client_secret":"s","token_endpoint":"t","api_url":"u","roles":["r"]},` +
		`"kafka":{"username":"u","password":"p","bootstrap_servers":"b","security_protocol":"SASL_SSL","sasl_mechanism":"PLAIN","schema_registry_url":null},` +
		`"kafka_acls":[{"name":"orders","resource":"TOPIC","operation":"READ","resource_pattern_type":"LITERAL"}],` +
		`"tool_profile":null,"allowed_tools":null,"blocked_tools":["b"],"created_at":"2025-01-01T00:00:00Z","created_by":{"id":"x"}}`
	file, err := streamkap.ParseCredentialFile(text)
	wantNoError(t, err)
	if again, err := json.Marshal(file); err != nil || string(again) != text {
		t.Errorf("got  %s (%v)\nwant %s", again, err, text)
	}
}

func TestParseCredentialFile_WhatIsNone(t *testing.T) {
	base64Of := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	for name, test := range map[string]struct {
		text string
		want error
	}{
		"nothing":                {"", streamkap.ErrFileEmpty},
		"space":                  {" \r\n\t", streamkap.ErrFileEmpty},
		"a password":             {"hunter2-hunter2!", streamkap.ErrFileNotJSON},
		"letters":                {"hunter2hunter2", streamkap.ErrFileNotJSON},
		"cut off":                {fileText[:200], streamkap.ErrFileNotJSON},
		"something after it":     {fileText + "x", streamkap.ErrFileNotJSON},
		"two of them":            {fileText + fileText, streamkap.ErrFileNotJSON},
		"Base64 cut off":         {encoded(base64.StdEncoding)[:100], streamkap.ErrFileNotJSON},
		"Base64 of text":         {base64Of("hunter2"), streamkap.ErrFileNotJSON},
		"Base64 twice":           {base64Of(encoded(base64.StdEncoding)), streamkap.ErrFileNotJSON},
		"Base64 of a list":       {base64Of("[" + fileText + "]"), streamkap.ErrFileNotJSON},
		"a list":                 {"[" + fileText + "]", streamkap.ErrFileNotJSON},
		"JSON text":              {`"hunter2"`, streamkap.ErrFileNotJSON},
		"a path":                 {"/home/someone/streamkap-project-key.json", streamkap.ErrFileIsPath},
		"a path without an end":  {"~/keys/orders", streamkap.ErrFileIsPath},
		"a path on Windows":      {`C:\keys\orders`, streamkap.ErrFileIsPath},
		"a path and a line":      {"./keys/orders\n", streamkap.ErrFileIsPath},
		"a name of a file":       {"orders.json", streamkap.ErrFileIsPath},
		"a byte order mark":      {"\ufeff", streamkap.ErrFileEmpty},
		"an empty object":        {`{}`, streamkap.ErrFileWrongType},
		"another type":           {`{"type": "service_account", "client_secret": "hunter2"}`, streamkap.ErrFileWrongType},
		"type null":              {`{"type": null}`, streamkap.ErrFileWrongType},
		"type in capitals":       {`{"type": "STREAMKAP_PROJECT_KEY"}`, streamkap.ErrFileWrongType},
		"Base64 of another type": {base64Of(`{"type": "service_account"}`), streamkap.ErrFileWrongType},
		"Base64 of null":         {base64Of("null"), streamkap.ErrFileWrongType},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := streamkap.ParseCredentialFile(test.text)
			if got != nil || !errors.Is(err, test.want) {
				t.Errorf("got %+v and the error %v, want %v", got, err, test.want)
			}
		})
	}
}

func TestParseCredentialFile_OddFieldNamedWithoutItsValue(t *testing.T) {
	for text, want := range map[string][2]string{
		`{"type": "streamkap_project_key", "project_key_id": 4711}`:              {"project_key_id", "number"},
		`{"type": "streamkap_project_key", "api": "hunter2"}`:                    {"api", "string"},
		`{"type": "streamkap_project_key", "api": {"client_secret": [4711]}}`:    {"api.client_secret", "array"},
		`{"type": "streamkap_project_key", "kafka": {"password": {"x": 4711}}}`:  {"kafka.password", "object"},
		`{"type": "streamkap_project_key", "kafka": {"username": true}}`:         {"kafka.username", "bool"},
		`{"type": "streamkap_project_key", "kafka": {"password": 47.11e4}}`:      {"kafka.password", "number"},
		`{"type": 4711, "api": {"client_id": "hunter2", "client_secret": 4711}}`: {"type", "number"},
	} {
		_, err := streamkap.ParseCredentialFile(text)
		if err == nil || !strings.Contains(err.Error(), `"`+want[0]+`"`) || !strings.Contains(err.Error(), want[1]) {
			t.Errorf("%s: the error is %v", text, err)
		}
		if err != nil && !fixed.MatchString(err.Error()) {
			t.Errorf("%s: the error %q repeats the text", text, err)
		}
	}
}

// fixed matches every text that an error may have: none of it is taken from
// the input.
var fixed = regexp.MustCompile(`^(` + strings.Join([]string{
	regexp.QuoteMeta(streamkap.ErrFileEmpty.Error()),
	regexp.QuoteMeta(streamkap.ErrFileNotJSON.Error()),
	regexp.QuoteMeta(streamkap.ErrFileWrongType.Error()),
	`its field "(type|project_key_id|project|project\.(service_id|name)|api|api\.(client_id|client_secret|token_endpoint|api_url|roles)|` +
		`kafka|kafka\.(username|password|bootstrap_servers|security_protocol|sasl_mechanism|schema_registry_url)|` +
		`kafka_acls|kafka_acls\.\w+|tool_profile|allowed_tools|blocked_tools|created_at)" is (a (string|number|bool)|an (array|object)), which no credential file has there`,
}, "|") + `)$`)

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		fileText, encoded(base64.StdEncoding), encoded(base64.RawURLEncoding), "", "hunter2", `{"type": 4711}`, `{"Type": "streamkap_project_key"}`,
		`{"type": "streamkap_project_key", "api": {"roles": [4711]}}`, `{"type": "streamkap_project_key", "kafka_acls": [{"name": 4711}]}`,
		`{"type": "streamkap_project_key", "kafka_acls": "x", "allowed_tools": {}}`, "bnVsbA==", "e30=", "\ufeff{}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := streamkap.ParseCredentialFile(text)
		if err != nil {
			if got != nil || !fixed.MatchString(err.Error()) {
				t.Errorf("got %+v and the error %q", got, err)
			}
			return
		}
		again, err := json.Marshal(got)
		if err != nil {
			t.Fatalf("the file can't be written again: %v", err)
		}
		for _, form := range []string{string(again), base64.URLEncoding.EncodeToString(again)} {
			if reread, err := streamkap.ParseCredentialFile(form); err != nil || !sameFile(got, reread) {
				t.Errorf("%s was read as %+v (%v), want %+v", form, reread, err, got)
			}
		}
	})
}

// sameFile compares without the form of created_by, which is carried as it came.
func sameFile(a, b *streamkap.CredentialFile) bool {
	one, other := *a, *b
	one.CreatedBy, other.CreatedBy = nil, nil
	return reflect.DeepEqual(one, other)
}
