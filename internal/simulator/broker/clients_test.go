// SPDX-License-Identifier: MPL-2.0

package broker_test

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator/broker"
)

// TestHandshake_IsOfferedInBothVersions is what librdkafka looks for before
// it logs in. What Java's admin client would fall over is not offered.
func TestHandshake_IsOfferedInBothVersions(t *testing.T) {
	_, b := running(t, reader())
	for version := range int16(5) {
		request := kmsg.NewPtrApiVersionsRequest()
		request.Version, request.ClientSoftwareName, request.ClientSoftwareVersion = version, "test", "1"
		response := kmsg.NewPtrApiVersionsResponse()
		response.Version = version
		exchange(t, dial(t, b), request, response)
		at := slices.IndexFunc(response.ApiKeys, func(key kmsg.ApiVersionsResponseApiKey) bool {
			return key.ApiKey == int16(kmsg.SASLHandshake)
		})
		nulls := slices.ContainsFunc(response.ApiKeys, func(key kmsg.ApiVersionsResponseApiKey) bool {
			return key.ApiKey == int16(kmsg.DescribeTopicPartitions)
		})
		if at < 0 || response.ApiKeys[at].MinVersion != 0 || response.ApiKeys[at].MaxVersion != 1 || nulls {
			t.Errorf("in version %d the broker offers %+v", version, response.ApiKeys)
		}
	}
}

func TestLogin_AfterTheFirstKindOfHandshake(t *testing.T) {
	for name, login := range map[string]struct {
		text string
		let  bool
	}{
		"the right password": {"\x00reader\x00" + password, true},
		"a wrong password":   {"\x00reader\x00" + password + "x", false},
		"no password":        {"reader", false},
		"half a login":       {"\x00reader", false},
		"nothing":            {"", false},
		"too much":           {"\x00reader\x00" + strings.Repeat("x", 1<<20), false},
	} {
		t.Run(name, func(t *testing.T) {
			_, b := running(t, reader())
			c := dial(t, b)
			handshake := kmsg.NewPtrSASLHandshakeRequest()
			handshake.Mechanism = "PLAIN"
			exchange(t, c, handshake, kmsg.NewPtrSASLHandshakeResponse())
			// The broker may hang up before it has read all of it.
			_, _ = c.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(login.text))), login.text...))
			answer := []byte{1, 1, 1, 1}
			if _, err := io.ReadFull(c, answer); login.let != (err == nil) {
				t.Fatalf("the answer is %v, %v", answer, err)
			}
			if !login.let {
				return
			}
			if !slices.Equal(answer, make([]byte, 4)) {
				t.Errorf("the answer is %v", answer)
			}
			metadata := kmsg.NewPtrMetadataResponse()
			exchange(t, c, kmsg.NewPtrMetadataRequest(), metadata)
			if len(metadata.Brokers) != 2 {
				t.Errorf("the metadata is %+v", metadata)
			}
		})
	}
}

// TestConnection_EndsWithTheAccess looks at a client that asks for nothing, as
// consumers do most of the time.
func TestConnection_EndsWithTheAccess(t *testing.T) {
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			other := reader()
			other.ID, other.KafkaUsername = "other", "other"
			server, b := running(t, reader(), other)
			idle, stays := dial(t, b), dial(t, b)
			logIn(t, idle, "reader")
			logIn(t, stays, "other")
			end(server)
			_ = idle.SetReadDeadline(time.Now().Add(10 * time.Second))
			if n, err := idle.Read(make([]byte, 1)); err == nil || isTimeout(err) {
				t.Errorf("the session goes on: %d bytes, %v", n, err)
			}
			exchange(t, stays, kmsg.NewPtrMetadataRequest(), kmsg.NewPtrMetadataResponse())
		})
	}
}

