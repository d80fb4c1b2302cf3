data "streamkap_roles" "all" {}

output "role_ids" {
  value = { for role in data.streamkap_roles.all.roles : role.name => role.id }
}
