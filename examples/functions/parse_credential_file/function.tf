variable "credential_file" {
  description = "The credential file of a project key, as JSON or as Base64."
  type        = string
  sensitive   = true
}

locals {
  key = provider::streamkap::parse_credential_file(var.credential_file)
}

# What comes of a sensitive value is sensitive. An address is not secret.
output "bootstrap_servers" {
  value = nonsensitive(local.key.kafka.bootstrap_servers)
}

output "client_secret" {
  value     = local.key.api.client_secret
  sensitive = true
}
