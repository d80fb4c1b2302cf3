# A key in generations: the newest one, and those before it that stay while
# consumers move. Each is a key of its own, with the same rules.

terraform {
  required_version = ">= 1.11" # the first with write-only arguments

  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

variable "name" {
  type = string
}

variable "username" {
  description = "Beginning of the Kafka usernames. \"-g\" and the generation follow; the whole has at most 24 characters."
  type        = string
}

variable "generation" {
  description = "The newest generation. One more than before creates a further key."
  type        = number

  validation {
    condition     = var.generation >= 1 && floor(var.generation) == var.generation
    error_message = "Generations are counted 1, 2, 3."
  }
}

variable "retained" {
  description = "How many generations stay besides the newest."
  type        = number
  default     = 1
}

variable "password" {
  description = "Kafka password of the newest generation. It is sent when that one is created, and stored nowhere."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "secret_recipients" {
  description = "Who can read the secrets. The state holds them encrypted."
  type        = set(string)
}

variable "role_ids" {
  type = set(string)
}

variable "acls" {
  type = list(object({
    name         = string
    operation    = string
    resource     = optional(string, "TOPIC")
    pattern_type = optional(string, "LITERAL")
  }))
}

locals {
  oldest      = max(1, var.generation - var.retained)
  generations = toset([for n in range(local.oldest, var.generation + 1) : tostring(n)])
  newest      = streamkap_project_key.this[tostring(var.generation)]
}

resource "streamkap_project_key" "this" {
  for_each = local.generations

  name     = "${var.name} g${each.key}"
  role_ids = var.role_ids

  secret_recipients = var.secret_recipients

  kafka {
    username            = "${var.username}-g${each.key}"
    password_wo         = var.password
    password_wo_version = 1

    dynamic "acl" {
      for_each = var.acls
      content {
        name         = acl.value.name
        operation    = acl.value.operation
        resource     = acl.value.resource
        pattern_type = acl.value.pattern_type
      }
    }
  }
}

output "username" {
  value = local.newest.kafka.username
}

output "bootstrap_servers" {
  value = local.newest.kafka.bootstrap_servers
}

output "encrypted_client_secret" {
  value = local.newest.api.encrypted_client_secret
}

output "encrypted_password" {
  value = local.newest.kafka.encrypted_password
}

output "client_id" {
  value = local.newest.api.client_id
}
