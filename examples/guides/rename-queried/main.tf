variable "generated" {
  description = "The file that terraform query has written."
  type        = string
  default     = "../keys.tf"
}

data "streamkap_project_keys" "all" {}

locals {
  key_names = { for key in data.streamkap_project_keys.all.project_keys : key.id => key.name }

  # The names that import blocks give to keys, as in all_0, and the keys' ids.
  imports = regexall("(?s)to\\s+=\\s+streamkap_project_key\\.([\\w-]+).*?\\bid\\s+=\\s+\"([^\"]+)\"", file(var.generated))

  # A name may begin with a digit, which no resource's does, and several keys may
  # have the same name.
  names = {
    for found in local.imports :
    found[0] => "key_${replace(lower(local.key_names[found[1]]), "/[^a-z0-9]+/", "_")}_${substr(sha256(found[1]), 0, 8)}"
  }
}

# A script for sed that gives the resources of the file these names.
output "sed" {
  value = join("\n", [
    for from, to in local.names : <<-SED
      s/"streamkap_project_key" "${from}"/"streamkap_project_key" "${to}"/
      s/streamkap_project_key\.${from}$/streamkap_project_key.${to}/
    SED
  ])
}

# The same for keys that were imported under the names in the file.
output "moved" {
  value = join("\n", [
    for from, to in local.names : <<-BLOCK
      moved {
        from = streamkap_project_key.${from}
        to   = streamkap_project_key.${to}
      }
    BLOCK
  ])
}
