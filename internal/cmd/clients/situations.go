// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
)

// situations are those in which a program of the examples has to end, each in a
// house of its own.
var situations = []check{
	{"wrong password", before(user{name: group, spoil: "x"}, refusedLogin, nil)},
	{"untrusted CA", untrusted},
	{"forbidden topic", before(user{name: group}, refusedAccess, func(ctx context.Context, h *house) error {
		return h.allow(ctx, `= "orders."`, `= "invoices."`)
	})},
	{"forbidden group", before(user{name: group}, refusedAccess, func(ctx context.Context, h *house) error {
		return h.allow(ctx, "name      = \"orders-consumer\"\n      resource", "name      = \"invoices-consumer\"\n      resource")
	})},
	{"rotation", rotation},
	{"destroy", destruction},
	{"broker away", func(ctx context.Context, h *house, p peer) error {
		program, err := h.following(ctx, p)
		if err != nil {
			return err
		}
		if err := h.close(); err != nil {
			return errors.Join(err, program.kill())
		}
		return program.failed(ctx, regexp.MustCompile(`(?i)refused|dial|transport|connect`))
	}},
}

// before expects a program to end that is started when something is wrong.
func before(who user, says *regexp.Regexp, change func(context.Context, *house) error) func(context.Context, *house, peer) error {
	return func(ctx context.Context, h *house, p peer) error {
		if change != nil {
			if err := change(ctx, h); err != nil {
				return err
			}
		}
		program, err := h.start(ctx, who, p.follow(h.tools)...)
		if err != nil {
			return err
		}
		return program.failed(ctx, says)
	}
}

// untrusted starts a program that trusts the authority of another simulator.
func untrusted(ctx context.Context, h *house, p peer) error {
	dir, err := os.MkdirTemp(h.tools.Dir, "other-")
	if err != nil {
		return err
	}
	other, err := newHouse(ctx, h.tools, dir)
	if err != nil {
		return err
	}
	if err := other.close(); err != nil {
		return err
	}
	who := user{name: group, trusts: filepath.Join(other.dir, authority)}
	return before(who, regexp.MustCompile(`(?i)certificate`), nil)(ctx, h, p)
}
