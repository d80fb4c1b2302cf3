// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

type (
	createRequest = streamkap.CreateProjectKeyRequest
	updateRequest = streamkap.UpdateProjectKeyRequest
)

// field is an attribute of the schema, with all that has to be known of it in
// more than one place. The table of them is in resource_fields_key.go.
type field interface {
	about() *row

	// changes reports whether a key is to have another value, and unknown
	// whether that value is not known yet.
	changes(prior, planned *Model) bool
	unknown(planned *Model) bool
	// keep plans the prior value where it means the same as the configured one,
	// or where the service has chosen it.
	keep(config, prior, planned *Model)

	// expandCreate and expandUpdate write it into a request.
	expandCreate(*createRequest, *Model)
	expandUpdate(*updateRequest, *Model)
	// uncleared reports whether the key still shows a value that a change clears.
	uncleared(planned *Model, key *streamkap.ProjectKey) bool

	// flatten takes it from an answer: where the plan left it unknown, or in a refresh.
	flatten(*answer)
	// nullUnknown makes it null where it is still unknown.
	nullUnknown(*Model)

	// store writes it into a credential file, and reports whether it is known. load
	// takes it from an object that has what such a file is made of.
	store(*streamkap.CredentialFile, *Model) bool
	load(*Model, *objectReader)

	// refused points into the attribute, at what the rest of a refusal's location
	// means, and says what that is about where a path can't.
	refused(m *Model, rest []string) (at path.Path, what string)
}

type row struct {
	// name is that of the attribute, behind that of its block.
	name string
	// members name it in requests, and so in the location of a refusal.
	members []string
	// computed is what the service chooses where the configuration does not.
	computed bool
	// issued is what a read never replaces, once it is known.
	issued bool
	// replaces is why a change of it replaces the key, for people.
	replaces string
	// ciphertext is a secret that is encrypted to recipients.
	ciphertext bool
	// clear is the other form of clearing it, where the first had no effect
	// (contract, "Clearing a value").
	clear func(*updateRequest)
}

func (r row) at() path.Path {
	block, name, nested := strings.Cut(r.name, ".")
	if !nested {
		return path.Root(block)
	}
	return path.Root(block).AtName(name)
}

// needsKafka and needsAPI report whether a key has such an attribute only with
// this access.
func (r row) needsKafka() bool { return strings.HasPrefix(r.name, "kafka.") }

func (r row) needsAPI() bool {
	return strings.HasPrefix(r.name, "api.") || strings.HasPrefix(r.name, "mcp.") || strings.HasSuffix(r.name, "_ids")
}

// answer is a read of a key, or what is issued once, on its way into a model.
type answer struct {
	*streamkap.ProjectKey
	issued    *streamkap.CredentialFile
	into      *Model
	host      string
	refreshes bool
	// held is the description that the service held when the model's was last
	// seen to agree with it, if that is known.
	held *string
}

// shows reports whether the answer says anything of an attribute. One without an access
// that was issued says nothing of that access.
func (a *answer) shows(r row) bool {
	switch {
	case r.needsAPI():
		return a.APIClientID != "" || a.into.API.known == nil
	case r.needsKafka():
		return a.KafkaUsername != ""
	}
	return true
}

// attribute is a field of one type. Every function can be left out.
type attribute[V attr.Value] struct {
	row
	// same reports whether both values mean the same. decided reports whether something else
	// decides about changes of such a key.
	same    func(prior, planned V) bool
	decided func(prior *Model) bool
	// stays reports whether the prior value is planned although it is another one.
	stays func(config, prior, planned *Model) bool

	// create writes into a request that has a kafka_config where it is about
	// Kafka access.
	create func(*createRequest, V)
	patch  func(*updateRequest, V)

	// file is where a credential file holds it: a *string, *streamkap.Text or
	// *streamkap.List[string].
	file func(*streamkap.CredentialFile) any
	// read is the value after a read, which is the prior one where that means the same.
	read func(prior V, a *answer) V

	point func(at path.Path, value V, rest []string) (path.Path, string)
}

func (a attribute[V]) about() *row { return &a.row }

