resource "streamkap_project_key" "orders" {
  name = "orders-consumer"

  kafka {
    username            = "orders-consumer"
    password_wo         = var.orders_password # in no state and no plan
    password_wo_version = 1                   # another number rotates the password
    whitelist_ips       = ["192.168.1.0/24"]
    schema_registry     = true

    acl {
      name         = "orders."
      operation    = "READ"
      pattern_type = "PREFIXED"
    }
    acl {
      name      = "orders-consumer"
      resource  = "GROUP"
      operation = "READ"
    }
  }
}

variable "orders_password" {
  type      = string
  sensitive = true
  ephemeral = true
}

output "orders_bootstrap_servers" {
  value = streamkap_project_key.orders.kafka.bootstrap_servers
}
