package broker

import (
	"encoding/binary"
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
	identity identity // the id of the key, or the owner
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
	return c.answer(raw, response)
}

// logIn checks who is there. Whatever is wrong, the answer is the same.
func (c *conn) logIn(raw []byte) error {
	request := kmsg.NewPtrSASLAuthenticateRequest()
	if err := parse(raw, request); err != nil {
		return err
	}
	response := kmsg.NewPtrSASLAuthenticateResponse()
	who := &caller{address: addressOf(c.Conn.RemoteAddr())}
	fields := strings.Split(string(request.SASLAuthBytes), "\x00")
	if len(fields) == 3 {
		who.username, who.password = fields[1], fields[2]
		who.identity = c.broker.identify(who)
	}
	if who.identity == "" {
		message := "Authentication failed"
		response.ErrorCode, response.ErrorMessage = kerr.SaslAuthenticationFailed.Code, &message
		return errors.Join(errRefused, c.answer(raw, response))
	}
	c.caller.Store(who)
	return c.answer(raw, response)
}

// identify finds out who a caller is; nobody is empty.
func (b *Broker) identify(who *caller) identity {
	if who.username == owner {
		if who.password == b.ownerPassword {
			return owner
		}
		return ""
	}
	for _, key := range b.simulator.Keys() {
		if opensFor(key, who) {
			return identity(key.ID)
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
	reader := kbin.Reader{Src: raw[4+headerSize:]}
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
	answer := binary.BigEndian.AppendUint32(make([]byte, 4), uint32(header.correlation))
	if response.IsFlexible() {
		answer = append(answer, 0) // no tags
	}
	answer = response.AppendTo(answer)
	binary.BigEndian.PutUint32(answer, uint32(len(answer)-4))
	_, err := c.Write(answer)
	return err
}
