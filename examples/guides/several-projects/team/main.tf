# The keys of one team in one project.

terraform {
  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

variable "team" {
  type = string
}

variable "consumers" {
  type = map(object({
    topics           = set(string)
    role             = optional(string, "Read Only")
    password_version = optional(number, 1)
  }))
}

variable "passwords" {
  type      = map(string)
  sensitive = true
  ephemeral = true
}

variable "secret_recipients" {
  description = "Who can read the secrets of this team's keys. The state holds them encrypted."
  type        = set(string)
}

data "streamkap_role" "this" {
  for_each = toset([for consumer in var.consumers : consumer.role])
  name     = each.key
}

resource "streamkap_project_key" "consumer" {
  for_each = var.consumers

  name     = "${var.team}-${each.key}"
  role_ids = [data.streamkap_role.this[each.value.role].id]

  secret_recipients = var.secret_recipients

  kafka {
    username            = "${var.team}-${each.key}"
    password_wo         = lookup(var.passwords, each.key, null)
    password_wo_version = each.value.password_version

    dynamic "acl" {
      for_each = each.value.topics
      content {
        name      = acl.value
        operation = "READ"
      }
    }
    acl {
      name      = "${var.team}-${each.key}"
      resource  = "GROUP"
      operation = "READ"
    }
  }

  # A consumer that drops out of the map by mistake fails the plan.
  lifecycle {
    prevent_destroy = true
  }
}

# Not secret: age files.
output "encrypted_secrets" {
  value = {
    for name, key in streamkap_project_key.consumer : name => {
      client_secret = key.api.encrypted_client_secret
      password      = key.kafka.encrypted_password
    }
  }
}
