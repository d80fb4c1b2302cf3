// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// ReadDialect reads the dialect out of a report of the command verify: how the
// service spoke when somebody looked. Rows that nobody has seen have their
// first variant.
func ReadDialect(r io.Reader) (Dialect, error) {
	var report struct{ Dialect *string }
	if err := json.NewDecoder(r).Decode(&report); err != nil {
		return Dialect{}, fmt.Errorf("it is no report: %w", err)
	}
	if report.Dialect == nil {
		return Dialect{}, errors.New("it is no report: it has no dialect")
	}
	return ParseDialect(*report.Dialect)
}

// DialectFrom is ReadDialect for a file.
func DialectFrom(name string) (Dialect, error) {
	file, err := os.Open(name)
	if err != nil {
		return Dialect{}, err
	}
	defer func() { _ = file.Close() }()
	dialect, err := ReadDialect(file)
	if err != nil {
		return Dialect{}, fmt.Errorf("%s: %w", name, err)
	}
	return dialect, nil
}
