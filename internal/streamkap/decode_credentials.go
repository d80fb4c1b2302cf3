// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"encoding/json"
	"errors"
)

// An answer that carries a secret carries the only copy of it. So a member of
// an unforeseen shape, elsewhere in the answer, must not make the whole of it
// unreadable: what matters is then read by itself, and what is missing is told
// beside it.

// decodeCredentialFile reads the answer to a create. Where it has no id, what
// else it had is returned beside the error.
func decodeCredentialFile(body []byte, req CreateProjectKeyRequest) (*CredentialFile, error) {
	file := new(CredentialFile)
	err := json.Unmarshal(body, file)
	if isShapeError(err) {
		file, err = salvageCredentialFile(body), nil
	}
	if err != nil {
		return nil, err
	}
	if !PlausibleID(file.ProjectKeyID) {
		file.ProjectKeyID = salvageID(body)
	}
	wantsAPI := len(req.RoleIDs) > 0 || len(req.PermissionIDs) > 0
	file.Missing = lacks("api", file.API, wantsAPI)
	if file.ProjectKeyID != "" {
		return file, nil
	}
	if file.API == nil && file.Kafka == nil {
		file = nil
	}
	return file, errNoID
}

// lacks lists what is missing of API credentials.
func lacks(member string, api *APICredentials, wanted bool) []string {
	if !wanted {
		return nil
	}
	if api == nil {
		return []string{member}
	}
	var missing []string
	if api.ClientID == "" {
		missing = append(missing, member+".client_id")
	}
	if api.ClientSecret == "" {
		missing = append(missing, member+".client_secret")
	}
	return missing
}

// salvageID finds the id of a key under either of its names, as a text or as a
// number. An id that no key can have is none: no request could be made with it.
func salvageID(body []byte) string {
	members := membersOf(body)
	for _, name := range []string{"project_key_id", "id"} {
		if id := string(members.text(name)); PlausibleID(id) {
			return id
		}
	}
	return ""
}

func salvageCredentialFile(body []byte) *CredentialFile {
	members := membersOf(body)
	project := members.object("project")
	return &CredentialFile{
		Type:         CredentialFileType,
		ProjectKeyID: string(members.text("project_key_id")),
		Project:      CredentialProject{ServiceID: project.text("service_id"), Name: project.text("name")},
		API:          members.object("api").api(),
		Kafka:        members.object("kafka").kafka(),
		CreatedAt:    members.text("created_at"),
	}
}

// decodeUpdateAnswer reads the answer to a PATCH. One that has to carry
// credentials is an error where it can't be read at all; for any other one it is
// enough that it came.
func decodeUpdateAnswer(body []byte, req UpdateProjectKeyRequest) (*UpdateAnswer, error) {
	answer := new(UpdateAnswer)
	err := decodeObject(body, answer)
	if err != nil {
		members := membersOf(body)
		answer = &UpdateAnswer{
			NewAPICredentials:   members.object("new_api_credentials").api(),
			NewKafkaCredentials: members.object("new_kafka_credentials").kafka(),
		}
		answer.ID, answer.Status = string(members.text("id")), Status(members.text("status"))
	}
	if err != nil && !isShapeError(err) && req.issuesCredentials() {
		return nil, err
	}
	answer.Missing = lacks("new_api_credentials", answer.NewAPICredentials, req.AddsAPI)
	return answer, nil
}

// isShapeError reports whether a body is JSON, but not of the expected shape.
func isShapeError(err error) bool {
	var wrongType *json.UnmarshalTypeError
	return errors.As(err, &wrongType)
}

// members are those of an object, each to be read by itself.
type members map[string]json.RawMessage

func membersOf(body []byte) members {
	var found members
	_ = json.Unmarshal(body, &found)
	return found
}

func (m members) object(name string) members { return membersOf(m[name]) }

func (m members) text(name string) Text {
	text, _ := scalar(m[name]).(string)
	return Text(text)
}

func (m members) api() *APICredentials {
	if m == nil {
		return nil
	}
	return &APICredentials{
		ClientID: m.text("client_id"), ClientSecret: m.text("client_secret"),
		TokenEndpoint: m.text("token_endpoint"), APIURL: m.text("api_url"),
	}
}

func (m members) kafka() *KafkaCredentials {
	if m == nil {
		return nil
	}
	return &KafkaCredentials{
		Username: m.text("username"), Password: m.text("password"), BootstrapServers: m.text("bootstrap_servers"),
		SecurityProtocol: m.text("security_protocol"), SASLMechanism: m.text("sasl_mechanism"), SchemaRegistryURL: m.text("schema_registry_url"),
	}
}
