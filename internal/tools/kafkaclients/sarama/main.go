// SPDX-License-Identifier: MPL-2.0

// Command sarama is sarama as a client of internal/tools/test-clients.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/IBM/sarama"
)

func main() {
	fmt.Fprintln(os.Stderr, run())
	os.Exit(1)
}

func run() error {
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
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	client, err := sarama.NewClient(strings.Split(os.Getenv("KAFKA_BOOTSTRAP_SERVERS"), ","), config)
	if err != nil {
		return err
	}
	member, err := sarama.NewConsumerGroupFromClient("orders-consumer", client)
	if err != nil {
		return err
	}
	failed := make(chan error, 2)
	go func() { failed <- watch(client) }()
	go func() {
		for {
			if err := member.Consume(context.Background(), []string{"orders.created"}, handler{}); err != nil {
				failed <- err
				return
			}
		}
	}()
	return <-failed
}

// watch asks the brokers now and then, and returns when they do not answer: the
// group goes on trying in silence.
func watch(client sarama.Client) error {
	for {
		time.Sleep(5 * time.Second)
		if err := client.RefreshMetadata("orders.created"); err != nil {
			return err
		}
	}
}

type handler struct{}

func (handler) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (handler) Cleanup(sarama.ConsumerGroupSession) error { return nil }

func (handler) ConsumeClaim(_ sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for message := range claim.Messages() {
		fmt.Println(string(message.Value))
	}
	return nil
}
