// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// The credentials a simulator starts with unless its Config says otherwise.
// They open nothing but a simulator.
const (
	DefaultClientID = "simulator-admin"
	DefaultSecret   = "simulator-admin-secret-not-real"
)

// The project and tenant a simulator plays unless its Config says otherwise.
const (
	DefaultServiceID   = "65e94bbe0000000000000001"
	DefaultProjectName = "Simulated"
	DefaultTenantID    = "7e9a0000-0000-4000-8000-000000000001"
)

// impliedTime is how long a passing state lasts where the dialect asks for one
// and the Config names no time: long enough for one poll to see it.
const impliedTime = time.Second

// Config is what may be chosen about a simulator. The zero value is a service
// that answers at once, in the first variant of every dialect.
type Config struct {
	Dialect Dialect

	// ProvisionTime is how long a created key stays `creating`. With 0 a key
	// is settled at once, unless the dialect has it `creating`: then it takes
	// a second. Kafka access that is added later takes as long, but only where
	// the dialect's update-timing says `creating`.
	ProvisionTime time.Duration
	// DeleteTime is how long a key stays `deleting` where the dialect's
	// delete-timing is anything but at-once. With 0 a deletion takes a second
	// under `deleting`, and fails at once under `failed-once` and `failed-forever`.
	DeleteTime time.Duration
	// NotFoundReads is how many reads of a new key are answered as if it did
	// not exist, within its first minute, under the create-timing `not-found-first`;
	// 0 means 2.
	NotFoundReads int
	// DeleteFailures is how many deletions fail before one succeeds, under the
	// delete-timing `failed-once`; 0 means 1.
	DeleteFailures int

	// Latency delays every answer. The work is done before the delay, as with
	// a service whose answer is slow to arrive.
	Latency time.Duration
	// RateLimit is the number of requests per second that are served; further
	// ones are answered 429. With 0 there is no limit.
	RateLimit int
	// RetryAfter is the form of the Retry-After header of those 429 answers.
	RetryAfter RetryAfterForm

	TokenLifetime time.Duration // 0 means an hour
	ClientID      string        // of the administrator; DefaultClientID
	Secret        string        // of the administrator; DefaultSecret

	ServiceID   string // of the project; DefaultServiceID
	ProjectName string // DefaultProjectName
	TenantID    string // DefaultTenantID
	// Projects are further ones, of the same tenant or of others.
	Projects []Project
	// Roles are what keys can be given, in every tenant; DefaultRoles.
	Roles []Role

	// KafkaUnavailable plays a project that is not hosted on AWS with a
	// namespace of its own: Kafka access is then refused with the reason.
	KafkaUnavailable bool
	// KafkaServers are the bootstrap servers of every key with Kafka access,
	// joined by commas. Where it is empty they have names that never resolve.
	KafkaServers string

	// Repeats has every list of a key's roles, permissions, rules, tools and
	// addresses name its first item twice.
	Repeats bool
	// HidesAccess has the detail of a key that is being created or deleted, or has
	// failed, show neither its client id nor its Kafka username.
	HidesAccess bool
}

// withDefaults fills in what was left empty.
func (c Config) withDefaults() Config {
	setDefault(&c.NotFoundReads, 2)
	setDefault(&c.DeleteFailures, 1)
	setDefault(&c.TokenLifetime, time.Hour)
	setDefault(&c.ClientID, DefaultClientID)
	setDefault(&c.Secret, DefaultSecret)
	setDefault(&c.ServiceID, DefaultServiceID)
	setDefault(&c.ProjectName, DefaultProjectName)
	setDefault(&c.TenantID, DefaultTenantID)
	c.Projects = c.withProjectDefaults()
	if c.Roles == nil {
		c.Roles = DefaultRoles()
	}
	return c
}

// Validate refuses what no type of the Config rules out. What it says begins
// with the name of the command's flag.
func (c Config) Validate() error {
	switch c.RetryAfter {
	case "", RetryAfterSeconds, RetryAfterDate, RetryAfterAbsent:
	default:
		return fmt.Errorf("retry-after %q: expected seconds, date or absent", c.RetryAfter)
	}
	return errors.Join(c.validateProjects(), c.Dialect.validate())
}

func setDefault[T comparable](field *T, value T) {
	var empty T
	if *field == empty {
		*field = value
	}
}

// createDelay is how long a new key stays `creating`.
func (c Config) createDelay() time.Duration {
	if c.Dialect.CreateTiming == "creating" {
		return cmp.Or(c.ProvisionTime, impliedTime)
	}
	return c.ProvisionTime
}

// updateDelay is how long a key stays `creating` after Kafka access was added.
func (c Config) updateDelay() time.Duration {
	if c.Dialect.UpdateTiming == "creating" {
		return cmp.Or(c.ProvisionTime, impliedTime)
	}
	return 0
}

// deleteDelay is how long a key stays `deleting`.
func (c Config) deleteDelay() time.Duration {
	switch c.Dialect.DeleteTiming {
	case "deleting":
		return cmp.Or(c.DeleteTime, impliedTime)
	case "failed-once", "failed-forever":
		return c.DeleteTime
	default:
		return 0
	}
}
