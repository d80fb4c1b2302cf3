// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"crypto/rand"
	"fmt"
	"slices"
)

// How everything secret begins that the simulator issues, so that it is
// recognised for what it is wherever it turns up.
const (
	ClientSecretPrefix = "simulated-secret-"
	AccessTokenPrefix  = "simulated-access-"
	RefreshTokenPrefix = "simulated-refresh-"
	PasswordPrefix     = "Simulated-1-"
)

func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// remember keeps a secret for Secrets.
func (s *Server) remember(secrets ...string) {
	for _, secret := range secrets {
		if secret != "" && !slices.Contains(s.secrets, secret) {
			s.secrets = append(s.secrets, secret)
		}
	}
}

// Secrets returns every secret that the simulator has issued or been given so
// far: client secrets (the configured ones included), Kafka passwords (refused
// ones included), access and refresh tokens. A test can then look for them
// where they must not be.
func (s *Server) Secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.secrets)
}
