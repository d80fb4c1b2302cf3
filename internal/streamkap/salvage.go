package streamkap

import (
	"encoding/json"
	"errors"
)

// An answer that carries a secret carries the only copy of it. So a member of
// an unforeseen shape, elsewhere in the answer, must not make the whole of it
// unreadable: what matters is then read by itself, from members that are plain
// texts, which encoding/json decodes one by one.

// plainAPI is APICredentials without its list.
type plainAPI struct {
	ClientID      Text `json:"client_id"`
	ClientSecret  Text `json:"client_secret"`
	TokenEndpoint Text `json:"token_endpoint"`
	APIURL        Text `json:"api_url"`
}

func (p *plainAPI) credentials() *APICredentials {
	if p == nil {
		return nil
	}
	return &APICredentials{ClientID: p.ClientID, ClientSecret: p.ClientSecret, TokenEndpoint: p.TokenEndpoint, APIURL: p.APIURL}
}

// lacksSecret reports whether the member was there and its secret was not read.
func (p *plainAPI) lacksSecret(raw json.RawMessage) bool {
	there := len(raw) > 0 && string(raw) != "null"
	return there && (p == nil || p.ClientSecret == "")
}

// decodeCredentialFile reads the answer to a create.
func decodeCredentialFile(body []byte) (*CredentialFile, error) {
	file := new(CredentialFile)
	err := json.Unmarshal(body, file)
	if isShapeError(err) {
		file, err = salvageCredentialFile(body, err)
	}
	if err == nil && file.ProjectKeyID == "" {
		err = errNoID
	}
	if err != nil {
		return nil, err
	}
	return file, nil
}

func salvageCredentialFile(body []byte, cause error) (*CredentialFile, error) {
	var plain struct {
		ProjectKeyID string            `json:"project_key_id"`
		Project      CredentialProject `json:"project"`
		API          *plainAPI         `json:"api"`
		Kafka        *KafkaCredentials `json:"kafka"`
		CreatedAt    Text              `json:"created_at"`
	}
	var raw struct {
		API json.RawMessage `json:"api"`
	}
	_ = json.Unmarshal(body, &plain)
	if json.Unmarshal(body, &raw) != nil || plain.API.lacksSecret(raw.API) {
		return nil, cause
	}
	return &CredentialFile{
		Type:         CredentialFileType,
		ProjectKeyID: plain.ProjectKeyID,
		Project:      plain.Project,
		API:          plain.API.credentials(),
		Kafka:        plain.Kafka,
		CreatedAt:    plain.CreatedAt,
	}, nil
}

// decodeUpdateAnswer reads the answer to a PATCH.
func decodeUpdateAnswer(body []byte) (*UpdateAnswer, error) {
	answer := new(UpdateAnswer)
	err := json.Unmarshal(body, answer)
	if err == nil {
		return answer, nil
	}
	var plain struct {
		ID     string            `json:"id"`
		Status Status            `json:"status"`
		API    *plainAPI         `json:"new_api_credentials"`
		Kafka  *KafkaCredentials `json:"new_kafka_credentials"`
	}
	var raw struct {
		API json.RawMessage `json:"new_api_credentials"`
	}
	_ = json.Unmarshal(body, &plain)
	if !isShapeError(err) || json.Unmarshal(body, &raw) != nil || plain.API.lacksSecret(raw.API) {
		return nil, err
	}
	answer = &UpdateAnswer{NewAPICredentials: plain.API.credentials(), NewKafkaCredentials: plain.Kafka}
	answer.ID, answer.Status = plain.ID, plain.Status
	return answer, nil
}

// isShapeError reports whether a body is JSON, but not of the expected shape.
func isShapeError(err error) bool {
	var wrongType *json.UnmarshalTypeError
	return errors.As(err, &wrongType)
}
