resource "streamkap_project_key" "agent" {
  name              = "ai-agent"
  role_ids          = [data.streamkap_role.agent.id]
  secret_recipients = var.secret_recipients

  mcp {
    tool_profile  = "agent-operator"
    blocked_tools = ["streamkap_delete_pipeline"]
  }
}

# A role that can write project keys would let the agent create itself a key
# without a scope.
data "streamkap_role" "agent" {
  name = "Read Only"
}
