#!/bin/sh
# Writes each secret of each key into a Kubernetes Secret. Needs jq, age, kubectl
# and the private key, in key.txt. No argument and no file has a secret in clear.
set -eu
terraform output -json keys >keys.json
for part in client_secret kafka_password; do
  names=$(jq -r --arg part "$part" 'to_entries[] | select(.value[$part]) | .key' keys.json)
  for name in $names; do
    secret=$(jq -r --arg name "$name" --arg part "$part" '.[$name][$part]' keys.json | age --decrypt --identity key.txt)
    printf '%s' "$secret" |
      kubectl create secret generic "$name-$(echo "$part" | tr _ -)" --dry-run=client --output=yaml --from-file="$part"=/dev/stdin |
      kubectl apply --filename=-
  done
done
