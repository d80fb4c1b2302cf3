terraform {
  required_version = ">= 1.8" # the first with functions of providers

  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

provider "streamkap" {}

data "streamkap_whoami" "this" {}

# Keys of other projects can be listed, but not managed.
data "streamkap_project_keys" "team" {
  name_regex = "^team-"
  status     = "Active"
  service_id = data.streamkap_whoami.this.service_id
}

# An import block for each key.
output "imports" {
  value = join("\n", [
    for key in data.streamkap_project_keys.team.project_keys : <<-BLOCK
      import {
        to = streamkap_project_key.${provider::streamkap::resource_name(key.name, key.id)}
        id = "${key.id}"
      }
    BLOCK
  ])
}
