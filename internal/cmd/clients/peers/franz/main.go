// SPDX-License-Identifier: MPL-2.0

// Command franz is franz-go as a peer: see ../../peers.go.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	err := run(ctx, os.Args[1], os.Args[2], os.Args[3])
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, verb, topic, group string) error {
	login := plain.Auth{User: os.Getenv("KAFKA_USERNAME"), Pass: os.Getenv("KAFKA_PASSWORD")}
	pem, err := os.ReadFile(os.Getenv("KAFKA_CA_FILE"))
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	options := []kgo.Opt{
		kgo.SeedBrokers(strings.Split(os.Getenv("KAFKA_BOOTSTRAP_SERVERS"), ",")...),
		kgo.DialTLSConfig(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}),
		kgo.SASL(login.AsMechanism()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.RequestRetries(1),
		kgo.RecordRetries(1),
	}
	if verb == "read" || verb == "commit" {
		options = append(options, kgo.ConsumeTopics(topic))
	}
	if verb == "commit" {
		options = append(options, kgo.ConsumerGroup(group), kgo.DisableAutoCommit())
	}
	client, err := kgo.NewClient(options...)
	if err != nil {
		return err
	}
	defer client.Close()
	if err := client.Ping(ctx); err != nil || verb == "login" {
		return err
	}
	if verb == "write" {
		return client.ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte("written")}).FirstErr()
	}
	fetches := client.PollFetches(ctx)
	if err := fetches.Err(); err != nil {
		return err
	}
	fetches.EachRecord(func(record *kgo.Record) { fmt.Println(string(record.Value)) })
	if verb == "commit" {
		return client.CommitUncommittedOffsets(ctx)
	}
	return nil
}
