terraform {
  required_version = ">= 1.11" # the first with write-only arguments

  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

provider "streamkap" {}

module "orders" {
  source = "./overlapping-key"

  name       = "orders-consumer"
  username   = "orders"
  generation = 1 # one more, and never two at once
  password   = var.orders_password
  role_ids   = [data.streamkap_role.read_only.id]

  acls = [
    { name = "orders.", operation = "READ", pattern_type = "PREFIXED" },
    { name = "orders-consumer", operation = "READ", resource = "GROUP" },
  ]
}

data "streamkap_role" "read_only" {
  name = "Read Only"
}

variable "orders_password" {
  description = "A new one for each generation. It is needed only where one is made."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

output "orders_credential" {
  value     = module.orders.credential_json
  sensitive = true
}
