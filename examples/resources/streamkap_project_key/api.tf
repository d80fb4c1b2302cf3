resource "streamkap_project_key" "dashboard" {
  name     = "dashboard"
  role_ids = [data.streamkap_role.read_only.id]

  # Public keys of age or SSH: who can read the secret.
  secret_recipients = var.secret_recipients

  # A deleted key can't be restored: its users stop at once, and another key has
  # another secret. So a plan that would delete this one fails.
  lifecycle {
    prevent_destroy = true
  }
}

data "streamkap_role" "read_only" {
  name = "Read Only"
}

variable "secret_recipients" {
  type = set(string)
}

# terraform output -raw dashboard_client_secret | age --decrypt --identity key.txt
output "dashboard_client_secret" {
  value = streamkap_project_key.dashboard.api.encrypted_client_secret
}
