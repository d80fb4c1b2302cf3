resource "aws_secretsmanager_secret" "api" {
  name = "streamkap/orders/api"
}

resource "aws_secretsmanager_secret_version" "api" {
  secret_id                = aws_secretsmanager_secret.api.id
  secret_string_wo         = local.credential
  secret_string_wo_version = local.credential_version
}

resource "aws_secretsmanager_secret" "kafka" {
  name = "streamkap/orders/kafka"
}

resource "aws_secretsmanager_secret_version" "kafka" {
  secret_id                = aws_secretsmanager_secret.kafka.id
  secret_string_wo         = local.client_properties
  secret_string_wo_version = local.kafka_version
}
