// SPDX-License-Identifier: MPL-2.0

package broker

import (
	"errors"
	"net"
	"net/netip"
	"strings"

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
func (c *conn) shakeHands(correlation int32, request *kmsg.SASLHandshakeRequest) error {
	response := kmsg.NewPtrSASLHandshakeResponse()
	response.SetVersion(request.Version)
	response.SupportedMechanisms = []string{mechanism}
	if request.Mechanism != mechanism {
		response.ErrorCode = kerr.UnsupportedSaslMechanism.Code
	}
	if err := c.answer(correlation, response); err != nil || response.ErrorCode != 0 || request.Version > 0 {
		return err
	}
	// After a handshake in version 0 the login is no request, but what would be
	// in one, behind its length. The answer is an empty text; there is none that
	// says no.
	login, err := readSized(c.Conn, maxLogin)
	if err == nil {
		err = c.enter(login[len32:])
	}
	if err == nil {
		_, err = c.Write(make([]byte, len32))
	}
	return err
}

// logIn checks who is there. Whatever is wrong, the answer is the same.
func (c *conn) logIn(correlation int32, request *kmsg.SASLAuthenticateRequest) error {
	response := kmsg.NewPtrSASLAuthenticateResponse()
	response.SetVersion(request.Version)
	refused := c.enter(request.SASLAuthBytes)
	if refused != nil {
		response.ErrorCode, response.ErrorMessage = kerr.SaslAuthenticationFailed.Code, new("Authentication failed")
	}
	return errors.Join(refused, c.answer(correlation, response))
}

// enter lets a caller in, whose rules are in the cluster from then on.
func (c *conn) enter(login []byte) error {
	fields := strings.Split(string(login), "\x00")
	if len(fields) != 3 {
		return errRefused
	}
	who := &caller{address: addressOf(c.Conn.RemoteAddr()), username: fields[1], password: fields[2]}
	c.broker.mu.Lock() // a key that changes meanwhile ends the session
	if who.identity = c.broker.identify(who); who.identity != "" {
		c.caller.Store(who)
	}
	c.broker.mu.Unlock()
	switch who.identity {
	case "":
		return errRefused
	case owner:
		return nil
	default:
		return c.broker.update()
	}
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

// follow makes a change of the keys one of the cluster: of who may be here,
// and then of the rules, so that nobody is told of rules where the key is gone.
// A client that asks for nothing notices, too.
func (b *Broker) follow() {
	b.mu.Lock()
	for c := range b.open {
		if who := c.caller.Load(); who != nil && b.identify(who) != who.identity {
			_ = c.Conn.Close()
		}
	}
	b.mu.Unlock()
	_ = b.update() // it fails where there is no cluster any more
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
