locals {
  # Excel begins a file with a byte order mark, which would be part of the first column's name.
  acls = csvdecode(trimprefix(file("${path.module}/acls.csv"), "\ufeff"))
}

resource "streamkap_project_key" "reporting" {
  name = "reporting"

  kafka {
    username = "reporting"
    password = var.reporting_password

    dynamic "acl" {
      for_each = local.acls
      content {
        name         = acl.value.name
        resource     = acl.value.resource
        operation    = acl.value.operation
        pattern_type = acl.value.pattern_type
      }
    }
  }
}

variable "reporting_password" {
  type      = string
  sensitive = true
}
