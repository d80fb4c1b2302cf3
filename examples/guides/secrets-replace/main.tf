resource "streamkap_project_key" "dashboard" {
  name     = "dashboard"
  role_ids = [data.streamkap_role.read_only.id]

  # The new key is there before the old one goes. A key with Kafka access can't
  # have this: no two keys of a project can have the same Kafka username. Where
  # Streamkap refuses a second key of the same name, change the name, too.
  lifecycle {
    create_before_destroy = true
  }
}

data "streamkap_role" "read_only" {
  name = "Read Only"
}

output "dashboard_credential" {
  value     = streamkap_project_key.dashboard.credential_json
  sensitive = true
}
