data "streamkap_whoami" "this" {}

output "project" {
  value = data.streamkap_whoami.this.service_id
}
