resource "streamkap_project_key" "dashboard" {
  name              = "dashboard"
  role_ids          = [data.streamkap_role.read_only.id]
  secret_recipients = var.secret_recipients
}

data "streamkap_role" "read_only" {
  name = "Read Only"
}

variable "secret_recipients" {
  type = set(string)
}

variable "secret_identity" {
  description = "Private key that decrypts the secrets. Only an apply reads it."
  type        = string
  sensitive   = true
  ephemeral   = true
}

# Writes the credential file to Vault when the key is made or replaced. The
# secret goes through the environment, because every process on the machine can
# see arguments.
resource "terraform_data" "dashboard_credential" {
  triggers_replace = sha256(streamkap_project_key.dashboard.api.encrypted_client_secret)

  provisioner "local-exec" {
    command = "printf '%s' \"$CREDENTIAL\" | vault kv put -mount=secret streamkap/dashboard credential=-"
    environment = {
      CREDENTIAL = provider::streamkap::decrypt_credential(streamkap_project_key.dashboard, var.secret_identity)
    }
  }
}
