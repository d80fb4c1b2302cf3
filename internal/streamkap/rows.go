package streamkap

import (
	"encoding/json"
	"errors"
	"fmt"
)

// maxRows is more than any tenant has of anything.
const maxRows = 100_000

var (
	errNoID   = errors.New("it has no id")
	errNoList = errors.New("it is not a list")
)

// decodeRows reads a list in which every row has an id. Nothing else counts as
// a list, an empty one included: a shorter list than there is would say that
// keys are gone (contract, "Read").
func decodeRows[T any](target *[]T, id func(T) string) func([]byte) error {
	return func(body []byte) error {
		var items []json.RawMessage
		if err := json.Unmarshal(body, &items); err != nil {
			return fmt.Errorf("%w: %w", errNoList, err)
		}
		if items == nil {
			return errNoList
		}
		if len(items) > maxRows {
			return fmt.Errorf("it has more than %d rows", maxRows)
		}
		rows := make([]T, len(items))
		for i, item := range items {
			if err := json.Unmarshal(item, &rows[i]); err != nil {
				return fmt.Errorf("row %d: %w", i+1, err)
			}
			if id(rows[i]) == "" {
				return fmt.Errorf("row %d: %w", i+1, errNoID)
			}
		}
		*target = rows
		return nil
	}
}
