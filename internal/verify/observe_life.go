// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
)

// observeStatus is row 1. Only delete_failed has a separator, so only that
// tells two of the spellings apart. Keys of others have a status as well.
func observeStatus(s *sight) Finding {
	seen := s.statuses()
	if len(seen) == 0 {
		return notSeen("no answer has had a status")
	}
	spellings := map[string]func(string) string{
		"lower": strings.ToLower,
		"title": titled,
		"upper": strings.ToUpper,
		"kebab": func(status string) string { return strings.ReplaceAll(status, "_", "-") },
	}
	var fit []string
	for _, name := range []string{"lower", "title", "upper", "kebab"} {
		if !slices.ContainsFunc(seen, func(text string) bool { return !spells(text, spellings[name]) }) {
			fit = append(fit, name)
		}
	}
	switch len(fit) {
	case 0:
		return other("%s", shapesOf(seen))
	case 1:
		return saw(fit[0])
	default:
		return among(fit, "only a deletion that fails tells them apart, and none did")
	}
}

func spells(text string, spelling func(string) string) bool {
	return slices.ContainsFunc(statuses, func(status string) bool { return spelling(status) == text })
}

func titled(status string) string {
	words := strings.Split(status, "_")
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, " ")
}

// statuses are the different statuses of all keys in all answers.
func (s *sight) statuses() []string {
	var seen []string
	for _, object := range s.objects("key") {
		if text := object.at("status").text(); text != "" && !slices.Contains(seen, text) {
			seen = append(seen, text)
		}
	}
	return seen
}

// shapesOf shows statuses that the contract knows, however they are spelt, and
// of others the length alone.
func shapesOf(texts []string) string {
	var shapes []string
	for _, text := range texts {
		known := slices.ContainsFunc(statuses, func(status string) bool { return isStatus(text, status) })
		shape := valueOf(text).shape()
		if known {
			shape = valueOf(text).shape(text)
		}
		shapes = append(shapes, shape)
	}
	return strings.Join(shapes, ", ")
}

// observeToken is row 2.
func observeToken(s *sight) Finding {
	accepted := slices.DeleteFunc(s.steps(stepExchange, stepPair, stepBase64, stepObject, stepAddedPair), func(a answer) bool { return !a.ok() })
	return agree(each(accepted, func(a answer) Finding {
		camel, snake := a.body.at("accessToken").isText(), a.body.at("access_token").isText()
		camelLife, snakeLife := a.body.at("expiresIn").isNumber(), a.body.at("expires_in").isNumber()
		switch {
		case camel && !snake && camelLife && !snakeLife:
			return saw("camel")
		case snake && !camel && snakeLife && !camelLife:
			return saw("snake")
		case camel && !snake && !camelLife && !snakeLife:
			return saw("no-lifetime")
		default:
			return other("members %s", shownNames(a.body.names()))
		}
	}), "no exchange was accepted")
}

// creations are the answers to creations that were accepted.
func (s *sight) creations() []answer {
	return slices.DeleteFunc(s.steps(stepCreate), func(a answer) bool { return !a.ok() })
}

// observeCreateCode is row 3.
func observeCreateCode(s *sight) Finding {
	return agree(each(s.creations(), func(a answer) Finding {
		switch a.status {
		case http.StatusOK:
			return saw("200")
		case http.StatusCreated:
			return saw("201")
		default:
			return other("%s", a.shape())
		}
	}), "no key was made")
}

// observeCreateTiming is row 4.
func observeCreateTiming(s *sight) Finding {
	return agree(s.eachKey(func(k *key) Finding {
		looks := s.looks(k, stepReadNew)
		if len(looks) == 0 {
			return notSeen("the new key was not read")
		}
		first := looks[0]
		switch status := first.body.at("status").text(); {
		case first.saysGone():
			return saw("not-found-first")
		case !first.ok():
			return other("the first read was answered %s", first.shape())
		case isStatus(status, "creating"):
			return saw("creating")
		case isStatus(status, "active") || isStatus(status, "failed"):
			return saw("at-once")
		default:
			return other("its status is %s", shapesOf([]string{status}))
		}
	}), "no key was made")
}

// eachKey looks at each key that was meant to be made, and was.
func (s *sight) eachKey(look func(*key) Finding) []Finding {
	var findings []Finding
	for _, k := range s.keys {
		if k.kind != kindRefused && k.id != "" {
			findings = append(findings, look(k))
		}
	}
	return findings
}

// looks are the answers of a step about a key.
func (s *sight) looks(k *key, steps ...string) []answer {
	return slices.DeleteFunc(s.steps(steps...), func(a answer) bool { return a.key != k.kind })
}

// observeCreateOutcome is row 5.
func observeCreateOutcome(s *sight) Finding {
	return agree(s.eachKey(func(k *key) Finding {
		looks := s.looks(k, stepReadNew)
		if len(looks) == 0 {
			return notSeen("the new key was not read")
		}
		switch status := looks[len(looks)-1].body.at("status").text(); {
		case isStatus(status, "active"):
			return saw("active")
		case isStatus(status, "failed"):
			return saw("failed")
		case isStatus(status, "creating"):
			return notSeen("the key was not ready in time")
		default:
			return other("its status is %s", shapesOf([]string{status}))
		}
	}), "no key was made")
}

