// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// ModifyPlan says what a change does to a key: what stays, what is updated in place, what
// replaces the key, and what to warn of. resource_plan_diff.go decides what the change is.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config, prior, planned *Model
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	switch {
	case resp.Diagnostics.HasError():
	case planned == nil:
		r.planDelete(ctx, prior, resp)
	case prior == nil:
		planCreate(config, planned, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, planned)...)
		r.checkNew(ctx, config, planned, resp)
	default:
		r.planUpdate(ctx, config, prior, planned, req, resp)
	}
}

func (r *Resource) planDelete(ctx context.Context, prior *Model, resp *resource.ModifyPlanResponse) {
	ended := labelsOf(prior)
	r.refuseOwnKey(ended, &resp.Diagnostics)
	r.keys.warnOfMove(path.Empty(), &ended, r.keys.delete(ended), &resp.Diagnostics)
	if use := lastUseOnce(ctx, resp.Private, &resp.Diagnostics); use != "" {
		resp.Diagnostics.AddWarning("Project key is in use", fmt.Sprintf("The %s will be deleted. %s", prior.describe(), use))
	}
}

// checkNew notes a new key, and warns of what the rest of the plan or Streamkap has
// against it. Of a replacement Terraform has planned the change before, and shows
// no warning of this second call.
func (r *Resource) checkNew(ctx context.Context, config, planned *Model, resp *resource.ModifyPlanResponse) {
	diags, created := &resp.Diagnostics, labelsOf(planned)
	if replaced, ok := getPrivate(ctx, resp.Private, privatePlannedID, diags); ok {
		clearPrivate(ctx, resp.Private, privatePlannedID, diags)
		// That -replace or replace_triggered_by end the key is known here and not before.
		r.refuseOwnKey(r.keys.replacement(replaced, created), diags)
		refuseUnsureReplacement(config, keyLabels{ID: replaced, Name: created.Name}, diags)
		return
	}
	tainted, sharing, gone := r.keys.create(created)
	if tainted != nil {
		refuseUnsureReplacement(config, tainted.before, diags)
		tainted.warnOfUse(diags)
	} else {
		warnOfUnsureBlocks(config, diags)
	}
	at := path.Root("name")
	if created.Username != "" {
		at = kafkaPath.AtName("username")
	}
	r.keys.warnOfMove(at, gone, &created, diags)
	r.preflight.warnOfUsernames(created, sharing, nil, diags)
	r.preflight.checkNew(ctx, planned, diags)
}

func planCreate(config, planned *Model, diags *diag.Diagnostics) {
	planNewAPI(planned)
	refuseScopeWithoutAPI(planned, diags)
	planNewKafka(config, planned, diags)
	planned.planSecrets(nil, true)
	planned.setCredentialJSON(nil)
	planned.checkRecipients(nil, diags)
}

// planNewAPI plans new API access. Where it is certain, the object is known and its
// attributes are not: Terraform would not mark the client secret of an unknown object as
// sensitive in the plan.
func planNewAPI(planned *Model) {
	switch {
	case !planned.wantsAPI():
		planned.API = nested[apiModel]{}
	case planned.certainlyWantsAPI():
		planned.API = planned.newAPI()
	default:
		planned.API = nested[apiModel]{unknown: true}
	}
}

func (p *Model) newAPI() nested[apiModel] {
	unknown := types.StringUnknown()
	return nestedOf(apiModel{
		ClientID: unknown, ClientSecret: p.inClear(unknown), EncryptedClientSecret: p.ciphertext(), TokenEndpoint: unknown, APIURL: unknown,
	})
}

// refuseScopeWithoutAPI refuses an mcp block on a Kafka-only key. It points at
// an attribute of the block, because Terraform shows no line for a block.
func refuseScopeWithoutAPI(planned *Model, diags *diag.Diagnostics) {
	if !planned.API.IsNull() || planned.MCP.known == nil {
		return
	}
	at := mcpPath
	for _, name := range []string{"blocked_tools", "allowed_tools", "tool_profile"} {
		if !planned.MCP.object().Attributes()[name].IsNull() {
			at = mcpPath.AtName(name)
		}
	}
	diags.AddAttributeError(at, "MCP scoping needs API access",
		"An AI agent uses a key through its API access, and this key has Kafka access only. Add role_ids or permission_ids, or remove the mcp block.")
}

func planNewKafka(config, planned *Model, diags *diag.Diagnostics) {
	if planned.Kafka.known == nil {
		return
	}
	if isAbsent(config.password()) {
		at, state := config.Kafka.known.absentPassword()
		diags.AddAttributeError(at, "Kafka password missing", "Kafka access can't be created without a password, and "+state+
			" Set password_wo and password_wo_version, which keeps the password out of the state, or password.")
	}
	if config.Kafka.known.SchemaRegistry.IsNull() {
		planned.Kafka.known.SchemaRegistry = types.BoolValue(false)
	}
}

