// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"net/http"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// observeStatus is row 1. Only delete_failed has a separator, so only that
// tells two of the spellings apart. Keys of others have a status as well.
func observeStatus(s *seen) Finding {
	titled := func(status string) string {
		words := strings.Split(status, "_")
		for i, word := range words {
			words[i] = strings.ToUpper(word[:1]) + word[1:]
		}
		return strings.Join(words, " ")
	}
	var fit []string
	for _, spelling := range []struct {
		name  string
		spell func(string) string
	}{
		{"lower", strings.ToLower},
		{"title", titled},
		{"upper", strings.ToUpper},
		{"kebab", func(status string) string { return strings.ReplaceAll(status, "_", "-") }},
	} {
		spells := func(text string) bool {
			return slices.ContainsFunc(statuses, func(status string) bool { return spelling.spell(status) == text })
		}
		if !slices.ContainsFunc(s.statuses, func(text string) bool { return !spells(text) }) {
			fit = append(fit, spelling.name)
		}
	}
	switch {
	case len(s.statuses) == 0:
		return notSeen("no answer has had a status")
	case len(fit) == 0:
		return other("%s", shapesOf(s.statuses...))
	case len(fit) == 1:
		return saw(fit[0])
	}
	return among(fit, "only a deletion that fails tells them apart, and none did")
}

// observeToken is row 2.
func observeToken(s *seen) Finding {
	return agree(each(s.accepted(owned.StepExchange, stepPair), func(a owned.Answer) Finding {
		camel, snake := a.Body.At("accessToken").IsText(), a.Body.At("access_token").IsText()
		camelLife, snakeLife := a.Body.At("expiresIn").There, a.Body.At("expires_in").There
		switch {
		case camel == snake || camel && snakeLife || snake && camelLife:
			return other("accessToken, access_token, expiresIn, expires_in are %s, %s, %s, %s", a.Body.At("accessToken").Shape(),
				a.Body.At("access_token").Shape(), a.Body.At("expiresIn").Shape(), a.Body.At("expires_in").Shape())
		case !camelLife && !snakeLife:
			return saw("no-lifetime")
		case camel:
			return saw("camel")
		}
		return saw("snake")
	}), "no exchange was accepted")
}

// observeCreateCode is row 3.
func observeCreateCode(s *seen) Finding {
	return agree(each(s.accepted(stepCreate), func(a owned.Answer) Finding {
		switch a.Status {
		case http.StatusOK:
			return saw("200")
		case http.StatusCreated:
			return saw("201")
		}
		return other("%s", a.Shape())
	}), "no key was made")
}

// observeCreateTiming is row 4. Keys of different kinds may differ.
func observeCreateTiming(s *seen) Finding {
	return agree(s.eachKind(func(kind string) Finding {
		looks := s.looks(kind, stepReadNew)
		if len(looks) == 0 {
			return notSeen("the new key was not read")
		}
		switch status := looks[0].Body.At("status").Text(); {
		case looks[0].SaysGone():
			return saw("not-found-first")
		case !looks[0].OK():
			return other("the first read was answered %s", looks[0].Shape())
		case owned.IsStatus(status, "creating"):
			return saw("creating")
		case owned.IsStatus(status, "active") || owned.IsStatus(status, "failed"):
			return saw("at-once")
		default:
			return other("its status is %s", shapesOf(status))
		}
	}), "no key was made", "at-once", "creating", "not-found-first")
}

// observeCreateOutcome is row 5.
func observeCreateOutcome(s *seen) Finding {
	return agree(s.eachKind(func(kind string) Finding {
		looks := s.looks(kind, stepReadNew)
		if len(looks) == 0 {
			return notSeen("the new key was not read")
		}
		switch status := looks[len(looks)-1].Body.At("status").Text(); {
		case owned.IsStatus(status, "active"):
			return saw("active")
		case owned.IsStatus(status, "failed"):
			return saw("failed")
		case owned.IsStatus(status, "creating") || status == "":
			return notSeen("the key was not ready in time")
		default:
			return other("its status is %s", shapesOf(status))
		}
	}), "no key was made", "active", "failed")
}

// observeDeleteAnswer is the first part of row 6.
func observeDeleteAnswer(s *seen) Finding {
	return agree(each(s.accepted(owned.StepDelete), func(a owned.Answer) Finding {
		hasBody := len(a.Raw) > 0
		switch {
		case a.Status == http.StatusOK && hasBody && a.Body.There:
			return saw("200-body")
		case a.Status == http.StatusOK && !hasBody:
			return saw("200-empty")
		case a.Status == http.StatusAccepted:
			return saw("202")
		case a.Status == http.StatusNoContent:
			return saw("204")
		}
		return other("%s", a.Shape())
	}), "no deletion was accepted")
}

