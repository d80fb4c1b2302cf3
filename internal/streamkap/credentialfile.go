// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
)

// CredentialFileType is the only type of credential file there is.
const CredentialFileType = "streamkap_project_key"

// CredentialFile is the answer to a create and the file that Streamkap's UI
// lets people download (contract, "Create"). It is the only place where the
// client secret ever appears.
type CredentialFile struct {
	Type         string            `json:"type"`
	ProjectKeyID string            `json:"project_key_id,omitempty"`
	Project      CredentialProject `json:"project"`
	API          *APICredentials   `json:"api"`
	Kafka        *KafkaCredentials `json:"kafka"`
	KafkaACLs    List[ACL]         `json:"kafka_acls,omitempty"`
	ToolProfile  Text              `json:"tool_profile"`
	AllowedTools List[string]      `json:"allowed_tools"`
	BlockedTools List[string]      `json:"blocked_tools"`
	CreatedAt    Text              `json:"created_at"`
	// CreatedBy has no documented shape, so it is carried as it came.
	CreatedBy json.RawMessage `json:"created_by,omitempty"`
	// Missing are the members that the answer to a create should have held and did
	// not, such as api.client_secret. What it did hold is to be saved first.
	Missing []string `json:"-"`
}

// CredentialProject is the project a key belongs to.
type CredentialProject struct {
	ServiceID Text `json:"service_id"`
	Name      Text `json:"name"`
}

// APICredentials give access to the REST API.
type APICredentials struct {
	ClientID      Text         `json:"client_id"`
	ClientSecret  Text         `json:"client_secret"`
	TokenEndpoint Text         `json:"token_endpoint"`
	APIURL        Text         `json:"api_url"`
	Roles         List[string] `json:"roles"`
}

// KafkaCredentials give access to Kafka and, where SchemaRegistryURL is set,
// to the schema registry.
type KafkaCredentials struct {
	Username         Text `json:"username"`
	Password         Text `json:"password"`
	BootstrapServers Text `json:"bootstrap_servers"`
	SecurityProtocol Text `json:"security_protocol"`
	SASLMechanism    Text `json:"sasl_mechanism"`
	// SchemaRegistryURL is empty for a key without a schema registry.
	SchemaRegistryURL Text `json:"schema_registry_url"`
}

// addIssued makes issued secrets known, so that they are masked.
func addIssued(api *APICredentials, kafka *KafkaCredentials) {
	if api != nil {
		secret.AddIssued(string(api.ClientSecret))
	}
	if kafka != nil {
		secret.AddIssued(string(kafka.Password))
	}
}

// HasAPI reports whether the file gives access to the REST API.
func (f CredentialFile) HasAPI() bool { return f.API != nil && f.API.ClientID != "" }

// HasKafka reports whether the file gives access to Kafka.
func (f CredentialFile) HasKafka() bool { return f.Kafka != nil && f.Kafka.Username != "" }

// The ways in which a text fails to be a credential file. None of them repeats
// any of the text.
var (
	ErrFileEmpty     = errors.New("it is empty")
	ErrFileNotJSON   = errors.New("it is neither the JSON of a credential file nor the Base64 of one")
	ErrFileIsPath    = errors.New("it looks like the path of a file, and what is in the file belongs here: write file(\"PATH\") in a configuration, or \"$(cat PATH)\" in a shell")
	ErrFileWrongType = fmt.Errorf("its \"type\" is not %q, so it is not the credential file of a project key", CredentialFileType)
)

// ParseCredentialFile reads a credential file, given as JSON or as Base64 in any
// alphabet, with or without padding and line breaks. It makes no request, and
// its errors never repeat the text.
func ParseCredentialFile(text string) (*CredentialFile, error) {
	// Windows tools put a byte order mark before a file, and before what they encode
	// as Base64.
	text = Trim(text)
	if text == "" {
		return nil, ErrFileEmpty
	}
	plain := text
	if text[0] != '{' {
		decoded, err := decodeBase64(text)
		if err != nil {
			return nil, notAFile(text)
		}
		plain = Trim(string(decoded))
	}
	var file CredentialFile
	if err := json.Unmarshal([]byte(plain), &file); err != nil {
		var wrongType *json.UnmarshalTypeError
		if errors.As(err, &wrongType) && wrongType.Field != "" {
			return nil, fmt.Errorf("its field %q is %s, which no credential file has there", wrongType.Field, kindOf(wrongType.Value))
		}
		return nil, notAFile(text)
	}
	if file.Type != CredentialFileType {
		return nil, ErrFileWrongType
	}
	return &file, nil
}

// UseFile takes the credentials of a credential file. It returns the file's api_url, which
// may be empty.
func (c *Config) UseFile(text string) (apiURL string, err error) {
	file, err := ParseCredentialFile(text)
	switch {
	case err != nil:
		return "", err
	case !file.HasAPI():
		return "", errors.New("it belongs to a Kafka-only key, which has no access to the API")
	case file.API.ClientSecret == "":
		return "", errors.New("it holds no client secret")
	}
	c.ClientID, c.Secret = string(file.API.ClientID), string(file.API.ClientSecret)
	return string(file.API.APIURL), nil
}

// pathLike is a text of one line that ends like the name of a file, or begins like
// a path. Base64 has slashes too, but no dots.
var pathLike = regexp.MustCompile(`^[^\n{]{1,255}\.(json|txt|b64|base64|key)$|^(~|\.{1,2}|[A-Za-z]:)?[/\\][^\n{]{0,254}$`)

// notAFile says why a text is not a credential file.
func notAFile(text string) error {
	if pathLike.MatchString(text) {
		return ErrFileIsPath
	}
	return ErrFileNotJSON
}

// decodeBase64 accepts the standard and the URL alphabet, padded or not.
func decodeBase64(text string) ([]byte, error) {
	text = strings.NewReplacer("\n", "", "\r", "", " ", "", "\t", "", "=", "", "-", "+", "_", "/").Replace(text)
	return base64.RawStdEncoding.DecodeString(text)
}

// kindOf is a kind of JSON with its article, without the number that encoding/json quotes in
// "number 12".
func kindOf(value string) string {
	kind, _, _ := strings.Cut(value, " ")
	if kind == "array" || kind == "object" {
		return "an " + kind
	}
	return "a " + kind
}
