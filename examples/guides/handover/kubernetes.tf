terraform {
  required_version = ">= 1.11" # the first with write-only arguments

  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
    kubernetes = {
      source = "hashicorp/kubernetes"
    }
  }
}

resource "kubernetes_secret_v1" "api" {
  metadata {
    name      = "orders-streamkap-api"
    namespace = "orders"
  }

  data_wo          = { "credential.json" = local.key.credential_json }
  data_wo_revision = local.credential_version

  lifecycle {
    precondition {
      condition     = local.key.credential_json != null
      error_message = "The client secret of this key is not known: it was imported."
    }
  }
}

resource "kubernetes_secret_v1" "kafka" {
  metadata {
    name      = "orders-streamkap-kafka"
    namespace = "orders"
  }

  data_wo          = { "client.properties" = local.client_properties }
  data_wo_revision = local.kafka_version

  lifecycle {
    precondition {
      condition     = local.key.kafka.password_wo_version != null
      error_message = "The Kafka password of this key is not known: it was imported."
    }
  }
}
