// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/projectkey"
)

// readingResource does in a refresh what no provider of keys can leave out: it
// has the library check the configuration, takes the state into a model, makes
// the GET and decodes its answer. It compares nothing.
type readingResource struct {
	bareResource
	token func() (string, error)
}

func newReadingResource() resource.Resource {
	return &readingResource{token: sync.OnceValues(askForToken)}
}

func (r *readingResource) Schema(ctx context.Context, req resource.SchemaRequest, resp *resource.SchemaResponse) {
	(&projectkey.ProjectKeyResource{}).Schema(ctx, req, resp)
}

func (r *readingResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	(&projectkey.ProjectKeyResource{}).ValidateConfig(ctx, req, resp)
}

func (r *readingResource) IdentitySchema(ctx context.Context, req resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	(&projectkey.ProjectKeyResource{}).IdentitySchema(ctx, req, resp)
}

func (r *readingResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model projectkey.ProjectKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), model.ID)...)
	if err := r.read(ctx, model.ID.ValueString()); err != nil {
		resp.Diagnostics.AddError("Key not read", err.Error())
	}
}

func (r *readingResource) read(ctx context.Context, id string) error {
	token, err := r.token()
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, os.Getenv("STREAMKAP_HOST")+"/project-keys/"+url.PathEscape(id), nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	return exchange(request, new(map[string]any))
}

func askForToken() (string, error) {
	body, err := json.Marshal(map[string]string{"client_id": os.Getenv("STREAMKAP_CLIENT_ID"), "secret": os.Getenv("STREAMKAP_SECRET")})
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, os.Getenv("STREAMKAP_HOST")+"/auth/access-token", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/json")
	var answer struct {
		AccessToken string `json:"accessToken"`
	}
	return answer.AccessToken, exchange(request, &answer)
}

func exchange(request *http.Request, answer any) error {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", request.Method, request.URL.Path, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
