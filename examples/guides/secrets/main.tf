resource "streamkap_project_key" "orders" {
  name     = "orders-consumer"
  role_ids = [data.streamkap_role.read_only.id]

  # Public keys. Whoever has the private key of one of them can read the
  # secrets. The state, a plan or a log shows them to nobody.
  secret_recipients = var.secret_recipients

  kafka {
    username            = "orders-consumer"
    password_wo         = var.orders_password
    password_wo_version = var.orders_password_version

    acl {
      name         = "orders."
      operation    = "READ"
      pattern_type = "PREFIXED"
    }
  }
}

data "streamkap_role" "read_only" {
  name = "Read Only"
}

variable "secret_recipients" {
  description = "Public keys of those who can read the secrets: age1…, age1pq1…, ssh-ed25519 … or ssh-rsa …."
  type        = set(string)
}

variable "orders_password" {
  description = "Kafka password. An ephemeral variable is in no state and in no plan."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "orders_password_version" {
  description = "Another number sends orders_password again, which rotates the password."
  type        = number
  default     = 1
}

# Not secret: armored age files, and what a consumer needs beside them.
output "orders_client_secret" {
  value = streamkap_project_key.orders.api.encrypted_client_secret
}

output "orders_password" {
  value = streamkap_project_key.orders.kafka.encrypted_password
}

output "orders_client_id" {
  value = streamkap_project_key.orders.api.client_id
}

output "orders_bootstrap_servers" {
  value = streamkap_project_key.orders.kafka.bootstrap_servers
}