// observeDeleteTiming is the second part of row 6: what was read after the first
// deletion that was accepted.
func observeDeleteTiming(s *seen) Finding {
	return agree(s.eachKind(func(kind string) Finding {
		looks := s.looks(kind, owned.StepDelete, owned.StepReadDeleted)
		first := slices.IndexFunc(looks, func(a owned.Answer) bool { return a.Method == http.MethodDelete && a.OK() })
		if first < 0 {
			return notSeen("no deletion was accepted")
		}
		reads := slices.DeleteFunc(looks[first:], func(a owned.Answer) bool { return a.Method == http.MethodDelete })
		had := func(status string) bool {
			return slices.ContainsFunc(reads, func(a owned.Answer) bool { return owned.IsStatus(a.Body.At("status").Text(), status) })
		}
		gone := slices.ContainsFunc(reads, owned.Answer.SaysGone)
		switch {
		case len(reads) == 0:
			return notSeen("the deleted key was not read")
		case had("delete_failed") && gone:
			return saw("failed-once")
		case had("delete_failed"):
			return saw("failed-forever")
		case !gone:
			return other("the key is not gone in the end")
		case had("deleting") || slices.ContainsFunc(reads, owned.Answer.OK):
			return saw("deleting")
		}
		return saw("at-once")
	}), "no key was made", "at-once", "deleting", "failed-once", "failed-forever")
}

// observeGone is row 7: of keys that are gone, or of one that never was.
func observeGone(s *seen) Finding {
	looks := slices.DeleteFunc(s.steps(owned.StepReadDeleted), func(a owned.Answer) bool { return a.OK() })
	if len(looks) == 0 {
		looks = s.steps(stepReadUnknown)
	}
	return agree(each(looks, func(a owned.Answer) Finding {
		switch {
		case a.Status == http.StatusNotFound:
			return saw("404")
		case a.Status == http.StatusBadRequest && a.SaysGone():
			return saw("400")
		}
		return other("%s", a.Shape())
	}), "no key that does not exist was asked for")
}

// observeUpdateTiming is row 17.
func observeUpdateTiming(s *seen) Finding {
	looks := s.accepted(stepAddKafka, stepReadAdded)
	if len(looks) == 0 || looks[0].Step != stepAddKafka {
		return s.withoutKafka()
	}
	return agree(each(looks[:min(2, len(looks))], func(a owned.Answer) Finding {
		switch status := a.Body.At("status").Text(); {
		case owned.IsStatus(status, "creating"):
			return saw("creating")
		case owned.IsStatus(status, "active") || owned.IsStatus(status, "failed"):
			return saw("at-once")
		default:
			return other("its status is %s", shapesOf(status))
		}
	}), "", "at-once", "creating")
}

// withoutKafka says why nothing about Kafka was seen.
func (s *seen) withoutKafka() Finding {
	a, asked := s.step(stepAddKafka)
	switch {
	case !s.options.Kafka:
		return notSeen("it takes Kafka access, which is asked for with -kafka")
	case asked && a.Refused():
		return notSeen("the service refused Kafka access: %s", a.Shape())
	default:
		return notSeen("no key had Kafka access")
	}
}

// observeOtherProject is row 20. Nothing of another project is ever changed, so
// it is about reading.
func observeOtherProject(s *seen) Finding {
	a, asked := s.step(stepReadOther)
	switch {
	case !asked:
		return notSeen("the list has no key of another project")
	case a.OK() && a.Body.IsObject():
		return saw("readable")
	case a.Status == http.StatusForbidden:
		return saw("forbidden")
	case a.SaysGone():
		return saw("missing")
	default:
		return other("%s", a.Shape())
	}
}

// observeGranting is row 21.
func observeGranting(s *seen) Finding {
	a, asked := s.step(stepOwnGrant)
	switch {
	case len(s.options.Permissions) == 0:
		return notSeen("it takes a key that may change keys and lacks what its roles hold, which is made with -permissions")
	case !s.more:
		return notSeen("the permissions given with -permissions are all that the roles hold")
	case !asked:
		return notSeen("no key could change itself")
	case a.OK():
		return saw("any")
	case a.Status == http.StatusForbidden:
		return saw("own")
	default:
		return other("%s", a.Shape())
	}
}
