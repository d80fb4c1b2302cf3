// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
)

func checkProject(s *sight) Outcome {
	seen := false
	for _, k := range s.keys {
		if !k.file.isObject() || k.id == "" {
			continue
		}
		seen = true
		if project := k.file.at("project", "service_id"); project.text() != s.options.ServiceID {
			return fail("project.service_id is not the project but %s", project.shape())
		}
	}
	if !seen {
		return unseen("no key was made")
	}
	return checkMembers("project")(s)
}

func checkFile(s *sight) Outcome {
	if outcome := checkMembers("file")(s); outcome.Result != Pass {
		return outcome
	}
	for _, file := range s.objects("file") {
		if file.at("type").text() != "streamkap_project_key" {
			return fail("type is %s", file.at("type").shape())
		}
	}
	return pass("")
}

func checkKafkaFile(s *sight) Outcome {
	if outcome := checkMembers("kafka")(s); outcome.Result != Pass {
		return outcome
	}
	for _, kafka := range s.objects("kafka") {
		protocol, mechanism := kafka.at("security_protocol"), kafka.at("sasl_mechanism")
		if protocol.text() != "SASL_SSL" || mechanism.text() != "PLAIN" {
			return fail("security_protocol is %s, sasl_mechanism is %s", protocol.shape("SASL_SSL"), mechanism.shape("PLAIN"))
		}
	}
	return pass("")
}

func checkNoStatus(s *sight) Outcome {
	files := s.objects("file")
	if len(files) == 0 {
		return unseen("no key was made")
	}
	if slices.ContainsFunc(files, func(file value) bool { return file.at("status").there }) {
		return fail("it has one")
	}
	return pass("")
}

// checkSecrets looks for what was issued in the answers that issue nothing.
func checkSecrets(s *sight) Outcome {
	var secrets []string
	for _, k := range s.keys {
		secrets = append(secrets, k.secrets...)
	}
	if len(secrets) == 0 {
		return unseen("no secret was issued")
	}
	for _, a := range s.answers {
		if len(filesIn(a)) > 0 || a.step == stepAddKafka || a.step == stepAddAPI {
			continue
		}
		for _, secret := range secrets {
			if bytes.Contains(a.raw, []byte(secret)) {
				return fail("one is in the answer to %s %s, %d", a.method, a.path, a.status)
			}
		}
	}
	return pass("%d secrets", len(secrets))
}

func checkDetail(s *sight) Outcome {
	details := s.details()
	if len(details) == 0 {
		return unseen("no key was read")
	}
	for _, a := range details {
		if missing := lacking(a.body, detailMembers); missing != "" {
			return fail("%s missing", missing)
		}
	}
	return pass("%d reads", len(details))
}

func lacking(object value, members []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(members), func(m string) bool { return object.at(m).there }), ", ")
}

func checkRow(s *sight) Outcome {
	seen := 0
	for _, a := range s.steps(stepList, stepListBefore, stepListAfter) {
		for _, row := range keysIn(a) {
			seen++
			if missing := lacking(row, summaryMembers); missing != "" {
				return fail("%s missing", missing)
			}
			for _, member := range []string{"kafka_acls", "whitelist_ips", "token_ttl_seconds"} {
				if row.at(member).there {
					return fail("%s is in it", member)
				}
			}
		}
	}
	if seen == 0 {
		return unseen("the list was empty")
	}
	return pass("%d rows", seen)
}

// types are the members of a key that have a type of their own; the others are
// texts.
var types = map[string]func(value) bool{
	"created_by_user": value.isObject, "new_api_credentials": value.isObject, "new_kafka_credentials": value.isObject,
	"roles": value.isList, "allowed_tools": value.isList, "blocked_tools": value.isList, "kafka_acls": value.isList,
	"token_ttl_seconds": value.isNumber,
}

func checkTypes(s *sight) Outcome {
	keys := s.objects("key")
	if len(keys) == 0 {
		return unseen("no key was read")
	}
	for _, key := range keys {
		for _, member := range append(slices.Clone(detailMembers), "new_api_credentials", "new_kafka_credentials") {
			fits := types[member]
			if fits == nil {
				fits = value.isText
			}
			if shown := key.at(member); !shown.empty() && !fits(shown) {
				return fail("%s is %s", member, shown.shape())
			}
		}
	}
	return pass("%d keys", len(keys))
}

