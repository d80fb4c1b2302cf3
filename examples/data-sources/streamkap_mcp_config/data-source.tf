data "streamkap_project_key" "agent" {
  name = "ai-agent"
}

# What the MCP server enforces, whatever a credential file says.
data "streamkap_mcp_config" "agent" {
  project_key_id = data.streamkap_project_key.agent.id
}

check "agent_is_restricted" {
  assert {
    condition     = data.streamkap_mcp_config.agent.tool_profile == "read-only"
    error_message = "The agent's key is not restricted to reading."
  }
}
