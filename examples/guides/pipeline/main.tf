terraform {
  required_version = ">= 1.11" # the first with write-only arguments

  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

provider "streamkap" {} # the credentials are each job's own

resource "streamkap_project_key" "orders" {
  name     = "orders-consumer"
  role_ids = [data.streamkap_role.read_only.id]

  kafka {
    username            = "orders-consumer"
    password_wo         = var.orders_password
    password_wo_version = 1

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

variable "orders_password" {
  type      = string
  default   = null
  sensitive = true
  ephemeral = true
}
