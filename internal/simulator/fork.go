// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"maps"
	"slices"
)

// Fork returns a simulator that holds all that this one holds now, and goes its
// own way from here. It has an empty log, and tells nobody of changes.
func (s *Server) Fork() *Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &Server{
		cfg: s.cfg, clients: maps.Clone(s.clients), tokens: slices.Clone(s.tokens), bucket: s.bucket,
		secrets: slices.Clone(s.secrets), served: s.served,
	}
	for _, r := range s.records {
		f.records = append(f.records, r.clone())
	}
	for _, fault := range s.faults {
		f.faults = append(f.faults, new(*fault))
	}
	f.mux = f.routes()
	return f
}

func (r *record) clone() *record {
	c := *r
	c.Key = r.Key.clone()
	if r.before != nil {
		c.before = new(r.before.clone())
	}
	return &c
}
