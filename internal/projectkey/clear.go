package projectkey

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// clearOtherwise clears, in the other form, whatever the request cleared and
// the key still shows (contract, "Clearing a value"). It returns the key as it
// was read last, and the attributes that neither form has cleared.
func (r *ProjectKeyResource) clearOtherwise(ctx context.Context, request streamkap.UpdateProjectKeyRequest, key *streamkap.ProjectKey, planned *ProjectKeyModel, diags *diag.Diagnostics) (*streamkap.ProjectKey, []string) {
	other, left := otherForm(request, key)
	if len(left) == 0 {
		return key, nil
	}
	id := planned.ID.ValueString()
	if _, err := r.client.UpdateProjectKey(ctx, id, other); err != nil {
		explain(fmt.Sprintf("clear %s of %s", strings.Join(left, ", "), planned.describe()), planned, err, diags)
		return key, nil
	}
	read, err := r.waitActive(ctx, id, time.Time{})
	if err != nil {
		explainUnsettled(planned, "was changed", err, afterUpdateAdvice, diags)
		return key, nil
	}
	_, left = otherForm(request, read)
	return read, left
}

// otherForm is the PATCH that clears, in the other form, what the request
// cleared and the key still shows. It also names those attributes.
func otherForm(request streamkap.UpdateProjectKeyRequest, key *streamkap.ProjectKey) (streamkap.UpdateProjectKeyRequest, []string) {
	var other streamkap.UpdateProjectKeyRequest
	var left []string
	for _, value := range []struct {
		name   string
		shows  bool
		clears bool
		again  func()
	}{
		{"description", key.Description != "", empties(request.Description), func() { other.Description = streamkap.Null[string]() }},
		{"kafka.whitelist_ips", len(key.WhitelistIPs) > 0, empties(request.WhitelistIPs), func() { other.WhitelistIPs = streamkap.Null[string]() }},
		{"kafka.acl", len(key.KafkaACLs) > 0, emptiesList(request.KafkaACLs), func() { other.KafkaACLs = streamkap.Null[[]streamkap.ACLRequest]() }},
		{"mcp.tool_profile", key.ToolProfile != "" && key.ToolProfile != neutralProfile, request.ToolProfile.IsNull(), func() { other.ToolProfile = streamkap.Value(neutralProfile) }},
		{"mcp.allowed_tools", len(key.AllowedTools) > 0, request.AllowedTools.IsNull(), func() { other.AllowedTools = streamkap.Value([]string{}) }},
		{"mcp.blocked_tools", len(key.BlockedTools) > 0, request.BlockedTools.IsNull(), func() { other.BlockedTools = streamkap.Value([]string{}) }},
	} {
		if value.clears && value.shows {
			value.again()
			left = append(left, value.name)
		}
	}
	return other, left
}

func empties(field streamkap.Field[string]) bool {
	value := field.Get()
	return value != nil && *value == ""
}

func emptiesList[T any](field streamkap.Field[[]T]) bool {
	value := field.Get()
	return value != nil && len(*value) == 0
}

func explainUncleared(model *ProjectKeyModel, uncleared []string, diags *diag.Diagnostics) {
	if len(uncleared) == 0 {
		return
	}
	diags.AddError("Streamkap did not clear a value",
		fmt.Sprintf("Streamkap accepted the change of %s, but it still shows the old value of %s. Both forms of clearing were tried. "+
			"Everything else was changed, and the state holds what Streamkap holds.\n\n"+
			"Clear the value in Streamkap's UI and run terraform apply again, or put the value back into the configuration.",
			model.describe(), strings.Join(uncleared, ", ")))
}
