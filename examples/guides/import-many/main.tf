data "streamkap_whoami" "this" {}

# Keys of other projects can be listed, but not managed.
data "streamkap_project_keys" "team" {
  name_regex = "^team-"
  status     = "Active"
  service_id = data.streamkap_whoami.this.service_id
}

# An import block for each key. Several keys may have the same name, so a part of
# the id's hash follows it.
output "imports" {
  value = join("\n", [
    for key in data.streamkap_project_keys.team.project_keys : <<-BLOCK
      import {
        to = streamkap_project_key.${replace(lower(key.name), "/[^a-z0-9]+/", "_")}_${substr(sha256(key.id), 0, 8)}
        id = "${key.id}"
      }
    BLOCK
  ])
}
