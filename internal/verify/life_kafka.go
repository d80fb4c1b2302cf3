// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"context"
	"net/http"
)

// The addresses are of a range that is kept for documentation, so nobody can
// connect from them. Their order and forms tell the ways of answering apart.
var addresses = []string{"192.0.2.2", "192.0.2.3/32", "192.0.2.1"}

const sentAddresses = "192.0.2.2,192.0.2.3/32,192.0.2.1"

// rule is an ACL rule as it is sent.
type rule struct{ name, resource, operation, pattern string }

// rules are in an order that sorting changes. The topics do not exist.
func (r *run) rules() []rule {
	topic := r.name
	return []rule{
		{topic + "-m", "TOPIC", "READ", "LITERAL"},
		{topic + "-z", "GROUP", "READ", "LITERAL"},
		{topic + "-a", "TOPIC", "WRITE", "PREFIXED"},
		{topic + "-m", "GROUP", "DESCRIBE", "PREFIXED"},
		{topic + "-b", "TOPIC", "DESCRIBE", "LITERAL"},
		{topic + "-a", "TOPIC", "READ", "LITERAL"},
	}
}

func sentRules(rules []rule) []map[string]any {
	sent := make([]map[string]any, len(rules))
	for i, rule := range rules {
		sent[i] = map[string]any{
			"topic_name": rule.name, "resource": rule.resource,
			"operation": rule.operation, "resource_pattern_type": rule.pattern,
		}
	}
	return sent
}

// newPassword satisfies the rules and is used once.
func newPassword() string { return "V1-" + random() + "a" }

// username satisfies the rules; it is unique.
func username() string { return "verify-" + random()[:16] }

func kafkaConfig(whitelist string, rules []rule) map[string]any {
	config := map[string]any{"username": username(), "password": newPassword()}
	if whitelist != "" {
		config["whitelist_ips"] = whitelist
	}
	if len(rules) > 0 {
		config["kafka_acls"] = sentRules(rules)
	}
	return config
}

// giveKafka adds Kafka access to a key.
func (r *run) giveKafka(ctx context.Context, k *key) {
	if !r.options.Kafka || !r.goesOn(ctx) {
		return
	}
	r.say("Giving it Kafka access")
	a := r.patch(ctx, stepAddKafka, k, map[string]any{"kafka_config": kafkaConfig(sentAddresses, r.rules())})
	if !a.ok() {
		return
	}
	k.remember(a.body.at("new_kafka_credentials", "password"))
	r.settle(ctx, stepReadAdded, k)
	for range 4 { // an order that changes shows only in several answers
		r.read(ctx, stepReadRules, k)
	}
	r.patch(ctx, stepRotate, k, map[string]any{"kafka_password": newPassword()})
	r.patch(ctx, stepRefuseKafka, k, map[string]any{"kafka_config": kafkaConfig(sentAddresses, nil)})
	one := r.rules()[:1]
	r.patch(ctx, stepReplaceRules, k, map[string]any{"kafka_acls": sentRules(one)})
	r.read(ctx, stepReadReplaced, k)
	r.clearValues(ctx, k, []member{{"kafka_acls", sentRules(one), []string{}}})
}

func (k *key) remember(secret value) {
	if len(secret.text()) >= 8 {
		k.secrets = append(k.secrets, secret.text())
	}
}

// liveKafkaOnly is the life of a key that has Kafka access alone, and is given
// access to the API.
func (r *run) liveKafkaOnly(ctx context.Context) {
	if !r.options.Kafka {
		return
	}
	if a, asked := r.seen.step(stepAddKafka); asked && a.refused() {
		return // the project has no Kafka access to give
	}
	whitelist := sentAddresses
	if r.options.EmptyWhitelist {
		whitelist = ""
	}
	k, settled := r.begin(ctx, kindKafka, map[string]any{"kafka_config": kafkaConfig(whitelist, nil)})
	if k == nil {
		return
	}
	r.about(ctx, k, question{step: stepList, method: http.MethodGet, path: pathKeys})
	r.exchangeFor(ctx, stepRefuseLogin, k, map[string]any{"project_key": k.file.any})
	if settled.ok() {
		r.patch(ctx, stepRefuseScope, k, map[string]any{"tool_profile": "read-only"})
		if r.options.EmptyWhitelist {
			r.clearValues(ctx, k, []member{{"whitelist_ips", sentAddresses, ""}})
		}
		r.addAPI(ctx, k)
	}
	r.end(ctx, k)
}

// addAPI gives a Kafka-only key access to the API.
func (r *run) addAPI(ctx context.Context, k *key) {
	a := r.patch(ctx, stepAddAPI, k, map[string]any{"role_ids": r.roleIDs()})
	api := a.body.at("new_api_credentials")
	k.remember(api.at("client_secret"))
	if !a.ok() {
		return
	}
	r.settle(ctx, stepReadAPI, k)
	if api.isObject() {
		r.about(ctx, k, question{
			step: stepAddedPair, method: http.MethodPost, path: "/auth/access-token", bare: true, body: pairOf(api),
		})
	}
}
