#!/bin/sh
# Tests the module with a simulator that it starts and stops.
#
#   CLI=tofu ./test.sh -verbose
set -eu
cd "$(dirname "$0")"
cli=${CLI:-terraform}

dir=$(mktemp -d)
${SIMULATOR:-simulator} -listen 127.0.0.1:0 -seed seed.json >"$dir/env" 2>"$dir/requests.log" &
pid=$!
trap 'kill "$pid" 2>/dev/null; cat "$dir/requests.log"; rm -r "$dir"' EXIT

# It prints where it is and its credentials, STREAMKAP_SECRET last.
until grep -qs STREAMKAP_SECRET "$dir/env"; do
  kill -0 "$pid" || exit 1
  sleep 0.1
done
. "$dir/env"

# "terraform test" knows no import blocks, so this is a configuration of its
# own. It adopts the key in seed.json. Whatever it changed would be in the log.
cp -r adopt "$dir"
"$cli" -chdir="$dir/adopt" init -input=false
"$cli" -chdir="$dir/adopt" apply -auto-approve
if grep -E " (POST /project-keys|PATCH [^ ]+|DELETE [^ ]+) " "$dir/requests.log"; then
  echo "adopt/main.tf does not describe the key as it is" >&2
  exit 1
fi

"$cli" init -input=false
"$cli" test "$@"
