terraform {
  required_version = ">= 1.11" # the first with write-only arguments

  required_providers {
    streamkap = {
      source  = "streamkap-com/streamkap"
      version = "~> 0.1"
    }
  }
}

provider "streamkap" {} # STREAMKAP_CLIENT_ID and STREAMKAP_SECRET

data "streamkap_role" "read_only" {
  name = "Read Only"
}

resource "streamkap_project_key" "orders" {
  name     = "orders-consumer"
  role_ids = [data.streamkap_role.read_only.id] # access to the API

  # Who can read the key's secrets. The state holds them encrypted.
  secret_recipients = [trimspace(file("${path.module}/operations.pub"))]

  kafka { # access to Kafka
    username            = "orders-consumer"
    password_wo         = var.orders_password # sent, and stored nowhere
    password_wo_version = 1

    acl {
      name         = "orders."
      pattern_type = "PREFIXED"
      operation    = "READ"
    }
    acl {
      name      = "orders-consumer"
      resource  = "GROUP"
      operation = "READ"
    }
  }

  mcp { # what an AI agent may do with it
    tool_profile  = "agent-operator"
    blocked_tools = ["streamkap_delete_pipeline"]
  }
}

variable "orders_password" {
  type      = string
  sensitive = true
  ephemeral = true
}

output "orders_client_id" {
  value = streamkap_project_key.orders.api.client_id
}

output "orders_client_secret" { # for age --decrypt
  value = streamkap_project_key.orders.api.encrypted_client_secret
}

output "orders_password" { # for age --decrypt
  value = streamkap_project_key.orders.kafka.encrypted_password
}
