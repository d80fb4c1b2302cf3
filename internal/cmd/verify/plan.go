// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify"
)

// printPlan says what a run would do. Nothing is sent for it.
func (c *command) printPlan(w io.Writer) {
	fmt.Fprintf(w, "This would be done at %s, with -yes:\n\n", c.options.Host)
	if c.clean {
		fmt.Fprintf(w, "  - delete the keys that the run of %s has left: those that a read shows to have one of its\n"+
			"    random names, in the project, and to be no older than its intention\n", c.options.Journal)
		return
	}
	roles := max(len(c.options.Roles), 1)
	for _, step := range []struct {
		done bool
		text string
	}{
		{true, "read whoami; compare the project with -service-id, and stop if it is another"},
		{true, "read the roles, the list of keys, a key that does not exist and one of another project, if there is any"},
		{true, fmt.Sprintf("make a key with %d role(s), set and clear its values, delete it", roles)},
		{c.options.Kafka, "before that, give it Kafka access with six rules for topics that do not exist, from 192.0.2.1 to 192.0.2.3 alone"},
		{len(c.options.Permissions) > 0, fmt.Sprintf("make a key with %d permission(s), which tries to give itself the roles, delete it", len(c.options.Permissions))},
		{c.options.Kafka, "make a Kafka-only key without rules, give it access to the API, delete it"},
		{c.options.EmptyWhitelist, "have that key's Kafka user, for seconds, without a restriction of its addresses"},
		{true, "read the list of keys again, and say whether others have changed"},
	} {
		if step.done {
			fmt.Fprintf(w, "  - %s\n", step.text)
		}
	}
	fmt.Fprintf(w, "\nAt most %d keys are asked for, one at a time, with at most %d requests a second: one to two minutes, and\n"+
		"longer where making or deleting a key takes its time, but no more than %.0f. Their names begin with \"verify-\".\n"+
		"What is about to be asked for is noted in %s first; should anything be left, verify -clean %s deletes it.\n",
		verify.MaxKeys, verify.RequestsPerSecond, verify.Longest.Minutes(), c.options.Journal, c.options.Journal)
}
