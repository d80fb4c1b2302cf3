// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"
)

const (
	topic = "orders.created"
	group = "orders-consumer"
	// patience is how long a client may take over anything.
	patience = 30 * time.Second
)

// What the clients call it when they are refused. A refused login after the
// older handshake has no answer, so some speak of the connection.
var (
	refusedAccess = regexp.MustCompile(`(?i)authoriz|group coordinator`)
	refusedLogin  = regexp.MustCompile(`(?i)authenticat|NoBrokersAvailable|brokers are down`)
)

// check is a column of the table.
type check struct {
	name string
	run  func(context.Context, *house, peer) error
}

// checks are in the order in which they are made.
var checks = []check{
	{"login", lets("login", "", user{name: group})},
	{"read", lets("read", "the .* record", user{name: group})},
	{"write", lets("write", "", user{name: "writer"})},
	{"commit", commits},
	{"other topic", refuses("read", refusedAccess, user{name: group}, "payments", group)},
	{"other group", refuses("commit", refusedAccess, user{name: group}, topic, "another-group")},
	{"wrong password", refuses("login", refusedLogin, user{name: group, spoil: "x"}, topic, group)},
	{"rotation", rotation},
	{"destroy", destruction},
}

func (h *house) peer(ctx context.Context, p peer, verb string, who user, topic, group string) (*program, error) {
	return h.start(ctx, who, append(p.command(h.tools), verb, topic, group)...)
}

// lets expects that the client may, with the topic and the group of the example,
// and prints this.
func lets(verb, prints string, who user) func(context.Context, *house, peer) error {
	return func(ctx context.Context, h *house, p peer) error {
		program, err := h.peer(ctx, p, verb, who, topic, group)
		if err != nil {
			return err
		}
		if err := program.ended(ctx); err != nil {
			return err
		}
		if !regexp.MustCompile(prints).MatchString(program.out.String()) {
			return fmt.Errorf("it printed %s", program.out)
		}
		return nil
	}
}

// refuses expects that the client may not, and says why.
func refuses(verb string, says *regexp.Regexp, who user, topic, group string) func(context.Context, *house, peer) error {
	return func(ctx context.Context, h *house, p peer) error {
		program, err := h.peer(ctx, p, verb, who, topic, group)
		if err != nil {
			return err
		}
		return program.failed(ctx, says)
	}
}

// commits expects a client to commit, and the offset to be there afterwards.
func commits(ctx context.Context, h *house, p peer) error {
	if err := lets("commit", "", user{name: group})(ctx, h, p); err != nil {
		return err
	}
	return committed(ctx, h)
}

// following starts a client that reads on, and waits for its first record.
func (h *house) following(ctx context.Context, p peer) (*program, error) {
	command := append(p.command(h.tools), "follow", topic, group)
	if p.follow != nil {
		command = p.follow(h.tools)
	}
	program, err := h.start(ctx, user{name: group}, command...)
	if err != nil {
		return nil, err
	}
	return program, h.feed(ctx, program)
}

// feed writes records until the client has printed one.
func (h *house) feed(ctx context.Context, reader *program) error {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	for {
		writer, err := h.start(ctx, user{name: "writer"}, h.tools.path("franz"), "write", topic, group)
		if err != nil {
			return err
		}
		if err := writer.ended(ctx); err != nil {
			return err
		}
		select {
		case <-time.After(time.Second):
		case err := <-reader.done:
			return fmt.Errorf("it ended before anything was wrong: %w\n%s", err, reader.out)
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("it read nothing: %s", reader.out), reader.kill())
		}
		if strings.Contains(reader.out.String(), "written") {
			return nil
		}
	}
}

func rotation(ctx context.Context, h *house, p peer) error {
	program, err := h.following(ctx, p)
	if err != nil {
		return err
	}
	if err := h.rotate(ctx, nextPassword); err != nil {
		return errors.Join(err, program.kill())
	}
	if err := program.failed(ctx, refusedLogin); err != nil {
		return err
	}
	return lets("login", "", user{name: group})(ctx, h, p)
}

func destruction(ctx context.Context, h *house, p peer) error {
	program, err := h.following(ctx, p)
	if err != nil {
		return err
	}
	if _, err := h.terraform(ctx, "destroy", "-auto-approve", "-no-color"); err != nil {
		return errors.Join(err, program.kill())
	}
	return program.failed(ctx, refusedLogin)
}

// ended waits for the program to end well.
func (p *program) ended(ctx context.Context) error {
	err := p.end(ctx)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, p.out)
	}
	return nil
}

// failed waits for the program to end with a code and this reason.
func (p *program) failed(ctx context.Context, says *regexp.Regexp) error {
	err := p.end(ctx)
	var code *exec.ExitError
	switch {
	case err == nil:
		return fmt.Errorf("it ended well\n%s", p.out)
	case !errors.As(err, &code) || code.ExitCode() < 1:
		return fmt.Errorf("%w\n%s", err, p.out)
	case !says.MatchString(p.out.String()):
		return fmt.Errorf("it does not say why\n%s", p.out)
	default:
		return nil
	}
}

func (p *program) end(ctx context.Context) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case err := <-p.done:
		return err
	case <-timer.C:
		return errors.Join(fmt.Errorf("it still ran after %s", patience), p.kill())
	case <-ctx.Done():
		return errors.Join(ctx.Err(), p.kill())
	}
}

// lines are what a program prints. It can be read while it is written.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return concealed(l.text.String())
}

// concealed is a text without the passwords.
func concealed(text string) string {
	return strings.NewReplacer(firstPassword, "(password)", nextPassword, "(password)").Replace(text)
}
