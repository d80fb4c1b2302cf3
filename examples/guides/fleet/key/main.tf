# One key, as its entry in the file says.

terraform {
  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

variable "name" {
  type = string
}

variable "spec" {
  description = "The entry. What it may have is checked here, so that a misspelled word does not go unnoticed."
  type        = any

  validation {
    condition     = length(setsubtract(keys(var.spec), ["id", "description", "roles", "kafka", "mcp"])) == 0
    error_message = "An entry has description, roles, kafka and mcp, and the id of a key to adopt."
  }
  validation {
    condition     = length(setsubtract(try(keys(var.spec.kafka), []), ["username", "password_version", "whitelist_ips", "schema_registry", "rules"])) == 0
    error_message = "kafka has username, password_version, whitelist_ips, schema_registry and rules."
  }
  validation {
    condition     = length(setsubtract(flatten([for rule in try(var.spec.kafka.rules, []) : keys(rule)]), ["name", "operation", "resource", "pattern_type"])) == 0
    error_message = "A rule has name, operation, resource and pattern_type."
  }
  validation {
    condition     = length(setsubtract(try(keys(var.spec.mcp), []), ["tool_profile", "allowed_tools", "blocked_tools"])) == 0
    error_message = "mcp has tool_profile, allowed_tools and blocked_tools."
  }
}

variable "role_ids" {
  description = "Ids of roles by their names."
  type        = map(string)
}

variable "password" {
  type      = string
  sensitive = true
  ephemeral = true
}

variable "secret_recipients" {
  type = set(string)
}

resource "streamkap_project_key" "this" {
  name              = var.name
  description       = try(var.spec.description, null)
  role_ids          = can(var.spec.roles) ? [for name in var.spec.roles : var.role_ids[name]] : null
  secret_recipients = var.secret_recipients

  dynamic "kafka" {
    for_each = try([var.spec.kafka], [])
    content {
      username            = kafka.value.username
      password_wo         = var.password
      password_wo_version = try(kafka.value.password_version, can(var.spec.id) ? null : 1) # an adopted key keeps its password
      whitelist_ips       = try(kafka.value.whitelist_ips, null)
      schema_registry     = try(kafka.value.schema_registry, null)

      dynamic "acl" {
        for_each = try(kafka.value.rules, [])
        content {
          name         = acl.value.name
          operation    = acl.value.operation
          resource     = try(acl.value.resource, null)
          pattern_type = try(acl.value.pattern_type, null)
        }
      }
    }
  }

  dynamic "mcp" {
    for_each = try([var.spec.mcp], [])
    content {
      tool_profile  = try(mcp.value.tool_profile, null)
      allowed_tools = try(mcp.value.allowed_tools, null)
      blocked_tools = try(mcp.value.blocked_tools, null)
    }
  }
}

output "id" {
  value = streamkap_project_key.this.id
}

output "client_id" {
  value = try(streamkap_project_key.this.api.client_id, null)
}

output "client_secret" {
  value = try(streamkap_project_key.this.api.encrypted_client_secret, null)
}

output "kafka_username" {
  value = try(streamkap_project_key.this.kafka.username, null)
}

output "kafka_password" {
  value = try(streamkap_project_key.this.kafka.encrypted_password, null)
}

output "bootstrap_servers" {
  value = try(streamkap_project_key.this.kafka.bootstrap_servers, null)
}
