// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"bytes"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// setCredentialJSON writes the credential file that the model amounts to, with
// the parts of the base, an earlier file of the key, that no attribute holds.
// So it changes only when something in it does. It is null where secrets are
// encrypted, and without the client secret of a key that has one.
func (p *ProjectKeyModel) setCredentialJSON(base *streamkap.CredentialFile) {
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

// refreshCredentialJSON writes the file anew where it says something else now.
// One that only has the form of an earlier version stays: a refresh that
// changes nothing must show nothing.
func (p *ProjectKeyModel) refreshCredentialJSON() {
	prior, base := p.CredentialJSON, p.credentialFile()
	p.setCredentialJSON(base)
	if base != nil && render(*base) == p.CredentialJSON.ValueString() {
		p.CredentialJSON = prior
	}
}

// credentials is the file, and whether all of it is known. Rules are not in it,
// as they are not in the file that Streamkap's UI lets people download.
func (p *ProjectKeyModel) credentials(base *streamkap.CredentialFile) (file streamkap.CredentialFile, known bool) {
	known = true
	read := func(value types.String) streamkap.Text {
		known = known && !value.IsUnknown()
		return streamkap.Text(value.ValueString())
	}
	list := func(set types.Set) []string {
		known = known && isKnown(set)
		return stringsOf(set)
	}
	if base != nil {
		file.Project, file.CreatedBy = base.Project, base.CreatedBy
	}
	file.Type = streamkap.CredentialFileType
	file.ProjectKeyID, file.CreatedAt = string(read(p.ID)), read(p.CreatedAt)
	file.Project.ServiceID = read(p.ServiceID)
	if p.API.known != nil {
		file.API = &streamkap.APICredentials{
			ClientID:      read(p.API.known.ClientID),
			ClientSecret:  read(p.API.known.ClientSecret),
			TokenEndpoint: read(p.API.known.TokenEndpoint),
			APIURL:        read(p.API.known.APIURL),
			Roles:         list(p.RoleIDs),
		}
	}
	if p.Kafka.known != nil {
		file.Kafka = &streamkap.KafkaCredentials{
			Username:          read(p.Kafka.known.Username),
			Password:          read(p.Kafka.known.Password),
			BootstrapServers:  read(p.Kafka.known.BootstrapServers),
			SecurityProtocol:  read(p.Kafka.known.SecurityProtocol),
			SASLMechanism:     read(p.Kafka.known.SASLMechanism),
			SchemaRegistryURL: read(p.Kafka.known.SchemaRegistryURL),
		}
	}
	if p.MCP.known != nil {
		file.ToolProfile = read(p.MCP.known.ToolProfile)
		file.AllowedTools, file.BlockedTools = list(p.MCP.known.AllowedTools), list(p.MCP.known.BlockedTools)
	}
	return file, known && !p.API.IsUnknown() && !p.Kafka.IsUnknown() && !p.MCP.IsUnknown()
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
func (p *ProjectKeyModel) credentialFile() *streamkap.CredentialFile {
	var file streamkap.CredentialFile
	if json.Unmarshal([]byte(p.CredentialJSON.ValueString()), &file) != nil {
		return nil
	}
	return &file
}
