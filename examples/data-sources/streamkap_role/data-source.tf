data "streamkap_role" "read_only" {
  key = "read-only"
}

resource "streamkap_project_key" "dashboard" {
  name     = "dashboard"
  role_ids = [data.streamkap_role.read_only.id]
}
