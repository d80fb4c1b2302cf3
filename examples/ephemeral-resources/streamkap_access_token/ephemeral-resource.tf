# A token of the provider's own credentials, with all of their rights.
ephemeral "streamkap_access_token" "own" {
  use_provider_credentials = true
}

data "streamkap_role" "read_only" {
  name = "Read Only"
}

resource "streamkap_project_key" "agent" {
  name     = "ai-agent"
  role_ids = [data.streamkap_role.read_only.id]
}

# A token of another key. Where its credential_json is null, this is an error.
ephemeral "streamkap_access_token" "agent" {
  project_key = streamkap_project_key.agent.credential_json
}

# It can go wherever nothing is kept: into the configuration of another
# provider, a write-only argument, or a provisioner.
resource "terraform_data" "smoke_test" {
  triggers_replace = streamkap_project_key.agent.id

  provisioner "local-exec" {
    command = "curl --fail --silent --show-error --header \"Authorization: Bearer $TOKEN\" \"$API_URL/auth/whoami\""
    environment = {
      TOKEN   = ephemeral.streamkap_access_token.agent.access_token
      API_URL = streamkap_project_key.agent.api.api_url
    }
  }
}
