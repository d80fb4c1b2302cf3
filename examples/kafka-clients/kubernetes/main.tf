# A key whose password goes into a Secret and is kept nowhere else: not in the
# state, and not in a plan. deployment.yaml has the pod that uses it.

terraform {
  required_version = ">= 1.11"
  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = ">= 2.36.0"
    }
  }
}

variable "kafka_password" {
  description = "Kafka password of the key, in every run. It is sent where it is new: see kafka_password_version."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "kafka_password_version" {
  description = "Another number makes a new password take effect, in Streamkap and in the Secret."
  type        = number
  default     = 1
}

resource "streamkap_project_key" "orders" {
  name = "orders-consumer"

  kafka {
    username            = "orders-consumer"
    password_wo         = var.kafka_password
    password_wo_version = var.kafka_password_version

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

resource "kubernetes_secret_v1" "orders" {
  metadata {
    name = "orders-kafka"
  }

  # What comes of an ephemeral password is ephemeral, and fits a write-only argument.
  data_wo = {
    KAFKA_BOOTSTRAP_SERVERS = local.kafka.bootstrap_servers
    KAFKA_USERNAME          = local.kafka.username
    KAFKA_PASSWORD          = var.kafka_password
    "client.properties"     = provider::streamkap::kafka_client_properties(local.kafka.bootstrap_servers, local.kafka.username, var.kafka_password)
  }
  data_wo_revision = var.kafka_password_version
}
