// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"strings"
)

// ParseDialect reads a dialect from text such as "status=upper,token=snake".
// Rows that are not named have their first variant.
func ParseDialect(text string) (Dialect, error) {
	var d Dialect
	for _, part := range strings.Split(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		name, variant, found := strings.Cut(part, "=")
		if !found {
			return Dialect{}, fmt.Errorf("dialect %q: expected row=variant", part)
		}
		var err error
		if d, err = d.With(strings.TrimSpace(name), strings.TrimSpace(variant)); err != nil {
			return Dialect{}, err
		}
	}
	return d, nil
}

// With returns the dialect with one row set to a variant.
func (d Dialect) With(name, variant string) (Dialect, error) {
	for _, entry := range dialectTable {
		if entry.Name != name {
			continue
		}
		if !entry.has(variant) {
			return d, fmt.Errorf("dialect row %q has no variant %q; it has %s", name, variant, entry.variantNames())
		}
		if variant == entry.Variants[0].Name {
			variant = ""
		}
		entry.set(&d, variant)
		return d, nil
	}
	return d, fmt.Errorf("there is no dialect row %q; there are %s", name, rowNames())
}

// String names the rows that are not at their first variant, in a form that
// ParseDialect reads.
func (d Dialect) String() string {
	var parts []string
	for _, entry := range dialectTable {
		if variant := entry.get(d); variant != "" && variant != entry.Variants[0].Name {
			parts = append(parts, entry.Name+"="+variant)
		}
	}
	return strings.Join(parts, ",")
}

// validate refuses variants that no row has, which a conversion from a string
// can put into a Dialect.
func (d Dialect) validate() error {
	for _, entry := range dialectTable {
		if variant := entry.get(d); variant != "" && !entry.has(variant) {
			return fmt.Errorf("dialect row %q has no variant %q; it has %s", entry.Name, variant, entry.variantNames())
		}
	}
	return nil
}

func (r Row) has(variant string) bool {
	for _, v := range r.Variants {
		if v.Name == variant {
			return true
		}
	}
	return false
}

func (r Row) variantNames() string {
	names := make([]string, len(r.Variants))
	for i, v := range r.Variants {
		names[i] = v.Name
	}
	return strings.Join(names, ", ")
}

func rowNames() string {
	names := make([]string, len(dialectTable))
	for i, entry := range dialectTable {
		names[i] = entry.Name
	}
	return strings.Join(names, ", ")
}
