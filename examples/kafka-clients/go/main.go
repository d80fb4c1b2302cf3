// SPDX-License-Identifier: MPL-2.0

// Command go prints the records of orders.created until it is interrupted. It
// ends with a reason when it is not let in any more.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"
)

const (
	quiet    = 5 * time.Second  // without a record, before the brokers are asked
	patience = 10 * time.Second // for their answer
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	interrupted := ctx.Err() != nil
	stop()
	if err != nil && !interrupted {
		fmt.Fprintln(os.Stderr, "orders-consumer:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	trust, err := trusted()
	if err != nil {
		return err
	}
	login := plain.Auth{User: os.Getenv("KAFKA_USERNAME"), Pass: os.Getenv("KAFKA_PASSWORD")}
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(os.Getenv("KAFKA_BOOTSTRAP_SERVERS"), ",")...),
		kgo.DialTLSConfig(trust),
		kgo.SASL(login.AsMechanism()),
		kgo.ConsumerGroup("orders-consumer"),
		kgo.ConsumeTopics("orders.created"),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
	)
	if err != nil {
		return err
	}
	defer client.Close()
	// The client goes on trying for ever, in silence. So before the first record,
	// and whenever none comes for a while, it is asked whether it is let in.
	for asked := false; ; {
		if !asked {
			if err := ask(ctx, client); err != nil {
				return err
			}
		}
		fetches := poll(ctx, client)
		asked = fetches.NumRecords() > 0
		if err := fetches.Err(); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		fetches.EachRecord(func(record *kgo.Record) { fmt.Println(string(record.Value)) })
	}
}

func poll(ctx context.Context, client *kgo.Client) kgo.Fetches {
	ctx, cancel := context.WithTimeout(ctx, quiet)
	defer cancel()
	return client.PollFetches(ctx)
}

func ask(ctx context.Context, client *kgo.Client) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if client.Ping(ctx) == nil {
		return nil
	}
	// A connection that was cut does not say why, and the next one does.
	return client.Ping(ctx)
}

// trusted are the public authorities, or the one in KAFKA_CA_FILE.
func trusted() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	name := os.Getenv("KAFKA_CA_FILE")
	if name == "" {
		return config, nil
	}
	pem, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", name)
	}
	return config, nil
}
