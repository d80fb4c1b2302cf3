// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

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
	// Windows tools put a byte order mark before a file, also before one that
	// is then made Base64 of.
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
			return nil, fmt.Errorf("its field %q is a %s, which no credential file has there", wrongType.Field, kindOf(wrongType.Value))
		}
		return nil, notAFile(text)
	}
	if file.Type != CredentialFileType {
		return nil, ErrFileWrongType
	}
	return &file, nil
}

// pathLike is a text of one line that names a file of JSON, or begins or goes on
// as a path does. Base64 has slashes too, but no dots.
var pathLike = regexp.MustCompile(`^[^\n{]{1,255}\.(json|txt|b64|base64|key)$|^(~|\.{1,2}|[A-Za-z]:)?[/\\][^\n{]{0,254}$`)

// notAFile says why a text is no credential file.
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

// kindOf leaves out the number that encoding/json quotes in "number 12".
func kindOf(value string) string {
	kind, _, _ := strings.Cut(value, " ")
	return kind
}
