// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

func counted(n int) string { return fmt.Sprintf("%d names that the contract does not have", n) }

// ruled are the answers that show rules that giveKafka has set.
func (s *seen) ruled() []owned.Answer {
	return slices.DeleteFunc(s.accepted(stepReadAdded), func(a owned.Answer) bool { return a.Body.At("kafka_acls").Empty() })
}

// observeACLName is the first part of row 8.
func observeACLName(s *seen) Finding {
	return each(s.ruled(), "kafka_acls", func(a owned.Answer) string {
		rules := a.Body.At("kafka_acls").Items()
		names := slices.ContainsFunc(rules, func(rule owned.Value) bool { return rule.At("name").IsText() })
		topics := slices.ContainsFunc(rules, func(rule owned.Value) bool { return rule.At("topic_name").IsText() })
		return map[[2]bool]string{{true, false}: "name", {false, true}: "topic_name"}[[2]bool{names, topics}]
	})
}

// spelt are rules in one text each, sent and shown alike.
func spelt(rules []owned.Value) []string {
	var texts []string
	for _, rule := range rules {
		resource := rule.At("resource").Text()
		if resource == "" {
			resource = "TOPIC"
		}
		texts = append(texts, fmt.Sprint(rule.At("name").Text(), rule.At("topic_name").Text(), " ", resource, " ",
			rule.At("operation").Text(), " ", rule.At("resource_pattern_type").Text()))
	}
	return texts
}

// observeACLOrder is the second part of row 8.
func observeACLOrder(s *seen) Finding {
	sent := spelt(s.rules)
	sorted := slices.Sorted(slices.Values(sent))
	return each(s.ruled(), "kafka_acls", func(a owned.Answer) string {
		switch shown := spelt(a.Body.At("kafka_acls").Items()); {
		case slices.Equal(shown, sent):
			return "kept"
		case slices.Equal(shown, sorted):
			return "sorted"
		case slices.Equal(slices.Sorted(slices.Values(shown)), sorted):
			return "shuffled"
		}
		return ""
	}, "kept", "sorted", "shuffled")
}

// observeACLResource is the third part of row 8.
func observeACLResource(s *seen) Finding {
	topics := strings.Count(strings.Join(spelt(s.rules), "\n"), " TOPIC ")
	return each(s.ruled(), "kafka_acls", func(a owned.Answer) string {
		shown := map[string]int{}
		for _, rule := range a.Body.At("kafka_acls").Items() {
			shown[rule.At("resource").Text()]++
		}
		return map[[2]int]string{{topics, 0}: "shown", {0, topics}: "absent-when-topic"}[[2]int{shown["TOPIC"], shown[""]}]
	})
}

// observeWhitelistForm is the first part of row 9. Where an answer differs in
// several ways, the one that is hardest to take stands for them.
func observeWhitelistForm(s *seen) Finding {
	long := func(addresses []string) []string {
		var long []string
		for _, address := range addresses {
			long = append(long, strings.TrimSuffix(address, "/32")+"/32")
		}
		return long
	}
	sent := long(addresses)
	return each(s.accepted(stepReadAdded), "whitelist_ips", func(a owned.Answer) string {
		text := a.Body.At("whitelist_ips").Text()
		parts := strings.Split(strings.ReplaceAll(text, " ", ""), ",")
		switch {
		case !slices.Equal(slices.Sorted(slices.Values(long(parts))), slices.Sorted(slices.Values(sent))):
			return ""
		case !slices.Equal(long(parts), sent):
			return "reordered"
		case slices.Equal(parts, sent):
			return "cidr"
		case !slices.Equal(parts, addresses):
			return ""
		case strings.Contains(text, " "):
			return "spaced"
		}
		return "as-sent"
	}, "as-sent", "spaced", "cidr", "reordered")
}

// observeWhitelistEmpty is the second part of row 9.
func observeWhitelistEmpty(s *seen) Finding {
	if !s.options.EmptyWhitelist {
		return Finding{}
	}
	return each(s.fresh(kindKafka), "whitelist_ips", emptyForm("whitelist_ips", "empty-string", ""))
}
