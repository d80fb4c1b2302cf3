// SPDX-License-Identifier: MPL-2.0

package broker

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	// maxRequest bounds a request; clients send no more than a megabyte at a
	// time unless they are told to.
	maxRequest = 16 << 20
	// maxLogin bounds a login that is no request.
	maxLogin = 4 << 10
	// len32 is the size of a length, and of a correlation.
	len32 = 4
)

// conn is a connection as the cluster sees it. It passes on the client's
// requests one by one, keeps those of the login to itself, and ends when one
// is not to be passed on.
type conn struct {
	net.Conn
	broker *Broker
	rest   []byte                 // of the request that the cluster is reading
	caller atomic.Pointer[caller] // nil before the login
}

// RemoteAddr tells the cluster who is calling.
func (c *conn) RemoteAddr() net.Addr {
	if caller := c.caller.Load(); caller != nil {
		return caller.identity
	}
	return label("nobody")
}

// Read passes requests on, and never a part of one that was not looked at.
func (c *conn) Read(p []byte) (int, error) {
	for len(c.rest) == 0 {
		request, err := readSized(c.Conn, maxRequest)
		if err != nil {
			return 0, err
		}
		passes, err := c.admit(request[len32:])
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

// Close ends the connection, of which there is then nothing to end any more.
func (c *conn) Close() error {
	c.broker.mu.Lock()
	delete(c.broker.open, c)
	c.broker.mu.Unlock()
	return c.Conn.Close()
}

// admit decides about a request: whether the cluster gets it. An error ends
// the connection.
func (c *conn) admit(raw []byte) (passes bool, err error) {
	reader := kbin.Reader{Src: raw}
	request := kmsg.RequestForKey(reader.Int16())
	if request == nil {
		return false, errors.New("nobody knows such a request")
	}
	request.SetVersion(reader.Int16())
	correlation := reader.Int32()
	reader.NullableString() // the client id
	if request.IsFlexible() {
		kmsg.SkipTags(&reader)
	}
	if err := request.ReadFrom(reader.Src); err != nil {
		return false, err
	}
	switch request := request.(type) {
	case *kmsg.ApiVersionsRequest:
		return true, nil
	case *kmsg.SASLHandshakeRequest:
		return false, c.shakeHands(correlation, request)
	case *kmsg.SASLAuthenticateRequest:
		return false, c.logIn(correlation, request)
	}
	if c.caller.Load() == nil {
		return false, errors.New("a login comes first")
	}
	return true, nil
}

// answer answers a request in the cluster's place.
func (c *conn) answer(correlation int32, response kmsg.Response) error {
	answer := binary.BigEndian.AppendUint32(make([]byte, len32), uint32(correlation))
	if response.IsFlexible() {
		answer = append(answer, 0) // no tags
	}
	answer = response.AppendTo(answer)
	binary.BigEndian.PutUint32(answer, uint32(len(answer)-len32))
	_, err := c.Write(answer)
	return err
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
