// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
)

// Dialect says which of its possible behaviours the service shows. Every field
// is one of Rows, in their order, and names one of its variants. An empty field
// means the first variant, so the zero Dialect is a complete one.
//
// A dialect never changes what the simulator holds for a key, only how an
// answer is spelled or what a request does; see each row.
type Dialect struct {
	Status          string
	Token           string
	CreateCode      string
	CreateTiming    string
	CreateOutcome   string
	DeleteAnswer    string
	DeleteTiming    string
	Gone            string
	ACLName         string
	ACLOrder        string
	ACLResource     string
	WhitelistForm   string
	WhitelistEmpty  string
	Clearing        string
	EmptyValues     string
	DefaultScope    string
	Description     string
	PermissionRoles string
	UpdateTiming    string
	RoleOrder       string
	ExtraFields     string
	SameName        string
	OtherProject    string
	Granting        string
}

// ParseDialect reads a dialect from text such as "status=upper,token=snake".
// Rows that are not named have their first variant.
func ParseDialect(text string) (Dialect, error) {
	variants := map[string]string{}
	for _, part := range strings.Split(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		name, variant, found := strings.Cut(part, "=")
		if !found {
			return Dialect{}, fmt.Errorf("dialect %q: expected row=variant", part)
		}
		variants[strings.TrimSpace(name)] = strings.TrimSpace(variant)
	}
	return DialectOf(variants)
}

// DialectOf is the dialect that has these variants of the rows named, and the
// first of all others.
func DialectOf(variants map[string]string) (d Dialect, err error) {
	for name, variant := range variants {
		i := slices.IndexFunc(dialectRows, func(row Row) bool { return row.Name == name })
		if i < 0 {
			return d, fmt.Errorf("there is no dialect row %q; there are %s", name, names(dialectRows, func(row Row) string { return row.Name }))
		}
		if variant != dialectRows[i].Variants[0].Name {
			reflect.ValueOf(&d).Elem().Field(i).SetString(variant)
		}
	}
	return d, d.validate()
}

// variant is what a dialect has chosen in a row, empty for the first one.
func (d Dialect) variant(row int) string { return reflect.ValueOf(d).Field(row).String() }

// String names the rows that are not at their first variant, in a form that
// ParseDialect reads.
func (d Dialect) String() string {
	var parts []string
	for i, row := range dialectRows {
		if variant := d.variant(i); variant != "" && variant != row.Variants[0].Name {
			parts = append(parts, row.Name+"="+variant)
		}
	}
	return strings.Join(parts, ",")
}

// validate refuses variants that no row has.
func (d Dialect) validate() error {
	for i, row := range dialectRows {
		variant := d.variant(i)
		if variant != "" && !slices.ContainsFunc(row.Variants, func(v Variant) bool { return v.Name == variant }) {
			return fmt.Errorf("dialect row %q has no variant %q; it has %s", row.Name, variant, names(row.Variants, func(v Variant) string { return v.Name }))
		}
	}
	return nil
}

func names[T any](list []T, name func(T) string) string {
	var all []string
	for _, item := range list {
		all = append(all, name(item))
	}
	return strings.Join(all, ", ")
}

// DialectFrom reads the dialect out of a report of the command verify: how the
// service spoke when somebody looked. Rows that nobody has seen have their
// first variant.
func DialectFrom(name string) (Dialect, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return Dialect{}, err
	}
	var report struct{ Dialect *string }
	if err := json.Unmarshal(text, &report); err != nil {
		return Dialect{}, fmt.Errorf("%s: it is no report: %w", name, err)
	}
	if report.Dialect == nil {
		return Dialect{}, fmt.Errorf("%s: it is no report: it has no dialect", name)
	}
	dialect, err := ParseDialect(*report.Dialect)
	if err != nil {
		return Dialect{}, fmt.Errorf("%s: %w", name, err)
	}
	return dialect, nil
}
