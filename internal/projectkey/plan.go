package projectkey

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var (
	kafkaPath    = path.Root("kafka")
	mcpPath      = path.Root("mcp")
	passwordPath = kafkaPath.AtName("password")
)

// ModifyPlan decides what a change does to a key: what stays, what is updated
// in place, what replaces the key, and what the person who reads the plan has
// to be told.
func (r *ProjectKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config, prior, planned *ProjectKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	switch {
	case resp.Diagnostics.HasError():
		return
	case planned == nil:
		r.refuseOwnKey(ctx, prior, &resp.Diagnostics)
		return
	case prior == nil:
		planCreate(ctx, config, planned, &resp.Diagnostics)
	default:
		_, imported := getMark(ctx, req.Private, importedMark, &resp.Diagnostics)
		change := planChange(ctx, config, prior, planned, imported, &resp.Diagnostics)
		if len(change.replaces) > 0 {
			r.refuseOwnKey(ctx, prior, &resp.Diagnostics)
		}
		resp.RequiresReplace = append(resp.RequiresReplace, change.replaces...)
		change.warn(prior, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, planned)...)
}

// refuseOwnKey protects the key that the provider itself authenticates with.
func (r *ProjectKeyResource) refuseOwnKey(ctx context.Context, prior *ProjectKeyModel, diags *diag.Diagnostics) {
	api := prior.api(ctx, diags)
	if r.client == nil || api == nil || r.client.ClientID() == "" || api.ClientID.ValueString() != r.client.ClientID() {
		return
	}
	diags.AddError("The provider's own key can't be deleted",
		fmt.Sprintf("The provider authenticates with %s. Deleting it would lock the provider out, with everything else that uses the key.\n\n"+
			"Give the provider other credentials first. Or, to leave the key as it is and only stop managing it, use a removed block with "+
			"destroy = false, or terraform state rm.", prior.describe()))
}

// describe names the key for people.
func (m *ProjectKeyModel) describe() string {
	return fmt.Sprintf("project key %q (id %s)", m.Name.ValueString(), m.ID.ValueString())
}

func planCreate(ctx context.Context, config, planned *ProjectKeyModel, diags *diag.Diagnostics) {
	if !planned.wantsAPI() {
		planned.API = types.ObjectNull(apiTypes)
	}
	refuseScopeWithoutAPI(planned, !planned.wantsAPI(), diags)
	planNewKafka(ctx, config, planned, diags)
}

// refuseScopeWithoutAPI refuses an mcp block on a Kafka-only key. It points at
// an attribute of the block, because Terraform shows no line for a block.
func refuseScopeWithoutAPI(planned *ProjectKeyModel, kafkaOnly bool, diags *diag.Diagnostics) {
	if !kafkaOnly || planned.MCP.IsNull() || planned.MCP.IsUnknown() {
		return
	}
	at := mcpPath
	for _, name := range []string{"blocked_tools", "allowed_tools", "tool_profile"} {
		if !planned.MCP.Attributes()[name].IsNull() {
			at = mcpPath.AtName(name)
		}
	}
	diags.AddAttributeError(at, "MCP scoping needs API access",
		"An AI agent uses a key through its API access, and this key has Kafka access only. Add role_ids or permission_ids, or remove the mcp block.")
}

// planNewKafka plans Kafka access for a key that has none yet.
func planNewKafka(ctx context.Context, config, planned *ProjectKeyModel, diags *diag.Diagnostics) {
	kafka, configured := planned.kafka(ctx, diags), config.kafka(ctx, diags)
	if kafka == nil || configured == nil {
		return
	}
	if configured.Password.IsNull() && configured.PasswordWO.IsNull() {
		diags.AddAttributeError(passwordPath, "Kafka password missing",
			"Making Kafka access takes a password: set password_wo and password_wo_version, which keeps it out of the state, or password.")
	}
	if configured.SchemaRegistry.IsNull() {
		kafka.SchemaRegistry = types.BoolValue(false)
	}
	planned.setKafka(ctx, kafka, diags)
}

// change is what a plan does to a key that exists.
type change struct {
	// replaces are the attributes whose change the API can't make, and
	// reasons say why, for people.
	replaces []path.Path
	reasons  []string
	// rotatedBy is the attribute that rotates the Kafka password, and empty
	// where none does.
	rotatedBy path.Path
	// adopts says that permissions are taken over that can't be read back.
	adopts bool
}

func (c *change) replace(at path.Path, reason string) {
	c.replaces = append(c.replaces, at)
	if reason != "" {
		c.reasons = append(c.reasons, reason)
	}
}

// planChange completes the plan of a key that exists: whatever means the same
// as before stays as it was, and whatever the API issues once stays known.
func planChange(ctx context.Context, config, prior, planned *ProjectKeyModel, imported bool, diags *diag.Diagnostics) change {
	var c change
	planned.ID, planned.ServiceID, planned.CreatedAt = prior.ID, prior.ServiceID, prior.CreatedAt
	if imported && !planned.Description.IsNull() && !planned.Description.IsUnknown() && !prior.Description.IsNull() &&
		mayBeHeldAs(planned.Description.ValueString(), prior.Description.ValueString()) {
		planned.Description = prior.Description
	}
	planAPI(&c, prior, planned)
	refuseScopeWithoutAPI(planned, planned.API.IsNull(), diags)
	planKafka(ctx, &c, config, prior, planned, diags)

	planned.CredentialJSON = prior.CredentialJSON
	addsAPI := planned.API.IsUnknown()
	if addsAPI || !prior.CredentialJSON.IsNull() && !sameCredentials(ctx, prior, planned, diags) {
		planned.CredentialJSON = types.StringUnknown()
	}
	planStatus(&c, prior, planned)
	return c
}

