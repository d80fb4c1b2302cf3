# Run against the simulator: STREAMKAP_HOST, STREAMKAP_CLIENT_ID and
# STREAMKAP_SECRET say where it is.

variables {
  name         = "orders-consumer"
  topic_prefix = "orders."
  password     = "Only-for-tests-1"
}

run "creates_a_key" {
  assert {
    condition     = lower(streamkap_project_key.this.status) == "active"
    error_message = "The key is ${streamkap_project_key.this.status}."
  }

  assert {
    condition     = length(streamkap_project_key.this.kafka.acl) == 2
    error_message = "The key has other than two rules."
  }

  assert {
    condition     = output.bootstrap_servers != null
    error_message = "Nobody knows where to connect."
  }
}

run "plans_to_rotate_in_place" {
  command = plan

  variables {
    password         = "Only-for-tests-2"
    password_version = 2
  }

  # The id of a key that is replaced is not known yet, and a test fails whose
  # condition is not known.
  assert {
    condition     = length(output.id) > 0
    error_message = "The key has no id."
  }
}

run "rotates" {
  variables {
    password         = "Only-for-tests-2"
    password_version = 2
  }

  assert {
    condition     = streamkap_project_key.this.kafka.password_wo_version == 2
    error_message = "The password was not rotated."
  }
}

run "refuses_an_open_prefix" {
  command = plan

  variables {
    topic_prefix = "orders"
  }

  expect_failures = [var.topic_prefix]
}
