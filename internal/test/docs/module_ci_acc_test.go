// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// The script is what a module's CI runs. It starts a simulator of its own, and
// its "init" installs the provider as it would from a registry.
func TestAccExampleOfAModulesCIPasses(t *testing.T) {
	printed, err := runModuleCI(t, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
	for _, text := range []string{"1 imported, 0 added, 0 changed", "4 passed, 0 failed", "1 passed, 0 failed", "PATCH /project-keys/", "DELETE /project-keys/"} {
		if !strings.Contains(printed, text) {
			t.Errorf("%q is not in: %s", text, printed)
		}
	}
}

func TestAccExampleOfAModulesCIFailsWithTheModule(t *testing.T) {
	for name, breakIt := range map[string]func(string) string{
		"main.tf": func(text string) string {
			return strings.Replace(text, "= var.password_version", "= 1", 1)
		},
		"adopt/main.tf": func(text string) string {
			return strings.Replace(text, `"orders"`, `"invoices"`, 1)
		},
	} {
		t.Run(strings.ReplaceAll(name, "/", " "), func(t *testing.T) {
			printed, err := runModuleCI(t, map[string]func(string) string{name: breakIt})
			if err == nil {
				t.Errorf("nobody noticed: %s", printed)
			}
			if !strings.Contains(printed, "was not rotated") && !strings.Contains(printed, "does not describe the key") {
				t.Errorf("it fails for another reason: %s", printed)
			}
		})
	}
}

func TestAccExampleOfAModulesCISaysWhyTheSimulatorDoesNotStart(t *testing.T) {
	printed, err := runModuleCI(t, map[string]func(string) string{"seed.json": func(string) string { return "no JSON" }})
	if err == nil || !strings.Contains(printed, "seed.json") {
		t.Errorf("it says %s, %v", printed, err)
	}
}

func TestGuideTellsTheSimulatorsRoles(t *testing.T) {
	guide := read(t, "templates/guides/testing-with-the-simulator.md.tmpl")
	for key, id := range map[string]string{"admin": simulator.RoleAdmin, "data-admin": simulator.RoleDataAdmin, "read-only": simulator.RoleReadOnly} {
		if !strings.Contains(guide, "| `"+key+"` | `"+id+"` |") {
			t.Errorf("the guide does not say that %s is %s", key, id)
		}
	}
}

// runModuleCI runs the script of the example, after changes to its files.
func runModuleCI(t *testing.T, changes map[string]func(string) string) (string, error) {
	t.Helper()
	r := newRun(t)
	r.skipBefore(t, 11)
	r.copyTo(t, "module-ci", "module")
	for file, change := range changes {
		r.Write(filepath.Join("module", file), change(r.Read(filepath.Join("module", file))))
	}
	program := filepath.Join(r.Dir, "simulator")
	build := exec.Command("go", "build", "-o", program, "./internal/cmd/simulator")
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	r.mirror(t)
	printed, err := r.tryShell(t, "CLI='"+r.Command().Path+"' SIMULATOR='"+program+"' exec module/test.sh -no-color\n")
	return acctest.OneLine(printed), err
}

// mirror has the workspace's CLI install the provider out of a folder, instead
// of using the one that the settings name.
func (r *run) mirror(t *testing.T) {
	t.Helper()
	dir := filepath.Join(r.Dir, "mirror")
	place(t, dir, "streamkap-com/streamkap", override(t, r.Read("cli.tfrc")))
	r.Write("cli.tfrc", "provider_installation {\n  filesystem_mirror {\n    path = \""+filepath.ToSlash(dir)+"\"\n  }\n}\n")
}

// place puts the provider in a folder into a mirror, for each CLI.
func place(t *testing.T, mirror, address, from string) {
	t.Helper()
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		dir := filepath.Join(mirror, host, filepath.FromSlash(address), "0.1.0", runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		program := "terraform-provider-" + path.Base(address)
		if err := os.Symlink(filepath.Join(from, program), filepath.Join(dir, program+"_v0.1.0")); err != nil {
			t.Fatal(err)
		}
	}
}

// override is the folder of the provider that settings name.
func override(t *testing.T, settings string) string {
	t.Helper()
	match := regexp.MustCompile(`"streamkap-com/streamkap" = "(.*)"`).FindStringSubmatch(settings)
	if match == nil {
		t.Fatal("the settings name no provider")
	}
	return match[1]
}
