// SPDX-License-Identifier: MPL-2.0

package broker

import (
	"context"
	"crypto/tls"
	"net"
)

// Place is where a cluster is.
type Place struct {
	// Listen are the addresses to listen on, one for each broker.
	Listen []string
	// Advertise is the host by which clients are told to find the brokers,
	// where that is another one than they listen on: a name that leads to this
	// machine from inside a container, say.
	Advertise string
}

// address is where clients find a broker.
type address string

func (a address) Network() string { return "tcp" }
func (a address) String() string  { return string(a) }

// listen opens the next door for the cluster, which opens them one by one.
func (b *Broker) listen(network, _ string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), network, b.place.Listen[len(b.doors)])
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return nil, err
	}
	if b.place.Advertise != "" {
		host = b.place.Advertise
	}
	opened := &door{
		Listener: tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{b.certificate}, MinVersion: tls.VersionTLS12}), broker: b, address: address(net.JoinHostPort(host, port)),
	}
	b.doors = append(b.doors, opened)
	return opened, nil
}

// behind is where the door with an advertised address listens.
func (b *Broker) behind(advertised string) string {
	for _, door := range b.doors {
		if door.address.String() == advertised {
			return door.Listener.Addr().String()
		}
	}
	return advertised
}
