terraform {
  required_version = ">= 1.11" # the first with write-only arguments

  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
    aws = {
      source = "hashicorp/aws"
    }
  }
}

resource "aws_secretsmanager_secret" "api" {
  name = "streamkap/orders/api"
}

resource "aws_secretsmanager_secret_version" "api" {
  secret_id                = aws_secretsmanager_secret.api.id
  secret_string_wo         = local.key.credential_json
  secret_string_wo_version = local.credential_version

  lifecycle {
    precondition {
      condition     = local.key.credential_json != null
      error_message = "The client secret of this key is not known: it was imported."
    }
  }
}

resource "aws_secretsmanager_secret" "kafka" {
  name = "streamkap/orders/kafka"
}

resource "aws_secretsmanager_secret_version" "kafka" {
  secret_id                = aws_secretsmanager_secret.kafka.id
  secret_string_wo         = local.client_properties
  secret_string_wo_version = local.kafka_version

  lifecycle {
    precondition {
      condition     = local.key.kafka.password_wo_version != null
      error_message = "The Kafka password of this key is not known: it was imported."
    }
  }
}
