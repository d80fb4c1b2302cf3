provider "streamkap" {
  alias       = "billing"
  project_key = var.billing_credentials
  service_id  = "65e94bbe0000000000000002"
}

variable "billing_credentials" {
  description = "Credential file of a key that manages the keys of the project billing."
  type        = string
  sensitive   = true
  ephemeral   = true
}

module "billing_team_a" {
  source    = "./team"
  providers = { streamkap = streamkap.billing }

  team      = "team-a"
  consumers = { ledger = { topics = ["bookings"], role = "Data Admin" } }
  passwords = var.billing_team_a_passwords

  secret_recipients = var.billing_recipients
}

variable "billing_team_a_passwords" {
  type      = map(string)
  default   = {}
  sensitive = true
  ephemeral = true
}

variable "billing_recipients" {
  type = set(string)
}
