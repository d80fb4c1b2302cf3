// SPDX-License-Identifier: MPL-2.0

package broker

import (
	"context"
	"crypto/tls"
	"net"
)

// ListenConfig is where a cluster is.
type ListenConfig struct {
	// Listen are the addresses to listen on, one for each broker.
	Listen []string
	// Advertise is the host by which clients are told to find the brokers,
	// where that is another one than they listen on: a name that leads to this
	// machine from inside a container, say.
	Advertise string
}

// label is what the cluster sees in the place of an address: where clients find
// a broker, or who is calling. The cluster gives every connection the same user,
// and tells callers apart by the address in its rules.
type label string

func (l label) Network() string { return "tcp" }
func (l label) String() string  { return string(l) }

// saslListener is a listener whose connections are checked.
type saslListener struct {
	net.Listener
	broker     *Broker
	advertised label
}

// Addr is where the cluster says that clients find it.
func (l *saslListener) Addr() net.Addr { return l.advertised }

// Accept waits for the next connection.
func (l *saslListener) Accept() (net.Conn, error) {
	plain, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: plain, broker: l.broker}
	l.broker.mu.Lock()
	l.broker.open[c] = true
	l.broker.mu.Unlock()
	return c, nil
}

// listen is called by the cluster, once for each of its brokers.
func (b *Broker) listen(network, _ string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), network, b.config.Listen[len(b.listening)])
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return nil, err
	}
	if b.config.Advertise != "" {
		host = b.config.Advertise
	}
	advertised := net.JoinHostPort(host, port)
	b.listening[advertised] = listener.Addr().String()
	secure := &tls.Config{Certificates: []tls.Certificate{b.certificate}, MinVersion: tls.VersionTLS12}
	return &saslListener{tls.NewListener(listener, secure), b, label(advertised)}, nil
}
