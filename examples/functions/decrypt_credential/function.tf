resource "streamkap_project_key" "dashboard" {
  name              = "dashboard"
  role_ids          = [data.streamkap_role.read_only.id]
  secret_recipients = var.secret_recipients
}

# A token for the API with the key's own credentials, in a run that has the
# identity. Neither the state nor a plan holds the secret, the identity or the
# token.
ephemeral "streamkap_access_token" "dashboard" {
  project_key = provider::streamkap::decrypt_credential(streamkap_project_key.dashboard, var.secret_identity)
}

variable "secret_recipients" {
  type = set(string)
}

variable "secret_identity" {
  type      = string
  sensitive = true
  ephemeral = true
}

data "streamkap_role" "read_only" {
  name = "Read Only"
}