// planUpdate completes the plan of a key that exists.
func (r *Resource) planUpdate(ctx context.Context, config, prior, planned *Model, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	diags := &resp.Diagnostics
	if refuseUnsureKafka(config, prior, diags) {
		return
	}
	planned.suppressEquivalent(config, prior)
	refuseScopeWithoutAPI(planned, diags)
	if prior.Kafka.known == nil {
		planNewKafka(config, planned, diags)
	}
	c := diff(prior, planned, config)
	refuseMissingPassword(&c, config, prior, diags)
	planned.planSecrets(prior, c.sendsPassword())
	planned.checkRecipients(prior, diags)
	if len(c.replaces) > 0 {
		r.refuseOwnKey(labelsOf(prior), diags)
	} else {
		warnOfUnsureBlocks(config, diags)
	}

	// Where nothing changes, the plan is the state, and need not be converted.
	resp.Plan.Raw = req.State.Raw
	if len(c.replaces) > 0 || !planned.equal(prior) {
		planned.planCredentialJSON(prior)
		if !streamkap.Status(prior.Status.ValueString()).Is(streamkap.StatusActive) {
			planned.Status = types.StringUnknown()
		}
		diags.Append(resp.Plan.Set(ctx, planned)...)
		r.preflight.checkChange(ctx, planned, prior, diags)
	}
	setPrivate(ctx, resp.Private, privatePlannedID, prior.ID.ValueString(), diags)
	sharing, exchanging := r.keys.change(labelsOf(prior), labelsOf(planned))
	r.preflight.warnOfUsernames(labelsOf(planned), sharing, exchanging, diags)
	resp.RequiresReplace = append(resp.RequiresReplace, c.replaces...)
	r.warn(ctx, &c, prior, planned, resp.Private, diags)
}

// suppressEquivalent keeps the prior value of whatever means the same as before, or is the
// service's to choose.
func (p *Model) suppressEquivalent(config, prior *Model) {
	if p.API = prior.API.copied(); p.API.IsNull() {
		planNewAPI(p)
	}
	for _, f := range fields {
		f.keep(config, prior, p)
	}
}

// refuseMissingPassword refuses a rotation to a password that is not given. A
// write-only one is needed only where it is sent.
func refuseMissingPassword(c *change, config, prior *Model, diags *diag.Diagnostics) {
	if !c.rotates() || !isAbsent(config.password()) {
		return
	}
	_, state := config.Kafka.known.absentPassword()
	if c.mayRotate {
		diags.AddAttributeWarning(c.rotatedBy, "Kafka password may be missing",
			fmt.Sprintf("password_wo_version of %s is not known yet. If it turns out to be another one, the apply is refused before it sends anything, because %s",
				prior.describe(), state))
		return
	}
	diags.AddAttributeError(c.rotatedBy, "Kafka password missing",
		fmt.Sprintf("password_wo_version of %s changes, which sends password_wo to Streamkap, and %s "+
			"Give it a value, or put password_wo_version back.", prior.describe(), state))
}

// absentPassword says which attribute should give a password, and why it does not.
func (k *kafkaModel) absentPassword() (at path.Path, state string) {
	const variable = " A variable that it comes from has no value in this run: check its name, and TF_VAR_… in the environment."
	switch {
	case isEmpty(k.PasswordWO):
		return kafkaPath.AtName("password_wo"), "password_wo is empty." + variable
	case isEmpty(k.Password):
		return kafkaPath.AtName("password"), "password is empty." + variable
	case !k.PasswordWOVersion.IsNull():
		return kafkaPath.AtName("password_wo_version"), "password_wo is null, or not set." + variable
	}
	return kafkaPath.AtName("password"), "the kafka block has none."
}

func isEmpty(text types.String) bool { return !text.IsNull() && isAbsent(text) }

// planCredentialJSON plans the credential file of a changed key. It stays known where
// nothing in it changes, and null where the client secret is unknown or encrypted.
func (p *Model) planCredentialJSON(prior *Model) {
	addsAPI := prior.API.known == nil && !p.API.IsNull()
	if prior.CredentialJSON.IsNull() && !prior.encrypts() && !addsAPI {
		return
	}
	p.setCredentialJSON(prior.credentialFile())
	if !p.CredentialJSON.IsNull() && !p.CredentialJSON.Equal(prior.CredentialJSON) {
		p.CredentialJSON = types.StringUnknown()
	}
}
