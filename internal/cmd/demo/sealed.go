// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/sealed"
)

// searchState is the step that looks through the state file for what must not
// be there, and for something that must, so that it is seen to look.
func (d *demo) searchState(ctx context.Context) error {
	one := d.key(orders)
	patterns, shown := []string{one.APISecret}, concealed(one.APISecret)
	for _, password := range d.passwords {
		patterns, shown = append(patterns, password), shown+" "+concealed(password)
	}
	secrets, err := d.grep(ctx, shown, patterns...)
	if err != nil {
		return err
	}
	ids, err := d.grep(ctx, one.ID, one.ID)
	if err != nil {
		return err
	}
	return d.verify(
		claim{"grep finds no secret in the state file", secrets == "0"},
		claim{"it finds the id of the key, so it has looked", ids != "0" && ids != ""},
	)
}

// grep counts the lines of the state file that hold one of the texts, which are
// shown in another form.
func (d *demo) grep(ctx context.Context, shown string, texts ...string) (string, error) {
	const file = "terraform.tfstate"
	d.shell(`printf '%s\n' ` + shown + " | grep -c -F -f - " + file)
	program, err := exec.LookPath("grep")
	if err != nil {
		return "", err
	}
	command := d.Command(ctx, program, "-c", "-F", "-f", "-", filepath.Join(d.work(), file))
	command.Stdin = strings.NewReader(strings.Join(texts, "\n") + "\n")
	var out bytes.Buffer
	command.Stdout = &out
	err = command.Run()
	if exit := new(exec.ExitError); errors.As(err, &exit) && exit.ExitCode() == 1 {
		err = nil // It found nothing.
	}
	count := strings.TrimSpace(out.String())
	d.item("%s", count)
	return count, err
}

// decrypted is the secret in an output that is an age file. What age does with
// it is done in this process, so that no private key is written down.
func (d *demo) decrypted(ctx context.Context, name string) (string, error) {
	text, err := d.output(ctx, name)
	if err != nil {
		return "", err
	}
	identity, err := sealed.ParseIdentity(d.reader.String())
	if err != nil {
		return "", err
	}
	d.shell(d.Name() + " output -raw " + name + " | age --decrypt --identity key.txt")
	secret, err := identity.Open(text)
	if err == nil {
		d.item("%s", concealed(secret))
	}
	return secret, err
}