// in finds the attribute in a model. It is nil where its block is absent.
func (a attribute[V]) in(m *Model) *V {
	var model any = m
	for name := range strings.SplitSeq(a.name, ".") {
		field := fieldNamed(model, name)
		object, isNested := field.Interface().(interface{ model() any })
		if !isNested {
			value, _ := field.Addr().Interface().(*V)
			return value
		}
		if model = object.model(); model == nil {
			return nil
		}
	}
	return nil
}

func (a attribute[V]) value(m *Model) V {
	if value := a.in(m); value != nil {
		return *value
	}
	var null V
	return null
}

func (a attribute[V]) changes(prior, planned *Model) bool {
	switch {
	case a.same == nil, a.decided != nil && a.decided(prior):
		return false
	case a.needsKafka() && (a.in(prior) == nil || a.in(planned) == nil):
		return false
	}
	return !a.same(a.value(prior), a.value(planned))
}

func (a attribute[V]) unknown(m *Model) bool {
	switch value := any(a.value(m)).(type) {
	case types.Set:
		return !isKnown(value)
	case attr.Value:
		return value.IsUnknown()
	}
	return false
}

func (a attribute[V]) keep(config, prior, planned *Model) {
	before, after := a.in(prior), a.in(planned)
	if before == nil || after == nil {
		return
	}
	kept := a.computed && a.value(config).IsNull() || a.stays != nil && a.stays(config, prior, planned)
	if kept || a.same != nil && !(*before).IsNull() && !(*after).IsNull() && a.same(*before, *after) {
		*after = *before
	}
}

func (a attribute[V]) expandCreate(request *createRequest, m *Model) {
	if a.create != nil && (!a.needsKafka() || request.KafkaConfig != nil) {
		a.create(request, a.value(m))
	}
}

func (a attribute[V]) expandUpdate(request *updateRequest, m *Model) {
	if a.patch != nil {
		a.patch(request, a.value(m))
	}
}

func (a attribute[V]) uncleared(planned *Model, key *streamkap.ProjectKey) bool {
	var null V
	return a.clear != nil && !isGiven(a.value(planned)) && !a.read(null, &answer{ProjectKey: key, into: planned}).IsNull()
}

func (a attribute[V]) flatten(from *answer) {
	target := a.in(from.into)
	switch {
	case target == nil:
	case (*target).IsUnknown():
		if value := a.told(from); !value.IsNull() {
			*target = value
		}
	case from.refreshes && from.shows(a.row) && a.read != nil && (!a.issued || (*target).IsNull()):
		*target = a.read(*target, from)
	}
}

func (a attribute[V]) told(from *answer) (value V) {
	switch {
	case a.inFile(from.issued):
		// No set is issued.
		value, _ = any(stringOrNull(reflect.ValueOf(a.file(from.issued)).Elem().String())).(V)
	case from.ProjectKey != nil && a.read != nil:
		value = a.read(value, from)
	}
	return value
}

func (a attribute[V]) nullUnknown(m *Model) {
	if target := a.in(m); target != nil && (*target).IsUnknown() {
		*target, _ = nullOf((*target).Type(context.Background())).(V)
	}
}

func (a attribute[V]) inFile(file *streamkap.CredentialFile) bool {
	return a.file != nil && file != nil && (!a.needsAPI() || file.API != nil) && (!a.needsKafka() || file.Kafka != nil)
}

func (a attribute[V]) store(file *streamkap.CredentialFile, m *Model) bool {
	if !a.inFile(file) {
		return true
	}
	member := reflect.ValueOf(a.file(file)).Elem()
	switch value := any(a.value(m)).(type) {
	case types.String:
		member.SetString(value.ValueString())
	case types.Set:
		member.Set(reflect.ValueOf(stringsOf(value)).Convert(member.Type()))
	}
	return !a.unknown(m)
}

func (a attribute[V]) load(m *Model, from *objectReader) {
	if target := a.in(m); target != nil && (a.file != nil || a.ciphertext) {
		*target, _ = from.read(a.name, *target).(V)
	}
}

func (a attribute[V]) refused(m *Model, rest []string) (path.Path, string) {
	if a.point == nil {
		return a.at(), ""
	}
	return a.point(a.at(), a.value(m), rest)
}
