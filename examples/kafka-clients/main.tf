# A key that reads the topics whose names begin with "orders.", and what each
# of the clients beside this file needs to know about it.

terraform {
  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

# Comes from TF_VAR_kafka_password. The password is kept in the state here, so
# that it can be an output; in the folder kubernetes it is not.
variable "kafka_password" {
  description = "Kafka password of the key."
  type        = string
  sensitive   = true
}

resource "streamkap_project_key" "orders" {
  name = "orders-consumer"

  kafka {
    username = "orders-consumer"
    password = var.kafka_password

    acl {
      name         = "orders."
      operation    = "READ"
      pattern_type = "PREFIXED"
    }
    acl {
      name      = "orders-consumer"
      resource  = "GROUP"
      operation = "READ"
    }
  }
}

locals {
  kafka = streamkap_project_key.orders.kafka
}

output "bootstrap_servers" {
  value = local.kafka.bootstrap_servers
}

output "username" {
  value = local.kafka.username
}

output "password" {
  value     = local.kafka.password
  sensitive = true
}

# For Java: the whole configuration, with the password quoted and escaped.
output "client_properties" {
  value     = provider::streamkap::kafka_client_properties(local.kafka.bootstrap_servers, local.kafka.username, local.kafka.password)
  sensitive = true
}
