# Puts the keys of keys.auto.tfvars.json under Terraform's control, without
# changing any. The file is written once:
#
#   terraform -chdir=find init
#   terraform -chdir=find apply
#   terraform -chdir=find output -raw keys >keys.auto.tfvars.json
#
# From then on it says what is wanted: what others do to the keys shows up as a
# change and takes none of them out of it.

terraform {
  required_version = ">= 1.7" # the first whose import blocks have for_each

  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

provider "streamkap" {}

variable "keys" {
  type = map(object({
    id          = string
    name        = string
    description = optional(string)
    role_ids    = set(string)
  }))
}

import {
  for_each = var.keys
  to       = streamkap_project_key.team[each.key]
  id       = each.value.id
}

resource "streamkap_project_key" "team" {
  for_each = var.keys

  name        = each.value.name
  description = each.value.description
  role_ids    = each.value.role_ids

  # The secret of an adopted key is known to its users alone, so none can be
  # made anew: a plan that would delete one fails.
  lifecycle {
    prevent_destroy = true
  }
}

output "adopted" {
  value = { for address, key in streamkap_project_key.team : address => key.id }
}
