import {
  to = streamkap_project_key.exporter
  id = "c1e9c152-3f0a-4c5e-9b57-0d2f4f1f7a10"
}

resource "streamkap_project_key" "exporter" {
  name = "exporter"

  # Streamkap does not show them, so the provider believes what is written here.
  permission_ids = var.exporter_permission_ids
}

variable "exporter_permission_ids" {
  type = set(string)
}
