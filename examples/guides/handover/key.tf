provider "streamkap" {}

resource "streamkap_project_key" "orders" {
  name     = "orders-consumer"
  role_ids = [data.streamkap_role.read_only.id]

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

# Without a default and without null, so that no run can hand over nothing.
variable "orders_password" {
  type      = string
  sensitive = true
  ephemeral = true
  nullable  = false

  validation {
    condition     = length(var.orders_password) >= 12
    error_message = "A Kafka password has at least 12 characters."
  }
}

variable "orders_password_version" {
  type    = number
  default = 1
}

locals {
  key = streamkap_project_key.orders

  # Another number sends a value again: after another client secret, and after
  # another password.
  credential_version = parseint(substr(sha256(jsonencode([local.key.id, local.key.api.client_id])), 0, 8), 16)
  kafka_version      = parseint(substr(sha256(jsonencode([local.key.id, local.key.kafka.password_wo_version])), 0, 8), 16)

  client_properties = provider::streamkap::kafka_client_properties(
    local.key.kafka.bootstrap_servers, local.key.kafka.username, var.orders_password
  )
}
