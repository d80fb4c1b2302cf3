// SPDX-License-Identifier: MPL-2.0

package broker

import "sync"

// sessions are the open connections.
type sessions struct {
	mu   sync.Mutex
	open map[*conn]bool
}

func (b *Broker) note(c *conn) {
	b.sessions.mu.Lock()
	defer b.sessions.mu.Unlock()
	if b.sessions.open == nil {
		b.sessions.open = map[*conn]bool{}
	}
	b.sessions.open[c] = true
}

func (b *Broker) forget(c *conn) {
	b.sessions.mu.Lock()
	defer b.sessions.mu.Unlock()
	delete(b.sessions.open, c)
}

// endSessions ends those whose caller may no longer be here. A client that asks
// for nothing notices, too.
func (b *Broker) endSessions() {
	for _, c := range b.connections() {
		if caller := c.caller.Load(); caller != nil && b.recheck(caller) != nil {
			_ = c.Close()
		}
	}
}

func (b *Broker) connections() []*conn {
	b.sessions.mu.Lock()
	defer b.sessions.mu.Unlock()
	connections := make([]*conn, 0, len(b.sessions.open))
	for c := range b.sessions.open {
		connections = append(connections, c)
	}
	return connections
}
