terraform {
  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

# The credentials come from the environment: STREAMKAP_CLIENT_ID and
# STREAMKAP_SECRET, or STREAMKAP_PROJECT_KEY.
provider "streamkap" {}
