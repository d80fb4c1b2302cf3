resource "streamkap_project_key" "dashboard" {
  name              = "dashboard"
  role_ids          = [data.streamkap_role.read_only.id]
  secret_recipients = var.secret_recipients
}

# The client secret alone, for a program that stores it. Neither the state nor a
# plan holds it, because the identity is ephemeral.
resource "terraform_data" "handover" {
  triggers_replace = sha256(streamkap_project_key.dashboard.api.encrypted_client_secret)

  provisioner "local-exec" {
    command = "test -n \"$CLIENT_SECRET\"" # in place of that program
    environment = {
      CLIENT_SECRET = provider::streamkap::decrypt(streamkap_project_key.dashboard.api.encrypted_client_secret, var.secret_identity)
    }
  }
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
