// SPDX-License-Identifier: MPL-2.0

package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify"
)

// command is what the command line asks for.
type command struct {
	yes     bool
	clean   bool
	report  string
	against string
	options verify.Options
}

const defaultJournal = "verify.journal"

const environment = `
Environment:

  STREAMKAP_HOST                          the service (default ` + streamkap.DefaultHost + `)
  STREAMKAP_CLIENT_ID, STREAMKAP_SECRET   the credentials, which need the permission to write project keys,
  STREAMKAP_PROJECT_KEY                   or a credential file as JSON or Base64
`

func parse(args []string, getenv func(string) string, stdout, stderr io.Writer) (*command, error) {
	options, environmentErr := verify.FromEnvironment(getenv)
	options.Progress = stderr
	c := &command{options: options}
	journal := ""
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&c.yes, "yes", false, "do it; without this, only say what would be done")
	flags.StringVar(&c.options.ServiceID, "service-id", "", "`id` of the project, which has to be that of the credentials")
	flags.StringVar(&c.options.Journal, "journal", defaultJournal, "`file` in which to note what is about to be made; gone when nothing is left")
	flags.StringVar(&journal, "clean", "", "delete what the run of this `journal` has left, and do nothing else")
	flags.StringVar(&c.report, "report", "", "`file` for the report as JSON; the service's own openapi.json, if it has one, is saved beside it")
	flags.StringVar(&c.against, "against", "", "an earlier `report`: fail where a row has changed since")
	flags.Func("roles", "`keys or names` of the roles to give, joined by commas (default "+verify.DefaultRole+"); three show their order", list(&c.options.Roles))
	flags.Func("permissions", "`ids` of permissions, joined by commas, to make a key with", list(&c.options.Permissions))
	flags.BoolVar(&c.options.Kafka, "kafka", false, "make keys with Kafka access too, which no address can use")
	flags.BoolVar(&c.options.EmptyWhitelist, "empty-whitelist", false, "with -kafka: have a Kafka user without any rule and, for seconds, without a restriction of its addresses")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		flags.SetOutput(stdout)
		fmt.Fprint(stdout, "Verify finds out how Streamkap's API behaves.\n\nUsage:\n\n    go run ./internal/cmd/verify [flags]\n\nFlags:\n\n")
		flags.PrintDefaults()
		fmt.Fprint(stdout, environment)
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err := cmp.Or(err, environmentErr); err != nil {
		return nil, err
	}
	if journal != "" {
		c.clean, c.options.Journal = true, journal
	}
	if c.report != "" {
		c.options.OpenAPI = strings.TrimSuffix(c.report, ".json") + ".openapi.json"
	}
	if c.options.EmptyWhitelist && !c.options.Kafka {
		return nil, errors.New("-empty-whitelist needs -kafka")
	}
	if err := c.options.Complete(); c.yes && err != nil {
		return nil, err
	}
	return c, nil
}

// list reads a flag that is a list.
func list(into *[]string) func(string) error {
	return func(text string) error {
		for _, item := range strings.Split(text, ",") {
			if item = strings.TrimSpace(item); item != "" {
				*into = append(*into, item)
			}
		}
		if len(*into) == 0 {
			return errors.New("it is empty")
		}
		return nil
	}
}
