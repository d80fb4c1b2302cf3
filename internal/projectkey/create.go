package projectkey

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// identityModel is the resource identity.
type identityModel struct {
	ID types.String `tfsdk:"id"`
}

// Create makes a key. Its answer holds secrets that are never shown again, so
// the state is saved before anything else can fail, and only then is the key
// waited for.
func (r *ProjectKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var config, planned ProjectKeyModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	timeout, timeoutDiags := planned.Timeouts.Create(ctx, defaultWriteTimeout)
	resp.Diagnostics.Append(timeoutDiags...)
	password := config.password(ctx, &resp.Diagnostics)
	request := planned.createRequest(ctx, password, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	file, err := r.client.CreateProjectKey(ctx, request)
	if err != nil {
		if lost := lostAnswer(err); lost != nil {
			r.explainLostCreate(ctx, planned.Name.ValueString(), lost, &resp.Diagnostics)
			return
		}
		explain(fmt.Sprintf("create project key %q", planned.Name.ValueString()), &planned, err, &resp.Diagnostics)
		return
	}
	created := time.Now()
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: types.StringValue(file.ProjectKeyID)})...)
	saved := planned.issuedBy(ctx, file, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, saved)...)
	setMark(ctx, resp.Private, unseenMark, created.Format(time.RFC3339), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	key, err := r.waitActive(ctx, file.ProjectKeyID, created)
	if key != nil {
		planned.takeComputed(ctx, key, r.client.Host(), &resp.Diagnostics)
		planned.setCredentialJSON(ctx, file, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.State.Set(ctx, planned)...)
		setMark(ctx, resp.Private, heldDescriptionMark, string(key.Description), &resp.Diagnostics)
		clearMark(ctx, resp.Private, unseenMark, &resp.Diagnostics)
	}
	if err != nil {
		explainUnsettled(&planned, "was created", err, "The key and its secrets are in the state, marked as tainted: the next apply replaces the key. "+
			"If it becomes Active meanwhile, terraform untaint keeps it.", &resp.Diagnostics)
		return
	}
	if planned.wantsAPI() {
		planned.explainMissingSecret(ctx, "creates", &resp.Diagnostics)
	}
}

// issuedBy takes from a create's answer what the plan left unknown, and
// returns the model to save at once, in which nothing is unknown.
func (m *ProjectKeyModel) issuedBy(ctx context.Context, file *streamkap.CredentialFile, diags *diag.Diagnostics) ProjectKeyModel {
	fill(&m.ID, file.ProjectKeyID)
	fill(&m.ServiceID, file.Project.ServiceID)
	fill(&m.CreatedAt, file.CreatedAt)
	if m.API.IsUnknown() {
		m.takeAPI(ctx, file.API, diags)
	}
	m.takeKafka(ctx, file.Kafka, diags)
	return m.saveable(ctx, file, diags)
}

// saveable is a copy in which nothing is unknown.
func (m *ProjectKeyModel) saveable(ctx context.Context, base *streamkap.CredentialFile, diags *diag.Diagnostics) ProjectKeyModel {
	saved := *m
	saved.nullUnknowns(ctx, diags)
	if m.CredentialJSON.IsUnknown() {
		saved.setCredentialJSON(ctx, base, diags)
	}
	return saved
}

// password is the one that a configuration gives, in either attribute. The
// write-only one is nowhere else to be had.
func (m *ProjectKeyModel) password(ctx context.Context, diags *diag.Diagnostics) string {
	kafka := m.kafka(ctx, diags)
	if kafka == nil {
		return ""
	}
	if !kafka.PasswordWO.IsNull() {
		return kafka.PasswordWO.ValueString()
	}
	return kafka.Password.ValueString()
}
