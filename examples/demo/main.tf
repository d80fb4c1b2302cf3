# Two project keys: one with everything that a key can have, and one that has
# access to Kafka and is given access to the API later, in place.

terraform {
  required_version = ">= 1.11" # the first with write-only attributes

  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

# Host and credentials come from the environment: STREAMKAP_HOST,
# STREAMKAP_CLIENT_ID and STREAMKAP_SECRET.
provider "streamkap" {}

data "streamkap_role" "read_only" {
  name = "Read Only"
}

resource "streamkap_project_key" "orders" {
  name        = "orders-consumer"
  description = "Reads the order topics"
  role_ids    = [data.streamkap_role.read_only.id]

  # Who can read the key's secrets. The state holds them encrypted.
  secret_recipients = var.secret_recipients

  kafka {
    username            = "orders-consumer"
    password_wo         = var.orders_password # sent, and stored nowhere
    password_wo_version = var.orders_password_version
    whitelist_ips       = ["192.168.1.0/24", "127.0.0.1"]

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

  # What an AI agent may do with this key.
  mcp {
    tool_profile  = "agent-operator"
    blocked_tools = ["streamkap_delete_pipeline"]
  }
}

resource "streamkap_project_key" "reports" {
  name     = "reports"
  role_ids = var.reports_api_access ? [data.streamkap_role.read_only.id] : null

  secret_recipients = var.secret_recipients

  kafka {
    username            = "reports"
    password_wo         = var.reports_password
    password_wo_version = 1

    acl {
      name      = "reports.daily"
      operation = "WRITE"
    }
  }
}
