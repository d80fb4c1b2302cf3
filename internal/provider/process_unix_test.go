// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
)

// TestEndWithTerraform_OutlivesSIGTERMAndNotTheCLI has a shell stand for the CLI,
// and this test in a process of its own for the provider.
func TestEndWithTerraform_OutlivesSIGTERMAndNotTheCLI(t *testing.T) {
	if os.Getenv("STANDS_FOR_THE_PROVIDER") != "" {
		provider.EndWithTerraform()
		for range 600 {
			fmt.Println(os.Getpid())
			time.Sleep(100 * time.Millisecond)
		}
		return
	}
	cli := exec.Command("sh", "-c", `"$0" -test.run='^`+t.Name()+`$' & wait`, os.Args[0])
	cli.Env = append(os.Environ(), "STANDS_FOR_THE_PROVIDER=yes")
	// The pipe ends when the last process that writes to it does.
	output, err := cli.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cli.Start(); err != nil {
		t.Fatal(err)
	}
	defer cli.Wait()
	lines := bufio.NewScanner(output)
	lines.Scan()
	pid, err := strconv.Atoi(lines.Text())
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if !lines.Scan() {
			t.Fatal("SIGTERM ended the provider")
		}
	}
	if err := cli.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for lines.Scan() {
			continue
		}
	}()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		_ = syscall.Kill(pid, syscall.SIGKILL)
		t.Error("the provider goes on without a CLI")
	}
}
