package streamkap

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Masked stands where a secret was.
const Masked = "(sensitive)"

// masker returns a function that replaces every given secret in a text, also
// where it is quoted, escaped for JSON or a URL, or in Base64.
func masker(secrets []string) func(string) string {
	var forms []string
	for _, secret := range secrets {
		if secret != "" {
			forms = append(forms, spellings(secret)...)
		}
	}
	// A secret may begin like another: the longest match has to come first.
	slices.SortStableFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, Masked)
	}
	return strings.NewReplacer(pairs...).Replace
}

func spellings(secret string) []string {
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), unquoted(strconv.Quote(secret)), unquoted(strconv.QuoteToASCII(secret))}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		forms = append(forms, encoding.EncodeToString([]byte(secret)))
	}
	if escaped, err := json.Marshal(secret); err == nil {
		forms = append(forms, unquoted(string(escaped)))
	}
	return forms
}

func unquoted(text string) string { return text[1 : len(text)-1] }
