// SPDX-License-Identifier: MPL-2.0

package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

const introduction = `Simulator runs a simulated Streamkap API for project keys on this machine.

Usage:

    go run ./internal/cmd/simulator [flags]

It prints the environment variables that point the provider at it on standard
output, and one line for each request on standard error.

Flags:

`

const explanations = `
Any HTTP client will do. With the environment that was printed:

    token=$(curl -s "$STREAMKAP_HOST/auth/access-token" -H 'Content-Type: application/json' \
      -d '{"client_id": "'$STREAMKAP_CLIENT_ID'", "secret": "'$STREAMKAP_SECRET'"}' | sed 's/.*"accessToken":"\([^"]*\).*/\1/')
    curl -s "$STREAMKAP_HOST/project-keys" -H "Authorization: Bearer $token"
    curl -s "$STREAMKAP_HOST/project-keys" -H "Authorization: Bearer $token" \
      -H 'Content-Type: application/json' -d '{"name": "by-hand", "role_ids": ["` + simulator.RoleReadOnly + `"]}'

Faults have a method and a path, each possibly *, and then any of

    status=503          answer in the service's place
    body=html           with the page of a gateway, or with a word, with JSON,
                        or with a text in single quotes
    header=Name:value   with this header
    processed           after the service did the work
    drop=before         close the connection; also after, truncated
    delay=2s            hold the answer back
    set={"name": null}  let these members take the place of the answer's
    late                show a key as it was before its last PATCH
    as=/project-keys/X  answer as if that path had been asked for
    skip=1              let this many requests pass first
    times=2             strike this often: once unless given, -1 for ever

Seed files hold a JSON list of keys, each as the body of a POST /project-keys,
and checked as one. Beside its members can stand id, service_id, status,
api_client_id, api_client_secret, created_by, created_at and last_used_at; what
is left out of them, and a Kafka password, is made up. For example

    [{"name": "made-by-hand", "role_ids": ["` + simulator.RoleReadOnly + `"]},
     {"name": "reader", "service_id": "ID", "kafka_config": {"username": "reader",
      "kafka_acls": [{"topic_name": "orders", "operation": "READ", "resource_pattern_type": "LITERAL"}]}}]

A project has a service= (its id), and if wanted a name=, a tenant=, and the
client= and secret= of its administrator. Without a tenant= it is of the same
tenant as the first project, ` + simulator.DefaultServiceID + `: its keys are
listed by both projects' credentials and changed by its own alone. Keys of other
tenants are never seen.

    -project service=65e94bbe0000000000000002,name=Billing

Roles files hold a JSON list of roles. Keys may do what their roles' permissions
say: ` + simulator.PermissionReadKeys + `, ` + simulator.PermissionWriteKeys + ` and ` + simulator.PermissionReadRoles + ` are
looked at here, and any others are shown.

    [{"id": "r1", "key": "key-reader", "name": "Key Reader", "permissions": ["` + simulator.PermissionReadKeys + `"]}]

With -kafka-ca a key's Kafka access is real: its user can log in where its
bootstrap_servers say, may do what its ACL rules allow, and is asked for its
password and its address. The broker is on loopback, so a whitelist that is to
let a client in has to list 127.0.0.1. A session ends at once when the key is
deleted or gets another password, or addresses that leave it out. An example,
for a key that may read, with the variables of examples/kafka-clients:

    go run ./internal/cmd/simulator -kafka-ca kafka-ca.pem

    kcat -C -e -t orders.created -b "$KAFKA_BOOTSTRAP_SERVERS" \
      -X security.protocol=SASL_SSL -X ssl.ca.location=kafka-ca.pem \
      -X sasl.mechanism=PLAIN -X sasl.username="$KAFKA_USERNAME" \
      -X sasl.password="$KAFKA_PASSWORD"

A client in a container of this machine finds the broker by the name that leads
there, and at ports that stay the same:

    go run ./internal/cmd/simulator -kafka-ca kafka-ca.pem \
      -kafka-listen 127.0.0.1:9092 -kafka-advertise host.docker.internal

Dialects: what the service does where that is not known. The first variant of
each row is the default; the number is the row's in the API contract.

`

// printHelp describes the flags, and the rows of the dialect.
func printHelp(flags *flag.FlagSet, w io.Writer) {
	fmt.Fprint(w, introduction)
	flags.SetOutput(w)
	flags.PrintDefaults()
	fmt.Fprint(w, explanations)
	for _, row := range simulator.Rows() {
		fmt.Fprintf(w, "%2d  %s: %s\n", row.Number, row.Name, row.About)
		for _, variant := range row.Variants {
			fmt.Fprintf(w, "      %-18s %s\n", variant.Name, variant.Means)
		}
	}
}
