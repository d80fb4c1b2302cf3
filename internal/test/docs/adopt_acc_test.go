// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// A key with single permissions has the generating plan end with an error. The
// file is complete but for these, and the guide goes on with it.
func TestAccExampleOfManyImportsGoesOnAfterAKeyWithPermissions(t *testing.T) {
	r := newRun(t,
		simulator.Key{Name: "team-roles", RoleIDs: []string{simulator.RoleReadOnly}},
		simulator.Key{Name: "team-permissions", PermissionIDs: []string{"topics:read"}})
	r.copyTo(t, "guides/import-many", "")
	r.complete(t)
	r.skipWithoutGeneration(t)
	r.skipOldCLI(t, false)
	r.mirror(t)
	commands := commandsAfter(t, "adopting-existing-keys", "terraform init\nterraform apply")
	printed, err := r.tryShell(t, strings.ReplaceAll(commands, "apply", "apply -auto-approve"))
	if err == nil || !strings.Contains(printed, "Project key without access") || !strings.Contains(printed, "streamkap_project_key.team_permissions_") {
		t.Fatalf("the commands end with %v, %s", err, printed)
	}
	none := regexp.MustCompile(`("team-permissions"\s+permission_ids +)= null`)
	text := r.Read("keys.tf")
	if !none.MatchString(text) {
		t.Fatalf("the file is %s", text)
	}
	r.Write("keys.tf", none.ReplaceAllString(text, `$1= ["topics:read"]`))
	expect(t, r.applied(), "2 imported, 0 added, 1 changed, 0 destroyed")
	r.settled()
	r.wroteNothing(t)
}

// queried is a folder with the file that a query writes. Before 1.14 there is
// none, so it is put together of what import blocks generate.
func queried(t *testing.T) *run {
	t.Helper()
	r := newRun(t)
	r.skipWithoutGeneration(t)
	imports := ""
	for i, name := range []string{"team-orders", "team-orders", "2-go", "x"} {
		k := r.service.Seed(simulator.Key{Name: name, RoleIDs: []string{simulator.RoleReadOnly}})
		imports += fmt.Sprintf("import {\n  to = streamkap_project_key.team_%d\n  id = %q\n}\n\n", i, k.ID)
	}
	r.complete(t)
	r.Write("imports.tf", imports)
	r.Run("plan", "-no-color", "-generate-config-out=keys.tf")
	r.Write("keys.tf", r.Read("keys.tf")+"\n"+imports)
	if err := os.Remove(filepath.Join(r.Dir, "imports.tf")); err != nil {
		t.Fatal(err)
	}
	return r
}

// rename does what the guide says.
func (r *run) rename(t *testing.T) {
	t.Helper()
	r.copyTo(t, "guides/rename-queried", "rename")
	r.Write("rename/terraform.tf", r.Read("terraform.tf")) // what "cp" does
	r.Run("-chdir=rename", "apply", "-no-color", "-auto-approve")
	r.Write("rename/names.sed", r.Run("-chdir=rename", "output", "-raw", "sed"))
	r.shell(t, "sed -i.old -f rename/names.sed keys.tf")
}

func TestAccExampleOfRenamingNamesTheKeysBeforeTheyAreImported(t *testing.T) {
	r := queried(t)
	r.rename(t)
	expect(t, r.applied(), "4 imported, 0 added, 0 changed, 0 destroyed")
	if state := r.Run("state", "list"); strings.Contains(state, "team_0") || strings.Count(state, "streamkap_project_key.key_team_orders_") != 2 ||
		!strings.Contains(state, "streamkap_project_key.key_2_go_") {
		t.Errorf("the state holds %s", state)
	}
	r.settled()
}

func TestAccExampleOfRenamingMovesKeysThatWereImported(t *testing.T) {
	r := queried(t)
	r.applied()
	r.rename(t)
	r.Write("moved.tf", r.Run("-chdir=rename", "output", "-raw", "moved"))
	expect(t, r.applied(), "0 added, 0 changed, 0 destroyed")
	if state := r.Run("state", "list"); strings.Contains(state, "team_0") || strings.Count(state, "streamkap_project_key.") != 4 {
		t.Errorf("the state holds %s", state)
	}
	r.wroteNothing(t)
}

// A query tells identities where an import block tells an id.
func TestRenamingReadsWhatAQueryWrites(t *testing.T) {
	const block = `
import {
  to       = streamkap_project_key.team_0
  provider = streamkap
  identity = {
    id = "c1e9c152-3f0a-4c5e-9b57-0d2f4f1f7a10"
  }
}
`
	text := read(t, "examples/guides/rename-queried/main.tf")
	pattern := regexp.MustCompile(`regexall\("(.*?)", file`).FindStringSubmatch(text)
	if pattern == nil {
		t.Fatal("the example has no pattern")
	}
	unescaped := strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(pattern[1])
	found := regexp.MustCompile(unescaped).FindStringSubmatch(block)
	if len(found) != 3 || found[1] != "team_0" || found[2] != seededID {
		t.Errorf("found %q", found)
	}
}
