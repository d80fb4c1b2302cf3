// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"golang.org/x/sync/errgroup"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// readsAtOnce is how many keys a list reads at the same time: as many as
// Terraform refreshes unless told otherwise.
const readsAtOnce = 10

// read reads the keys one by one, where a list is to hold more than its rows
// tell. The first read that fails ends the others.
func (l *ProjectKeyListResource) read(ctx context.Context, req list.ListRequest, rows []streamkap.ProjectKeySummary, diags *diag.Diagnostics) []*streamkap.ProjectKey {
	if !req.IncludeResource || diags.HasError() {
		return nil
	}
	keys := make([]*streamkap.ProjectKey, len(rows))
	readers, ctx := errgroup.WithContext(ctx)
	readers.SetLimit(readsAtOnce)
	for i, row := range rows {
		readers.Go(func() error {
			key, err := l.readOne(ctx, row.ID)
			if err != nil {
				return unreadableError{row, err}
			}
			keys[i] = key
			return nil
		})
	}
	var unreadable unreadableError
	if errors.As(readers.Wait(), &unreadable) {
		diags.AddError(diagnosis.ExplainQuery(diagnosis.Operation{
			Action:     fmt.Sprintf("read project key %s (id %s), which Streamkap lists", diagnosis.Quote(unreadable.row.Name), diagnosis.Show(unreadable.row.ID)),
			Permission: readKeys,
		}, unreadable.err))
		return nil
	}
	warnOfPermissions(keys, diags)
	return keys
}

func (l *ProjectKeyListResource) readOne(ctx context.Context, id string) (*streamkap.ProjectKey, error) {
	ctx, cancel := context.WithTimeout(ctx, defaultReadTimeout)
	defer cancel()
	return l.client.ProjectKey(ctx, id)
}

// unreadableError is a key that is listed and could not be read.
type unreadableError struct {
	row streamkap.ProjectKeySummary
	err error
}

func (e unreadableError) Error() string { return e.row.Name + ": " + e.err.Error() }

// warnOfPermissions names the keys whose generated configuration lacks
// something: permissions can't be read back (contract, "Read").
func warnOfPermissions(keys []*streamkap.ProjectKey, diags *diag.Diagnostics) {
	var names []string
	for _, key := range keys {
		if key.APIClientID != "" && len(key.Roles) == 0 {
			names = append(names, fmt.Sprintf("  - %s (id %s)", diagnosis.Quote(key.Name), diagnosis.Show(key.ID)))
		}
	}
	if len(names) > 0 {
		diags.AddWarning("Permissions of project keys can't be read",
			"These keys have permissions in place of roles, which Streamkap does not show. Add permission_ids to their generated configuration, "+
				"with the permissions that they were created with:\n\n"+strings.Join(names, "\n"))
	}
}
