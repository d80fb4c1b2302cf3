package streamkap

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// Masked stands where a secret was.
const Masked = "(sensitive)"

// masker returns a function that replaces every given secret in a text, also
// where it is quoted, escaped for JSON or a URL, or in Base64.
func masker(secrets []string) func(string) string {
	var pairs []string
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		for _, form := range spellings(secret) {
			pairs = append(pairs, form, Masked)
		}
	}
	return strings.NewReplacer(pairs...).Replace
}

func spellings(secret string) []string {
	forms := []string{secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))}
	quoted := strconv.Quote(secret)
	forms = append(forms, quoted[1:len(quoted)-1])
	if escaped, err := json.Marshal(secret); err == nil {
		forms = append(forms, string(escaped[1:len(escaped)-1]))
	}
	return forms
}