func checkZones(s *sight) Outcome {
	seen := 0
	for _, key := range s.objects("key") {
		for _, member := range []string{"created_at", "last_used_at"} {
			text := key.at(member).text()
			if text == "" {
				continue
			}
			seen++
			if _, err := time.Parse(time.RFC3339Nano, text); err == nil {
				continue
			}
			if _, ok := parseTime(text); ok {
				return fail("%s has none", member)
			}
			return fail("%s is no time but %s", member, key.at(member).shape())
		}
	}
	if seen == 0 {
		return unseen("no answer had a time")
	}
	return pass("%d times", seen)
}

func checkLastUsed(s *sight) Outcome {
	before, seen := s.fresh(kindRole)
	after, asked := s.step(stepReadUsed)
	pair, _ := s.step(stepPair)
	switch {
	case !seen || !asked || !after.ok() || !pair.ok():
		return unseen("no key's credentials were used")
	case after.body.at("last_used_at").empty() || after.body.at("last_used_at").text() == before.body.at("last_used_at").text():
		return fail("it did not within a second: %s before, %s after",
			before.body.at("last_used_at").shape(), after.body.at("last_used_at").shape())
	}
	return pass("")
}

func checkUpdateAnswer(s *sight) Outcome {
	seen := 0
	for _, a := range s.answers {
		if a.method != "PATCH" || !a.clear() || !a.ok() {
			continue
		}
		seen++
		if missing := lacking(a.body, append(slices.Clone(summaryMembers), "new_api_credentials", "new_kafka_credentials")); missing != "" {
			return fail("%s missing", missing)
		}
		added := map[string]bool{"new_api_credentials": a.step == stepAddAPI, "new_kafka_credentials": a.step == stepAddKafka}
		for member, wanted := range added {
			if a.body.at(member).isObject() != wanted {
				return fail("%s is %s", member, a.body.at(member).shape())
			}
		}
	}
	if seen == 0 {
		return unseen("nothing was changed")
	}
	return pass("%d updates", seen)
}

func checkRename(s *sight) Outcome {
	a, asked := s.step(stepReadName)
	k := s.made(kindRole)
	changed, _ := s.step(stepRename)
	switch {
	case !asked || k == nil:
		return unseen("no key was renamed")
	case !changed.ok():
		return fail("it was answered %s", changed.shape())
	case a.body.at("name").text() != k.name+"-renamed":
		return fail("it is %s", a.body.at("name").shape())
	}
	return pass("")
}

func checkMoved(s *sight) Outcome {
	a, asked := s.step(stepMoveRoles)
	switch {
	case !asked:
		return unseen("no key by permissions was made; it takes -permissions")
	case !a.ok():
		return fail("it was answered %s", a.shape())
	case a.body.at("roles").empty():
		return fail("roles is %s after it", a.body.at("roles").shape())
	}
	return pass("")
}

func checkAddedAPI(s *sight) Outcome {
	a, asked := s.step(stepAddAPI)
	login, tried := s.step(stepAddedPair)
	switch {
	case !asked:
		return unseen("no Kafka-only key was made")
	case !a.ok():
		return fail("it was answered %s", a.shape())
	case !tried || !login.ok():
		return fail("the credentials were not accepted")
	}
	return pass("")
}

// durations are how long the service took for what takes time.
func (s *sight) durations() []string {
	var told []string
	for _, k := range s.keys {
		if k.kind == kindRefused || k.id == "" {
			continue
		}
		if d, seen := span(s.looks(k, stepCreate), s.looks(k, stepReadNew)); seen {
			told = append(told, fmt.Sprintf("making a key (%s): %s", k.kind, d))
		}
		if d, seen := span(s.looks(k, stepAddKafka), s.looks(k, stepReadAdded)); seen {
			told = append(told, fmt.Sprintf("adding Kafka access: %s", d))
		}
		if d, seen := span(s.looks(k, stepDelete), s.looks(k, stepReadDeleted)); seen {
			told = append(told, fmt.Sprintf("deleting a key (%s): %s", k.kind, d))
		}
	}
	return told
}

// span is from the first request of a kind to the last answer of another.
func span(first, last []answer) (time.Duration, bool) {
	if len(first) == 0 || len(last) == 0 {
		return 0, false
	}
	return last[len(last)-1].ended.Sub(first[0].began).Round(100 * time.Millisecond), true
}
