output "id" {
  description = "Id of the key."
  value       = streamkap_project_key.this.id
}

output "bootstrap_servers" {
  description = "Where the consumer connects."
  value       = streamkap_project_key.this.kafka.bootstrap_servers
}
