import {
  to = streamkap_project_key.orders
  id = "c1e9c152-3f0a-4c5e-9b57-0d2f4f1f7a10"
}

# What the key is now. The Kafka password is left out: the key keeps the one it has.
resource "streamkap_project_key" "orders" {
  name        = "orders-consumer"
  description = "Reads the order topics"
  role_ids    = [data.streamkap_role.read_only.id]

  kafka {
    username = "orders-consumer"

    acl {
      name         = "orders."
      operation    = "READ"
      pattern_type = "PREFIXED"
    }
  }
}

data "streamkap_role" "read_only" {
  name = "Read Only"
}
