// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// What is done to every rule and every address, at three sizes, so that growth
// can be seen.
func bySize(b *testing.B, prepare func(n int) func()) {
	for _, n := range []int{100, 1000, 10000} {
		do := prepare(n)
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				do()
			}
		})
	}
}

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

func BenchmarkRulesToRequest(b *testing.B) {
	bySize(b, func(n int) func() {
		rules, _ := someRules(n)
		blocks := ruleList(rules)
		return func() {
			ruleRequests(blocks)
		}
	})
}

func BenchmarkRulesFromAnswer(b *testing.B) {
	bySize(b, func(n int) func() {
		rules, shuffled := someRules(n)
		return func() { ruleList(inOrderOf(rules, shuffled)) }
	})
}

func BenchmarkRulesCompared(b *testing.B) {
	bySize(b, func(n int) func() {
		rules, shuffled := someRules(n)
		left, right := ruleList(rules), ruleList(shuffled)
		return func() { sameRules(left, right) }
	})
}

func BenchmarkRulesValidated(b *testing.B) {
	bySize(b, func(n int) func() {
		rules, _ := someRules(n)
		list := ruleList(rules)
		return func() { validRules.on(list, kafkaPath.AtName("acl"), new(diag.Diagnostics)) }
	})
}

func BenchmarkAddressesCompared(b *testing.B) {
	bySize(b, func(n int) func() {
		addresses, ranges := make([]string, n), make([]string, n)
		for i := range addresses {
			addresses[i] = fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)
			ranges[n-1-i] = addresses[i] + "/32"
		}
		return func() {
			sameAddressTexts(addresses, ranges)
			inSpellingOf(addresses, ranges)
		}
	})
}
