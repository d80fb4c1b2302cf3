// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"slices"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// end ends every fault and delay of the service. The configuration then has to be
// applied within two runs, whatever happened before, and a destroy leaves nothing.
func (w *world) end() {
	w.resolveLost(step{})
	w.server.SetConfig(func(c *simulator.Config) {
		c.Dialect.CreateOutcome, c.Dialect.DeleteTiming, c.Dialect.Clearing = "", "", ""
		c.ProvisionTime, c.DeleteTime, c.Latency = 0, 0, 0
	})
	if w.tf.state != nil && w.stuck {
		w.server.Modify(stateOf(w.tf.state).ID, func(k *simulator.Key) { k.Status = simulator.StatusActive })
	}
	w.stuck = false
	// Whatever the service is still doing, it has done by then.
	time.Sleep(time.Hour)
	config := w.lastValid()
	for range 2 {
		w.takeStep(step{Do: stepApply, Config: config})
		if !w.outcome.failed() {
			break
		}
	}
	if w.tf.state == nil {
		w.fail("everything converges", "the last apply left nothing")
	}
	w.takeStep(step{Do: stepDestroy})
	if keys := w.server.Keys(); len(keys) != len(w.foreign) {
		w.fail("no key is left behind", "%d keys at the end", len(keys))
	}
}

// nameTaken reports whether the service refuses the name because another key has it.
func (w *world) nameTaken(name string) bool {
	return uniqueNames(w.service().Dialect) && slices.ContainsFunc(w.foreign, func(id string) bool {
		key, _ := w.server.Key(id)
		return key.Name == name && key.ServiceID == simulator.DefaultServiceID
	})
}

// lastValid is a configuration that such a service has to accept.
func (w *world) lastValid() *configuration {
	c := *w.config
	c.Timeouts = nil
	if w.nameTaken(c.Name) {
		c.Name = "orders"
	}
	if invalid(&c) != "" || c.MCP != nil && !c.wantsAPI() {
		c = configuration{Name: "orders", RoleIDs: roles[:1]}
	}
	if c.Kafka != nil && c.password() == "" {
		kafka := *c.Kafka
		if c.Kafka = kafka.store("Not-a-secret-at-the-end-1-stored"); c.Recipients != nil {
			kafka.hide(*kafka.Password, -1)
		}
	}
	return &c
}
