// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"encoding/json"

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

// addIssued keeps what was issued from ever being shown.
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
