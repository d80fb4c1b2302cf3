output "orders_id" {
  value = streamkap_project_key.orders.id
}

output "orders_bootstrap_servers" {
  value = streamkap_project_key.orders.kafka.bootstrap_servers
}

output "orders_client_id" {
  value = streamkap_project_key.orders.api.client_id
}

output "orders_client_secret" {
  value     = streamkap_project_key.orders.api.client_secret
  sensitive = true
}

output "reports_id" {
  value = streamkap_project_key.reports.id
}

# Null as long as the key has no API access.
output "reports_client_secret" {
  value     = try(streamkap_project_key.reports.api.client_secret, null)
  sensitive = true
}
