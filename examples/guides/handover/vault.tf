terraform {
  required_version = ">= 1.11" # the first with write-only arguments

  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
    vault = {
      source = "hashicorp/vault"
    }
  }
}

resource "vault_kv_secret_v2" "api" {
  mount                = "secret"
  name                 = "streamkap/orders/api"
  data_json_wo         = jsonencode({ credential = local.key.credential_json })
  data_json_wo_version = local.credential_version

  lifecycle {
    precondition {
      condition     = local.key.credential_json != null
      error_message = "The client secret of this key is not known: it was imported."
    }
  }
}

resource "vault_kv_secret_v2" "kafka" {
  mount                = "secret"
  name                 = "streamkap/orders/kafka"
  data_json_wo         = jsonencode({ "client.properties" = local.client_properties })
  data_json_wo_version = local.kafka_version

  lifecycle {
    precondition {
      condition     = local.key.kafka.password_wo_version != null
      error_message = "The Kafka password of this key is not known: it was imported."
    }
  }
}
