// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// generator draws a scenario. The same seed draws the same one.
type generator struct {
	*rand.Rand
	passwords int
}

func generate(seed uint64) scenario {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0x5eed))}
	s := scenario{Seed: seed, Service: g.service()}
	config := g.configuration()
	s.Steps = append(s.Steps, g.applyStep(&config))
	for range 2 + g.IntN(6) {
		s.Steps = append(s.Steps, g.step(&config))
	}
	if s.Service.RateLimit > 0 {
		// A change that is answered with a 2xx was made, and a service that limits
		// requests may have refused it.
		for i := range s.Steps {
			s.Steps[i].Faults = slices.DeleteFunc(s.Steps[i].Faults, func(f simulator.Fault) bool { return f.Processed && f.Status/100 == 2 })
		}
	}
	return s
}

func pick[T any](g *generator, items ...T) T { return items[g.IntN(len(items))] }

// subset draws at least one of the items, in any order.
func subset[T any](g *generator, items ...T) []T {
	items = slices.Clone(items)
	g.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	return items[:1+g.IntN(len(items))]
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g *generator) service() service {
	s := service{
		Dialect:       map[string]string{},
		ProvisionTime: pick(g, 0, 0, 5*time.Second, 2*time.Minute),
		DeleteTime:    pick(g, 0, 0, 3*time.Second, time.Minute),
		Latency:       pick(g, 0, 0, 200*time.Millisecond, time.Second),
		TokenLifetime: pick(g, 0, 0, 0, 30*time.Second),
		NotFoundReads: pick(g, 0, 1, 5),
		MaxRetries:    pick(g, 0, 1, 5, 5, 5),
		Namesakes:     g.chance(30),
	}
	if g.chance(5) {
		s.ProvisionTime = 40 * time.Minute
	}
	if s.MaxRetries == 5 && g.chance(10) {
		s.RateLimit = pick(g, 1, 3)
		s.RetryAfter = pick(g, simulator.RetryAfterSeconds, simulator.RetryAfterDate, simulator.RetryAfterAbsent)
	}
	s.DeleteFailures = pick(g, 0, 0, 3)
	for _, row := range simulator.Rows() {
		if g.chance(50) {
			continue
		}
		variant := row.Variants[g.IntN(len(row.Variants))].Name
		if failingVariants[row.Name] == variant && !g.chance(15) {
			continue
		}
		s.Dialect[row.Name] = variant
	}
	s.Preflight = g.chance(30)
	s.Repeats = g.chance(15)
	return s
}

// failingVariants are those under which some applies can't succeed.
var failingVariants = map[string]string{"create-outcome": "failed", "delete-timing": "failed-forever", "clearing": "nothing-clears"}

func (g *generator) step(config *configuration) step {
	var s step
	switch n := g.IntN(100); {
	case n < 62:
		return g.applyStep(config)
	case n < 70:
		s = step{Do: stepRefresh}
	case n < 86:
		return step{Do: stepDrift, Drift: pick(g, driftNames...), Revoke: g.chance(10)}
	case n < 93:
		s = step{Do: stepImport, Identity: g.chance(50), Beside: g.chance(50)}
	default:
		s = step{Do: stepDestroy}
	}
	g.disturb(&s, *config)
	return s
}

