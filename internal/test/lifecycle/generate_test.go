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

func generate(seed uint64, dialect map[string]string) scenario {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0x5eed))}
	s := scenario{Service: g.service()}
	s.Service.Dialect = dialect
	config := g.configuration()
	s.Steps = append(s.Steps, g.applyStep(&config))
	for range 2 + g.IntN(6) {
		s.Steps = append(s.Steps, g.step(&config))
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
	s.DeleteFailures = pick(g, 0, 0, 3)
	s.Preflight = g.chance(30)
	s.Repeats, s.HidesAccess = g.chance(15), g.chance(15)
	return s
}

func (g *generator) step(config *configuration) step {
	var s step
	switch n := g.IntN(100); {
	case n < 62:
		return g.applyStep(config)
	case n < 70:
		s = step{Do: stepRefresh}
	case n < 86:
		return step{Do: stepDrift, Drift: pick(g, driftNames...)}
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
	s := step{Do: stepApply, Config: new(configuration), TakeOver: g.chance(50), Replace: g.chance(5)}
	*s.Config = clone(*config)
	s.Config.respell(g)
	switch {
	case g.chance(4):
		g.invalidate(s.Config)
	case g.chance(15):
		s.Unknown = subset(g, mayBeUnknown(s.Config)...)[:1]
	}
	if s.Config.Kafka != nil && g.chance(20) {
		s.UsernameHeld = &usernameHolder{DeletedAfter: pick(g, 0, time.Second, 9*time.Second), DeletionTakes: pick(g, 0, 5*time.Second, 3*time.Minute)}
	}
	g.disturb(&s, *s.Config)
	return s
}

// mayBeUnknown are the attributes and blocks that can be unknown at plan, whatever
// they turn out to be, absent included.
func mayBeUnknown(c *configuration) []string {
	return slices.DeleteFunc(slices.Clone(resourceSchema.configurable), func(path string) bool {
		there := map[string]bool{"": true, "kafka": c.Kafka != nil, "mcp": c.MCP != nil}
		return !there[path[:max(0, strings.LastIndex(path, "."))]]
	})
}

// disturb draws what goes wrong in a step, or nothing.
func (g *generator) disturb(s *step, config configuration) {
	if g.chance(35) {
		for range 1 + g.IntN(2) {
			s.Faults = append(s.Faults, g.fault(config))
		}
	}
	if g.chance(8) {
		s.Event, s.At = pick(g, interruptBefore, interruptDuring, interruptAfter), 1+g.IntN(8)
	}
}

// fault draws one that hits some requests, most often those that write.
func (g *generator) fault(config configuration) simulator.Fault {
	f := pick(g, disturbances...).fault
	hits := []string{
		"", "POST /auth/access-token", "POST /project-keys", "POST /project-keys", "PATCH", "PATCH", "DELETE",
		"GET /project-keys", "GET /project-keys/*",
	}
	switch {
	case g.chance(15):
		// The key can be read before it is changed, and not after.
		return simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Skip: 1, Times: -1, Status: http.StatusServiceUnavailable}
	case g.chance(10):
		f = simulator.Fault{Status: pick(g, http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity), Body: g.echo(config.password())}
		// Whoever refuses a request for what is in it refuses one that writes.
		hits = []string{"PATCH", "POST /project-keys"}
	case f.Late, f.Status == 0 && f.Drop == "" && f.Delay == 0:
		f = simulator.Fault{Drop: pick(g, simulator.DropRefused, simulator.DropBefore, simulator.DropAfter, simulator.DropTruncated)}
	}
	f.Method, f.Path, _ = strings.Cut(pick(g, hits...), " ")
	f.Skip, f.Times = pick(g, 0, 0, 0, 1, 2), pick(g, 1, 1, 2, 7, -1)
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
