// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// configuration draws a new one.
func (g *generator) configuration() configuration {
	c := configuration{Name: "orders"}
	switch g.IntN(4) {
	case 0:
		c.Kafka = g.kafka()
	case 1:
		c.PermissionIDs = subset(g, permissions...)
	default:
		c.RoleIDs = subset(g, roles...)
	}
	for range 8 {
		g.mutate(&c)
	}
	return c
}

var (
	roles        = []string{simulator.RoleAdmin, simulator.RoleDataAdmin, simulator.RoleReadOnly}
	permissions  = []string{simulator.PermissionReadKeys, simulator.PermissionWriteKeys, "topics:read"}
	tools        = []string{"streamkap_delete_pipeline", "b", "a"}
	descriptions = []string{"", "plain", " padded ", "<b>bold</b> & more", "a < b", "&lt;b&gt;", "<i></i>", "  ", "tschüß \"quoted\" \\ ${x}", "a\nb"}
	addresses    = []string{"10.0.0.1", "10.0.0.2", "1.2.3.4", "192.168.0.0/16", "0.0.0.0/0", "172.16.5.0/24"}
	rules        = []rule{
		{Name: "orders", Operation: "READ"},
		{Name: "orders", Operation: "WRITE"},
		{Name: "orders", Operation: "READ", PatternType: "PREFIXED"},
		{Name: "orders", Operation: "READ", Resource: "GROUP"},
		{Name: "b", Operation: "ALL"},
		{Name: "a", Operation: "ALTER_CONFIGS", PatternType: "PREFIXED"},
		{Name: "g", Operation: "DESCRIBE", Resource: "GROUP", PatternType: "PREFIXED"},
	}
)

func (g *generator) kafka() *kafkaBlock {
	k := &kafkaBlock{Username: pick(g, "orders-consumer", "abc")}
	g.setPassword(k)
	if g.chance(40) {
		k.SchemaRegistry = new(g.chance(50))
	}
	return k
}

// setPassword draws a password that says where it is configured, so that one that
// turns up elsewhere is noticed.
func (g *generator) setPassword(k *kafkaBlock) {
	password := g.password()
	if g.chance(50) {
		k.store(password + "-stored")
		return
	}
	version := int64(1)
	if k.PasswordWOVersion != nil {
		version = *k.PasswordWOVersion + pick(g, int64(1), 1, -1, 0)
	}
	k.hide(password+"-writeonly", version)
}

// store and hide give the password in the one attribute or the other.
func (k *kafkaBlock) store(password string) *kafkaBlock {
	k.Password, k.PasswordWO, k.PasswordWOVersion = &password, nil, nil
	return k
}

func (k *kafkaBlock) hide(password string, version int64) *kafkaBlock {
	k.Password, k.PasswordWO, k.PasswordWOVersion = nil, &password, &version
	return k
}

// emptyPassword makes the password empty, as an unset variable does.
func (k *kafkaBlock) emptyPassword() {
	if k.Password != nil {
		k.Password = new("")
	}
	if k.PasswordWO != nil {
		k.PasswordWO = new("")
	}
}

func (g *generator) password() string {
	g.passwords++
	return fmt.Sprintf("%s%s%d", pick(g, "Not-a-secret-", `Quote"d\-`, "<&>-%25-ßpecial-A"), strings.Repeat("x", g.IntN(5)), 1000+g.passwords)
}

// mutate changes one thing.
func (g *generator) mutate(c *configuration) {
	switch g.IntN(16) {
	case 0:
		c.MCP = pick(g, nil, &mcpBlock{})
	case 1, 2:
		g.mutateTimeouts(c)
	case 3, 4:
		g.mutateKafka(c)
	default:
		g.mutateField(c, pick(g, fields...))
	}
	if !c.wantsAPI() && c.Kafka == nil {
		c.RoleIDs = subset(g, roles...)
	}
	if !c.wantsAPI() {
		c.MCP = nil
	}
	if k := c.Kafka; k != nil && deref(k.Password) != "" && c.Recipients != nil {
		// A password in clear is refused beside recipients.
		k.Password = nil
		if g.chance(50) {
			k.hide(g.password()+"-writeonly", 1)
		}
	}
}

