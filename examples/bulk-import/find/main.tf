# Finds the keys of one team that are alike, and writes them down as a map.

terraform {
  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

provider "streamkap" {}

data "streamkap_whoami" "this" {}

data "streamkap_project_keys" "team" {
  name_regex = "^team-"
  status     = "Active"
  service_id = data.streamkap_whoami.this.service_id
}

locals {
  # Keys with roles and nothing else. Kafka access, MCP scoping and single
  # permissions are different from key to key: let "terraform plan
  # -generate-config-out" write those.
  alike = [
    for key in data.streamkap_project_keys.team.project_keys : key
    if length(key.roles) > 0 && key.kafka == null && key.mcp == null
  ]
}

output "keys" {
  value = jsonencode({
    keys = {
      # Several keys may have the same name, so a part of the id's hash follows.
      for key in local.alike : "${replace(lower(key.name), "/[^a-z0-9]+/", "_")}_${substr(sha256(key.id), 0, 8)}" => {
        id          = key.id
        name        = key.name
        description = key.description
        role_ids    = [for role in key.roles : role.id]
      }
    }
  })
}

output "left_out" {
  value = {
    for key in data.streamkap_project_keys.team.project_keys : key.id => key.name
    if !contains(local.alike[*].id, key.id)
  }
}
