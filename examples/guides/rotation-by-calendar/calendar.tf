locals {
  start  = "2026-11" # the month of the first apply: generation 1
  months = 3         # a new generation every three months

  month = 12 * tonumber(formatdate("YYYY", plantimestamp())) + tonumber(formatdate("M", plantimestamp()))
  since = local.month - 12 * tonumber(split("-", local.start)[0]) - tonumber(split("-", local.start)[1])
  due   = floor(local.since / local.months) + 1

  # After missed runs, each run creates one generation, so that the newest one so
  # far always stays for another turn.
  newest  = max(0, [for key in data.streamkap_project_keys.generations.project_keys : tonumber(regex("[0-9]+$", key.name))]...)
  current = local.newest == 0 ? local.due : max(local.newest, min(local.due, local.newest + 1))
}

data "streamkap_project_keys" "generations" {
  name_regex = "^orders-consumer g[0-9]+$"
  service_id = data.streamkap_whoami.this.service_id
}

data "streamkap_whoami" "this" {}
