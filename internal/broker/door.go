package broker

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// maxRequest bounds a request; clients send no more than a megabyte at a time
// unless they are told to.
const maxRequest = 16 << 20

// door is a listener whose connections are checked.
type door struct {
	net.Listener
	broker *Broker
}

// Accept waits for the next connection.
func (d *door) Accept() (net.Conn, error) {
	plain, err := d.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{Conn: plain, broker: d.broker}, nil
}

// conn is a connection as the cluster sees it. It passes on the client's
// requests one by one, keeps those of the login to itself, and ends when one
// is not to be passed on.
type conn struct {
	net.Conn
	broker *Broker
	rest   []byte                 // of the request that the cluster is reading
	caller atomic.Pointer[caller] // nil before the login
}

// identity is a caller in the place of an address. The cluster gives every
// connection the same user, and tells them apart by the address in its rules.
type identity string

func (i identity) Network() string { return "key" }
func (i identity) String() string  { return string(i) }

// RemoteAddr tells the cluster who is calling.
func (c *conn) RemoteAddr() net.Addr {
	if caller := c.caller.Load(); caller != nil {
		return caller.identity
	}
	return identity("nobody")
}

// Read passes requests on, and never a part of one that was not checked.
func (c *conn) Read(p []byte) (int, error) {
	for len(c.rest) == 0 {
		request, err := readRequest(c.Conn)
		if err != nil {
			return 0, err
		}
		passes, err := c.admit(request)
		if err != nil {
			return 0, err
		}
		if passes {
			c.rest = request
		}
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// Write passes an answer on, unless its caller has lost access since it asked.
func (c *conn) Write(p []byte) (int, error) {
	if caller := c.caller.Load(); caller != nil {
		if err := c.broker.recheck(caller); err != nil {
			return 0, err
		}
	}
	return c.Conn.Write(p)
}

// admit decides about a request: whether the cluster gets it. An error ends
// the connection.
func (c *conn) admit(request []byte) (passes bool, err error) {
	header := parseHeader(request)
	caller := c.caller.Load()
	switch {
	case kmsg.RequestForKey(int16(header.key)) == nil:
		return false, fmt.Errorf("there is no request %d", header.key)
	case header.key == kmsg.SASLHandshake && caller == nil:
		return false, c.shakeHands(request)
	case header.key == kmsg.SASLAuthenticate && caller == nil:
		return false, c.logIn(request)
	case header.key == kmsg.ApiVersions:
		return true, nil
	case header.key == kmsg.SASLHandshake, header.key == kmsg.SASLAuthenticate, caller == nil:
		return false, errors.New("a login comes first, and once")
	default:
		return true, c.broker.authorize(caller)
	}
}

// readRequest reads a request with the size in front of it.
func readRequest(r io.Reader) ([]byte, error) {
	request := make([]byte, 4)
	if _, err := io.ReadFull(r, request); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(request)
	if size < headerSize || size > maxRequest {
		return nil, fmt.Errorf("a request of %d bytes", size)
	}
	request = append(request, make([]byte, size)...)
	_, err := io.ReadFull(r, request[4:])
	return request, err
}

// headerSize is that of the fields that every request begins with.
const headerSize = 8

type header struct {
	key         kmsg.Key
	version     int16
	correlation int32
}

func parseHeader(request []byte) header {
	fields := request[4:]
	return header{
		key:         kmsg.Key(binary.BigEndian.Uint16(fields)),
		version:     int16(binary.BigEndian.Uint16(fields[2:])),
		correlation: int32(binary.BigEndian.Uint32(fields[4:])),
	}
}
