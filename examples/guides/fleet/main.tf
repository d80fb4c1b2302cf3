locals {
  keys = yamldecode(file("${path.module}/keys.yaml"))
}

module "key" {
  source   = "./key"
  for_each = local.keys

  name              = each.key
  spec              = each.value
  role_ids          = { for name, role in data.streamkap_role.used : name => role.id }
  password          = try(var.kafka_passwords[each.key], var.kafka_passwords["*"], null)
  secret_recipients = var.secret_recipients
}

data "streamkap_role" "used" {
  for_each = toset(flatten([for key in local.keys : try(key.roles, [])]))
  name     = each.key
}

# A key that somebody made by hand has its id in the file, and is adopted.
import {
  for_each = { for name, key in local.keys : name => key.id if can(key.id) }
  to       = module.key[each.key].streamkap_project_key.this
  id       = each.value
}

variable "kafka_passwords" {
  description = "Kafka passwords by key: those that this run sends. * is for a plan that nobody applies."
  type        = map(string)
  default     = {}
  sensitive   = true
  ephemeral   = true
}

variable "secret_recipients" {
  type = set(string)
}

# Not secret: the secrets are age files.
output "keys" {
  value = module.key
}
