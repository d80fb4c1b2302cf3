// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"reflect"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// field is an attribute, with all that the machine has to know of it.
type field interface {
	about() facts
	// differs reports whether a key has to change for a configuration, and showsForm
	// whether a plan may show another form of the same value.
	differs(before, after *configuration) bool
	showsForm(before, after *configuration) bool
	isEmpty(c *configuration) bool
	// vary draws a value, or none, and sample takes one of the two.
	vary(g *generator, c *configuration)
	sample(c *configuration, number int)
	// read takes it from what the service holds.
	read(k *simulator.Key, into *configuration)
	drifts() map[string]drift
}

// facts are what does not depend on the type of an attribute.
type facts struct {
	path string // in the schema
	// patch is its member in a PATCH, and clears the form that clears it first.
	patch  string
	clears clearForm
	// replaces is why another value replaces the key.
	replaces string
	// byAccess says that the model decides of it, with the access that it gives.
	byAccess bool
	// untold says that no answer shows it.
	untold bool
	// fixed is why nobody else can change it.
	fixed string
}

// clearForm is the form in which the provider clears a value first.
type clearForm string

const (
	byEmpty clearForm = "an empty value"
	byNull  clearForm = "null"
)

func (f facts) about() facts { return f }

func (f facts) needsKafka() bool { return strings.HasPrefix(f.path, "kafka.") }

func (f facts) needsMCP() bool { return strings.HasPrefix(f.path, "mcp.") }

// isIn reports whether a configuration has the block of the attribute, and isOf
// whether a key has the access for it.
func (f facts) isIn(c *configuration) bool {
	return (!f.needsKafka() || c.Kafka != nil) && (!f.needsMCP() || c.MCP != nil)
}

func (f facts) isOf(k *simulator.Key) bool {
	return (!f.needsKafka() || k.HasKafka()) && (!f.needsMCP() && !f.byAccess || k.HasAPI())
}

// attributeOf is an attribute of one type. A text that is no pointer is required.
type attributeOf[V any] struct {
	facts
	in func(*configuration) *V
	// drawn draws a value. Without it, one of the samples is drawn, which are those of
	// the lifecycles that are walked every time.
	drawn   func(*generator) V
	samples [2]V
	// same reports whether both mean the same. Without it, they have to be equal. form
	// reports whether they are written in the same way, where a plan shows that.
	same, form func(before, after V) bool
	// held is where the service has it, and elsewhere what someone else sets it to.
	held      *member[V]
	elsewhere V
}

// member is where the service has an attribute.
type member[V any] struct {
	get func(*simulator.Key) V
	set func(*simulator.Key, V)
}

func direct[V any](at func(*simulator.Key) *V) *member[V] {
	return &member[V]{func(k *simulator.Key) V { return *at(k) }, func(k *simulator.Key, value V) { *at(k) = value }}
}

// orNil is a member whose zero value is none.
func orNil[V comparable](at func(*simulator.Key) *V) *member[*V] {
	get := func(k *simulator.Key) *V {
		if value := *at(k); value != *new(V) {
			return &value
		}
		return nil
	}
	return &member[*V]{get, func(k *simulator.Key, value *V) { *at(k) = deref(value) }}
}

func (a attributeOf[V]) value(c *configuration) (value V) {
	if a.isIn(c) {
		value = *a.in(c)
	}
	return value
}

func (a attributeOf[V]) differs(before, after *configuration) bool {
	if a.same == nil {
		return !reflect.DeepEqual(a.value(before), a.value(after))
	}
	return !a.same(a.value(before), a.value(after))
}

func (a attributeOf[V]) showsForm(before, after *configuration) bool {
	return a.form != nil && !a.form(a.value(before), a.value(after))
}

func (a attributeOf[V]) isEmpty(c *configuration) bool { return isEmpty(a.value(c)) }

// isEmpty is so for what is not given, and for a text of no characters.
func isEmpty(value any) bool {
	if text, ok := value.(*string); ok {
		return deref(text) == ""
	}
	v := reflect.ValueOf(value)
	return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0
}

func (a attributeOf[V]) vary(g *generator, c *configuration) {
	var value V
	if _, required := any(value).(string); required || g.chance(70) {
		value = pick(g, a.samples[:]...)
		if a.drawn != nil {
			value = a.drawn(g)
		}
	}
	*a.in(c) = value
}

func (a attributeOf[V]) sample(c *configuration, number int) {
	if value := a.samples[number]; a.isIn(c) && !isEmpty(value) {
		*a.in(c) = value
	}
}

func (a attributeOf[V]) read(k *simulator.Key, into *configuration) {
	if a.held != nil && a.isIn(into) {
		*a.in(into) = a.held.get(k)
	}
}

// drifts are what someone else can do to the attribute: give it another value, clear
// it, or make it what a configuration is about to.
func (a attributeOf[V]) drifts() map[string]drift {
	found := map[string]drift{}
	add := func(how string, value func(*configuration) V) {
		found[a.path+how] = func(k *simulator.Key, planned *configuration) {
			if next := value(planned); a.isOf(k) && (!a.byAccess || !isEmpty(next)) {
				a.held.set(k, next)
			}
		}
	}
	if !isEmpty(a.elsewhere) {
		add(" changed", func(*configuration) V { return a.elsewhere })
	}
	if a.clears != "" {
		add(" cleared", func(*configuration) (none V) { return none })
	}
	if a.patch != "" {
		add(asPlanned, a.value)
	}
	return found
}