// planStatus keeps the status of a settled key and replaces a dead one.
func planStatus(c *change, prior, planned *ProjectKeyModel) {
	status := streamkap.Status(prior.Status.ValueString())
	unchanged := planned.sameAs(prior)
	planned.Status = prior.Status
	if status.Dead() {
		planned.Status = types.StringUnknown()
		c.replace(path.Root("status"), fmt.Sprintf("its status is %q, and such a key can't be brought back", status))
	} else if !unchanged && !status.Is(streamkap.StatusActive) {
		planned.Status = types.StringUnknown()
	}
}

// sameAs reports whether a plan changes nothing, the status left aside.
func (m *ProjectKeyModel) sameAs(prior *ProjectKeyModel) bool {
	return m.Name.Equal(prior.Name) && m.Description.Equal(prior.Description) && m.RoleIDs.Equal(prior.RoleIDs) &&
		m.PermissionIDs.Equal(prior.PermissionIDs) && m.API.Equal(prior.API) && m.CredentialJSON.Equal(prior.CredentialJSON) &&
		m.Kafka.Equal(prior.Kafka) && m.MCP.Equal(prior.MCP) && m.Timeouts.Equal(prior.Timeouts)
}

// planAPI plans API access: roles change in place, permissions can't change,
// and neither can be taken away.
func planAPI(c *change, prior, planned *ProjectKeyModel) {
	roles, permissions := path.Root("role_ids"), path.Root("permission_ids")
	planned.API = prior.API
	switch {
	case prior.API.IsNull():
		if planned.wantsAPI() {
			planned.API = types.ObjectUnknown(apiTypes)
		}
	case !prior.PermissionIDs.IsNull():
		if planned.RoleIDs.IsNull() && !sameTexts(prior.PermissionIDs, planned.PermissionIDs) {
			c.replace(permissions, "its permission_ids change, and Streamkap can't change the permissions of a key")
		}
	case !prior.RoleIDs.IsNull():
		if !planned.PermissionIDs.IsNull() {
			c.replace(permissions, "it changes from role_ids to permission_ids, which Streamkap can't do to an existing key")
		} else if planned.RoleIDs.IsNull() {
			c.replace(roles, "its role_ids are removed, and Streamkap can't take API access away from a key")
		}
	case !planned.PermissionIDs.IsNull():
		c.adopts = true
	}
}

func planKafka(ctx context.Context, c *change, config, prior, planned *ProjectKeyModel, diags *diag.Diagnostics) {
	before, after := prior.kafka(ctx, diags), planned.kafka(ctx, diags)
	switch {
	case planned.Kafka.IsUnknown():
		return
	case before == nil:
		planNewKafka(ctx, config, planned, diags)
		return
	case after == nil:
		c.replace(kafkaPath, "its kafka block is removed, and Streamkap can't take Kafka access away from a key")
		return
	}
	if !after.Username.Equal(before.Username) {
		c.replace(kafkaPath.AtName("username"), "its Kafka username changes, and Streamkap can't rename a Kafka user")
	}
	if configured := config.kafka(ctx, diags); configured != nil && configured.SchemaRegistry.IsNull() {
		after.SchemaRegistry = before.SchemaRegistry
	}
	if !after.SchemaRegistry.Equal(before.SchemaRegistry) {
		c.replace(kafkaPath.AtName("schema_registry"), "its schema_registry changes, and Streamkap can't add or remove a schema registry later")
	}
	if sameAddresses(before.WhitelistIPs, after.WhitelistIPs) && !after.WhitelistIPs.IsNull() && !before.WhitelistIPs.IsNull() {
		after.WhitelistIPs = before.WhitelistIPs
	}
	if sameRules(before.ACL, after.ACL) {
		after.ACL = before.ACL
	}
	after.BootstrapServers, after.SchemaRegistryURL = before.BootstrapServers, before.SchemaRegistryURL
	after.SecurityProtocol, after.SASLMechanism = before.SecurityProtocol, before.SASLMechanism
	if rotates(before, after) {
		c.rotatedBy = after.rotatingPath()
	}
	planned.setKafka(ctx, after, diags)
}

// rotatingPath is the attribute whose change rotates the password.
func (k *KafkaModel) rotatingPath() path.Path {
	if k.Password.IsNull() {
		return kafkaPath.AtName("password_wo_version")
	}
	return passwordPath
}

func (c *change) warn(prior *ProjectKeyModel, diags *diag.Diagnostics) {
	if len(c.replaces) > 0 {
		diags.AddWarning("Project key will be replaced",
			fmt.Sprintf("The %s will be deleted and made anew, because %s.\n\n"+
				"Its client secret and its Kafka user end with it: everything that uses the key has to be given the new credentials.",
				prior.describe(), strings.Join(c.reasons, "; and because ")))
		return
	}
	if len(c.rotatedBy.Steps()) > 0 {
		diags.AddAttributeWarning(c.rotatedBy, "Kafka password will be rotated",
			fmt.Sprintf("The new password of the %s takes effect at once and disconnects consumers that use the old one.", prior.describe()))
	}
	if c.adopts {
		diags.AddAttributeWarning(path.Root("permission_ids"), "Permissions are taken over unchecked",
			fmt.Sprintf("Streamkap does not tell the permissions of a key, so permission_ids of the %s are taken from the configuration. "+
				"Nothing is changed in Streamkap. Make sure that they are the key's own: a later change of them replaces the key.", prior.describe()))
	}
}