func TestConnection_OutlivesChangesOfOtherKinds(t *testing.T) {
	server, b := running(t, reader())
	c := dial(t, b)
	logIn(t, c, "reader")
	payments := func() error {
		request, response := kmsg.NewPtrMetadataRequest(), kmsg.NewPtrMetadataResponse()
		request.Topics = []kmsg.MetadataRequestTopic{{Topic: kmsg.StringPtr("payments")}}
		exchange(t, c, request, response)
		return kerr.ErrorForCode(response.Topics[0].ErrorCode)
	}
	server.Modify("reader", func(k *simulator.Key) { k.Description, k.WhitelistIPs = "changed", []string{"127.0.0.1"} })
	if err := payments(); !errors.Is(err, kerr.TopicAuthorizationFailed) {
		t.Errorf("a topic that no rule allows: %v", err)
	}
	server.Modify("reader", func(k *simulator.Key) { k.ACLs[0].Name = "pay" })
	if err := payments(); err != nil {
		t.Errorf("with another rule: %v", err)
	}
	server.Modify("reader", func(k *simulator.Key) { k.ACLs = nil })
	if err := payments(); !errors.Is(err, kerr.TopicAuthorizationFailed) {
		t.Errorf("with the rule taken away: %v", err)
	}
}

func TestBroker_ListensAndIsFoundWhereItIsTold(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	_ = free.Close()

	server := simulator.New(simulator.Config{})
	b, err := broker.StartAt(t.Context(), server, broker.ListenConfig{Listen: []string{"127.0.0.1:" + port}, Advertise: "kafka.test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	if err := b.Fill(t.Context(), "orders.created", "first", "second"); err != nil {
		t.Fatal(err)
	}
	server.Seed(reader())
	if want := "kafka.test:" + port; b.Servers() != want || server.Config().KafkaServers != want {
		t.Errorf("clients are sent to %s and %s", b.Servers(), server.Config().KafkaServers)
	}
	// A client that finds the name only where a container would: at this machine.
	secure := &tls.Dialer{Config: &tls.Config{RootCAs: b.Roots(), ServerName: "kafka.test"}}
	dialled := map[string]bool{}
	c := client(t, b, "reader", password, kgo.DialTLSConfig(nil), kgo.Dialer(func(ctx context.Context, network, address string) (net.Conn, error) {
		dialled[address] = true
		return secure.DialContext(ctx, network, "127.0.0.1:"+port)
	}), kgo.ConsumeTopics("orders.created"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if fetches := c.PollFetches(soon(t)); fetches.Err() != nil || fetches.NumRecords() == 0 {
		t.Errorf("%d records, %v", fetches.NumRecords(), fetches.Err())
	}
	c.Close()
	if len(dialled) != 1 || !dialled["kafka.test:"+port] {
		t.Errorf("the client was sent to %v", dialled)
	}
}

// dial connects without the help of a client.
func dial(t *testing.T, b *broker.Broker) net.Conn {
	t.Helper()
	address, _, _ := strings.Cut(b.Servers(), ",")
	c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: b.Roots()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// logIn is what a client does first.
func logIn(t *testing.T, c net.Conn, username string) {
	t.Helper()
	handshake := kmsg.NewPtrSASLHandshakeRequest()
	handshake.Version, handshake.Mechanism = 1, "PLAIN"
	exchange(t, c, handshake, kmsg.NewPtrSASLHandshakeResponse())
	login := kmsg.NewPtrSASLAuthenticateRequest()
	login.SASLAuthBytes = []byte("\x00" + username + "\x00" + password)
	response := kmsg.NewPtrSASLAuthenticateResponse()
	exchange(t, c, login, response)
	if response.ErrorCode != 0 {
		t.Fatalf("the login of %s is answered %d", username, response.ErrorCode)
	}
}

// exchange makes a request and reads its answer.
func exchange(t *testing.T, c net.Conn, request kmsg.Request, response kmsg.Response) {
	t.Helper()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := c.Write(kmsg.NewRequestFormatter().AppendRequest(nil, request, 7)); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 4)
	if _, err := io.ReadFull(c, answer); err != nil {
		t.Fatal(err)
	}
	answer = make([]byte, binary.BigEndian.Uint32(answer))
	if _, err := io.ReadFull(c, answer); err != nil {
		t.Fatal(err)
	}
	if binary.BigEndian.Uint32(answer) != 7 {
		t.Fatalf("another request is answered: %v", answer)
	}
	response.SetVersion(request.GetVersion())
	if err := response.ReadFrom(answer[4:]); err != nil {
		t.Fatal(err)
	}
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
