// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"slices"
	"strings"
)

// ruleLooks are the answers that show the rules that giveKafka has set.
func (s *sight) ruleLooks() []answer {
	return slices.DeleteFunc(s.steps(stepReadAdded, stepReadRules), func(a answer) bool {
		return !a.ok() || len(a.body.at("kafka_acls").items()) == 0
	})
}

// observeACLName is the first part of row 8.
func observeACLName(s *sight) Finding {
	return s.eachRule(func(shown value) Finding {
		name, topic := shown.at("name").isText(), shown.at("topic_name").isText()
		switch {
		case name && !topic:
			return saw("name")
		case topic && !name:
			return saw("topic_name")
		default:
			return other("a rule has the members %s", shownNames(shown.names()))
		}
	})
}

// eachRule looks at every rule of every answer.
func (s *sight) eachRule(look func(value) Finding) Finding {
	var findings []Finding
	for _, a := range s.ruleLooks() {
		for _, shown := range a.body.at("kafka_acls").items() {
			findings = append(findings, look(shown))
		}
	}
	if len(findings) == 0 {
		return s.withoutKafka()
	}
	return agree(findings, "")
}

// observeACLResource is the third part of row 8. Of the rules that were sent,
// those with `operation` WRITE or READ and a topic's name are for topics.
func observeACLResource(s *sight) Finding {
	topics := 0
	for _, rule := range s.sentRules() {
		if rule.at("resource").text() == "TOPIC" {
			topics++
		}
	}
	looks := each(s.ruleLooks(), func(a answer) Finding {
		shown, missing := 0, 0
		for _, rule := range a.body.at("kafka_acls").items() {
			switch resource := rule.at("resource"); {
			case !resource.there:
				missing++
			case resource.text() == "TOPIC":
				shown++
			}
		}
		switch {
		case missing == 0 && shown == topics:
			return saw("shown")
		case shown == 0 && missing == topics:
			return saw("absent-when-topic")
		default:
			return other("of %d rules for topics %d say so, and %d rules say nothing", topics, shown, missing)
		}
	})
	if len(looks) == 0 {
		return s.withoutKafka()
	}
	return agree(looks, "")
}

// sentRules are the rules that were sent with the Kafka access.
func (s *sight) sentRules() []value {
	a, _ := s.step(stepAddKafka)
	body, _ := a.sent.(map[string]any)
	config, _ := body["kafka_config"].(map[string]any)
	sent, _ := config["kafka_acls"].([]map[string]any)
	rules := make([]value, len(sent))
	for i, rule := range sent {
		rules[i] = valueOf(rule)
	}
	return rules
}

// spelt is a rule in one text. Members that answers may leave out or name
// otherwise make no difference.
func spelt(rule value) string {
	resource := rule.at("resource").text()
	if resource == "" {
		resource = "TOPIC"
	}
	return strings.Join([]string{
		rule.at("name").text() + rule.at("topic_name").text(), resource,
		rule.at("operation").text(), rule.at("resource_pattern_type").text(),
	}, " ")
}

func speltAll(rules []value) []string {
	texts := make([]string, len(rules))
	for i, rule := range rules {
		texts[i] = spelt(rule)
	}
	return texts
}

// observeACLOrder is the second part of row 8.
func observeACLOrder(s *sight) Finding {
	looks := s.ruleLooks()
	if len(looks) == 0 {
		return s.withoutKafka()
	}
	sent := speltAll(s.sentRules())
	sorted := slices.Sorted(slices.Values(sent))
	var orders []string
	for _, a := range looks {
		shown := speltAll(a.body.at("kafka_acls").items())
		if !slices.Equal(slices.Sorted(slices.Values(shown)), sorted) {
			return other("the rules are not those that were sent: %d of %d", len(shown), len(sent))
		}
		if order := strings.Join(shown, "\n"); !slices.Contains(orders, order) {
			orders = append(orders, order)
		}
	}
	switch {
	case len(orders) > 1:
		return saw("shuffled")
	case orders[0] == strings.Join(sent, "\n"):
		return saw("kept")
	case orders[0] == strings.Join(sorted, "\n"):
		return saw("sorted")
	default:
		return other("an order of the service's own, always the same")
	}
}

// observeWhitelistForm is the first part of row 9.
func observeWhitelistForm(s *sight) Finding {
	looks := slices.DeleteFunc(s.steps(stepReadAdded, stepReadRules), func(a answer) bool { return !a.ok() })
	if added, _ := s.step(stepAddKafka); len(looks) == 0 || !added.ok() {
		return s.withoutKafka()
	}
	return agree(each(looks, func(a answer) Finding { return whitelistForm(a.body.at("whitelist_ips")) }), "")
}

func whitelistForm(shown value) Finding {
	text := shown.text()
	parts := strings.Split(strings.ReplaceAll(text, " ", ""), ",")
	bare := func(address string) string { return strings.TrimSuffix(address, "/32") }
	var same, sameBare []string
	for _, part := range parts {
		same, sameBare = append(same, part), append(sameBare, bare(part))
	}
	var sentBare []string
	for _, address := range addresses {
		sentBare = append(sentBare, bare(address))
	}
	backwards := slices.Clone(addresses)
	slices.Reverse(backwards)
	switch {
	case text == sentAddresses:
		return saw("as-sent")
	case text == strings.Join(addresses, ", "):
		return saw("spaced")
	case text == strings.Join(backwards, ","):
		return saw("reordered")
	case text == strings.Join(sentBare, "/32,")+"/32":
		return saw("cidr")
	case slices.Equal(slices.Sorted(slices.Values(same)), slices.Sorted(slices.Values(addresses))):
		return other("the addresses in another order than the reverse, or with spaces besides")
	case slices.Equal(slices.Sorted(slices.Values(sameBare)), slices.Sorted(slices.Values(sentBare))):
		return other("the addresses in other notations, and %s", spacing(text))
	default:
		return other("%s of %d parts", shown.shape(), len(parts))
	}
}

func spacing(text string) string {
	if strings.Contains(text, " ") {
		return "with spaces"
	}
	return "without spaces"
}

// observeWhitelistEmpty is the second part of row 9.
func observeWhitelistEmpty(s *sight) Finding {
	switch {
	case !s.options.Kafka:
		return s.withoutKafka()
	case !s.options.EmptyWhitelist:
		return notSeen("it takes a Kafka user without a restriction of its addresses, which is made with -empty-whitelist")
	}
	fresh, seen := s.fresh(kindKafka)
	if !seen {
		return s.withoutKafka()
	}
	switch shown := fresh.body.at("whitelist_ips"); {
	case shown.isNull():
		return saw("null")
	case shown.isText() && shown.empty():
		return saw("empty-string")
	default:
		return other("whitelist_ips is %s", shown.shape())
	}
}
