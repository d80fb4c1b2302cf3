terraform {
  required_version = ">= 1.11" # the first with write-only arguments

  required_providers {
    streamkap = {
      source  = "streamkap-com/streamkap"
      version = "~> 0.1"
    }
  }
}

# The credentials come from the environment: STREAMKAP_CLIENT_ID and
# STREAMKAP_SECRET, or STREAMKAP_PROJECT_KEY.
provider "streamkap" {}
