locals {
  generation = 1 # one more, and never two at once
  retained   = 1 # how many generations stay besides the newest

  oldest      = max(1, local.generation - local.retained)
  generations = toset([for n in range(local.oldest, local.generation + 1) : tostring(n)])
}

# Each generation is a key of its own, with the same rules.
module "orders" {
  source   = "./key"
  for_each = local.generations

  name = "orders-consumer g${each.key}"
  spec = {
    roles = ["Read Only"]
    kafka = {
      username = "orders-g${each.key}"
      rules = [
        { name = "orders.", operation = "READ", pattern_type = "PREFIXED" },
        { name = "orders-consumer", operation = "READ", resource = "GROUP" },
      ]
    }
  }
  role_ids          = { "Read Only" = data.streamkap_role.read_only.id }
  password          = var.orders_password
  secret_recipients = var.secret_recipients
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

# The newest generation. Its secrets are age files.
output "orders" {
  value = module.orders[tostring(local.generation)]
}
