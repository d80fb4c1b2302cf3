# What both providers are measured with: keys whose rules come out of a CSV file.

terraform {
  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

variable "keys" {
  type = number
}

variable "description" {
  type = string
}

variable "password" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "streamkap_project_key" "key" {
  count       = var.keys
  name        = "key-${count.index}"
  description = var.description

  kafka {
    username            = "key-${count.index}"
    password_wo         = var.password
    password_wo_version = 1

    dynamic "acl" {
      for_each = csvdecode(file("rules.csv"))
      content {
        name      = acl.value.name
        operation = "READ"
      }
    }
  }
}
