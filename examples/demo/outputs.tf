output "orders_id" {
  value = streamkap_project_key.orders.id
}

# A Kafka client needs these, SASL_SSL with PLAIN, the user name and the password.
output "orders_bootstrap_servers" {
  value = streamkap_project_key.orders.kafka.bootstrap_servers
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

output "reports_client_id" {
  value = try(streamkap_project_key.reports.api.client_id, null)
}
