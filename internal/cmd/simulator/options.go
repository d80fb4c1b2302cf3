// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/broker"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// options is what the command line asks for.
type options struct {
	listen    string
	seedFiles []string
	kafkaCA   string
	kafka     broker.Place
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
		kafka:  broker.Place{Listen: []string{"127.0.0.1:0", "127.0.0.1:0"}},
	}
	flags := flag.NewFlagSet("simulator", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&opts.version, "version", false, "print the version and exit")
	flags.StringVar(&opts.listen, "listen", "127.0.0.1:8089", "loopback `address` to listen on; port 0 picks a free one")
	flags.Func("seed", "JSON `file` with a list of keys to start with; may be repeated, see below", opts.addSeed)
	flags.Func("project", "a further `project`, as in service=ID,name=Billing; may be repeated, see below", opts.addProject)
	flags.Func("roles", "JSON `file` with the roles, in place of Admin, Data Admin and Read Only; see below", opts.readRoles)
	flags.StringVar(&opts.recordDir, "record", "", "write what clients send into this `folder`, a file for each request, without secrets")
	flags.StringVar(&opts.kafkaCA, "kafka-ca", "", "run a Kafka broker as well, which the keys open, and write the certificate that its clients have to trust to this `file`")
	flags.Func("kafka-listen", "loopback `addresses` for the broker to listen on, as in 127.0.0.1:9092 (default two free ports)", opts.setKafkaListen)
	flags.StringVar(&opts.kafka.Advertise, "kafka-advertise", "", "`host` by which clients are told to find the broker, where that is not the address that it listens on")
	flags.Func("kafka-topics", "`topics` of the broker, with a few records in each (default orders.created,payments)", opts.setTopics)
	flags.DurationVar(&opts.cfg.ProvisionTime, "provision", 0, "how long a new key stays creating")
	flags.DurationVar(&opts.cfg.DeleteTime, "delete-time", 0, "how long a key stays deleting, where the dialect's delete-timing is not at-once")
	flags.DurationVar(&opts.cfg.Latency, "latency", 0, "delay of every answer")
	flags.DurationVar(&opts.cfg.TokenLifetime, "token-lifetime", time.Hour, "lifetime of access tokens")
	flags.IntVar(&opts.cfg.RateLimit, "rate", 0, "requests served per second, the others are answered 429; 0 means no limit")
	flags.BoolVar(&opts.cfg.KafkaUnavailable, "kafka-unavailable", false, "play a project that cannot have Kafka access")
	flags.Func("retry-after", "`form` of the Retry-After header: seconds, date or absent", opts.setRetryAfter)
	flags.Func("dialect", "`rows` to change, as in status=upper,token=snake; see below", opts.setDialect)
	flags.Func("dialect-from", "a report of the command verify: speak as the service did, in this `file`", opts.setDialectFrom)
	flags.Func("fault", "`fault` to inject, as in 'PATCH /project-keys/* status=503 times=2'; may be repeated, see below", opts.addFault)
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		printHelp(flags, stdout)
	case err != nil:
		fmt.Fprintln(stderr, "Run with -help for the flags.")
	case flags.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case opts.kafkaCA == "":
		flags.Visit(func(f *flag.Flag) {
			if strings.HasPrefix(f.Name, "kafka-") && f.Name != "kafka-unavailable" {
				err = fmt.Errorf("-%s is about the broker, which -kafka-ca starts", f.Name)
			}
		})
	}
	return opts, err
}

func (o *options) setRetryAfter(text string) error {
	switch form := simulator.RetryAfterForm(text); form {
	case simulator.RetryAfterSeconds, simulator.RetryAfterDate, simulator.RetryAfterAbsent:
		o.cfg.RetryAfter = form
		return nil
	default:
		return fmt.Errorf("expected seconds, date or absent")
	}
}

func (o *options) addSeed(name string) error {
	o.seedFiles = append(o.seedFiles, name)
	return nil
}

func (o *options) setKafkaListen(text string) error {
	o.kafka.Listen = strings.Split(text, ",")
	for _, address := range o.kafka.Listen {
		if err := onLoopback(address); err != nil {
			return err
		}
	}
	return nil
}

func (o *options) setTopics(text string) error {
	o.topics = strings.Split(text, ",")
	return nil
}

func (o *options) setDialect(text string) (err error) {
	o.cfg.Dialect, err = simulator.ParseDialect(text)
	return err
}

func (o *options) setDialectFrom(name string) (err error) {
	o.cfg.Dialect, err = simulator.DialectFrom(name)
	return err
}

func (o *options) addFault(text string) error {
	fault, err := simulator.ParseFault(text)
	o.faults = append(o.faults, fault)
	return err
}

// simulator builds the server that the options describe.
func (o *options) simulator() (*simulator.Server, error) {
	if err := o.cfg.Validate(); err != nil {
		return nil, err
	}
	server := simulator.New(o.cfg)
	for _, file := range o.seedFiles {
		if err := seed(server, file); err != nil {
			return nil, err
		}
	}
	for _, fault := range o.faults {
		server.Inject(fault)
	}
	return server, nil
}
