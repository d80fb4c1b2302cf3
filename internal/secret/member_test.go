// SPDX-License-Identifier: MPL-2.0

package secret

import (
	"slices"
	"strings"
	"testing"
)

func TestAddMembers_FoundByTheirNames(t *testing.T) {
	AddMembers([]byte(`{"api": {"Client_Secret" : "Member-One\"1"}, "kafka_password":"Member-Two-2", "note": "Member-Three-3",
		"password": null, "secret": 5, "accessToken": "Member-Four-4"} and "refresh_token": "Member-Five-5" in what is no JSON, "ſecret" ` + "\f:\n" + `"Member-Six-6"`))
	text := `Member-One"1 Member-Two-2 Member-Three-3 Member-Four-4 Member-Five-5 Member-Six-6`
	want := Masked + " " + Masked + " Member-Three-3 " + Masked + " " + Masked + " " + Masked
	if got := Clean(text); got != want {
		t.Errorf("got %q", got)
	}
}

// The rest may be no JSON, and an answer may be cut off where it is longest.
func TestAddMembers_PiecesOfJSON(t *testing.T) {
	for text, want := range map[string][]string{
		`secret":"Pieces-One-1"`:                nil,
		`"password":"Pieces-One-1"`:             {"Pieces-One-1"},
		`::"password":"Pieces-One-1"`:           {"Pieces-One-1"},
		`"password":"Pieces-One-1","secret":`:   {"Pieces-One-1"},
		`"password":"`:                          nil,
		`"password":Pieces-Two-2"`:              nil,
		`"password":"Pieces-Three`:              {"Pieces-Three"},
		`"password":"Pieces-Four\`:              {`Pieces-Four\`},
		`"password":"Pieces-Five\u00`:           {`Pieces-Five\u00`},
		"\"password\":\"Pieces\nSix\", \"a\":1": {"Pieces\nSix"},
		`"`:                                     nil,
		`:`:                                     nil,
	} {
		t.Run(text, func(t *testing.T) {
			var got []string
			eachMember([]byte(text), func(value string) { got = append(got, value) })
			if !slices.Equal(got, want) {
				t.Errorf("found %q, want %q", got, want)
			}
		})
	}
}

func TestAddMsgpack_FoundByTheirNames(t *testing.T) {
	long := strings.Repeat("Packed-Long-", 30)
	data := "\xa8username\xa9Packed-No\xabpassword_wo\xadPacked-Fix-12\xa8password\xd9\x28" + strings.Repeat("Packed-40-", 4) +
		"\xadclient_secret\xda\x01\x68" + long + "\xabpassword_wo\xc0\xabpassword_wo\xd4\x00\x00\xa8password\xd9\xffshort"
	data += "\xa9passwords\xacPacked-Not-1\xafclient_password\xacPacked-Not-2\xa8password\xd9"
	AddMsgpack([]byte(data), "password", "password_wo", "client_secret")
	AddMsgpack([]byte("password\xacPacked-Not-3"), "password")
	for text, want := range map[string]string{
		"Packed-No":                     "Packed-No",
		"Packed-Fix-12":                 Masked,
		"Packed-Not-1":                  "Packed-Not-1",
		"Packed-Not-2":                  "Packed-Not-2",
		"Packed-Not-3":                  "Packed-Not-3",
		strings.Repeat("Packed-40-", 4): Masked,
		"<" + long + ">":                "<" + Masked + ">",
	} {
		if got := Clean(text); got != want {
			t.Errorf("%.30q: got %.60q", text, got)
		}
	}
}

func BenchmarkAddMembers(b *testing.B) {
	text := []byte(strings.Repeat(`{"id":"5f0c","name":"orders","api_client_id_masked_secret":"abcd****","kafka_username":null},`, 10_000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		AddMembers(text)
	}
}
