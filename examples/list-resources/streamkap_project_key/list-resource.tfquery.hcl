# terraform query -generate-config-out=keys.tf
list "streamkap_project_key" "team" {
  provider         = streamkap
  include_resource = true
  limit            = 50

  config {
    name_regex = "^team-"
    status     = "Active"
  }
}
