// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"slices"
	"strings"
)

// checkAnswers says whether everything that the service itself answered was
// JSON or empty, and neither a redirect nor anything else.
func checkAnswers(s *sight) Outcome {
	total, gateway := 0, 0
	for _, a := range s.answers {
		switch {
		case a.status == 0:
			continue
		case a.status >= 500:
			gateway++
		case a.status >= 300 && a.status <= 399:
			return fail("%s to %s %s", a.shape(), a.method, a.path)
		case !a.body.there && len(bytes.TrimSpace(a.raw)) > 0 && a.err == nil:
			return fail("%s to %s %s", a.shape(), a.method, a.path)
		}
		total++
	}
	if total == 0 {
		return unseen("nothing was answered")
	}
	return pass("%d answers, %d of them 5xx", total, gateway)
}

func checkOwnWhoami(s *sight) Outcome {
	a, asked := s.step(stepOwnWhoami)
	k := s.made(kindRole)
	switch {
	case !asked || k == nil:
		return unseen("no key's token was there to ask with")
	case !a.ok():
		return fail("a key's token was answered %s", a.shape())
	case a.body.at("project_key_id").text() != k.id:
		return fail("project_key_id is not the key's id but %s", a.body.at("project_key_id").shape())
	case a.body.at("service_id").text() != s.options.ServiceID:
		return fail("service_id is not the key's project but %s", a.body.at("service_id").shape())
	}
	return pass("")
}

func checkRoles(s *sight) Outcome {
	a, asked := s.step(stepRoles)
	switch {
	case !asked:
		return unseen("it was not asked for")
	case !a.ok() || !a.body.isList():
		return fail("%s", a.shape())
	}
	for _, role := range a.body.items() {
		if missing := missingFrom(role, "role"); missing != "" {
			return fail("%s missing", missing)
		}
	}
	return pass("%d roles", len(a.body.items()))
}

// missingFrom names the members that an object of a kind lacks.
func missingFrom(object value, kind string) string {
	i := slices.IndexFunc(kinds, func(k objectKind) bool { return k.name == kind })
	var missing []string
	for _, member := range kinds[i].required {
		if !object.at(member).there {
			missing = append(missing, member)
		}
	}
	return strings.Join(missing, ", ")
}

func checkList(s *sight) Outcome {
	if len(s.steps(stepList)) == 0 {
		return unseen("the list was not read while a key was there")
	}
	for _, a := range s.steps(stepList) {
		if !a.ok() || !a.body.isList() {
			return fail("%s", a.shape())
		}
		for _, k := range s.keys {
			if k.kind == a.key && k.id != "" && !ownRow(a, k).there {
				return fail("a key that was just made is not in it")
			}
		}
	}
	return pass("")
}

func checkMCP(s *sight) Outcome {
	a, asked := s.step(stepMCP)
	k := s.made(kindRole)
	if !asked || k == nil {
		return unseen("it was not asked for")
	}
	if !a.ok() || !a.body.isObject() {
		return fail("%s", a.shape())
	}
	if missing := missingFrom(a.body, "mcp-config"); missing != "" {
		return fail("%s missing", missing)
	}
	fresh, seen := s.fresh(kindRole)
	for _, member := range []string{"tool_profile", "allowed_tools", "blocked_tools"} {
		if seen && a.body.at(member).shape(profiles...) != fresh.body.at(member).shape(profiles...) {
			return fail("%s is %s, in the detail it is %s", member,
				a.body.at(member).shape(profiles...), fresh.body.at(member).shape(profiles...))
		}
	}
	if a.body.at("project_key_id").text() != k.id {
		return fail("project_key_id is not the key's id")
	}
	return pass("")
}

func checkForms(s *sight) Outcome {
	answers := s.steps(stepPair, stepBase64, stepObject)
	if len(answers) < 3 {
		return unseen("no key with API access was made")
	}
	for _, a := range answers {
		if !a.ok() || tokenIn(a) == "" {
			return fail("%s: %s", a.step, a.shape())
		}
	}
	return pass("")
}

func checkWrongToken(s *sight) Outcome {
	a, asked := s.step(stepBadToken)
	switch {
	case !asked:
		return unseen("it was not asked for")
	case a.status != 401:
		return fail("%s", a.shape())
	}
	return pass("")
}

func checkKafkaLogin(s *sight) Outcome {
	a, asked := s.step(stepRefuseLogin)
	switch {
	case !asked:
		return unseen("no Kafka-only key was made")
	case a.ok():
		return fail("it was answered %s", a.shape())
	}
	return pass("%d", a.status)
}

func checkStatuses(s *sight) Outcome {
	seen := s.statuses()
	if len(seen) == 0 {
		return unseen("no answer had a status")
	}
	for _, text := range seen {
		if !slices.ContainsFunc(statuses, func(status string) bool { return isStatus(text, status) }) {
			return fail("one is %s", valueOf(text).shape())
		}
	}
	return pass("%s", shapesOf(seen))
}

func checkErrors(s *sight) Outcome {
	seen := 0
	for _, a := range s.answers {
		if !a.clear() || a.status < 400 {
			continue
		}
		seen++
		detail := a.body.at("detail")
		if !detail.isText() && !detail.isObject() && !detail.isList() {
			return fail("%s, with detail %s", a.shape(), detail.shape())
		}
		for _, problem := range detail.items() {
			if missing := missingFrom(problem, "problem"); missing != "" || !problem.at("loc").isList() {
				return fail("a problem of a %d lacks %s", a.status, missing)
			}
		}
	}
	if seen == 0 {
		return unseen("nothing was refused")
	}
	return pass("%d refusals", seen)
}

func checkRequestIDs(s *sight) Outcome {
	seen := 0
	for _, a := range s.answers {
		if a.clear() {
			seen++
			if a.header.Get("X-Request-Id") == "" {
				return fail("%s to %s %s has none", a.shape(), a.method, a.path)
			}
		}
	}
	if seen == 0 {
		return unseen("nothing was answered")
	}
	return pass("%d answers", seen)
}

func checkDeadToken(s *sight) Outcome {
	answers := s.steps(stepDeadToken)
	if len(answers) == 0 {
		return unseen("no key with a token was deleted")
	}
	for _, a := range answers {
		if a.ok() {
			return fail("the token of a deleted key is still accepted")
		}
	}
	return pass("%d", answers[0].status)
}

func checkVariants(s *sight) Outcome {
	var others []string
	for _, row := range rows {
		if row.observe(s).Variant == Other {
			others = append(others, row.Name)
		}
	}
	if len(others) > 0 {
		return fail("not %s", strings.Join(others, ", "))
	}
	return pass("")
}
