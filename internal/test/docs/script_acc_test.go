// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// passwords are given as write-only values alone, so no file may hold them.
var passwords = []string{"Hidden-Password-1", "Hidden-Password-2"}

func TestAccExamples_AppliedPlannedEmptyAndDestroyed(t *testing.T) { runScripts(t, "examples") }

func TestAccGuides_CommandsRunAsTheyStand(t *testing.T) { runScripts(t, "guides") }

func TestAccRecipes_SecretsHandedOverOnce(t *testing.T) { runScripts(t, "recipes") }

// runScripts runs the scripts of a folder, each in a workspace of its own.
func runScripts(t *testing.T, folder string) {
	t.Helper()
	acctest.CLI(t)
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:         filepath.Join("testdata", folder),
		WorkdirRoot: t.TempDir(), // is still there when the workspace is looked through
		Setup:       setup,
		Condition:   condition,
		Cmds:        commands,
	})
}

// setup gives a script a service, and the CLI what it runs there with.
func setup(env *testscript.Env) error {
	t, ok := env.T().(testing.TB)
	if !ok {
		return errors.New("this is no test of Go's")
	}
	service := acctest.Start(t, simulator.Config{Projects: []simulator.Project{
		{ServiceID: "65e94bbe0000000000000002", Name: "billing", TenantID: "another tenant"},
		{ServiceID: "65e94bbe0000000000000003", Name: "of the same tenant"},
	}})
	w := acctest.WorkspaceIn(t, env.WorkDir, service)
	env.Values[serviceOf], env.Values[workspace] = service, w
	checkout, err := filepath.Abs(root)
	tools, toolsErr := programs()
	kept := filepath.Join(env.WorkDir, "kept")
	err = errors.Join(err, toolsErr, os.Mkdir(kept, 0o700))
	for _, name := range []string{"terraform", "tofu"} {
		if linkErr := os.Symlink(acctest.CLI(t), filepath.Join(tools, name)); linkErr != nil && !os.IsExist(linkErr) {
			err = errors.Join(err, linkErr)
		}
	}
	ownTools, absErr := filepath.Abs(filepath.Join("testdata", "bin"))
	for name, value := range map[string]string{
		"CHECKOUT": checkout, "PROVIDER": acctest.Binary(t), "PROGRAMS": tools, "KEPT": kept,
		"PATH": strings.Join([]string{filepath.Join(env.WorkDir, "bin"), ownTools, tools, os.Getenv("PATH")}, string(os.PathListSeparator)),
		// Commands of guides run as they stand, and nobody is there to say yes.
		"TF_CLI_ARGS": "-no-color", "TF_CLI_ARGS_apply": "-auto-approve", "TF_CLI_ARGS_destroy": "-auto-approve",
		"ID": seededID, "ADMIN": simulator.RoleAdmin, "DATA_ADMIN": simulator.RoleDataAdmin, "READ_ONLY": simulator.RoleReadOnly,
		"PASSWORD": passwords[0], "OTHER_PASSWORD": passwords[1], "STATE_PASSWORD": simulator.PasswordPrefix + "of-an-example",
		"IDENTITY": reader.String(), "RECIPIENT": reader.Recipient().String(), "RECIPIENTS": `["` + reader.Recipient().String() + `"]`,
	} {
		w.Setenv(name, value)
	}
	for _, months := range []int{0, 2, 3, 14} {
		now := time.Now().UTC()
		month := now.Year()*12 + int(now.Month()) - 1 - months
		w.Setenv(fmt.Sprintf("MONTHS_AGO_%d", months), fmt.Sprintf("%04d-%02d", month/12, month%12+1))
	}
	w.Write("cli.tfrc", overrides(acctest.Binary(t), tools))
	env.Vars = slices.Concat(env.Vars, w.Environ())
	return errors.Join(err, absErr)
}

// overrides are settings with which no provider has to be installed.
func overrides(provider, tools string) string {
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"streamkap-com/streamkap\" = %q\n", filepath.ToSlash(filepath.Dir(provider)))
	for _, store := range []string{"aws", "kubernetes", "vault"} {
		text += fmt.Sprintf("    \"hashicorp/%s\" = %q\n", store, filepath.ToSlash(tools))
	}
	return text + "  }\n  direct {}\n}\n"
}

// seededID is the id in the examples that import a key.
const seededID = "c1e9c152-3f0a-4c5e-9b57-0d2f4f1f7a10"

// condition knows "tofu", and versions such as "1.11", which are those of either CLI.
func condition(text string) (bool, error) {
	version, err := cliVersion()
	if err != nil || text == "tofu" {
		return version[1] == "OpenTofu", err
	}
	have, _ := strconv.Atoi(version[2])
	minor, found := strings.CutPrefix(text, "1.")
	want, err := strconv.Atoi(minor)
	if !found || err != nil {
		return false, fmt.Errorf("%q is neither tofu nor a version", text)
	}
	return have >= want, nil
}

var cliVersion = sync.OnceValues(func() ([]string, error) {
	dir, err := programs()
	if err != nil {
		return nil, err
	}
	printed, err := exec.Command(filepath.Join(dir, "terraform"), "version").Output()
	found := regexp.MustCompile(`(Terraform|OpenTofu) v1\.(\d+)`).FindStringSubmatch(string(printed))
	if found == nil {
		return []string{"", "", ""}, errors.Join(err, errors.New("what version is this CLI?"))
	}
	return found, nil
})

// place puts a program into a mirror as the provider with an address, for each CLI.
func place(mirror, address, program string) error {
	name := "terraform-provider-" + address[strings.LastIndex(address, "/")+1:] + "_v0.1.0"
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		dir := filepath.Join(mirror, host, filepath.FromSlash(address), "0.1.0", runtime.GOOS+"_"+runtime.GOARCH)
		if err := errors.Join(os.MkdirAll(dir, 0o700), os.Symlink(program, filepath.Join(dir, name))); err != nil {
			return err
		}
	}
	return nil
}
