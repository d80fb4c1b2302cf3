// SPDX-License-Identifier: MPL-2.0

// Command sarama is sarama as a peer of "make test-clients": see peers.go of
// internal/cmd/clients.
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

	"github.com/IBM/sarama"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(verb, topic, group string) error {
	config := sarama.NewConfig()
	pem, err := os.ReadFile(os.Getenv("KAFKA_CA_FILE"))
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	config.Net.TLS.Enable, config.Net.TLS.Config = true, &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	config.Net.SASL.Enable = true
	config.Net.SASL.User, config.Net.SASL.Password = os.Getenv("KAFKA_USERNAME"), os.Getenv("KAFKA_PASSWORD")
	config.Producer.Return.Successes = true
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	config.Consumer.Offsets.AutoCommit.Enable = false
	client, err := sarama.NewClient(strings.Split(os.Getenv("KAFKA_BOOTSTRAP_SERVERS"), ","), config)
	if err != nil {
		return err
	}
	switch verb {
	case "login":
		_, err = client.Topics()
	case "write":
		var producer sarama.SyncProducer
		if producer, err = sarama.NewSyncProducerFromClient(client); err == nil {
			_, _, err = producer.SendMessage(&sarama.ProducerMessage{Topic: topic, Value: sarama.StringEncoder("written")})
		}
	case "read":
		err = read(client, topic)
	default:
		err = consume(client, verb, topic, group)
	}
	return err
}

func read(client sarama.Client, topic string) error {
	consumer, err := sarama.NewConsumerFromClient(client)
	if err != nil {
		return err
	}
	partition, err := consumer.ConsumePartition(topic, 0, sarama.OffsetOldest)
	if err != nil {
		return err
	}
	fmt.Println(string((<-partition.Messages()).Value))
	return nil
}

// consume reads as a member of a group: one record, or until it is not let in
// any more.
func consume(client sarama.Client, verb, topic, group string) error {
	member, err := sarama.NewConsumerGroupFromClient(group, client)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	failed := make(chan error, 2)
	if verb == "follow" {
		go func() { failed <- watch(client, topic) }()
	}
	go func() {
		for {
			if err := member.Consume(ctx, []string{topic}, handler{commits: verb == "commit", done: cancel}); err != nil || ctx.Err() != nil {
				failed <- err
				return
			}
		}
	}()
	if err = <-failed; errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// watch asks the brokers now and then, and returns when they do not answer.
func watch(client sarama.Client, topic string) error {
	for {
		time.Sleep(5 * time.Second)
		if err := client.RefreshMetadata(topic); err != nil {
			return err
		}
	}
}

type handler struct {
	commits bool
	done    func()
}

func (handler) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (handler) Cleanup(sarama.ConsumerGroupSession) error { return nil }

func (h handler) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for message := range claim.Messages() {
		fmt.Println(string(message.Value))
		if h.commits {
			session.MarkMessage(message, "")
			session.Commit()
			h.done()
		}
	}
	return nil
}
