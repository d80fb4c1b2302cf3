// SPDX-License-Identifier: MPL-2.0

package broker

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"

	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	// maxRequest bounds a request; clients send no more than a megabyte at a
	// time unless they are told to.
	maxRequest = 16 << 20
	// maxLogin bounds a login that is no request.
	maxLogin = 4 << 10
)

// conn is a connection as the cluster sees it. It passes on the client's
// requests one by one, keeps those of the login to itself, and ends when one
// is not to be passed on.
type conn struct {
	net.Conn
	broker   *Broker
	rest     []byte                 // of the request that the cluster is reading
	unframed bool                   // a login that is no request comes next
	caller   atomic.Pointer[caller] // nil before the login

	amends sync.Map // the answers to make up for: *kmsg.ApiVersionsResponse by correlation
}

// RemoteAddr tells the cluster who is calling.
func (c *conn) RemoteAddr() net.Addr {
	if caller := c.caller.Load(); caller != nil {
		return caller.identity
	}
	return label("nobody")
}

// Read passes requests on, and never a part of one that was not checked.
func (c *conn) Read(p []byte) (int, error) {
	for len(c.rest) == 0 {
		if c.unframed {
			if err := c.logInUnframed(); err != nil {
				return 0, err
			}
		}
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
	answer := p
	if len(p) >= 2*len32 {
		expected, _ := c.amends.LoadAndDelete(int32(binary.BigEndian.Uint32(p[len32:])))
		if response, ok := expected.(*kmsg.ApiVersionsResponse); ok {
			answer = amend(p, response)
		}
	}
	if _, err := c.Conn.Write(answer); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close ends the connection, of which there is then nothing to end any more.
func (c *conn) Close() error {
	c.broker.open.Delete(c)
	return c.Conn.Close()
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
		if response := amended(header); response != nil {
			c.amends.Store(header.correlation, response)
		}
		return true, nil
	case header.key == kmsg.SASLHandshake, header.key == kmsg.SASLAuthenticate, caller == nil:
		return false, errors.New("a login comes first, and once")
	default:
		return true, c.broker.authorize(caller)
	}
}

// readRequest reads a request with the size in front of it.
func readRequest(r io.Reader) ([]byte, error) {
	request, err := readSized(r, maxRequest)
	if err == nil && len(request) < len32+headerSize {
		err = fmt.Errorf("a request of %d bytes", len(request)-len32)
	}
	return request, err
}

// readSized reads a size, and as many bytes. Both are returned.
func readSized(r io.Reader, most uint32) ([]byte, error) {
	sized := make([]byte, len32)
	if _, err := io.ReadFull(r, sized); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(sized)
	if size > most {
		return nil, fmt.Errorf("a request of %d bytes", size)
	}
	sized = append(sized, make([]byte, size)...)
	_, err := io.ReadFull(r, sized[len32:])
	return sized, err
}

// headerSize is that of the fields that every request begins with.
const headerSize = 8

type header struct {
	key         kmsg.Key
	version     int16
	correlation int32
}

func parseHeader(request []byte) header {
	fields := request[len32:]
	return header{
		key:         kmsg.Key(binary.BigEndian.Uint16(fields)),
		version:     int16(binary.BigEndian.Uint16(fields[2:])),
		correlation: int32(binary.BigEndian.Uint32(fields[4:])),
	}
}
