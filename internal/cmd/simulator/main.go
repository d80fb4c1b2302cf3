// SPDX-License-Identifier: MPL-2.0

// Command simulator runs a simulated Streamkap API on this machine, to try
// configurations of the provider without a Streamkap project:
//
//	go run ./internal/cmd/simulator
//
// It prints the environment variables that point the provider at it, and a
// line for each request. Run it with -help for all it can do.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator/broker"
)

// version is set at link time by every release.
var version = ""

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "simulator:", err)
		os.Exit(1)
	}
}

// run serves until the context ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	opts, err := parseOptions(args, stdout, stderr)
	if err != nil {
		return err
	}
	if opts.version {
		fmt.Fprintln(stdout, "streamkap-simulator", versionOf(debug.ReadBuildInfo()))
		return nil
	}
	sim, err := opts.simulator()
	if err != nil {
		return err
	}
	handler, err := record(sim, opts.recordDir, stderr)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, opts.listen)
	if err != nil {
		return err
	}
	if opts.kafkaCA != "" {
		kafka, err := startKafka(ctx, sim, opts)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		defer kafka.Close()
		fmt.Fprintf(stderr, "Kafka listens on %s; its clients have to trust %s.\n", kafka.Servers(), opts.kafkaCA)
	}
	printEnvironment(stdout, "http://"+listener.Addr().String(), sim.Config())
	fmt.Fprintln(stderr, "The simulator is running; stop it with Ctrl-C.")
	return serve(ctx, listener, handler)
}

// versionOf is the release's, or that of the module in what "go run" and "go
// install" have built.
func versionOf(info *debug.BuildInfo, known bool) string {
	switch {
	case version != "":
		return version
	case known && info.Main.Version != "":
		return strings.TrimPrefix(info.Main.Version, "v")
	default:
		return "(devel)"
	}
}

// startKafka starts the broker that the keys open, and leaves the certificate
// for its clients.
func startKafka(ctx context.Context, sim *simulator.Server, opts *options) (*broker.Broker, error) {
	kafka, err := broker.StartAt(ctx, sim, opts.kafka)
	if err != nil {
		return nil, fmt.Errorf("-kafka-listen %s: %w\nStop what listens there, or choose other ports: port 0 picks a free one", strings.Join(opts.kafka.Listen, ","), err)
	}
	if err = os.WriteFile(opts.kafkaCA, kafka.Certificate(), 0o600); err != nil {
		err = fmt.Errorf("-kafka-ca: %w", err)
	}
	for _, topic := range opts.topics {
		if err == nil {
			if err = kafka.Fill(ctx, topic, "the first record", "the second record", "the third record"); err != nil {
				err = fmt.Errorf("-kafka-topics %q: %w", topic, err)
			}
		}
	}
	if err != nil {
		kafka.Close()
		return nil, err
	}
	return kafka, nil
}

// listen opens the address, or says what to do where that fails: most often
// because another simulator has it.
func listen(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("-listen %s: %w\nStop what listens there, or choose another port: -listen 127.0.0.1:0 picks a free one", address, err)
	}
	return listener, nil
}

func printEnvironment(w io.Writer, host string, cfg simulator.Config) {
	fmt.Fprintf(w, "export STREAMKAP_HOST=%s\n", host)
	fmt.Fprintf(w, "export STREAMKAP_CLIENT_ID=%s\n", cfg.ClientID)
	fmt.Fprintf(w, "export STREAMKAP_SECRET=%s\n", cfg.Secret)
	for _, project := range cfg.Projects {
		fmt.Fprintf(w, "# of the project %s (%s), tenant %s:\n", project.Name, project.ServiceID, project.TenantID)
		fmt.Fprintf(w, "# export STREAMKAP_CLIENT_ID=%s STREAMKAP_SECRET=%s\n", project.ClientID, project.Secret)
	}
}

// serve answers until the context ends, and lets the requests that are under
// way finish for a moment.
func serve(ctx context.Context, listener net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if server.Shutdown(grace) != nil {
		return server.Close()
	}
	return nil
}
