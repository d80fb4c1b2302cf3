// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/cli"
)

// helpRow is where the simulator's help is noted.
const helpRow = "simulator -help"

// tryHelp runs the commands of the simulator's help as they stand, but for the
// port, which others may use.
func (t *trial) tryHelp(ctx context.Context) error {
	err := t.runHelp(ctx)
	t.note(helpRow, "commands", err)
	return err
}

func (t *trial) runHelp(ctx context.Context) error {
	var help bytes.Buffer
	if err := t.tools.Execute(ctx, &help, "", t.tools.path("simulator"), "-help"); err != nil {
		return err
	}
	start, kcat, err := helpCommands(help.String())
	if err != nil {
		return err
	}
	if err := t.tools.do(ctx, t.tools.repository, "sh", "-n", "-c", start+"\n"+kcat); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(t.tools.Dir, "help-")
	if err != nil {
		return err
	}
	h := &house{CLI: &cli.CLI{Path: t.tools.Path, Dir: t.tools.Dir}, tools: t.tools, dir: dir}
	return h.obey(ctx, start, kcat)
}

// helpCommands takes the command that starts the simulator with a broker, and
// the one for kcat, out of the help.
func helpCommands(help string) (start, kcat string, err error) {
	joined := strings.ReplaceAll(help, "\\\n", " ")
	start = regexp.MustCompile(`(?m)^ +(go run .* -kafka-ca \S+)$`).FindString(joined)
	kcat = regexp.MustCompile(`(?m)^ +kcat .*$`).FindString(joined)
	if start == "" || kcat == "" {
		err = errors.New("the help has no such commands any more")
	}
	return strings.TrimSpace(start), strings.TrimSpace(kcat), err
}

// obey starts the simulator with one command, and expects the other to print
// what is in the topic.
func (h *house) obey(ctx context.Context, start, kcat string) error {
	program := strings.Replace(start, "go run ./internal/cmd/simulator", `"`+h.tools.path("simulator")+`"`, 1) + " -listen 127.0.0.1:0"
	if err := h.prepare(); err != nil {
		return err
	}
	if err := h.open(ctx, "sh", "-c", "exec "+program); err != nil {
		return err
	}
	defer func() { _ = h.close() }()
	if err := h.rotate(ctx, firstPassword); err != nil {
		return err
	}
	reader, err := h.start(ctx, user{name: group}, "sh", "-c", kcat)
	if err != nil {
		return err
	}
	if err := reader.ended(ctx); err != nil {
		return err
	}
	if !strings.Contains(reader.out.String(), "the third record") {
		return fmt.Errorf("it printed %s", reader.out)
	}
	return nil
}
