locals {
  start  = "2026-11" # the month of the first apply: generation 1
  months = 3         # a new generation every three months

  month = 12 * tonumber(formatdate("YYYY", plantimestamp())) + tonumber(formatdate("M", plantimestamp()))
  since = local.month - 12 * tonumber(split("-", local.start)[0]) - tonumber(split("-", local.start)[1])
  due   = floor(local.since / local.months) + 1

  # After missed runs, each run creates one generation, so that the newest one so
  # far always stays for another turn.
  newest     = max(0, [for key in data.streamkap_project_keys.generations.project_keys : tonumber(regex("[0-9]+$", key.name))]...)
  generation = local.newest == 0 ? local.due : max(local.newest, min(local.due, local.newest + 1))
}

data "streamkap_project_keys" "generations" {
  name_regex = "^orders-consumer g[0-9]+$"
  service_id = data.streamkap_whoami.this.service_id
}

data "streamkap_whoami" "this" {}

module "orders" {
  source = "./overlapping-key"

  name       = "orders-consumer"
  username   = "orders"
  generation = local.generation
  password   = var.orders_password
  role_ids   = [data.streamkap_role.read_only.id]

  secret_recipients = var.secret_recipients

  acls = [{ name = "orders.", operation = "READ", pattern_type = "PREFIXED" }]
}

data "streamkap_role" "read_only" {
  name = "Read Only"
}

variable "orders_password" {
  description = "A new one in every run. It is sent only where a generation is created."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "secret_recipients" {
  type = set(string)
}
