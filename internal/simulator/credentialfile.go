// SPDX-License-Identifier: MPL-2.0

package simulator

// credentialFile is the answer to `POST /project-keys`: what users download.
// It has no status, and it is the only answer with secrets in it besides the
// new credentials of an update.
type credentialFile struct {
	Type         string            `json:"type"`
	ProjectKeyID string            `json:"project_key_id"`
	Project      projectSection    `json:"project"`
	API          *apiCredentials   `json:"api"`
	Kafka        *kafkaCredentials `json:"kafka"`
	KafkaACLs    any               `json:"kafka_acls"`
	ToolProfile  any               `json:"tool_profile"`
	AllowedTools any               `json:"allowed_tools"`
	BlockedTools any               `json:"blocked_tools"`
	CreatedAt    string            `json:"created_at"`
	CreatedBy    string            `json:"created_by"`
}

type projectSection struct {
	ServiceID string `json:"service_id"`
	Name      string `json:"name"`
}

// apiCredentials is the section `api`, and `new_api_credentials` of an update.
type apiCredentials struct {
	ClientID      string `json:"client_id"`
	ClientSecret  string `json:"client_secret"`
	TokenEndpoint string `json:"token_endpoint"`
	APIURL        string `json:"api_url"`
	Roles         any    `json:"roles"`
}

// kafkaCredentials is the section `kafka`, and `new_kafka_credentials` of an update.
type kafkaCredentials struct {
	Username          string `json:"username"`
	Password          string `json:"password"`
	BootstrapServers  string `json:"bootstrap_servers"`
	SecurityProtocol  string `json:"security_protocol"`
	SASLMechanism     string `json:"sasl_mechanism"`
	SchemaRegistryURL any    `json:"schema_registry_url"`
}

func (v view) credentialFile(k Key) credentialFile {
	file := credentialFile{
		Type:         "streamkap_project_key",
		ProjectKeyID: k.ID,
		Project:      projectSection{ServiceID: k.ServiceID, Name: v.cfg.project(k.ServiceID).Name},
		KafkaACLs:    v.acls(k),
		ToolProfile:  v.toolProfile(k),
		AllowedTools: v.texts(k.AllowedTools),
		BlockedTools: v.texts(k.BlockedTools),
		CreatedAt:    formatTime(k.CreatedAt),
		CreatedBy:    k.CreatedBy,
	}
	if k.HasAPI() {
		file.API = v.apiCredentials(k)
	}
	if k.HasKafka() {
		file.Kafka = v.kafkaCredentials(k)
	}
	return file
}

func (v view) apiCredentials(k Key) *apiCredentials {
	credentials := &apiCredentials{
		ClientID:      k.APIClientID,
		ClientSecret:  k.APISecret,
		TokenEndpoint: v.base + "/auth/access-token",
		APIURL:        v.base,
		Roles:         v.noRoles(k),
	}
	if len(k.RoleIDs) > 0 {
		credentials.Roles = v.roleIDs(k)
	}
	return credentials
}

func (v view) kafkaCredentials(k Key) *kafkaCredentials {
	credentials := &kafkaCredentials{
		Username:          k.KafkaUsername,
		Password:          k.KafkaPassword,
		BootstrapServers:  v.kafkaServers(k),
		SecurityProtocol:  "SASL_SSL",
		SASLMechanism:     "PLAIN",
		SchemaRegistryURL: v.text(""),
	}
	if k.SchemaRegistry {
		credentials.SchemaRegistryURL = "https://" + schemaHost(k) + ":32400"
	}
	return credentials
}

// kafkaServers lists the addresses at which a key's Kafka access works.
func (v view) kafkaServers(k Key) string {
	if v.cfg.KafkaServers != "" {
		return v.cfg.KafkaServers
	}
	return kafkaHost(k) + ":32400," + kafkaHost(k) + ":32401"
}

// The hosts are under a domain that never resolves.
func kafkaHost(k Key) string  { return "simulated-" + k.KafkaUsername + ".kafka.invalid" }
func schemaHost(k Key) string { return "simulated-" + k.KafkaUsername + ".schema.invalid" }
