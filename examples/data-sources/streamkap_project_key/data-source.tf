# By its name, within the project of the provider's credentials.
data "streamkap_project_key" "orders" {
  name = "orders-consumer"
}

# By its id, in any project of the tenant.
data "streamkap_project_key" "billing" {
  id = "c1e9c152-3f0a-4c5e-9b57-0d2f4f1f7a10"
}

output "orders_endpoint" {
  value = data.streamkap_project_key.orders.kafka.proxy_endpoint
}

check "billing_key_is_active" {
  assert {
    condition     = lower(data.streamkap_project_key.billing.status) == "active"
    error_message = "The billing key is ${data.streamkap_project_key.billing.status}."
  }
}
