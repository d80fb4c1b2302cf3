resource "vault_kv_secret_v2" "api" {
  mount                = "secret"
  name                 = "streamkap/orders/api"
  data_json_wo         = jsonencode({ credential = local.credential })
  data_json_wo_version = local.credential_version
}

resource "vault_kv_secret_v2" "kafka" {
  mount                = "secret"
  name                 = "streamkap/orders/kafka"
  data_json_wo         = jsonencode({ "client.properties" = local.client_properties })
  data_json_wo_version = local.kafka_version
}
