variable "name" {
  description = "Name of the key, its Kafka user and its consumer group."
  type        = string
}

variable "topic_prefix" {
  description = "What the names of the topics begin with."
  type        = string

  validation {
    condition     = endswith(var.topic_prefix, ".")
    error_message = "The prefix has to end with a dot, or it would match topics of other teams."
  }
}

variable "password" {
  description = "Kafka password."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "password_version" {
  description = "Another number rotates the password."
  type        = number
  default     = 1
}
