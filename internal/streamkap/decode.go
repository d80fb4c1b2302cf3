// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maxRows is more than any tenant has of anything.
const maxRows = 100_000

var (
	errNoID     = errors.New("it has no id")
	errNoList   = errors.New("it is not a list")
	errNoObject = errors.New("it is not an object")
	errOtherKey = errors.New("it is about another key than the one asked for")
)

// decodeRows reads a list in which every row has an id. Nothing else counts as
// a list: a list that is too short would say that keys are gone (contract, "Read").
func decodeRows[T any](target *[]T, mend mending, id func(T) string) func([]byte) error {
	return func(body []byte) error {
		var items []json.RawMessage
		if err := json.Unmarshal(body, &items); err != nil || items == nil {
			return errNoList
		}
		if len(items) > maxRows {
			return fmt.Errorf("it has more than %d rows", maxRows)
		}
		rows := make([]T, len(items))
		for i, item := range items {
			err := decodeObject(item, &rows[i], mend)
			if err == nil && id(rows[i]) == "" {
				err = errNoID
			}
			if err != nil {
				return fmt.Errorf("row %d: %w", i+1, err)
			}
		}
		*target = rows
		return nil
	}
}

// mending says how members of an object are read that came in an unforeseen shape.
// What only informs, such as when a key was last used, must not keep a key from
// being read; and a secret stands in one answer alone. What else a state is made of
// is not guessed at: a list of rules that can't be read is an error, not an empty
// list. The member "" stands for all that are not named.
type mending map[string]func(json.RawMessage) any

var (
	mendRole = mending{"id": scalar, "key": scalar, "name": scalar, "description": scalar, "permissions": texts}
	mendKey  = mending{
		"id": scalar, "service_id": scalar, "created_at": scalar, "last_used_at": scalar, "api_client_id_masked_secret": scalar,
		"created_by_user": scalars, "roles": roles,
	}
	mendWhoAmI = mending{"tenant_id": scalar, "service_id": scalar, "sub": scalar, "token_type": scalar, "project_key_id": scalar}
	mendFile   = mending{"project_key_id": scalar, "id": scalar, "project": scalars, "api": scalars, "kafka": scalars, "created_at": scalar, "": nothing}
	mendUpdate = mending{"id": scalar, "status": scalar, "new_api_credentials": scalars, "new_kafka_credentials": scalars, "": nothing}
)

// decodeObject decodes an object. Where a member has an unforeseen shape, it decodes
// once more with members mended or left out. Each attempt fills a fresh value, so
// that the first leaves nothing behind.
func decodeObject[T any](body []byte, target *T, mend mending) error {
	if body = bytes.TrimSpace(body); len(body) == 0 || body[0] != '{' {
		return errNoObject
	}
	var value T
	err := json.Unmarshal(body, &value)
	if isShapeError(err) && mend != nil {
		value = *new(T)
		err = json.Unmarshal(mend.apply(body), &value)
	}
	if err != nil {
		return inWords(err)
	}
	if named, ok := any(&value).(interface{ normalize() }); ok {
		named.normalize()
	}
	*target = value
	return nil
}

// isShapeError reports whether a body is JSON, but not of the expected shape.
func isShapeError(err error) bool {
	var wrongType *json.UnmarshalTypeError
	return errors.As(err, &wrongType)
}

// inWords says of an odd shape what is odd. It leaves other errors as they are.
func inWords(err error) error {
	var wrongType *json.UnmarshalTypeError
	if !errors.As(err, &wrongType) || wrongType.Field == "" {
		return err
	}
	steps := strings.Split(wrongType.Field, ".")
	// An embedded struct stands there by its name in Go.
	members := slices.DeleteFunc(steps, func(step string) bool { return step[:1] != strings.ToLower(step[:1]) })
	return fmt.Errorf("its member %s is %s", strings.Join(members, "."), kindOf(wrongType.Value))
}

func (m mending) apply(body []byte) []byte {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return body
	}
	for name, raw := range members {
		mend := m[name]
		if mend == nil {
			mend = m[""]
		}
		if mend != nil {
			members[name], _ = json.Marshal(mend(raw))
		}
	}
	mended, _ := json.Marshal(members)
	return mended
}

func nothing(json.RawMessage) any { return nil }

// scalar is a text, or a number as a text; nil for anything else.
func scalar(raw json.RawMessage) any {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil {
		return number.String()
	}
	return nil
}

// scalars is an object of scalars; nil for anything else.
func scalars(raw json.RawMessage) any {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil
	}
	return json.RawMessage(mending{"": scalar}.apply(raw))
}

// texts is a list of texts. Other items are left out.
func texts(raw json.RawMessage) any {
	var items, found []any
	_ = json.Unmarshal(raw, &items)
	for _, item := range items {
		if text, ok := item.(string); ok {
			found = append(found, text)
		}
	}
	return found
}

// roles are objects.
func roles(raw json.RawMessage) any {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return raw
	}
	for i, item := range items {
		items[i] = mendRole.apply(item)
	}
	return items
}

// decodeCredentialFile reads the answer to a create. Where it has no id, the rest is
// returned beside the error. The id may have either of its names. One that no key can
// have does not count, because no request can be made with it.
func decodeCredentialFile(body []byte, req CreateProjectKeyRequest) (*CredentialFile, error) {
	var answer struct {
		CredentialFile
		ID Text `json:"id"`
	}
	if err := decodeObject(body, &answer, mendFile); err != nil {
		return nil, err
	}
	file := &answer.CredentialFile
	file.Type = CredentialFileType
	file.Missing = lacks("api", file.API, len(req.RoleIDs) > 0 || len(req.PermissionIDs) > 0)
	for _, id := range []string{file.ProjectKeyID, string(answer.ID)} {
		if PlausibleID(id) {
			file.ProjectKeyID = id
			return file, nil
		}
	}
	if file.ProjectKeyID = ""; file.API == nil && file.Kafka == nil {
		file = nil
	}
	return file, errNoID
}

// lacks lists what is missing of API credentials.
func lacks(member string, api *APICredentials, wanted bool) []string {
	var missing []string
	switch {
	case !wanted:
	case api == nil:
		missing = []string{member}
	default:
		if api.ClientID == "" {
			missing = append(missing, member+".client_id")
		}
		if api.ClientSecret == "" {
			missing = append(missing, member+".client_secret")
		}
	}
	return missing
}

// decodeUpdateAnswer reads the answer to a PATCH. One that has to carry
// credentials is an error where it can't be read. Any other one may hold anything.
func decodeUpdateAnswer(body []byte, req UpdateProjectKeyRequest) (*UpdateAnswer, error) {
	answer := new(UpdateAnswer)
	if err := decodeObject(body, answer, mendUpdate); err != nil && req.issuesCredentials() {
		return nil, err
	}
	answer.Missing = lacks("new_api_credentials", answer.NewAPICredentials, req.AddsAPI)
	return answer, nil
}
