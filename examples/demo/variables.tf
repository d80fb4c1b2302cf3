variable "secret_recipients" {
  type        = set(string)
  description = "Public keys of those who can read the keys' secrets, of age or SSH."
}

# Ephemeral values are in no state file and in no plan file.

variable "orders_password" {
  type        = string
  description = "Kafka password of the orders key."
  sensitive   = true
  ephemeral   = true
}

variable "orders_password_version" {
  type        = number
  description = "Another number sends orders_password again, which rotates the password."
  default     = 1
}

variable "reports_password" {
  type        = string
  description = "Kafka password of the reports key."
  sensitive   = true
  ephemeral   = true
}

variable "reports_api_access" {
  type        = bool
  description = "Whether the reports key can be used with the API too."
  default     = false
}
