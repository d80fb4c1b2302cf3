// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/readback"
)

// The provider for Kubernetes cannot be installed in a test, so one with as much
// of its Secret as the example uses stands in for it.
func TestAccExampleForKubernetesFillsASecretAndNothingElse(t *testing.T) {
	const example = "kafka-clients/kubernetes"
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	r := &run{w, s}
	r.skipBefore(t, 11)
	w.Write("cli.tfrc", "provider_installation {\n  dev_overrides {\n"+
		"    \"streamkap-com/streamkap\" = \""+override(t, w)+"\"\n"+
		"    \"hashicorp/kubernetes\" = \""+standIn(t, "kubernetes")+"\"\n  }\n}\n")
	w.Write("main.tf", read(t, "examples/"+example+"/main.tf"))
	w.Write("deployment.yaml", read(t, "examples/"+example+"/deployment.yaml"))
	// What the pod takes out of which Secret.
	w.Write("pod.tf", `locals {
  pod = yamldecode(file("deployment.yaml")).spec.template.spec
}

output "used" {
  value = concat(
    [for e in local.pod.containers[0].env : "${e.valueFrom.secretKeyRef.name} ${e.valueFrom.secretKeyRef.key}" if e.name == e.valueFrom.secretKeyRef.key],
    [for i in local.pod.volumes[0].secret.items : "${local.pod.volumes[0].secret.secretName} ${i.key}"],
  )
}
`)
	filled := filepath.Join(t.TempDir(), "secret.json") // outside of what is searched for secrets
	w.Setenv(asKubernetes, filled)
	secret := func(password string) {
		t.Helper()
		var keys map[string]string
		text, err := os.ReadFile(filled)
		if err != nil || json.Unmarshal(text, &keys) != nil {
			t.Fatalf("the Secret is %s, %v", text, err)
		}
		properties, err := readback.Properties(keys["client.properties"])
		if err != nil {
			t.Fatal(err)
		}
		login, err := readback.JAAS(properties["sasl.jaas.config"])
		if err != nil || login.Options["password"] != password || keys["KAFKA_PASSWORD"] != password || s.Keys()[0].KafkaPassword != password {
			t.Errorf("the Secret is %s, %v", text, err)
		}
		var used []string
		if err := json.Unmarshal([]byte(w.Run("output", "-json", "used")), &used); err != nil {
			t.Fatal(err)
		}
		var has []string
		for key := range keys {
			has = append(has, "orders-kafka "+key)
		}
		slices.Sort(used)
		slices.Sort(has)
		if !slices.Equal(used, has) {
			t.Errorf("the pod uses %q, and there is %q", used, has)
		}
	}

	w.Setenv("TF_VAR_kafka_password", passwords[0])
	r.applied()
	secret(passwords[0])
	w.Run("plan", "-no-color", "-detailed-exitcode")

	w.Setenv("TF_VAR_kafka_password", passwords[1])
	w.Setenv("TF_VAR_kafka_password_version", "2")
	r.expect(t, r.applied(), "0 added, 2 changed, 0 destroyed")
	secret(passwords[1])
	w.Run("destroy", "-no-color", "-auto-approve")
}

// kubernetes stands in for the provider of this name.
type kubernetes struct{}

// asKubernetes names the file that the stand-in for Kubernetes writes a Secret
// into.
const asKubernetes = "DOCS_TEST_SECRET_OF_KUBERNETES"

func newKubernetes() provider.Provider { return kubernetes{} }

func (kubernetes) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "kubernetes"
}

func (kubernetes) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (kubernetes) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (kubernetes) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (kubernetes) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return secret{} }}
}

// secret writes what it is given to the file that the environment names.
type secret struct{}

func (secret) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "kubernetes_secret_v1"
}

func (secret) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Attributes: map[string]schema.Attribute{
			"data_wo":          schema.MapAttribute{Optional: true, WriteOnly: true, ElementType: types.StringType},
			"data_wo_revision": schema.Int64Attribute{Optional: true},
		},
		Blocks: map[string]schema.Block{
			"metadata": schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{
				Attributes: map[string]schema.Attribute{"name": schema.StringAttribute{Optional: true}},
			}},
		},
	}
}

func (secret) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	data := map[string]string{}
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("data_wo"), &data)...)
	fill(data)
	resp.State.Raw = req.Plan.Raw
}

func (secret) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (secret) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	data := map[string]string{}
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("data_wo"), &data)...)
	fill(data)
	resp.State.Raw = req.Plan.Raw
}

func (secret) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// fill panics where it cannot: Terraform shows that.
func fill(data map[string]string) {
	text, err := json.Marshal(data)
	if err == nil {
		err = os.WriteFile(os.Getenv(asKubernetes), text, 0o600)
	}
	if err != nil {
		panic(err)
	}
}
