// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// decoding measures how long a kind of answer takes to decode, at three sizes, so
// that growth can be seen.
func decoding[T any](b *testing.B, answer func(n int) string) {
	for _, n := range []int{100, 1000, 10000} {
		body := []byte(answer(n))
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var target T
				if err := json.Unmarshal(body, &target); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// listOf repeats an item of a JSON list.
func listOf(n int, item func(i int) string) string {
	items := make([]string, n)
	for i := range items {
		items[i] = item(i)
	}
	return "[" + strings.Join(items, ",") + "]"
}

func BenchmarkKeyDecoded(b *testing.B) {
	decoding[streamkap.ProjectKey](b, func(n int) string {
		return `{"id": "k", "status": "Active", "kafka_acls": ` + listOf(n, func(i int) string {
			return fmt.Sprintf(`{"topic_name": "orders.%05d", "operation": "READ", "resource_pattern_type": "LITERAL"}`, i)
		}) + `}`
	})
}

func BenchmarkListDecoded(b *testing.B) {
	decoding[streamkap.List[streamkap.ProjectKeySummary]](b, func(n int) string {
		return listOf(n, func(i int) string {
			return fmt.Sprintf(`{"id": "%d", "name": "key-%d", "status": "Active", "roles": [], "created_by_user": {"id": "u"}}`, i, i)
		})
	})
}
