terraform {
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

# An import block for each key. Its id is in the address too, because
# several keys may have the same name.
output "imports" {
  value = join("\n", [
    for key in data.streamkap_project_keys.team.project_keys : <<-BLOCK
      import {
        to = streamkap_project_key.${replace(lower(key.name), "/[^a-z0-9_-]+/", "_")}_${substr(key.id, 0, 8)}
        id = "${key.id}"
      }
    BLOCK
  ])
}
