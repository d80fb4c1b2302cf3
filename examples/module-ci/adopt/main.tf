terraform {
  required_providers {
    streamkap = {
      source = "streamkap-com/streamkap"
    }
  }
}

import {
  to = streamkap_project_key.made_by_hand
  id = "c1e9c152-3f0a-4c5e-9b57-0d2f4f1f7a10"
}

resource "streamkap_project_key" "made_by_hand" {
  name = "made-by-hand"

  kafka {
    username = "made-by-hand"

    acl {
      name      = "orders"
      operation = "READ"
    }
  }
}
