variable "orders_password" {
  description = "Kafka password of the key."
  type        = string
  sensitive   = true
}

resource "streamkap_project_key" "orders" {
  name = "orders-consumer"

  kafka {
    username = "orders-consumer"
    password = var.orders_password

    acl {
      name         = "orders."
      operation    = "READ"
      pattern_type = "PREFIXED"
    }
  }
}

# (umask 077; terraform output -raw client_properties > client.properties)
output "client_properties" {
  value = provider::streamkap::kafka_client_properties(
    streamkap_project_key.orders.kafka.bootstrap_servers,
    streamkap_project_key.orders.kafka.username,
    streamkap_project_key.orders.kafka.password,
  )
  sensitive = true
}
