// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxRows is more than any tenant has of anything.
const maxRows = 100_000

var (
	errNoID     = errors.New("it has no id")
	errNoList   = errors.New("it is not a list")
	errNoObject = errors.New("it is not an object")
	errOtherKey = errors.New("it is of another key than the one asked for")
)

// decodeRows reads a list in which every row has an id. Nothing else counts as
// a list: a shorter one than there is would say that keys are gone (contract,
// "Read").
func decodeRows[T any](target *[]T, id func(T) string, decode func([]byte, *T) error) func([]byte) error {
	return func(body []byte) error {
		rows := []T{}
		decoder := json.NewDecoder(bytes.NewReader(body))
		if start, err := decoder.Token(); err != nil || start != json.Delim('[') {
			return errNoList
		}
		for decoder.More() {
			if len(rows) == maxRows {
				return fmt.Errorf("it has more than %d rows", maxRows)
			}
			var raw json.RawMessage
			if err := decoder.Decode(&raw); err != nil {
				return fmt.Errorf("%w: %w", errNoList, err)
			}
			var row T
			if err := decode(raw, &row); err != nil {
				return fmt.Errorf("row %d: %w", len(rows)+1, err)
			}
			if id(row) == "" {
				return fmt.Errorf("row %d: %w", len(rows)+1, errNoID)
			}
			rows = append(rows, row)
		}
		if _, err := decoder.Token(); err != nil {
			return fmt.Errorf("%w: %w", errNoList, err)
		}
		if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
			return errNoList
		}
		*target = rows
		return nil
	}
}
