terraform {
  required_providers {
    # Streamkap's own provider: sources, destinations, pipelines, topics, tags.
    streamkap = {
      source = "streamkap-com/streamkap"
    }

    # This provider, under the address at which you have it.
    streamkap-keys = {
      source = "example-org/streamkap"
    }
  }
}

provider "streamkap" {}

provider "streamkap-keys" {}

# The prefix of its type makes this a resource of "streamkap".
resource "streamkap_tag" "orders" {
  name = "orders"
  type = ["pipelines"]
}

# Its prefix is the same, so the other provider has to be named.
resource "streamkap_project_key" "orders" {
  provider = streamkap-keys

  name     = "orders"
  role_ids = [data.streamkap_role.read_only.id]
}

data "streamkap_role" "read_only" {
  provider = streamkap-keys

  name = "Read Only"
}

output "orders_client_id" {
  value     = provider::streamkap-keys::parse_credential_file(streamkap_project_key.orders.credential_json).api.client_id
  sensitive = true
}
