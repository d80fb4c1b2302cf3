// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// someRules makes rules, and the same ones in another order.
func someRules(n int) (rules, shuffled []streamkap.ACL) {
	rules = make([]streamkap.ACL, n)
	shuffled = make([]streamkap.ACL, n)
	for i := range rules {
		rules[i] = streamkap.ACL{Name: fmt.Sprintf("orders.%05d", i), Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"}
	}
	for i, j := range rand.Perm(n) {
		shuffled[i] = rules[j]
	}
	return rules, shuffled
}

// BenchmarkEach measures what is done to every rule and every address, at three sizes, so
// that growth can be seen.
func BenchmarkEach(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		rules, shuffled := someRules(n)
		left, right := ruleList(rules), ruleList(shuffled)
		addresses, ranges := make([]string, n), make([]string, n)
		for i := range addresses {
			addresses[i] = fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)
			ranges[n-1-i] = addresses[i] + "/32"
		}
		for name, do := range map[string]func(){
			"rules to a request":   func() { ruleRequests(left) },
			"rules from an answer": func() { ruleList(inOrderOf(rules, shuffled)) },
			"rules compared":       func() { sameRules(left, right) },
			"rules validated":      func() { validRules.on(left, kafkaPath.AtName("acl"), new(diag.Diagnostics)) },
			"addresses compared":   func() { sameAddressTexts(addresses, ranges); inSpellingOf(addresses, ranges) },
		} {
			b.Run(fmt.Sprintf("%s/n=%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					do()
				}
			})
		}
	}
}
