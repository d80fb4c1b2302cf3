# A module that hands a key's secrets over in the apply that makes it.

terraform {
  required_version = ">= 1.11"

  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

resource "streamkap_project_key" "this" {
  name              = "orders-consumer"
  secret_recipients = var.secret_recipients

  kafka {
    username            = "orders-consumer"
    password_wo         = var.password
    password_wo_version = 1

    acl {
      name         = "orders."
      operation    = "READ"
      pattern_type = "PREFIXED"
    }
  }
}

resource "terraform_data" "handover" {
  triggers_replace = sha256(streamkap_project_key.this.kafka.encrypted_password)

  provisioner "local-exec" {
    command = "test -n \"$PASSWORD\"" # in place of the program of your secret store
    environment = {
      PASSWORD = provider::streamkap::decrypt(streamkap_project_key.this.kafka.encrypted_password, var.secret_identity)
    }
  }
}

variable "password" {
  type      = string
  sensitive = true
  ephemeral = true
}

variable "secret_recipients" {
  type = set(string)
}

variable "secret_identity" {
  type      = string
  sensitive = true
  ephemeral = true
}