// observeDeleteAnswer is the first part of row 6.
func observeDeleteAnswer(s *sight) Finding {
	accepted := slices.DeleteFunc(s.steps(stepDelete), func(a answer) bool { return !a.ok() })
	return agree(each(accepted, func(a answer) Finding {
		hasBody := len(bytes.TrimSpace(a.raw)) > 0
		switch {
		case a.status == http.StatusOK && hasBody && a.body.there:
			return saw("200-body")
		case a.status == http.StatusOK && !hasBody:
			return saw("200-empty")
		case a.status == http.StatusAccepted:
			return saw("202")
		case a.status == http.StatusNoContent:
			return saw("204")
		default:
			return other("%s", a.shape())
		}
	}), "no deletion was accepted")
}

// observeDeleteTiming is the second part of row 6.
func observeDeleteTiming(s *sight) Finding {
	return agree(s.eachKey(func(k *key) Finding {
		deletions, reads := s.looks(k, stepDelete), s.looks(k, stepReadDeleted)
		if len(reads) == 0 || !slices.ContainsFunc(deletions, answer.ok) {
			return notSeen("no deletion was accepted")
		}
		had := func(status string) bool {
			return slices.ContainsFunc(reads, func(a answer) bool { return isStatus(a.body.at("status").text(), status) })
		}
		switch {
		case k.stuck && had("delete_failed"):
			return saw("failed-forever")
		case !k.gone:
			return other("the key is not gone in the end")
		case had("delete_failed"):
			return saw("failed-once")
		case had("deleting"):
			return saw("deleting")
		case !slices.ContainsFunc(reads, answer.ok):
			return saw("at-once")
		default:
			return other("its status is %s", shapesOf(textsAt(reads, "status")))
		}
	}), "no key was made")
}

func textsAt(answers []answer, member string) []string {
	var texts []string
	for _, a := range answers {
		if text := a.body.at(member).text(); text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// observeGone is row 7: of a key that never was, and of keys that are gone.
func observeGone(s *sight) Finding {
	return agree(each(s.steps(stepReadUnknown, stepReadGone, stepDeleteGone), func(a answer) Finding {
		switch {
		case a.status == http.StatusNotFound:
			return saw("404")
		case a.status == http.StatusBadRequest && a.saysGone():
			return saw("400")
		default:
			return other("%s to a %s", a.shape(), a.method)
		}
	}), "no key that does not exist was asked for")
}

// observeUpdateTiming is row 17.
func observeUpdateTiming(s *sight) Finding {
	a, asked := s.step(stepAddKafka)
	if !asked || !a.ok() {
		return s.withoutKafka()
	}
	looks := append([]answer{a}, s.steps(stepReadAdded)...)
	for _, look := range looks[:min(2, len(looks))] {
		status := look.body.at("status").text()
		switch {
		case isStatus(status, "creating"):
			return saw("creating")
		case !isStatus(status, "active") && !isStatus(status, "failed"):
			return other("its status is %s", shapesOf([]string{status}))
		}
	}
	return saw("at-once")
}

// withoutKafka says why nothing about Kafka was seen.
func (s *sight) withoutKafka() Finding {
	a, asked := s.step(stepAddKafka)
	switch {
	case !s.options.Kafka:
		return notSeen("it takes Kafka access, which is asked for with -kafka")
	case asked && a.refused():
		return notSeen("the service refused Kafka access: %s", a.shape())
	default:
		return notSeen("no key had Kafka access")
	}
}

// observeSameName is row 20. A run gives each of its keys another name.
func observeSameName(*sight) Finding {
	return notSeen("no run asks for a second key of the same name")
}

// observeOtherProject is row 21. Nothing of another project is ever changed, so
// it is about reading.
func observeOtherProject(s *sight) Finding {
	a, asked := s.step(stepReadOther)
	switch {
	case !asked:
		return notSeen("the list has no key of another project")
	case a.ok() && a.body.isObject():
		return saw("readable")
	case a.status == http.StatusForbidden:
		return saw("forbidden")
	case a.saysGone():
		return saw("missing")
	default:
		return other("%s", a.shape())
	}
}

// observeGranting is row 22.
func observeGranting(s *sight) Finding {
	a, asked := s.step(stepOwnGrant)
	switch {
	case len(s.options.Permissions) == 0:
		return notSeen("it takes a key that may change keys and lacks what its roles hold, which is made with -permissions")
	case !s.rolesHoldMore():
		return notSeen("the permissions given with -permissions are all that the roles hold")
	case !asked:
		return notSeen("no key could change itself")
	case a.ok():
		return saw("any")
	case a.status == http.StatusForbidden:
		return saw("own")
	default:
		return other("%s", a.shape())
	}
}

// rolesHoldMore tells whether the roles that keys are given have a permission
// that a key by permissions is not given.
func (s *sight) rolesHoldMore() bool {
	a, _ := s.step(stepRoles)
	k := s.made(kindRole)
	for _, role := range a.body.items() {
		if k == nil || !slices.Contains(k.roleIDs, role.at("id").text()) {
			continue
		}
		for _, permission := range role.at("permissions").items() {
			if !slices.Contains(s.options.Permissions, permission.text()) {
				return true
			}
		}
	}
	return false
}
