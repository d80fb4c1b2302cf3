# Puts all keys of one team under Terraform's control, without changing any.
#
# Once they are imported, replace the data source by a map of the keys that are
# wanted. Until then this configuration follows what others do to the keys.

terraform {
  required_version = ">= 1.11"

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
  keys = {
    for key in data.streamkap_project_keys.team.project_keys : key.name => key
    if length(key.roles) > 0 && key.kafka == null && key.mcp == null
  }
}

import {
  for_each = local.keys
  to       = streamkap_project_key.team[each.key]
  id       = each.value.id
}

resource "streamkap_project_key" "team" {
  for_each = local.keys

  name        = each.key
  description = each.value.description
  role_ids    = [for role in each.value.roles : role.id]
}

output "adopted" {
  value = { for name, key in streamkap_project_key.team : name => key.id }
}
