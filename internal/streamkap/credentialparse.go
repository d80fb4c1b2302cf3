// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// The ways in which a text fails to be a credential file. None of them repeats
// any of the text.
var (
	ErrFileEmpty     = errors.New("it is empty")
	ErrFileNotJSON   = errors.New("it is neither the JSON of a credential file nor the Base64 of one")
	ErrFileWrongType = fmt.Errorf("its \"type\" is not %q, so it is not the credential file of a project key", CredentialFileType)
)

// ParseCredentialFile reads a credential file, given as JSON or as Base64 in any
// alphabet, with or without padding and line breaks. It makes no request, and
// its errors never repeat the text.
func ParseCredentialFile(text string) (*CredentialFile, error) {
	// Windows tools put a byte order mark before a file.
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	if text == "" {
		return nil, ErrFileEmpty
	}
	data := []byte(text)
	if text[0] != '{' {
		var err error
		if data, err = decodeBase64(text); err != nil {
			return nil, ErrFileNotJSON
		}
	}
	var file CredentialFile
	if err := json.Unmarshal(data, &file); err != nil {
		var wrongType *json.UnmarshalTypeError
		if errors.As(err, &wrongType) && wrongType.Field != "" {
			return nil, fmt.Errorf("its field %q is a %s, which no credential file has there", wrongType.Field, kindOf(wrongType.Value))
		}
		return nil, ErrFileNotJSON
	}
	if file.Type != CredentialFileType {
		return nil, ErrFileWrongType
	}
	return &file, nil
}

// decodeBase64 accepts the standard and the URL alphabet, padded or not.
func decodeBase64(text string) ([]byte, error) {
	text = strings.NewReplacer("\n", "", "\r", "", " ", "", "\t", "", "=", "", "-", "+", "_", "/").Replace(text)
	return base64.RawStdEncoding.DecodeString(text)
}

// kindOf leaves out the number that encoding/json quotes in "number 12".
func kindOf(value string) string {
	kind, _, _ := strings.Cut(value, " ")
	return kind
}
