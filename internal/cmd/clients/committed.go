// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"
)

// committed asks the broker, as the example's key, whether its group has
// committed an offset.
func committed(ctx context.Context, h *house) error {
	pem, err := os.ReadFile(filepath.Join(h.dir, authority))
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	client, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(h.outputs["bootstrap_servers"], ",")...),
		kgo.DialTLSConfig(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}),
		kgo.SASL(plain.Auth{User: group, Pass: h.outputs["password"]}.AsMechanism()))
	if err != nil {
		return err
	}
	defer client.Close()
	request := kmsg.NewPtrOffsetFetchRequest()
	request.Group = group
	request.Topics = []kmsg.OffsetFetchRequestTopic{{Topic: topic, Partitions: []int32{0}}}
	response, err := request.RequestWith(ctx, client)
	if err != nil {
		return err
	}
	for _, topic := range response.Topics {
		for _, partition := range topic.Partitions {
			if partition.Offset > 0 {
				return nil
			}
		}
	}
	return errors.New("no offset was committed")
}
