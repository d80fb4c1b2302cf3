module "orders" {
  source = "./overlapping-key"

  name       = "orders-consumer"
  username   = "orders"
  generation = 1 # one more, and never two at once
  password   = var.orders_password
  role_ids   = [data.streamkap_role.read_only.id]

  secret_recipients = var.secret_recipients

  acls = [
    { name = "orders.", operation = "READ", pattern_type = "PREFIXED" },
    { name = "orders-consumer", operation = "READ", resource = "GROUP" },
  ]
}

data "streamkap_role" "read_only" {
  name = "Read Only"
}

variable "orders_password" {
  description = "A new one for each generation. Needed only where one is created."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

variable "secret_recipients" {
  type = set(string)
}

# Of the newest generation. The secrets are age files.
output "orders" {
  value = module.orders
}