func (g *generator) mutateAccess(c *configuration) {
	switch g.IntN(5) {
	case 0:
		c.RoleIDs, c.PermissionIDs = nil, nil
	case 1:
		c.RoleIDs, c.PermissionIDs = nil, subset(g, permissions...)
	default:
		c.RoleIDs, c.PermissionIDs = subset(g, roles...), nil
	}
}

// mutateField changes an attribute, in a block that may be new.
func (g *generator) mutateField(c *configuration, f field) {
	about := f.about()
	switch {
	case about.needsKafka() && c.Kafka == nil:
		c.Kafka = g.kafka()
	case about.needsKafka() && about.untold:
		g.setPassword(c.Kafka)
	case about.byAccess:
		g.mutateAccess(c)
	default:
		if about.needsMCP() && c.MCP == nil {
			c.MCP = &mcpBlock{}
		}
		f.vary(g, c)
	}
}

func (g *generator) mutateTimeouts(c *configuration) {
	c.Timeouts = nil
	if g.chance(50) {
		c.Timeouts = map[string]string{pick(g, "create", "read", "update", "delete"): pick(g, "30m", "1h", "1h", "3s")}
	}
}

func (g *generator) mutateKafka(c *configuration) {
	k := c.Kafka
	switch {
	case k == nil, g.chance(25):
		c.Kafka = g.kafka()
	case g.chance(30):
		c.Kafka = nil
	case g.chance(50):
		k.emptyPassword()
	default:
		k.Password, k.PasswordWO, k.PasswordWOVersion = nil, nil, nil
	}
}

// respell changes spellings alone.
func (c *configuration) respell(g *generator) {
	shuffle := func(items []string) {
		g.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	}
	shuffle(c.RoleIDs)
	shuffle(c.PermissionIDs)
	shuffle(c.Recipients)
	k := c.Kafka
	if k == nil {
		return
	}
	g.Shuffle(len(k.ACL), func(i, j int) { k.ACL[i], k.ACL[j] = k.ACL[j], k.ACL[i] })
	for i := range k.ACL {
		if whole := k.ACL[i].whole(); g.chance(50) {
			k.ACL[i] = whole
		}
	}
	for i, address := range k.WhitelistIPs {
		switch {
		case !strings.Contains(address, "/") && g.chance(30):
			k.WhitelistIPs[i] += "/32"
		case address == "172.16.5.0/24" && g.chance(30):
			k.WhitelistIPs[i] = "172.16.5.77/24"
		}
	}
	if k.WhitelistIPs != nil && g.chance(5) {
		k.WhitelistIPs = append(k.WhitelistIPs, "10.0.0.9", "10.0.0.9/32")
	}
}

// invalidate makes a configuration that has to be refused at plan.
func (g *generator) invalidate(c *configuration) {
	if c.Kafka == nil {
		c.Kafka = g.kafka()
	}
	switch g.IntN(9) {
	case 7:
		c.Recipients, c.Kafka = recipients[:1], stored(1)
	case 8:
		c.Recipients = []string{"nobody"}
	case 0:
		c.Kafka.Username = "-no"
	case 1:
		c.Kafka.ACL = []rule{rules[0], {Name: "orders", Operation: "READ", Resource: "TOPIC"}}
	case 2:
		c.Kafka.ACL = []rule{{Name: "g", Operation: "WRITE", Resource: "GROUP"}}
	case 3:
		c.Kafka.WhitelistIPs = []string{"::1"}
	case 4:
		c.RoleIDs, c.PermissionIDs = roles, permissions
	case 5:
		c.Kafka.store("Short-1-stored"[:11])
	case 6:
		c.RoleIDs, c.PermissionIDs, c.Kafka, c.MCP = nil, nil, nil, nil
	}
}
