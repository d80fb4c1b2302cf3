# The password of the mocked key, and the pair that it is encrypted to. The pair
# is for tests alone: everybody can read it.

mock_provider "streamkap" {
  mock_resource "streamkap_project_key" {
    defaults = {
      id = "c1e9c152-3f0a-4c5e-9b57-0d2f4f1f7a10"
      kafka = {
        # printf %s Only-for-tests-1 | age --armor --recipient age1...
        encrypted_password = <<-AGE
          -----BEGIN AGE ENCRYPTED FILE-----
          YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBrYXMyajFNNmF1MXkzTTY1
          b3d2dkpNM05VeDVsZFZReTFZWnV1L2ZqbGtjCnBITHViVE9tdEFCWU9rTG5tdFp2
          M0pKY3hSbmpUa0ZpbWV2WjJvMVJtWjQKLS0tIGU2Mkxxa3ZUVlVPV1E2Q2tqQlVt
          L2NLV1Z6b1NSZHRtQzRiZDhzZ1pYWXcKgRVxQbjhBYuh3eBesWiN1YweKZbPeW2O
          FBdTklRLtxx/6knX3Amp+0UQVRp5RVVR
          -----END AGE ENCRYPTED FILE-----
        AGE
      }
    }
  }
}

variables {
  password          = "Only-for-tests-1"
  secret_recipients = ["age19wl7epfxj94q76sj3wtfj0esglp5ld2ycrzux6yc5jwkp3m4aayqpy9qnl"]
  secret_identity   = "AGE-SECRET-KEY-17RS2PW5C82CDKXWMXD57XNNXRS9FPGCMQKPU83Q4Q069NFZHVCHQPNDY8T"
}

run "hands_the_password_over" {
  assert {
    condition     = terraform_data.handover.id != ""
    error_message = "The password was not handed over."
  }
}
