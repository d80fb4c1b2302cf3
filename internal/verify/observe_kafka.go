// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

func shapeOfCount(n int) string { return fmt.Sprintf("%d names of members", n) }

// eachRules looks at the rules of every answer that shows those that giveKafka
// has set.
func (s *seen) eachRules(look func(rules []owned.Value) Finding) Finding {
	var findings []Finding
	for _, a := range s.accepted(stepReadAdded) {
		if rules := a.Body.At("kafka_acls").Items(); len(rules) > 0 {
			findings = append(findings, look(rules))
		}
	}
	if len(findings) == 0 {
		return s.withoutKafka()
	}
	return agree(findings, "", "kept", "sorted", "shuffled")
}

// observeACLName is the first part of row 8.
func observeACLName(s *seen) Finding {
	return s.eachRules(func(rules []owned.Value) Finding {
		names := slices.ContainsFunc(rules, func(rule owned.Value) bool { return rule.At("name").IsText() })
		topics := slices.ContainsFunc(rules, func(rule owned.Value) bool { return rule.At("topic_name").IsText() })
		switch {
		case names && !topics:
			return saw("name")
		case topics && !names:
			return saw("topic_name")
		}
		return other("a rule is %s, its name %s, its topic_name %s", rules[0].Shape(), rules[0].At("name").Shape(), rules[0].At("topic_name").Shape())
	})
}

// observeACLResource is the third part of row 8.
func observeACLResource(s *seen) Finding {
	return s.eachRules(func(rules []owned.Value) Finding {
		topics, missing := 0, 0
		for _, rule := range rules {
			switch {
			case rule.At("resource").Empty():
				missing++
			case rule.At("resource").Text() == "TOPIC":
				topics++
			}
		}
		sent := 0
		for _, rule := range s.sentRules() {
			if rule["resource"] == "TOPIC" {
				sent++
			}
		}
		switch {
		case missing == 0 && topics == sent:
			return saw("shown")
		case topics == 0 && missing == sent:
			return saw("absent-when-topic")
		}
		return other("of %d rules for topics %d say so, and %d rules say nothing", sent, topics, missing)
	})
}

// sentRules are the rules that were sent with the Kafka access.
func (s *seen) sentRules() []map[string]any {
	a, _ := s.step(stepAddKafka)
	body, _ := a.Sent.(map[string]any)
	config, _ := body["kafka_config"].(map[string]any)
	sent, _ := config["kafka_acls"].([]map[string]any)
	return sent
}

// observeACLOrder is the second part of row 8.
func observeACLOrder(s *seen) Finding {
	var sent []string
	for _, rule := range s.sentRules() {
		sent = append(sent, fmt.Sprint(rule["topic_name"], " ", rule["resource"], " ", rule["operation"], " ", rule["resource_pattern_type"]))
	}
	sorted := slices.Sorted(slices.Values(sent))
	return s.eachRules(func(rules []owned.Value) Finding {
		var shown []string
		for _, rule := range rules {
			resource := rule.At("resource").Text()
			if resource == "" {
				resource = "TOPIC"
			}
			shown = append(shown, fmt.Sprint(rule.At("name").Text(), rule.At("topic_name").Text(), " ", resource, " ",
				rule.At("operation").Text(), " ", rule.At("resource_pattern_type").Text()))
		}
		switch {
		case slices.Equal(shown, sent):
			return saw("kept")
		case slices.Equal(shown, sorted):
			return saw("sorted")
		case slices.Equal(slices.Sorted(slices.Values(shown)), sorted):
			return saw("shuffled")
		}
		return other("the rules are not those that were sent: %d of %d", len(shown), len(sent))
	})
}

// observeWhitelistForm is the first part of row 9. Where an answer differs in
// several ways, the one that is hardest to take stands for them.
func observeWhitelistForm(s *seen) Finding {
	var looks []Finding
	if len(s.accepted(stepAddKafka)) > 0 {
		looks = each(s.accepted(stepReadAdded), func(a owned.Answer) Finding { return whitelistForm(a.Body.At("whitelist_ips")) })
	}
	if len(looks) == 0 {
		return s.withoutKafka()
	}
	return agree(looks, "", "as-sent", "spaced", "cidr", "reordered")
}

func whitelistForm(shown owned.Value) Finding {
	parts := strings.Split(strings.ReplaceAll(shown.Text(), " ", ""), ",")
	var long, sentLong []string
	for _, part := range parts {
		long = append(long, strings.TrimSuffix(part, "/32")+"/32")
	}
	for _, address := range addresses {
		sentLong = append(sentLong, strings.TrimSuffix(address, "/32")+"/32")
	}
	switch {
	case !slices.Equal(slices.Sorted(slices.Values(long)), slices.Sorted(slices.Values(sentLong))):
		return other("%s of %d parts", shown.Shape(), len(parts))
	case !slices.Equal(long, sentLong):
		return saw("reordered")
	case slices.Equal(parts, sentLong):
		return saw("cidr")
	case !slices.Equal(parts, addresses):
		return other("the addresses in other notations")
	case strings.Contains(shown.Text(), " "):
		return saw("spaced")
	}
	return saw("as-sent")
}

// observeWhitelistEmpty is the second part of row 9.
func observeWhitelistEmpty(s *seen) Finding {
	fresh, seen := s.fresh(kindKafka)
	switch shown := fresh.Body.At("whitelist_ips"); {
	case s.options.Kafka && !s.options.EmptyWhitelist:
		return notSeen("it takes a Kafka user without a restriction of its addresses, which is made with -empty-whitelist")
	case !seen:
		return s.withoutKafka()
	case shown.IsNull():
		return saw("null")
	case shown.IsText() && shown.Empty():
		return saw("empty-string")
	default:
		return other("whitelist_ips is %s", shown.Shape())
	}
}
