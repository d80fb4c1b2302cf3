output "orders_id" {
  value = streamkap_project_key.orders.id
}

# All that a Kafka client has to know, but for the password.
output "orders_kafka" {
  value = {
    bootstrap_servers = streamkap_project_key.orders.kafka.bootstrap_servers
    security_protocol = streamkap_project_key.orders.kafka.security_protocol
    sasl_mechanism    = streamkap_project_key.orders.kafka.sasl_mechanism
    username          = streamkap_project_key.orders.kafka.username
  }
}

output "orders_client_id" {
  value = streamkap_project_key.orders.api.client_id
}

# An age file, which only a recipient can read.
output "orders_client_secret" {
  value = streamkap_project_key.orders.api.encrypted_client_secret
}

output "reports_id" {
  value = streamkap_project_key.reports.id
}

# Null as long as the key has no API access.
output "reports_client_secret" {
  value = try(streamkap_project_key.reports.api.encrypted_client_secret, null)
}
