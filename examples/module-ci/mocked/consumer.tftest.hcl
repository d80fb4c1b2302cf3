# terraform test -test-directory=mocked

mock_provider "streamkap" {
  mock_resource "streamkap_project_key" {
    defaults = {
      id     = "c1e9c152-3f0a-4c5e-9b57-0d2f4f1f7a10"
      status = "Active"
    }
  }
}

variables {
  name         = "orders-consumer"
  topic_prefix = "orders."
  password     = "Only-for-tests-1"
}

run "asks_for_the_rules_of_a_consumer" {
  assert {
    condition     = [for rule in streamkap_project_key.this.kafka.acl : rule.name] == ["orders.", "orders-consumer"]
    error_message = "The rules are not those of a consumer."
  }
}
