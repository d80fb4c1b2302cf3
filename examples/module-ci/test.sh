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
trap 'kill "$pid" 2>/dev/null || true; cat "$dir/requests.log"; rm -r "$dir"' EXIT

# It prints where it is and its credentials, STREAMKAP_SECRET last.
until grep -qs STREAMKAP_SECRET "$dir/env"; do
  kill -0 "$pid" 2>/dev/null || exit 1 # it has said why
  sleep 0.1
done
. "$dir/env"

# init asks where the CLI configuration says. With dev_overrides for the
# provider it can fail, because it then looks for a release all the same: a
# filesystem_mirror is what a provider of one's own can be installed from.
init() {
  "$cli" "$@" init -input=false || {
    echo "init failed; if the CLI configuration has dev_overrides, use a filesystem_mirror instead" >&2
    exit 1
  }
}

# "terraform test" knows no import blocks, so this is a configuration of its
# own. It adopts the key in seed.json. Whatever it changed would be in the log.
cp -r adopt "$dir"
init -chdir="$dir/adopt"
"$cli" -chdir="$dir/adopt" apply -auto-approve
if grep -E " (POST /project-keys|PATCH [^ ]+|DELETE [^ ]+) " "$dir/requests.log"; then
  echo "adopt/main.tf does not describe the key as it is" >&2
  exit 1
fi

init
"$cli" test "$@"

# And once more without any API.
"$cli" test -test-directory=mocked
