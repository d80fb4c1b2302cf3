// SPDX-License-Identifier: MPL-2.0

package function

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// clientProperties is a file for java.util.Properties.
func clientProperties(servers, username, password string) string {
	login := "org.apache.kafka.common.security.plain.PlainLoginModule required" +
		" username=" + jaasQuote(username) + " password=" + jaasQuote(password) + ";"
	var file strings.Builder
	for _, property := range [][2]string{
		{"bootstrap.servers", servers},
		{"security.protocol", "SASL_SSL"},
		{"sasl.mechanism", "PLAIN"},
		{"sasl.jaas.config", login},
	} {
		file.WriteString(property[0] + "=" + escape(property[1]) + "\n")
	}
	return file.String()
}

// jaasQuote writes a text so that Kafka reads it from a JAAS line as it was.
// Kafka takes the line apart with a java.io.StreamTokenizer, to which a
// backslash begins an escape, and the end of a line is the end of the quote.
func jaasQuote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`).Replace(text) + `"`
}

// escape writes a text as the value of a property. It escapes what has to be,
// and nothing else: the line then looks as it does in Kafka's documentation,
// and a reader that knows less than Java understands it as well.
func escape(value string) string {
	var escaped strings.Builder
	for i, c := range value {
		switch {
		case c == '\\':
			escaped.WriteString(`\\`)
		case c == ' ' && i == 0:
			escaped.WriteString(`\ `)
		case c < ' ' || c > '~':
			for _, unit := range utf16.Encode([]rune{c}) {
				fmt.Fprintf(&escaped, `\u%04X`, unit)
			}
		default:
			escaped.WriteRune(c)
		}
	}
	return escaped.String()
}
