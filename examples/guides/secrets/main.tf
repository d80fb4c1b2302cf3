terraform {
  required_version = ">= 1.11" # the first with write-only arguments

  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

provider "streamkap" {}

resource "streamkap_project_key" "orders" {
  name = "orders-consumer"

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
