// SPDX-License-Identifier: MPL-2.0

package e2e_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/readback"
)

// access is what Terraform puts out about a key's Kafka access.
type access struct {
	Servers   string `json:"bootstrap_servers"`
	Protocol  string `json:"security_protocol"`
	Mechanism string `json:"sasl_mechanism"`
	Username  string `json:"username"`
	Password  string `json:"password"`
}

// client makes a Kafka client of the outputs, as far as it understands them.
// The one thing it knows besides is the authority that signed the broker's
// certificate; the real service's is a public one.
func (h *testbed) client(a access, options ...kgo.Opt) (*kgo.Client, error) {
	if a.Protocol != "SASL_SSL" || a.Mechanism != "PLAIN" {
		return nil, fmt.Errorf("%s with %s", a.Protocol, a.Mechanism)
	}
	return kgo.NewClient(append([]kgo.Opt{
		kgo.SeedBrokers(strings.Split(a.Servers, ",")...),
		h.dialing(&net.Dialer{}),
		kgo.SASL(plain.Auth{User: a.Username, Pass: a.Password}.AsMechanism()),
		kgo.FetchMaxWait(100 * time.Millisecond),
		kgo.RequestRetries(0),
		kgo.RecordRetries(0),
	}, options...)...)
}

// understood is what a Java client would take out of a client.properties.
func understood(t *testing.T, file string) access {
	t.Helper()
	read, err := readback.Properties(file)
	if err != nil {
		t.Fatal(err)
	}
	login, err := readback.JAAS(read["sasl.jaas.config"])
	if err != nil {
		t.Fatal(err)
	}
	if login.Module != "org.apache.kafka.common.security.plain.PlainLoginModule" || login.Flag != "required" {
		t.Errorf("the login module is %s %s", login.Module, login.Flag)
	}
	return access{
		Servers: read["bootstrap.servers"], Protocol: read["security.protocol"], Mechanism: read["sasl.mechanism"],
		Username: login.Options["username"], Password: login.Options["password"],
	}
}

// from has a client connect from another address of this machine.
func (h *testbed) from(address string) kgo.Opt {
	return h.dialing(&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}})
}

func (h *testbed) dialing(dialer *net.Dialer) kgo.Opt {
	secure := &tls.Dialer{NetDialer: dialer, Config: &tls.Config{RootCAs: h.broker.Roots(), MinVersion: tls.VersionTLS12}}
	return kgo.Dialer(secure.DialContext)
}

// try lets a client do something within a time.
func (h *testbed) try(a access, do func(context.Context, *kgo.Client) error, options ...kgo.Opt) error {
	h.t.Helper()
	client, err := h.client(a, options...)
	if err != nil {
		h.t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(h.t.Context(), 20*time.Second)
	defer cancel()
	return do(ctx, client)
}

// logIn only shows user name and password.
func (h *testbed) logIn(a access, options ...kgo.Opt) error {
	h.t.Helper()
	return h.try(a, func(ctx context.Context, client *kgo.Client) error { return client.Ping(ctx) }, options...)
}

// read reads all records of a topic, without a group.
func (h *testbed) read(a access, topic string) error {
	h.t.Helper()
	return h.try(a, consume, kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
}

// readAs reads all records of a topic as a member of a group, and commits.
func (h *testbed) readAs(a access, group, topic string) error {
	h.t.Helper()
	return h.try(a, func(ctx context.Context, client *kgo.Client) error {
		if err := consume(ctx, client); err != nil {
			return err
		}
		return client.CommitUncommittedOffsets(ctx)
	}, kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.DisableAutoCommit())
}

// consume polls until it has had every record, in order.
func consume(ctx context.Context, client *kgo.Client) error {
	var values []string
	for len(values) < len(records) {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return err
		}
		for _, record := range fetches.Records() {
			values = append(values, string(record.Value))
		}
	}
	if got, want := strings.Join(values[:len(records)], " "), strings.Join(records, " "); got != want {
		return fmt.Errorf("read %q, expected %q", got, want)
	}
	return nil
}

// write writes a record to a topic.
func (h *testbed) write(a access, topic string, options ...kgo.Opt) error {
	h.t.Helper()
	return h.try(a, func(ctx context.Context, client *kgo.Client) error {
		return client.ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte("third")}).FirstErr()
	}, options...)
}

// plainly has a client write without asking for a producer id first, so that
// the topic is the first thing that it can be refused.
var plainly = kgo.DisableIdempotentWrite()

// must fails the test unless the error is the expected one; nil is success.
func must(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, expected %v", what, err, want)
	}
}

// How the broker refuses.
var (
	errTopic = error(kerr.TopicAuthorizationFailed)
	errGroup = error(kerr.GroupAuthorizationFailed)
	errLogin = error(kerr.SaslAuthenticationFailed)
)
