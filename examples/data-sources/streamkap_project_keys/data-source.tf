data "streamkap_whoami" "this" {}

# The keys of one team that could not be deleted, in the project of the
# provider's credentials.
data "streamkap_project_keys" "stuck" {
  name_regex = "^team-a-"
  status     = "Delete Failed"
  service_id = data.streamkap_whoami.this.service_id
}

output "stuck_keys" {
  value = { for key in data.streamkap_project_keys.stuck.project_keys : key.id => key.name }
}
