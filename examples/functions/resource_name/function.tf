# An import block for each key of the project, to be written to a file.
output "imports" {
  value = join("\n", [
    for key in data.streamkap_project_keys.all.project_keys : <<-BLOCK
      import {
        to = streamkap_project_key.${provider::streamkap::resource_name(key.name, key.id)}
        id = "${key.id}"
      }
    BLOCK
  ])
}

data "streamkap_project_keys" "all" {
  service_id = data.streamkap_whoami.this.service_id
}

data "streamkap_whoami" "this" {}
