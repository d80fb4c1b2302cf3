# A module under test: a key for a consumer of topics that share a prefix.

terraform {
  required_version = ">= 1.11" # the first with write-only arguments

  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

resource "streamkap_project_key" "this" {
  name = var.name

  kafka {
    username            = var.name
    password_wo         = var.password
    password_wo_version = var.password_version

    acl {
      name         = var.topic_prefix
      operation    = "READ"
      pattern_type = "PREFIXED"
    }
    acl {
      name      = var.name
      resource  = "GROUP"
      operation = "READ"
    }
  }
}
