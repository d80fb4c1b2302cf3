terraform {
  required_version = ">= 1.4" # the first with terraform_data

  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

provider "streamkap" {}

resource "streamkap_project_key" "dashboard" {
  name     = "dashboard"
  role_ids = [data.streamkap_role.read_only.id]
}

data "streamkap_role" "read_only" {
  name = "Read Only"
}

# For a pipeline that hands it over.
output "dashboard_credential" {
  value     = streamkap_project_key.dashboard.credential_json
  sensitive = true
}

# Writes the credential file to Vault when the key is made or replaced. The
# secret goes through the environment, because arguments can be seen by every
# process on the machine.
resource "terraform_data" "dashboard_credential" {
  triggers_replace = streamkap_project_key.dashboard.api.client_id

  lifecycle {
    precondition {
      condition     = streamkap_project_key.dashboard.credential_json != null
      error_message = "The client secret of this key is not known: it was imported."
    }
  }

  provisioner "local-exec" {
    command = "printf '%s' \"$CREDENTIAL\" | vault kv put -mount=secret streamkap/dashboard credential=-"
    environment = {
      CREDENTIAL = streamkap_project_key.dashboard.credential_json
    }
  }
}