func (g *generator) applyStep(config *configuration) step {
	switch {
	case g.chance(15):
		*config = g.configuration()
	case g.chance(85):
		for range 1 + g.IntN(3) {
			g.mutate(config)
		}
	}
	s := step{Do: stepApply, Config: new(configuration), Revoke: g.chance(5), TakeOver: g.chance(50), Replace: g.chance(5)}
	*s.Config = (scenario{Steps: []step{{Config: config}}}).clone().Steps[0].Config.respelled(g)
	switch {
	case g.chance(4):
		g.invalidate(s.Config)
	case g.chance(15):
		s.Unknown = g.unknown(s.Config)
	}
	if s.Config.Kafka != nil && g.chance(20) {
		s.UsernameHeld = &usernameHolder{DeletedAfter: pick(g, 0, time.Second, 9*time.Second), DeletionTakes: pick(g, 0, 5*time.Second, 3*time.Minute)}
	}
	g.disturb(&s, *s.Config)
	return s
}

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
		{Name: "orders", Operation: "READ", PatternType: new("PREFIXED")},
		{Name: "orders", Operation: "READ", Resource: new("GROUP")},
		{Name: "b", Operation: "ALL"},
		{Name: "a", Operation: "ALTER_CONFIGS", PatternType: new("PREFIXED")},
		{Name: "g", Operation: "DESCRIBE", Resource: new("GROUP"), PatternType: new("PREFIXED")},
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
		k.Password, k.PasswordWO, k.PasswordWOVersion = new(password+"-stored"), nil, nil
		return
	}
	version := int64(1)
	if k.PasswordWOVersion != nil {
		version = *k.PasswordWOVersion + pick(g, int64(1), 1, -1, 0)
	}
	k.Password, k.PasswordWO, k.PasswordWOVersion = nil, new(password+"-writeonly"), &version
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
	switch g.IntN(9) {
	case 8:
		c.Recipients = nil
		if g.chance(75) {
			c.Recipients = subset(g, recipients...)
		}
	case 0:
		c.Name = pick(g, "orders", "orders", "Orders & more", strings.Repeat("n", 100))
	case 1:
		c.Description = nil
		if g.chance(60) {
			c.Description = new(pick(g, descriptions...))
		}
	case 2:
		g.mutateAccess(c)
	case 3:
		g.mutateScope(c)
	case 4:
		g.mutateTimeouts(c)
	default:
		g.mutateKafka(c)
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
			k.PasswordWO, k.PasswordWOVersion = new(g.password()+"-writeonly"), new(int64(1))
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

func (g *generator) mutateScope(c *configuration) {
	if g.chance(25) {
		c.MCP = nil
		return
	}
	m := &mcpBlock{}
	if g.chance(60) {
		m.ToolProfile = new(pick(g, "full", "read-only", "agent-operator", "infra-admin"))
	}
	if g.chance(40) {
		m.AllowedTools = subset(g, tools...)
	}
	if g.chance(40) {
		m.BlockedTools = subset(g, tools...)
	}
	c.MCP = m
}

func (g *generator) mutateTimeouts(c *configuration) {
	c.Timeouts = nil
	if g.chance(50) {
		c.Timeouts = map[string]string{pick(g, "create", "read", "update", "delete"): pick(g, "30m", "1h", "1h", "3s")}
	}
}

func (g *generator) mutateKafka(c *configuration) {
	if c.Kafka == nil || g.chance(7) {
		c.Kafka = g.kafka()
		return
	}
	k := c.Kafka
	switch g.IntN(12) {
	case 0:
		c.Kafka = nil
	case 1:
		k.Username = pick(g, "orders-consumer", "abc", "a-2")
	case 2:
		if g.chance(50) {
			k.emptyPassword()
			return
		}
		k.Password, k.PasswordWO, k.PasswordWOVersion = nil, nil, nil
	case 3:
		k.SchemaRegistry = pick(g, nil, nil, new(true), new(false))
	case 4, 5:
		g.setPassword(k)
	case 6, 7:
		k.WhitelistIPs = nil
		if g.chance(70) {
			k.WhitelistIPs = subset(g, addresses...)
		}
	default:
		k.ACL = nil
		if g.chance(75) {
			k.ACL = subset(g, rules...)
		}
	}
}

// respelled is the same configuration in other spellings.
func (c *configuration) respelled(g *generator) configuration {
	shuffle := func(items []string) {
		g.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	}
	shuffle(c.RoleIDs)
	shuffle(c.PermissionIDs)
	shuffle(c.Recipients)
	k := c.Kafka
	if k == nil {
		return *c
	}
	g.Shuffle(len(k.ACL), func(i, j int) { k.ACL[i], k.ACL[j] = k.ACL[j], k.ACL[i] })
	for i := range k.ACL {
		if k.ACL[i].Resource == nil && g.chance(30) {
			k.ACL[i].Resource = new("TOPIC")
		}
		if k.ACL[i].PatternType == nil && g.chance(30) {
			k.ACL[i].PatternType = new("LITERAL")
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
	return *c
}

// invalidate makes a configuration that has to be refused at plan.
func (g *generator) invalidate(c *configuration) {
	if c.Kafka == nil {
		c.Kafka = g.kafka()
	}
	switch g.IntN(9) {
	case 7:
		c.Recipients, c.Kafka.Password, c.Kafka.PasswordWO, c.Kafka.PasswordWOVersion = recipients[:1], new("Not-a-secret-1-stored"), nil, nil
	case 8:
		c.Recipients = []string{"nobody"}
	case 0:
		c.Kafka.Username = "-no"
	case 1:
		c.Kafka.ACL = []rule{rules[0], {Name: "orders", Operation: "READ", Resource: new("TOPIC")}}
	case 2:
		c.Kafka.ACL = []rule{{Name: "g", Operation: "WRITE", Resource: new("GROUP")}}
	case 3:
		c.Kafka.WhitelistIPs = []string{"::1"}
	case 4:
		c.RoleIDs, c.PermissionIDs = roles, permissions
	case 5:
		c.Kafka.Password, c.Kafka.PasswordWO, c.Kafka.PasswordWOVersion = new("Short-1-stored"[:11]), nil, nil
	case 6:
		c.RoleIDs, c.PermissionIDs, c.Kafka, c.MCP = nil, nil, nil, nil
	}
}

// unknown draws a value that the plan does not know.
func (g *generator) unknown(c *configuration) []string {
	return subset(g, mayBeUnknown(c)...)[:1]
}

// mayBeUnknown are the attributes and blocks that can be unknown at plan, whatever
// they turn out to be, absent included.
func mayBeUnknown(c *configuration) []string {
	paths := []string{"name", "description", "secret_recipients", "role_ids", "permission_ids", "kafka", "mcp", "timeouts"}
	if c.Kafka != nil {
		paths = append(paths, "kafka.username", "kafka.password", "kafka.password_wo", "kafka.password_wo_version",
			"kafka.whitelist_ips", "kafka.schema_registry", "kafka.acl")
	}
	if c.MCP != nil {
		paths = append(paths, "mcp.tool_profile", "mcp.allowed_tools", "mcp.blocked_tools")
	}
	return paths
}

// disturb draws what goes wrong in a step, or nothing.
func (g *generator) disturb(s *step, config configuration) {
	if g.chance(35) {
		for range 1 + g.IntN(2) {
			s.Faults = append(s.Faults, g.fault(config))
		}
	}
	if g.chance(8) {
		s.Interrupt = pick(g, time.Millisecond, 300*time.Millisecond, 1100*time.Millisecond, 5*time.Second, time.Minute)
	}
}

// fault draws one that hits some requests, most often those that write.
func (g *generator) fault(config configuration) simulator.Fault {
	if g.chance(15) {
		// The key can be read before it is changed, and not after.
		return simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Skip: 1, Times: -1, Status: http.StatusServiceUnavailable}
	}
	f := pick(g, disturbances...).fault
	switch {
	case g.chance(10):
		f = simulator.Fault{Status: pick(g, http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity), Body: g.echo(config.password())}
	case f.Late, f.Status == 0 && f.Drop == "" && f.Delay == 0:
		f = simulator.Fault{Drop: pick(g, simulator.DropRefused, simulator.DropBefore, simulator.DropAfter, simulator.DropTruncated)}
	}
	hit := pick(g, simulator.Fault{}, simulator.Fault{Method: http.MethodPost, Path: "/auth/access-token"},
		simulator.Fault{Method: http.MethodPost, Path: "/project-keys"}, simulator.Fault{Method: http.MethodPost, Path: "/project-keys"},
		simulator.Fault{Method: http.MethodPatch}, simulator.Fault{Method: http.MethodPatch}, simulator.Fault{Method: http.MethodDelete},
		simulator.Fault{Method: http.MethodGet, Path: "/project-keys"}, simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*"})
	if f.Status == http.StatusBadRequest || f.Status == http.StatusConflict || f.Status == http.StatusUnprocessableEntity {
		// Whoever refuses a request for what is in it refuses one that writes.
		hit = pick(g, simulator.Fault{Method: http.MethodPatch}, simulator.Fault{Method: http.MethodPost, Path: "/project-keys"})
	}
	f.Method, f.Path, f.Skip, f.Times = hit.Method, hit.Path, pick(g, 0, 0, 0, 1, 2), pick(g, 1, 1, 2, 7, -1)
	return f
}

// echo is a refusal that repeats the password.
func (g *generator) echo(password string) string {
	return pick(g,
		fmt.Sprintf(`{"detail":%s}`, jsonText("the password "+password+" is weak")),
		fmt.Sprintf(`{"detail":[{"loc":["body","kafka_config","password"],"msg":%s,"type":"value_error","input":%s}]}`,
			jsonText("Value error: "+password), jsonText(password)),
		fmt.Sprintf(`{"detail":{"message":"no","input":%s}}`, jsonText(password)),
		"plain text with "+password,
	)
}
