resource "streamkap_project_key" "orders" {
  name = "orders-consumer"

  kafka {
    username = "orders-consumer"
    password = var.orders_password # kept in the state; a change rotates it

    acl {
      name         = "orders."
      operation    = "READ"
      pattern_type = "PREFIXED"
    }
  }
}

variable "orders_password" {
  type      = string
  sensitive = true
}
