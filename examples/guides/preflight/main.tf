data "streamkap_role" "read_only" {
  name = "Read Only"
}

# The address was streamkap_project_key.orders before.
moved {
  from = streamkap_project_key.orders
  to   = streamkap_project_key.orders_consumer
}

resource "streamkap_project_key" "orders_consumer" {
  name     = "orders-consumer"
  role_ids = [data.streamkap_role.read_only.id]
}
