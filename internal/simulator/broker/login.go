// SPDX-License-Identifier: MPL-2.0

package broker

import (
	"errors"
	"net"
	"net/netip"
	"strings"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// mechanism is the only one; Streamkap knows no other either.
const mechanism = "PLAIN"

// caller is who has logged in, and with what.
type caller struct {
	identity label // the id of the key, or the owner
	username string
	password string
	address  netip.Addr
}

var errRefused = errors.New("authentication failed")

// shakeHands answers which mechanism may follow.
func (c *conn) shakeHands(raw []byte) error {
	request := kmsg.NewPtrSASLHandshakeRequest()
	if err := parse(raw, request); err != nil {
		return err
	}
	response := kmsg.NewPtrSASLHandshakeResponse()
	response.SupportedMechanisms = []string{mechanism}
	if request.Mechanism != mechanism {
		response.ErrorCode = kerr.UnsupportedSaslMechanism.Code
	}
	// After a handshake in version 0 the login is no request, but what would be
	// in one, behind its length.
	c.unframed = request.Version == 0 && response.ErrorCode == 0
	return c.answer(raw, response)
}

// logInUnframed checks who is there where a login is no request. The answer is an
// empty text; there is none that says no.
func (c *conn) logInUnframed() error {
	text, err := readSized(c.Conn, maxLogin)
	if err != nil {
		return err
	}
	c.unframed = false
	if !c.admits(text[len32:]) {
		return errRefused
	}
	_, err = c.Write(make([]byte, len32))
	return err
}

// logIn checks who is there. Whatever is wrong, the answer is the same.
func (c *conn) logIn(raw []byte) error {
	request := kmsg.NewPtrSASLAuthenticateRequest()
	if err := parse(raw, request); err != nil {
		return err
	}
	response := kmsg.NewPtrSASLAuthenticateResponse()
	if !c.admits(request.SASLAuthBytes) {
		message := "Authentication failed"
		response.ErrorCode, response.ErrorMessage = kerr.SaslAuthenticationFailed.Code, &message
		return errors.Join(errRefused, c.answer(raw, response))
	}
	return c.answer(raw, response)
}

// admits tells whether a login is somebody's, who is then the caller.
func (c *conn) admits(login []byte) bool {
	fields := strings.Split(string(login), "\x00")
	if len(fields) != 3 {
		return false
	}
	who := &caller{address: addressOf(c.Conn.RemoteAddr()), username: fields[1], password: fields[2]}
	who.identity = c.broker.identify(who)
	if who.identity == "" {
		return false
	}
	c.caller.Store(who)
	return true
}

// identify finds out who a caller is; nobody is empty.
func (b *Broker) identify(who *caller) label {
	if who.username == owner {
		if who.password == b.ownerPassword {
			return owner
		}
		return ""
	}
	for _, key := range b.simulator.Keys() {
		if opensFor(key, who) {
			return label(key.ID)
		}
	}
	return ""
}

// opensFor tells whether a key lets a caller in. It does not before it is
// active, and no longer once its deletion has begun.
func opensFor(key simulator.Key, who *caller) bool {
	return key.HasKafka() && key.Status == simulator.StatusActive &&
		key.KafkaUsername == who.username && key.KafkaPassword == who.password &&
		covers(key.WhitelistIPs, who.address)
}

// covers tells whether an address is one of those listed; an empty list has
// them all.
func covers(whitelist []string, address netip.Addr) bool {
	for _, text := range whitelist {
		if prefix, err := netip.ParsePrefix(text); err == nil && prefix.Contains(address) {
			return true
		}
		if single, err := netip.ParseAddr(text); err == nil && single == address {
			return true
		}
	}
	return len(whitelist) == 0
}

func addressOf(addr net.Addr) netip.Addr {
	parsed, _ := netip.ParseAddrPort(addr.String())
	return parsed.Addr().Unmap()
}

// parse reads a request of a known kind.
func parse(raw []byte, request kmsg.Request) error {
	request.SetVersion(parseHeader(raw).version)
	reader := kbin.Reader{Src: raw[len32+headerSize:]}
	reader.NullableString() // the client id
	if request.IsFlexible() {
		kmsg.SkipTags(&reader)
	}
	return request.ReadFrom(reader.Src)
}

// answer answers a request in the cluster's place.
func (c *conn) answer(raw []byte, response kmsg.Response) error {
	header := parseHeader(raw)
	response.SetVersion(header.version)
	_, err := c.Write(frame(header.correlation, response.IsFlexible(), response))
	return err
}
