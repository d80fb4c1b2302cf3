// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/broker"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/cli"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// provisionTime is long enough for a reader to see that the provider waits.
const provisionTime = 2 * time.Second

// dialect has the service answer differently from what it was asked wherever
// it may: nothing of that may show in a plan.
var dialect = simulator.Dialect{
	Status:        simulator.StatusTitle,
	Token:         simulator.TokenSnake,
	CreateCode:    simulator.Create201,
	CreateTiming:  simulator.CreatingFirst,
	DeleteTiming:  simulator.DeletingFirst,
	ACLName:       simulator.ACLNameTopicName,
	ACLOrder:      simulator.ACLOrderShuffled,
	WhitelistForm: simulator.WhitelistCIDR,
	DefaultScope:  simulator.ScopeFull,
}

var errLeftBehind = errors.New("the temporary directory is still there")

// demo is one run.
type demo struct {
	*printer
	*cli.CLI

	server    *simulator.Server
	kafka     *broker.Broker
	passwords []string
	// reader is who can read the secrets in the state.
	reader *age.X25519Identity
}

func newDemo(path string, out io.Writer, color bool) *demo {
	return &demo{
		printer: &printer{out: out, color: color},
		CLI:     &cli.CLI{Path: path},
		server: simulator.New(simulator.Config{
			Dialect:       dialect,
			ProvisionTime: provisionTime,
			DeleteTime:    provisionTime / 2,
			ClientID:      "demo",
			Secret:        newPassword(),
		}),
	}
}

// run plays the demo, clears up whatever came of that, and says at last how to
// go on.
func (d *demo) run(ctx context.Context) error {
	started := time.Now()
	err := d.play(ctx)
	if _, missing := os.Stat(d.Dir); !errors.Is(missing, os.ErrNotExist) {
		err = errors.Join(err, fmt.Errorf("%w: %s", errLeftBehind, d.Dir))
	}
	if err == nil {
		d.farewell(time.Since(started))
	}
	return err
}

// play starts what the steps need, takes them, and removes it again.
func (d *demo) play(ctx context.Context) (err error) {
	if d.Dir, err = os.MkdirTemp("", "demo-"); err != nil {
		return err
	}
	if d.reader, err = age.GenerateX25519Identity(); err != nil {
		return errors.Join(err, os.RemoveAll(d.Dir))
	}
	defer func() { err = errors.Join(err, os.RemoveAll(d.Dir)) }()
	host, stop, err := simulator.Listen(ctx, d.server, nil)
	if err != nil {
		return err
	}
	defer stop()
	if err := d.startKafka(ctx); err != nil {
		return err
	}
	defer d.kafka.Close()
	if err := d.prepare(ctx); err != nil {
		return err
	}
	d.introduce(host)
	for i, step := range d.steps() {
		d.heading(i+1, step.title)
		d.say("%s\n", step.about)
		if err := step.take(ctx); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

// work is where the configuration and its state are.
func (d *demo) work() string { return filepath.Join(d.Dir, "work") }

// export sets an environment variable for the CLI and shows it as a shell
// would have it. A value that is set again takes the place of the old one.
func (d *demo) export(name, value string) {
	d.shell("export " + name + "=" + value)
	d.Set(name, value)
}

// exportSecret sets an environment variable without showing its value.
func (d *demo) exportSecret(name, value string) {
	d.shell("export " + name + "=" + concealed(value))
	d.Set(name, value)
}

// newPassword makes a password and passes it to the configuration.
func (d *demo) newPassword(variable string) string {
	password := newPassword()
	d.passwords = append(d.passwords, password)
	d.exportSecret(variable, password)
	return password
}

// ordersPassword is the one that the first key has by now.
func (d *demo) ordersPassword() string { return d.passwords[len(d.passwords)-1] }
