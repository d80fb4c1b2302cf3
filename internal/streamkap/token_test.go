// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"encoding/base64"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// TestTokenThatSeemsExpiredIsUsedUntilItIsRefused has the clock of this machine
// be ahead of the service's. A token that was issued just now is good.
func TestTokenThatSeemsExpiredIsUsedUntilItIsRefused(t *testing.T) {
	for _, ahead := range []time.Duration{0, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			claims := fmt.Sprintf(`{"exp": %d}`, time.Now().Add(-ahead).Unix())
			token, err := decodeToken([]byte(`{"accessToken": "e30.` + base64.RawURLEncoding.EncodeToString([]byte(claims)) + `.c2ln"}`))
			if err != nil {
				t.Fatal(err)
			}
			if !token.renewAt.IsZero() {
				t.Errorf("%v ahead: the token is renewed at %v", ahead, token.renewAt)
			}
		})
	}
}
