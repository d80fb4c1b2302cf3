provider "streamkap" {
  alias       = "orders"
  project_key = var.orders_credentials
  service_id  = "65e94bbe0000000000000001" # credentials of another project are refused
}

variable "orders_credentials" {
  description = "Credential file of a key that manages the keys of the project orders."
  type        = string
  sensitive   = true
  ephemeral   = true
}

module "orders_team_a" {
  source    = "./team"
  providers = { streamkap = streamkap.orders }

  team = "team-a"
  consumers = {
    invoices = { topics = ["orders.created"] }
    audit    = { topics = ["orders.created", "orders.paid"] }
  }
  passwords = var.orders_team_a_passwords

  secret_recipients = var.orders_recipients
}

variable "orders_team_a_passwords" {
  description = "Kafka passwords by consumer: of those that this run creates or rotates."
  type        = map(string)
  default     = {}
  sensitive   = true
  ephemeral   = true
}

variable "orders_recipients" {
  type = set(string)
}
