# One key for an application that reads topics and, through an AI agent,
# operates pipelines.
resource "streamkap_project_key" "orders" {
  name        = "orders-consumer"
  description = "Reads the order topics"
  role_ids    = [data.streamkap_role.read_only.id]

  # Public keys of age or SSH. The state holds the secrets encrypted, for those
  # who have the private key of one of them.
  secret_recipients = var.secret_recipients

  kafka {
    username = "orders-consumer"

    # Neither the state nor a plan holds this password. A new version rotates it.
    password_wo         = var.orders_password
    password_wo_version = 1

    whitelist_ips   = ["192.168.1.0/24"]
    schema_registry = true

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

  mcp {
    tool_profile  = "agent-operator"
    blocked_tools = ["streamkap_delete_pipeline"]
  }
}

data "streamkap_role" "read_only" {
  name = "Read Only"
}

variable "orders_password" {
  type      = string
  sensitive = true
  ephemeral = true
}

variable "secret_recipients" {
  type = set(string)
}

# For whoever uses the key: terraform output -raw orders_client_secret | age -d -i key.txt
output "orders_client_secret" {
  value = streamkap_project_key.orders.api.encrypted_client_secret
}
