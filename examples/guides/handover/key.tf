resource "streamkap_project_key" "orders" {
  name     = "orders-consumer"
  role_ids = [data.streamkap_role.read_only.id]

  # Who can read the secrets. The state holds them encrypted.
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
  description = "Public keys of those who can read the secrets. One of them is that of secret_identity."
  type        = set(string)
}

# No default and no null, so that no run can hand over nothing.
variable "secret_identity" {
  description = "Private key that decrypts the secrets in this run. It is in no state and no plan."
  type        = string
  sensitive   = true
  ephemeral   = true
  nullable    = false
}

variable "orders_password" {
  description = "Kafka password. Needed where it is sent: with a new key, and with another version."
  type        = string
  sensitive   = true
  ephemeral   = true
  default     = null
}

variable "orders_password_version" {
  type    = number
  default = 1
}

locals {
  key = streamkap_project_key.orders

  # The credential file, and a Java client's configuration where the key has
  # Kafka access. Both are ephemeral as the identity is.
  credential = provider::streamkap::decrypt_credential(local.key, var.secret_identity)
  client_properties = local.key.kafka == null ? null : provider::streamkap::kafka_client_properties(
    local.key.kafka.bootstrap_servers, local.key.kafka.username, jsondecode(local.credential).kafka.password
  )

  # Another number sends a value again. What is encrypted changes when a secret
  # is issued or sent again, and only then.
  encrypted_secret   = try(local.key.api.encrypted_client_secret, null)
  encrypted_password = try(local.key.kafka.encrypted_password, null)
  credential_version = parseint(substr(sha256(jsonencode([local.encrypted_secret, local.encrypted_password])), 0, 7), 16)
  kafka_version      = parseint(substr(sha256(jsonencode(local.encrypted_password)), 0, 7), 16)
}
