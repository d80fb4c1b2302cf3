// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

const readKeys = "the permission to read Project Keys"

// filter chooses among the keys of the tenant. What is not set chooses all.
type filter struct {
	name      *regexp.Regexp
	status    streamkap.Status
	serviceID string
	// unusedSince chooses the keys that were made before it and not used since.
	unusedSince time.Time
}

func newFilter(nameRegex, status, serviceID types.String, diags *diag.Diagnostics) filter {
	f := filter{status: streamkap.Status(status.ValueString()), serviceID: streamkap.Trim(serviceID.ValueString())}
	if !nameRegex.IsNull() {
		f.name = compileRegex(nameRegex.ValueString(), path.Root("name_regex"), diags)
	}
	return f
}

// setUnusedFor refuses an invalid duration: ignored, it would choose keys that are in use.
func (f *filter) setUnusedFor(duration types.String, diags *diag.Diagnostics) {
	if duration.IsNull() {
		return
	}
	unusedFor := parseDuration(duration.ValueString(), path.Root("unused_for"), diags)
	f.unusedSince = time.Now().Add(-unusedFor)
}

func (f filter) matches(key streamkap.ProjectKeySummary) bool {
	return (f.name == nil || f.name.MatchString(key.Name)) &&
		(f.status == "" || key.Status.Is(f.status)) &&
		(f.serviceID == "" || key.ServiceID == f.serviceID) &&
		(f.unusedSince.IsZero() || unused(key, f.unusedSince))
}

// unused reports whether a key was created before an instant and not used since. A time
// that can't be read may be later.
func unused(key streamkap.ProjectKeySummary, since time.Time) bool {
	created, known := key.CreatedAt.Time()
	if !known || !created.Before(since) {
		return false
	}
	used, known := key.LastUsedAt.Time()
	return key.LastUsedAt == "" || known && used.Before(since)
}

// list returns the chosen keys, the oldest first, whatever the answer's order.
func (f filter) list(ctx context.Context, client *streamkap.Client) ([]streamkap.ProjectKeySummary, error) {
	all, err := client.ProjectKeys(ctx)
	if err != nil {
		return nil, err
	}
	keys := slices.DeleteFunc(all, func(key streamkap.ProjectKeySummary) bool { return !f.matches(key) })
	slices.SortFunc(keys, func(a, b streamkap.ProjectKeySummary) int {
		return cmp.Or(cmp.Compare(a.CreatedAt, b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return keys, nil
}

var listing = diagnosis.Operation{Action: "list the project keys", Permission: readKeys}

const (
	nameRegexDescription = "Regular expression that the name has to match, in [RE2 syntax](https://github.com/google/re2/wiki/Syntax). " +
		"It may match any part of the name: anchor it with `^` and `$` to match all of it."
	statusDescription = "Status that the key has to have: `Active`, `Creating`, `Failed`, `Deleting` or `Delete Failed`. Case, spaces, hyphens and underscores make no difference."
)

var validRegex = stringCheck("must be a regular expression", func(text string, at path.Path, diags *diag.Diagnostics) {
	compileRegex(text, at, diags)
})

func compileRegex(text string, at path.Path, diags *diag.Diagnostics) *regexp.Regexp {
	compiled, err := regexp.Compile(text)
	if err != nil {
		diags.AddAttributeError(at, "Invalid regular expression",
			err.Error()+".\n\nThe syntax is that of RE2: https://github.com/google/re2/wiki/Syntax")
	}
	return compiled
}

var validStatus = stringCheck("must be a status that a key can have", func(text string, at path.Path, diags *diag.Diagnostics) {
	if status := streamkap.Status(text); text != "" && !status.Known() {
		diags.AddAttributeError(at, "Invalid status",
			fmt.Sprintf("No project key has the status %q. A key is Active, Creating, Failed, Deleting or Delete Failed.", text))
	}
})

var validDuration = stringCheck("must be a duration", func(text string, at path.Path, diags *diag.Diagnostics) {
	parseDuration(text, at, diags)
})

func parseDuration(text string, at path.Path, diags *diag.Diagnostics) time.Duration {
	duration, err := time.ParseDuration(text)
	if err != nil || duration <= 0 {
		diags.AddAttributeError(at, "Invalid duration",
			fmt.Sprintf("%q is not a duration such as 2160h, which is 90 days. Its units are h, m and s, and it has to be longer than zero.", text))
	}
	return duration
}
