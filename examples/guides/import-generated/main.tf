# No resource yet: "terraform plan -generate-config-out=orders.tf" writes it.
import {
  to = streamkap_project_key.orders
  id = "c1e9c152-3f0a-4c5e-9b57-0d2f4f1f7a10"
}
