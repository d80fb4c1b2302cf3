// SPDX-License-Identifier: MPL-2.0

package verify

import "fmt"

// The results of a statement.
const (
	Pass = "pass"
	Fail = "fail"
)

// Outcome is what a run makes of a statement: Pass, Fail or NotSeen.
type Outcome struct {
	Result string
	Detail string
}

func pass(format string, args ...any) Outcome {
	return Outcome{Result: Pass, Detail: fmt.Sprintf(format, args...)}
}

func fail(format string, args ...any) Outcome {
	return Outcome{Result: Fail, Detail: fmt.Sprintf(format, args...)}
}

func unseen(why string) Outcome { return Outcome{Result: NotSeen, Detail: why} }

// statement is a sentence of the contract, and what checks it.
type statement struct {
	section string
	text    string
	check   func(*sight) Outcome
}

// statements are in the order of the contract.
var statements = []statement{
	{"Endpoints", "Only success and refusal are expected: no redirect, and JSON in every answer", checkAnswers},
	{"Endpoints", "whoami has tenant_id, service_id, sub and token_type", checkMembers("whoami")},
	{"Endpoints", "project_key_id of whoami is the id of the key that asks", checkOwnWhoami},
	{"Endpoints", "/auth/roles is a bare array, of roles with id, key, name, description and permissions", checkRoles},
	{"Endpoints", "/project-keys is a bare array of all keys, without pages", checkList},
	{"Endpoints", "mcp-config has its seven members, and says what the key says", checkMCP},
	{"Authentication", "a key's pair, its file as Base64 and its file as an object are exchanged for a token", checkForms},
	{"Authentication", "a wrong token is answered 401", checkWrongToken},
	{"Authentication", "a Kafka-only key can't authenticate", checkKafkaLogin},
	{"Create", "an unknown role is refused", checkRefusal(stepRefuseRole, "")},
	{"Create", "a name of more than 100 characters is refused, with the member's loc", checkRefusal(stepRefuseName, "name")},
	{"Create", "role_ids and permission_ids exclude each other", checkRefusal(stepRefuseBoth, "")},
	{"Create", "the key lands in the project of the token", checkProject},
	{"Create", "the credential file has its members, and type streamkap_project_key", checkFile},
	{"Create", "api of the file has client_id, client_secret, token_endpoint and api_url", checkMembers("api")},
	{"Create", "kafka of the file has its members, SASL_SSL and PLAIN", checkKafkaFile},
	{"Create", "the file has no status", checkNoStatus},
	{"Create", "secrets are in the answers that issue them and in no other", checkSecrets},
	{"Read", "id, name, service_id and status are always there", checkMembers("key")},
	{"Read", "the detail has all of its members", checkDetail},
	{"Read", "a row of the list has the members of a summary, and none of the detail alone", checkRow},
	{"Read", "created_by_user has id, email and name", checkMembers("user")},
	{"Read", "texts are texts, lists are lists and numbers are numbers, where they are not empty", checkTypes},
	{"Read", "times have a zone", checkZones},
	{"Read", "last_used_at moves when a key's credentials are used", checkLastUsed},
	{"Update", "the answer is a summary, with null for credentials that were not added", checkUpdateAnswer},
	{"Update", "a changed name is the name", checkRename},
	{"Update", "role_ids moves a key from permissions to roles", checkMoved},
	{"Update", "permission_ids is refused while the key has API access", checkRefusal(stepRefuseNewOwn, "")},
	{"Update", "kafka_config is refused while the key has a Kafka user", checkRefusal(stepRefuseKafka, "")},
	{"Update", "kafka_password is accepted from a key with a Kafka user", checkAccepted(stepRotate)},
	{"Update", "role_ids gives a Kafka-only key API access, and its credentials work", checkAddedAPI},
	{"Status", "every status is one that is known", checkStatuses},
	{"MCP", "a Kafka-only key has no scoping", checkRefusal(stepRefuseScope, "")},
	{"Errors", "a refusal has detail: a text, an object, or a list with loc, msg and type", checkErrors},
	{"Errors", "X-Request-Id names every request", checkRequestIDs},
	{"Errors", "a key's token ends with the key", checkDeadToken},
	{"Dialects", "every row shows one of its variants", checkVariants},
}

// checkMembers says whether objects of a kind have what they always have.
func checkMembers(kind string) func(*sight) Outcome {
	return func(s *sight) Outcome {
		objects := s.objects(kind)
		if len(objects) == 0 {
			return unseen("no answer had one")
		}
		for _, object := range objects {
			if missing := missingFrom(object, kind); missing != "" {
				return fail("%s missing", missing)
			}
		}
		return pass("in %d of them", len(objects))
	}
}

// checkRefusal says whether a request was refused, and where a member's name
// is given, whether the refusal leads to it.
func checkRefusal(step, member string) func(*sight) Outcome {
	return func(s *sight) Outcome {
		a, asked := s.step(step)
		switch {
		case !asked:
			return unseen("it was not asked for")
		case !a.refused():
			return fail("it was answered %s", a.shape())
		case member != "" && !leadsTo(a, member):
			return fail("%s, and no loc that ends in %s", a.shape(), member)
		}
		return pass("%d", a.status)
	}
}

func leadsTo(a answer, member string) bool {
	for _, problem := range a.body.at("detail").items() {
		loc := problem.at("loc").items()
		if len(loc) > 0 && loc[0].text() == "body" && loc[len(loc)-1].text() == member {
			return true
		}
	}
	return false
}

func checkAccepted(step string) func(*sight) Outcome {
	return func(s *sight) Outcome {
		a, asked := s.step(step)
		switch {
		case !asked:
			return unseen("it was not asked for")
		case !a.ok():
			return fail("it was answered %s", a.shape())
		}
		return pass("%d", a.status)
	}
}
