resource "streamkap_project_key" "agent" {
  name        = "ai-agent"
  description = "For the on-call agent"
  role_ids    = [data.streamkap_role.agent.id]

  secret_recipients = var.secret_recipients

  mcp {
    tool_profile  = "agent-operator"
    blocked_tools = var.blocked_tools
  }
}

# The scope does not cover this: with a role that can write project keys, the
# agent could create a key without any scope.
data "streamkap_role" "agent" {
  name = var.agent_role

  lifecycle {
    postcondition {
      condition     = !anytrue([for permission in self.permissions : can(regex("(?i)project.?keys?.*write|write.*project.?keys?", permission))])
      error_message = "The role ${self.name} can write project keys, and an agent must not."
    }
  }
}

variable "secret_recipients" {
  type = set(string)
}

variable "agent_role" {
  type    = string
  default = "Read Only"
}

variable "blocked_tools" {
  type    = set(string)
  default = ["streamkap_delete_pipeline"]
}

# What the MCP server enforces. depends_on: it is read after a change of the key,
# not before.
data "streamkap_mcp_config" "agent" {
  project_key_id = streamkap_project_key.agent.id
  depends_on     = [streamkap_project_key.agent]
}

check "agent_scope" {
  assert {
    condition     = data.streamkap_mcp_config.agent.tool_profile == "agent-operator"
    error_message = "The agent's tool profile is not agent-operator."
  }

  assert {
    condition     = data.streamkap_mcp_config.agent.blocked_tools == var.blocked_tools
    error_message = "The tools blocked for the agent are not those in var.blocked_tools."
  }

  assert {
    condition     = data.streamkap_mcp_config.agent.allowed_tools == null
    error_message = "The agent has a list of allowed tools, which overrides its profile."
  }
}

output "agent_client_id" {
  value = streamkap_project_key.agent.api.client_id
}

output "agent_client_secret" {
  value = streamkap_project_key.agent.api.encrypted_client_secret
}
