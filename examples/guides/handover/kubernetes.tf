resource "kubernetes_secret_v1" "api" {
  metadata {
    name      = "orders-streamkap-api"
    namespace = "orders"
  }

  data_wo          = { "credential.json" = local.credential }
  data_wo_revision = local.credential_version
}

resource "kubernetes_secret_v1" "kafka" {
  metadata {
    name      = "orders-streamkap-kafka"
    namespace = "orders"
  }

  data_wo          = { "client.properties" = local.client_properties }
  data_wo_revision = local.kafka_version
}
