// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/broker"
)

// The topics of the broker. The rules of the first key are about one of them.
const (
	ordersTopic   = "orders.created"
	paymentsTopic = "payments"
)

// readTime is how long a consumer is given.
const readTime = 15 * time.Second

// access is what the configuration puts out about a key's Kafka access, and
// the password, which it does not.
type access struct {
	Servers   string `json:"bootstrap_servers"`
	Protocol  string `json:"security_protocol"`
	Mechanism string `json:"sasl_mechanism"`
	Username  string `json:"username"`
	password  string
}

// startKafka starts the broker that the keys open.
func (d *demo) startKafka(ctx context.Context) error {
	var err error
	if d.kafka, err = broker.Start(d.server); err != nil {
		return err
	}
	err = errors.Join(
		d.kafka.Fill(ctx, ordersTopic, `{"order": 1001, "total": 59.90}`, `{"order": 1002, "total": 12.00}`, `{"order": 1003, "total": 7.25}`),
		d.kafka.Fill(ctx, paymentsTopic, `{"card": "none of this key's business"}`),
	)
	if err != nil {
		d.kafka.Close()
	}
	return err
}

// ordersAccess reads the output as a user would.
func (d *demo) ordersAccess(ctx context.Context, password string) (access, error) {
	done, err := d.silent(ctx, io.Discard, "output", "-json", "orders_kafka")
	if err != nil {
		return access{}, err
	}
	a := access{password: password}
	err = json.Unmarshal([]byte(done.text), &a)
	return a, err
}

// attempt is something that a client tries with a key.
type attempt struct {
	what  string
	topic string
	group string
	// records is how many there are to read.
	records int
}

// try reads records with a client that is made of the access alone. Only the
// broker's certificate is the demo's own: the real service has a public one.
func (d *demo) try(ctx context.Context, a access, what attempt) ([]string, error) {
	if a.Protocol != "SASL_SSL" || a.Mechanism != "PLAIN" {
		return nil, fmt.Errorf("the demo's client knows nothing of %s with %s", a.Protocol, a.Mechanism)
	}
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(a.Servers, ",")...),
		kgo.DialTLSConfig(&tls.Config{RootCAs: d.kafka.Roots(), MinVersion: tls.VersionTLS12}),
		kgo.SASL(plain.Auth{User: a.Username, Pass: a.password}.AsMechanism()),
		kgo.ConsumeTopics(what.topic),
		kgo.ConsumerGroup(what.group),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.DisableAutoCommit(),
		kgo.RequestRetries(0),
	)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	if err := client.Ping(ctx); err != nil {
		return nil, err
	}
	var values []string
	for len(values) < what.records {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return values, err
		}
		for _, record := range fetches.Records() {
			values = append(values, string(record.Value))
		}
	}
	return values, nil
}

// show tries something and says what came of it.
func (d *demo) show(ctx context.Context, a access, what attempt) ([]string, error) {
	started := time.Now()
	values, err := d.try(ctx, a, what)
	d.say("%s", what.what)
	for _, value := range values {
		d.item("%s", d.paint(green, value))
	}
	if refusal := new(kerr.Error); errors.As(err, &refusal) {
		d.item("%s", d.paint(red, "refused: "+refusal.Message))
	} else if err == nil {
		d.note(fmt.Sprintf("  %s in %d ms", count(len(values), "record"), time.Since(started).Milliseconds()))
	}
	return values, err
}

// useKafka is the step that walks through the door, and into others.
func (d *demo) useKafka(ctx context.Context) error {
	key, err := d.ordersAccess(ctx, d.ordersPassword())
	if err != nil {
		return err
	}
	old := key
	old.password = d.passwords[0]
	mine := attempt{what: "Topic " + ordersTopic + ", group " + orders + ":", topic: ordersTopic, group: orders, records: 3}
	payments := attempt{what: "Topic " + paymentsTopic + ", which no rule is about:", topic: paymentsTopic, group: orders, records: 1}
	group := attempt{what: "The group of somebody else:", topic: ordersTopic, group: reports, records: 3}
	before := mine
	before.what = "With the password from before the rotation:"

	d.shell(d.Name() + " output -json orders_kafka")
	d.item("%s as %s, %s with %s", key.Servers, key.Username, key.Protocol, key.Mechanism)
	d.gap()
	values, reading := d.show(ctx, key, mine)
	_, otherTopic := d.show(ctx, key, payments)
	_, otherGroup := d.show(ctx, key, group)
	_, oldPassword := d.show(ctx, old, before)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return d.verify(
		claim{"the key reads the topic of its rule, in its group", reading == nil && len(values) == 3},
		claim{"it is refused another topic", errors.Is(otherTopic, kerr.TopicAuthorizationFailed)},
		claim{"it is refused another group", errors.Is(otherGroup, kerr.GroupAuthorizationFailed)},
		claim{"the old password is refused", errors.Is(oldPassword, kerr.SaslAuthenticationFailed)},
	)
}
