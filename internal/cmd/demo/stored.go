// SPDX-License-Identifier: MPL-2.0

package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
)

// stored reads what the CLI has written to disk: the state, and all that is in
// a saved plan.
func (d *demo) stored(planFile string) (state, plan []byte, err error) {
	state, err = os.ReadFile(filepath.Join(d.work(), "terraform.tfstate"))
	if err != nil {
		return nil, nil, err
	}
	archive, err := zip.OpenReader(filepath.Join(d.work(), planFile))
	if err != nil {
		return nil, nil, err
	}
	defer archive.Close()
	for _, file := range archive.File {
		text, err := read(file)
		if err != nil {
			return nil, nil, err
		}
		plan = append(plan, text...)
	}
	return state, plan, nil
}

func read(file *zip.File) ([]byte, error) {
	part, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer part.Close()
	return io.ReadAll(part)
}

func holdsAny(text []byte, secrets ...string) bool {
	for _, secret := range secrets {
		if bytes.Contains(text, []byte(secret)) {
			return true
		}
	}
	return false
}
