// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// The names of the keys in examples/demo.
const (
	orders  = "orders-consumer"
	reports = "reports"
)

type step struct {
	title string
	about string
	take  func(context.Context) error
}

func (d *demo) steps() []step {
	return []step{
		{"Install the provider", "The CLI finds it in a mirror, which holds what was just built.", d.install},
		{"Create two keys", "The passwords are ephemeral variables: they are given anew to every command\nthat may need them, and remembered by none.", d.create},
		{"Look for the secrets in the state", "The state is a file like any other, and grep reads it. It counts lines: first\nthose with the client secret or a password, then those with the id.", d.searchState},
		{"Read the outputs", "The service issues these values. The secret one is an age file: nobody can read it\nbut the recipient.", d.readOutputs},
		{"Plan again", "Nothing has changed, so there must be nothing to do.", d.planNothing},
		{"Rotate a Kafka password", "The CLI cannot compare a password that it does not remember. Another\nversion number tells it that there is a new one.", d.rotate},
		{"Give the second key access to the API", "Until now it had access to Kafka alone.", d.addAPIAccess},
		{"Read from Kafka with the first key", "A Kafka client, made of the outputs and the new password, tries its doors.", d.useKafka},
		{"Destroy both keys", "A key is destroyed when the service no longer knows it.", d.destroy},
	}
}

func (d *demo) install(ctx context.Context) error {
	done, err := d.command(ctx, "init")
	if err != nil {
		return err
	}
	return d.verify(claim{"init asked the service for nothing", len(done.requests) == 0})
}

func (d *demo) create(ctx context.Context) error {
	passwords := []string{
		d.newPassword("TF_VAR_orders_password"),
		d.newPassword("TF_VAR_reports_password"),
	}
	planned, applied, err := d.change(ctx, "create.tfplan")
	if err != nil {
		return err
	}
	d.showHoldings()
	one, two := d.key(orders), d.key(reports)
	state, plan, err := d.stored("create.tfplan")
	if err != nil {
		return err
	}
	return d.verify(
		claim{"the plan read the roles and changed nothing", len(writes(planned.requests)) == 0},
		claim{
			"one POST made each key, and apply waited until both were active",
			isWrites(applied.requests, http.MethodPost, http.MethodPost) && applied.took >= provisionTime &&
				one.Status == simulator.StatusActive && two.Status == simulator.StatusActive,
		},
		claim{
			"the first key has roles, Kafka and a scope for AI agents; the second Kafka only",
			one.HasAPI() && one.HasKafka() && one.ToolProfile != "" && !two.HasAPI() && two.HasKafka(),
		},
		claim{
			"the server took both passwords",
			one.KafkaPassword == passwords[0] && two.KafkaPassword == passwords[1],
		},
		claim{
			"neither password is in the state file or in the plan file",
			!holdsAny(state, passwords...) && !holdsAny(plan, passwords...),
		},
		claim{"the client secret is in neither of them", !holdsAny(state, one.APISecret) && !holdsAny(plan, one.APISecret)},
	)
}

func (d *demo) readOutputs(ctx context.Context) error {
	if _, err := d.command(ctx, "output"); err != nil {
		return err
	}
	id, err := d.output(ctx, "orders_id")
	if err != nil {
		return err
	}
	secret, err := d.decrypted(ctx, "orders_client_secret")
	if err != nil {
		return err
	}
	return d.verify(
		claim{"orders_id is the id of the key that the server holds", id == d.key(orders).ID},
		claim{"orders_client_secret is its client secret, once decrypted", secret == d.key(orders).APISecret},
	)
}

func (d *demo) planNothing(ctx context.Context) error {
	planned, err := d.command(ctx, "plan", "-detailed-exitcode")
	if err != nil {
		return err
	}
	return d.verify(
		claim{"the plan is empty: exit code 0 (2 would be changes, 1 an error)", !planned.changes},
		claim{"it warns of nothing", !strings.Contains(planned.text, "Warning:")},
	)
}

func (d *demo) rotate(ctx context.Context) error {
	before := d.key(orders)
	password := d.newPassword("TF_VAR_orders_password")
	d.export("TF_VAR_orders_password_version", "2")
	planned, applied, err := d.change(ctx, "rotate.tfplan")
	if err != nil {
		return err
	}
	d.showHoldings()
	after := d.key(orders)
	state, plan, err := d.stored("rotate.tfplan")
	if err != nil {
		return err
	}
	return d.verify(
		claim{
			"the plan warns that consumers of this key will be disconnected",
			strings.Count(planned.text, "Warning:") == 1 && strings.Contains(words(planned.text), "disconnects consumers"),
		},
		claim{
			"one PATCH went out, with the password and nothing else",
			isWrites(applied.requests, http.MethodPatch) && holdsOnly(writes(applied.requests)[0], "kafka_password"),
		},
		claim{
			"the same key now has the new password",
			after.ID == before.ID && after.KafkaPassword == password && before.KafkaPassword != password,
		},
		claim{
			"no password is in the state file or in the plan file",
			!holdsAny(state, d.passwords...) && !holdsAny(plan, d.passwords...),
		},
	)
}

func (d *demo) addAPIAccess(ctx context.Context) error {
	before := d.key(reports)
	d.export("TF_VAR_reports_api_access", "true")
	_, applied, err := d.change(ctx, "access.tfplan")
	if err != nil {
		return err
	}
	d.showHoldings()
	d.gap()
	secret, err := d.decrypted(ctx, "reports_client_secret")
	if err != nil {
		return err
	}
	again, err := d.silent(ctx, io.Discard, "plan", "-detailed-exitcode")
	if err != nil {
		return err
	}
	after := d.key(reports)
	return d.verify(
		claim{
			"one PATCH went out, and the key kept its id and its password",
			isWrites(applied.requests, http.MethodPatch) && after.ID == before.ID && after.KafkaPassword == before.KafkaPassword,
		},
		claim{"the new client secret, which is shown once, is in the state, encrypted", after.APISecret != "" && secret == after.APISecret},
		claim{"the plan after that is empty", !again.changes},
	)
}

func (d *demo) destroy(ctx context.Context) error {
	key, err := d.ordersAccess(ctx, d.ordersPassword())
	if err != nil {
		return err
	}
	destroyed, err := d.command(ctx, "destroy", "-auto-approve")
	if err != nil {
		return err
	}
	d.gap()
	d.showHoldings()
	d.gap()
	_, refused := d.show(ctx, key, attempt{what: "The Kafka client once more:", topic: ordersTopic, group: orders, records: 3})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return d.verify(
		claim{
			"one DELETE went out for each key, and destroy waited until they were gone",
			isWrites(destroyed.requests, http.MethodDelete, http.MethodDelete) && len(d.server.Keys()) == 0,
		},
		claim{"the key that is gone opens nothing", errors.Is(refused, kerr.SaslAuthenticationFailed)},
	)
}
