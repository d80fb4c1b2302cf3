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
		fmt.Fprintf(w, "  - delete the keys that the run of %s has left: those whose ids it received, and those with\n"+
			"    one of its random names that were created after it meant to\n", c.options.Journal)
		return
	}
	roles := len(c.options.Roles)
	if roles == 0 {
		roles = 1
	}
	for _, step := range []struct {
		done bool
		text string
	}{
		{true, "read whoami; compare the project with -service-id, and stop if it is another"},
		{true, "read the roles, the list of keys, a key that does not exist and one of another project, if there is any"},
		{true, "ask for three keys that have to be refused"},
		{true, fmt.Sprintf("make a key with %d role(s), use its credentials, set and clear its values, delete it", roles)},
		{c.options.Kafka, "before that, give it Kafka access with six rules for topics that do not exist, from 192.0.2.1 to 192.0.2.3 alone"},
		{len(c.options.Permissions) > 0, fmt.Sprintf("make a key with %d permission(s), move it to the roles, delete it", len(c.options.Permissions))},
		{c.options.Kafka, "make a Kafka-only key without rules, give it access to the API, delete it"},
		{c.options.EmptyWhitelist, "have that key's Kafka user, for seconds, without a restriction of its addresses"},
		{true, "read the list of keys again, and say whether others have changed"},
	} {
		if step.done {
			fmt.Fprintf(w, "  - %s\n", step.text)
		}
	}
	fmt.Fprintf(w, "\nAt most %d keys are asked for, one at a time, with at most %d requests a second: one to two minutes, and\n"+
		"longer where making or deleting a key takes its time. Their names begin with \"verify-\". What is about to be\n"+
		"made is noted in %s first; should anything be left, verify -clean %s deletes it.\n",
		verify.MaxKeys, verify.RequestsPerSecond, c.options.Journal, c.options.Journal)
}
