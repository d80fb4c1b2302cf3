// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator/broker"
)

// options is what the command line asks for.
type options struct {
	listen    string
	seeds     []seed
	kafkaCA   string
	kafka     broker.ListenConfig
	recordDir string
	topics    []string
	cfg       simulator.Config
	faults    []simulator.Fault
	version   bool
}

// parseOptions reads the command line. Help that was asked for goes to stdout,
// help after a mistake to stderr.
func parseOptions(args []string, stdout, stderr io.Writer) (*options, error) {
	opts := &options{
		topics: []string{"orders.created", "payments"},
		kafka:  broker.ListenConfig{Listen: []string{"127.0.0.1:0", "127.0.0.1:0"}},
	}
	flags := opts.flags()
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		printHelp(flags, stdout)
	case err != nil:
		fmt.Fprintln(stderr, "Run with -help for the flags.")
	case flags.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	default:
		flags.Visit(func(f *flag.Flag) { err = errors.Join(err, opts.check(f)) })
	}
	return opts, err
}

func (o *options) flags() *flag.FlagSet {
	flags := flag.NewFlagSet("simulator", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&o.version, "version", false, "print the version and exit")
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8089", "loopback `address` to listen on; port 0 picks a free one")
	flags.Func("seed", "JSON `file` with a list of keys to start with; may be repeated, see below", o.addSeed)
	flags.Func("project", "a further `project`, as in service=ID,name=Billing; may be repeated, see below", o.addProject)
	flags.Func("roles", "JSON `file` with the roles, in place of Admin, Data Admin and Read Only; see below", o.readRoles)
	flags.StringVar(&o.recordDir, "record", "", "write what clients send into this `folder`, a file for each request, without secrets")
	flags.StringVar(&o.kafkaCA, "kafka-ca", "", "run a Kafka broker as well, which the keys open, and write the certificate that its clients have to trust to this `file`")
	flags.Func("kafka-listen", "loopback `addresses` for the broker to listen on, as in 127.0.0.1:9092 (default two free ports)", split(&o.kafka.Listen))
	flags.StringVar(&o.kafka.Advertise, "kafka-advertise", "", "`host` by which clients are told to find the broker, where that is not the address that it listens on")
	flags.Func("kafka-topics", "`topics` of the broker, with a few records in each (default orders.created,payments)", split(&o.topics))
	flags.DurationVar(&o.cfg.ProvisionTime, "provision", 0, "how long a new key stays creating")
	flags.DurationVar(&o.cfg.DeleteTime, "delete-time", 0, "how long a key stays deleting, where the dialect's delete-timing is not at-once")
	flags.DurationVar(&o.cfg.Latency, "latency", 0, "delay of every answer")
	flags.DurationVar(&o.cfg.TokenLifetime, "token-lifetime", time.Hour, "lifetime of access tokens")
	flags.IntVar(&o.cfg.RateLimit, "rate", 0, "requests served per second, the others are answered 429; 0 means no limit")
	flags.BoolVar(&o.cfg.KafkaUnavailable, "kafka-unavailable", false, "play a project that cannot have Kafka access")
	flags.StringVar((*string)(&o.cfg.RetryAfter), "retry-after", "", "`form` of the Retry-After header: seconds, date or absent")
	flags.Func("dialect", "`rows` to change, as in status=upper,token=snake; see below", func(text string) (err error) {
		o.cfg.Dialect, err = simulator.ParseDialect(text)
		return err
	})
	flags.Func("dialect-from", "a report of the command verify: speak as the service did, in this `file`", func(name string) (err error) {
		o.cfg.Dialect, err = simulator.DialectFrom(name)
		return err
	})
	flags.Func("fault", "`fault` to inject, as in 'PATCH /project-keys/* status=503 times=2'; may be repeated, see below", func(text string) error {
		fault, err := simulator.ParseFault(text)
		o.faults = append(o.faults, fault)
		return err
	})
	return flags
}

// split sets a list that is given joined by commas.
func split(list *[]string) func(string) error {
	return func(text string) error {
		*list = strings.Split(text, ",")
		return nil
	}
}

// check looks at a flag that was set, once all of them are known.
func (o *options) check(f *flag.Flag) error {
	switch f.Name {
	case "listen":
		return onLoopback(f.Name, o.listen)
	case "kafka-listen", "kafka-advertise", "kafka-topics":
		if o.kafkaCA == "" {
			return fmt.Errorf("-%s is for the Kafka broker: give -kafka-ca too, which starts it", f.Name)
		}
		if f.Name == "kafka-listen" {
			return onLoopback(f.Name, o.kafka.Listen...)
		}
	case "provision", "delete-time", "latency", "token-lifetime", "rate":
		if strings.HasPrefix(f.Value.String(), "-") {
			return fmt.Errorf("-%s %s: expected 0 or more", f.Name, f.Value)
		}
	}
	return nil
}

// onLoopback asks for addresses that no other machine can reach: the
// simulator's credentials are known to everybody.
func onLoopback(flagName string, addresses ...string) error {
	for _, address := range addresses {
		host, _, err := net.SplitHostPort(address)
		if ip := net.ParseIP(host); err == nil && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			err = errors.New("only a loopback address such as 127.0.0.1 is allowed")
		}
		if err != nil {
			return fmt.Errorf("-%s %q: %w", flagName, address, err)
		}
	}
	return nil
}

// simulator builds the server that the options describe.
func (o *options) simulator() (*simulator.Server, error) {
	if err := o.cfg.Validate(); err != nil {
		return nil, fmt.Errorf("-%w", err)
	}
	server := simulator.New(o.cfg)
	for _, s := range o.seeds {
		if err := s.plant(server); err != nil {
			return nil, err
		}
	}
	for _, fault := range o.faults {
		server.Inject(fault)
	}
	return server, nil
}
