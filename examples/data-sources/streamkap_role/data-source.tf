data "streamkap_role" "read_only" {
  name = "Read Only"
}

resource "streamkap_project_key" "dashboard" {
  name     = "dashboard"
  role_ids = [data.streamkap_role.read_only.id]
}
