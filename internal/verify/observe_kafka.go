// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// ruled are the answers that show rules that giveKafka has set.
func ruled(s *seen) []owned.Answer {
	return slices.DeleteFunc(s.accepted(stepReadAdded), func(a owned.Answer) bool { return a.Body.At("kafka_acls").Empty() })
}

func aclName(_ *seen, a owned.Answer) string {
	rules := a.Body.At("kafka_acls").Items()
	names := slices.ContainsFunc(rules, func(rule owned.Value) bool { return rule.At("name").IsText() })
	topics := slices.ContainsFunc(rules, func(rule owned.Value) bool { return rule.At("topic_name").IsText() })
	return map[[2]bool]string{{true, false}: "name", {false, true}: "topic_name"}[[2]bool{names, topics}]
}

// spelt are rules in one text each, sent and shown alike.
func spelt(rules owned.Value) []string {
	var texts []string
	for _, rule := range rules.Items() {
		resource := rule.At("resource").Text()
		if resource == "" {
			resource = "TOPIC"
		}
		texts = append(texts, fmt.Sprint(rule.At("name").Text(), rule.At("topic_name").Text(), " ", resource, " ",
			rule.At("operation").Text(), " ", rule.At("resource_pattern_type").Text()))
	}
	return texts
}

func aclOrder(s *seen, a owned.Answer) string {
	sent, shown := spelt(owned.ValueOf(s.rules())), spelt(a.Body.At("kafka_acls"))
	sorted := slices.Sorted(slices.Values(sent))
	switch {
	case slices.Equal(shown, sent):
		return "kept"
	case slices.Equal(shown, sorted):
		return "sorted"
	case slices.Equal(slices.Sorted(slices.Values(shown)), sorted):
		return "shuffled"
	}
	return ""
}

func aclResource(s *seen, a owned.Answer) string {
	topics := strings.Count(strings.Join(spelt(owned.ValueOf(s.rules())), "\n"), " TOPIC ")
	shown := map[string]int{}
	for _, rule := range a.Body.At("kafka_acls").Items() {
		shown[rule.At("resource").Text()]++
	}
	return map[[2]int]string{{topics, 0}: "shown", {0, topics}: "absent-when-topic"}[[2]int{shown["TOPIC"], shown[""]}]
}

// whitelistForm names the form that is hardest to take where an answer differs in
// several ways.
func whitelistForm(_ *seen, a owned.Answer) string {
	long := func(addresses []string) []string {
		var long []string
		for _, address := range addresses {
			long = append(long, strings.TrimSuffix(address, "/32")+"/32")
		}
		return long
	}
	sent, text := long(addresses), a.Body.At("whitelist_ips").Text()
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
}

// unrestricted are the looks at a Kafka user without a restriction of its
// addresses.
func unrestricted(s *seen) []owned.Answer {
	if !s.options.EmptyWhitelist {
		return nil
	}
	return fresh(kindKafka)(s)
}

// atFirst are the answer that gives a key Kafka access, and the first look after
// that.
func atFirst(s *seen) []owned.Answer {
	looks := s.accepted(stepAddKafka, stepReadAdded)
	return looks[:min(2, len(looks))]
}
