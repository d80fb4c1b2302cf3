// SPDX-License-Identifier: MPL-2.0

// Command segmentio is segmentio/kafka-go as a peer of "make test-clients": see
// peers.go of internal/cmd/clients.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl/plain"
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

// peer is the library with the access of a key.
type peer struct {
	servers []string
	dialer  *kafka.Dialer
	topic   string
}

func run(ctx context.Context, verb, topic, group string) error {
	pem, err := os.ReadFile(os.Getenv("KAFKA_CA_FILE"))
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	p := &peer{
		servers: strings.Split(os.Getenv("KAFKA_BOOTSTRAP_SERVERS"), ","),
		dialer: &kafka.Dialer{
			Timeout: 10 * time.Second, DualStack: true,
			TLS:           &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			SASLMechanism: plain.Mechanism{Username: os.Getenv("KAFKA_USERNAME"), Password: os.Getenv("KAFKA_PASSWORD")},
		},
		topic: topic,
	}
	// The library keeps trying in silence, so it is asked before anything else.
	if err := p.login(ctx); err != nil || verb == "login" {
		return err
	}
	switch verb {
	case "write":
		writer := &kafka.Writer{
			Addr: kafka.TCP(p.servers...), Topic: topic, MaxAttempts: 1,
			Transport: &kafka.Transport{TLS: p.dialer.TLS, SASL: p.dialer.SASLMechanism},
		}
		return writer.WriteMessages(ctx, kafka.Message{Value: []byte("written")})
	case "read":
		return p.consume(ctx, verb, kafka.ReaderConfig{})
	default:
		return p.consume(ctx, verb, kafka.ReaderConfig{GroupID: group, StartOffset: kafka.FirstOffset})
	}
}

func (p *peer) login(ctx context.Context) error {
	connection, err := p.dialer.DialContext(ctx, "tcp", p.servers[0])
	if err != nil {
		return err
	}
	defer connection.Close()
	_, err = connection.ReadPartitions()
	return err
}

// consume reads one record, or until it is not let in any more.
func (p *peer) consume(ctx context.Context, verb string, config kafka.ReaderConfig) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	config.Brokers, config.Dialer, config.Topic, config.MaxWait = p.servers, p.dialer, p.topic, time.Second
	// What is wrong with a topic or a group is only ever logged.
	config.ErrorLogger = kafka.LoggerFunc(func(format string, args ...any) {
		if line := fmt.Sprintf(format, args...); strings.Contains(line, "Authorization Failed") {
			cancel(errors.New(line))
		}
	})
	if verb == "follow" {
		go p.watch(ctx, cancel)
	}
	reader := kafka.NewReader(config)
	for {
		message, err := reader.FetchMessage(ctx)
		if err != nil {
			return errors.Join(context.Cause(ctx), err)
		}
		fmt.Println(string(message.Value))
		switch verb {
		case "read":
			return nil
		case "commit":
			return reader.CommitMessages(ctx, message)
		}
	}
}

// watch logs in now and then, and ends what goes on when it is not let in.
func (p *peer) watch(ctx context.Context, cancel context.CancelCauseFunc) {
	for {
		time.Sleep(5 * time.Second)
		if err := p.login(ctx); err != nil {
			cancel(err)
			return
		}
	}
}
