// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"bytes"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// setCredentialJSON writes the credential file of the model. What no attribute holds comes
// from the base, an earlier file of the key. It is null where secrets are encrypted, and
// without the client secret of a key that has one.
func (p *Model) setCredentialJSON(base *streamkap.CredentialFile) {
	p.CredentialJSON = types.StringNull()
	if p.API.known != nil && p.API.known.ClientSecret.IsNull() || p.encrypts() && isKnown(p.SecretRecipients) {
		return
	}
	file, known := p.credentials(base)
	if !known || p.encrypts() {
		p.CredentialJSON = types.StringUnknown()
		return
	}
	p.CredentialJSON = types.StringValue(render(file))
}

// refreshCredentialJSON rewrites the file where its content changed. A file in the form of
// an earlier version stays: a refresh without changes must show nothing.
func (p *Model) refreshCredentialJSON() {
	prior, base := p.CredentialJSON, p.credentialFile()
	p.setCredentialJSON(base)
	if base != nil && render(*base) == p.CredentialJSON.ValueString() {
		p.CredentialJSON = prior
	}
}

// credentials is the file, and whether all of it is known. Rules are not in it,
// as they are not in the file that Streamkap's UI lets people download.
func (p *Model) credentials(base *streamkap.CredentialFile) (file streamkap.CredentialFile, known bool) {
	if base != nil {
		file.Project, file.CreatedBy = base.Project, base.CreatedBy
	}
	file.Type = streamkap.CredentialFileType
	if p.API.known != nil {
		file.API = new(streamkap.APICredentials)
	}
	if p.Kafka.known != nil {
		file.Kafka = new(streamkap.KafkaCredentials)
	}
	known = !p.API.IsUnknown() && !p.Kafka.IsUnknown() && !p.MCP.IsUnknown()
	for _, f := range fields {
		known = f.store(&file, p) && known
	}
	return file, known
}

// render is the text of a credential file. Nothing in one can fail to encode.
func render(file streamkap.CredentialFile) string {
	file.KafkaACLs = nil
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(file)
	return string(bytes.TrimSpace(buffer.Bytes()))
}

// credentialFile reads the model's own file, or returns nil where it has none.
func (p *Model) credentialFile() *streamkap.CredentialFile {
	var file streamkap.CredentialFile
	if json.Unmarshal([]byte(p.CredentialJSON.ValueString()), &file) != nil {
		return nil
	}
	return &file
}
