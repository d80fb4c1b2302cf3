// SPDX-License-Identifier: MPL-2.0

package broker_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator/broker"
)

const password = "Simulated-1-password"

// running starts a broker with two topics of two records each.
func running(t *testing.T, keys ...simulator.Key) (*simulator.Server, *broker.Broker) {
	t.Helper()
	server := simulator.New(simulator.Config{})
	b, err := broker.Start(server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	for _, topic := range []string{"orders.created", "payments"} {
		if err := b.Fill(t.Context(), topic, "first", "second"); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range keys {
		server.Seed(key)
	}
	return server, b
}

// reader is a key that may read the orders.
func reader() simulator.Key {
	return simulator.Key{
		ID: "reader", KafkaUsername: "reader", KafkaPassword: password,
		ACLs: []simulator.ACL{{Name: "orders.", Resource: "TOPIC", Operation: "READ", PatternType: "PREFIXED"}},
	}
}

func client(t *testing.T, b *broker.Broker, username, password string, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(append([]kgo.Opt{
		kgo.SeedBrokers(strings.Split(b.Servers(), ",")...),
		kgo.DialTLSConfig(&tls.Config{RootCAs: b.Roots()}),
		kgo.SASL(literal{username, password}),
		kgo.RequestRetries(0),
		kgo.FetchMaxWait(100 * time.Millisecond),
	}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// literal is a login with exactly this user name and password, even with none,
// which franz-go's own refuses to send.
type literal struct{ username, password string }

func (literal) Name() string { return "PLAIN" }

func (l literal) Authenticate(context.Context, string) (sasl.Session, []byte, error) {
	return l, []byte("\x00" + l.username + "\x00" + l.password), nil
}

func (literal) Challenge([]byte) (bool, []byte, error) { return true, nil, nil }

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// read reads two records of a topic from its beginning.
func read(t *testing.T, b *broker.Broker, topic string) ([]string, error) {
	t.Helper()
	c := client(t, b, "reader", password, kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	ctx := soon(t)
	var values []string
	for len(values) < 2 {
		fetches := c.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return values, err
		}
		for _, record := range fetches.Records() {
			values = append(values, string(record.Value))
		}
	}
	return values, nil
}

func TestBroker_KeyReadsWhatItsRulesAllow(t *testing.T) {
	server, b := running(t, reader())
	if values, err := read(t, b, "orders.created"); err != nil || !slices.Equal(values, []string{"first", "second"}) {
		t.Errorf("read %q, %v", values, err)
	}
	if _, err := read(t, b, "payments"); !errors.Is(err, kerr.TopicAuthorizationFailed) {
		t.Errorf("the other topic: %v", err)
	}
	server.Modify("reader", func(key *simulator.Key) { key.ACLs[0].Name, key.ACLs[0].PatternType = "payments", "LITERAL" })
	if values, err := read(t, b, "payments"); err != nil || len(values) != 2 {
		t.Errorf("read %q, %v with another rule", values, err)
	}
	if _, err := read(t, b, "orders.created"); !errors.Is(err, kerr.TopicAuthorizationFailed) {
		t.Errorf("with the rule taken away: %v", err)
	}
}

// TestBroker_NonsensicalRuleHarmsNobody is about what only a seeded key can have.
func TestBroker_NonsensicalRuleHarmsNobody(t *testing.T) {
	odd := simulator.Key{ID: "odd", KafkaUsername: "odd", ACLs: []simulator.ACL{{Name: "payments", Operation: "LOOK"}}}
	_, b := running(t, reader(), odd)
	if _, err := read(t, b, "orders.created"); err != nil {
		t.Error(err)
	}
}

func TestLogin_Refused(t *testing.T) {
	creating, failed, deleting, elsewhere := reader(), reader(), reader(), reader()
	creating.Status, failed.Status, deleting.Status = simulator.StatusCreating, simulator.StatusFailed, simulator.StatusDeleteFailed
	elsewhere.WhitelistIPs = []string{"10.0.0.0/8", "192.168.1.7"}
	for name, refused := range map[string]struct {
		key                simulator.Key
		username, password string
	}{
		"an unknown user":       {reader(), "nobody", password},
		"a wrong password":      {reader(), "reader", password + "x"},
		"an empty password":     {reader(), "reader", ""},
		"nobody at all":         {simulator.Key{Name: "no Kafka"}, "", ""},
		"the owner's name":      {reader(), "the broker's owner", password},
		"a key in the making":   {creating, "reader", password},
		"a key that failed":     {failed, "reader", password},
		"a key not yet deleted": {deleting, "reader", password},
		"another address":       {elsewhere, "reader", password},
	} {
		t.Run(name, func(t *testing.T) {
			_, b := running(t, refused.key)
			if err := client(t, b, refused.username, refused.password).Ping(soon(t)); !errors.Is(err, kerr.SaslAuthenticationFailed) {
				t.Errorf("the answer is %v", err)
			}
		})
	}
}

func TestLogin_ListedAddressIsLetIn(t *testing.T) {
	for _, whitelist := range [][]string{nil, {"127.0.0.1"}, {"127.0.0.1/32"}, {"10.0.0.1", "127.0.0.0/8"}} {
		key := reader()
		key.WhitelistIPs = whitelist
		_, b := running(t, key)
		if err := client(t, b, "reader", password).Ping(soon(t)); err != nil {
			t.Errorf("%v: %v", whitelist, err)
		}
	}
}

// ends are the ways in which a key stops letting its user in.
var ends = map[string]func(*simulator.Server){
	"rotation": func(s *simulator.Server) {
		s.Modify("reader", func(k *simulator.Key) { k.KafkaPassword = "Another-1-password" })
	},
	"deletion": func(s *simulator.Server) { s.Remove("reader") },
	"whitelist": func(s *simulator.Server) {
		s.Modify("reader", func(k *simulator.Key) { k.WhitelistIPs = []string{"10.0.0.1"} })
	},
}

func TestLogin_NothingIsAnsweredBefore(t *testing.T) {
	_, b := running(t, reader())
	c, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(b.Servers(), ",")...),
		kgo.DialTLSConfig(&tls.Config{RootCAs: b.Roots()}), kgo.RequestRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := kmsg.NewPtrMetadataRequest().RequestWith(soon(t), c); err == nil {
		t.Error("metadata was answered")
	}
}

func TestCertificate_HasToBeTrusted(t *testing.T) {
	_, b := running(t, reader())
	address, _, _ := strings.Cut(b.Servers(), ",")
	var unknown *tls.CertificateVerificationError
	if _, err := tls.Dial("tcp", address, nil); !errors.As(err, &unknown) {
		t.Errorf("without the authority: %v", err)
	}
	if !strings.HasPrefix(string(b.Certificate()), "-----BEGIN CERTIFICATE-----") {
		t.Errorf("the PEM file is %q", b.Certificate())
	}
}

func TestBroker_NothingListensAfterClose(t *testing.T) {
	b, err := broker.Start(simulator.New(simulator.Config{}))
	if err != nil {
		t.Fatal(err)
	}
	addresses := strings.Split(b.Servers(), ",")
	b.Close()
	for _, address := range addresses {
		if connection, err := net.Dial("tcp", address); err == nil {
			_ = connection.Close()
			t.Errorf("%s still answers", address)
		}
	}
}
