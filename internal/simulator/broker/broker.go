// SPDX-License-Identifier: MPL-2.0

package broker

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// owner is the user that may do everything. No key can have its name.
const owner = "the broker's owner"

// patience bounds what the owner asks of the cluster.
const patience = 10 * time.Second

// Broker is a running cluster.
type Broker struct {
	simulator     *simulator.Server
	certificate   tls.Certificate
	config        ListenConfig
	listening     map[string]string // where brokers listen, by where they are advertised
	cluster       *kfake.Cluster
	ownerPassword string
	owner         *kgo.Client

	mu   sync.Mutex // guards what follows, and is held while somebody logs in
	open map[*conn]bool

	changing sync.Mutex // guards what follows, and is held while rules change
	rules    map[kfake.ACL]bool
}

// Start starts a cluster of two brokers on free ports of loopback, and has the
// simulator hand out its address.
func Start(server *simulator.Server) (*Broker, error) {
	return StartAt(context.Background(), server, ListenConfig{Listen: []string{"127.0.0.1:0", "127.0.0.1:0"}})
}

// StartAt does the same at a place of one's choice.
func StartAt(ctx context.Context, server *simulator.Server, config ListenConfig) (*Broker, error) {
	certificate, err := newCertificate(config.Advertise)
	if err != nil {
		return nil, err
	}
	b := &Broker{simulator: server, certificate: certificate, config: config, listening: map[string]string{}, ownerPassword: rand.Text(), open: map[*conn]bool{}}
	b.cluster, err = kfake.NewCluster(
		kfake.NumBrokers(len(config.Listen)),
		kfake.DefaultNumPartitions(1),
		kfake.ListenFn(b.listen),
		kfake.EnableACLs(),
		ownersRules(),
	)
	if err != nil {
		return nil, err
	}
	b.owner, err = kgo.NewClient(b.options(owner, b.ownerPassword)...)
	if err != nil {
		b.cluster.Close()
		return nil, err
	}
	if err := b.amendOffer(ctx); err != nil {
		b.Close()
		return nil, err
	}
	server.SetConfig(func(config *simulator.Config) { config.KafkaServers = b.Servers() })
	server.OnChange(b.follow)
	return b, nil
}

// Close ends every connection and stops the cluster.
func (b *Broker) Close() {
	b.owner.Close()
	b.cluster.Close()
}

// Servers are the addresses of the cluster, joined by commas.
func (b *Broker) Servers() string { return strings.Join(b.cluster.ListenAddrs(), ",") }

// Fill makes a topic, unless it exists, and appends records to it.
func (b *Broker) Fill(ctx context.Context, topic string, values ...string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := b.create(ctx, topic); err != nil {
		return err
	}
	records := make([]*kgo.Record, len(values))
	for i, value := range values {
		records[i] = &kgo.Record{Topic: topic, Value: []byte(value)}
	}
	return b.owner.ProduceSync(ctx, records...).FirstErr()
}

func (b *Broker) create(ctx context.Context, topic string) error {
	wanted := kmsg.NewCreateTopicsRequestTopic()
	wanted.Topic, wanted.NumPartitions, wanted.ReplicationFactor = topic, 1, 1
	request := kmsg.NewPtrCreateTopicsRequest()
	request.Topics = append(request.Topics, wanted)
	response, err := request.RequestWith(ctx, b.owner)
	if err != nil {
		return err
	}
	err = kerr.ErrorForCode(response.Topics[0].ErrorCode)
	if errors.Is(err, kerr.TopicAlreadyExists) {
		return nil
	}
	return err
}

// options are those of a client of this cluster, which may not find it where
// other clients do.
func (b *Broker) options(username, password string) []kgo.Opt {
	dialer := &tls.Dialer{Config: &tls.Config{RootCAs: b.Roots(), MinVersion: tls.VersionTLS12}}
	return []kgo.Opt{
		kgo.SeedBrokers(b.cluster.ListenAddrs()...),
		kgo.Dialer(func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, cmp.Or(b.listening[address], address))
		}),
		kgo.SASL(plain.Auth{User: username, Pass: password}.AsMechanism()),
	}
}
