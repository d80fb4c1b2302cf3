// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// Streamkap's own provider cannot be installed in a test, so a small one of the
// same name and type prefix stands in for it.
func TestAccExampleOfTwoProvidersUsesBoth(t *testing.T) {
	const example = "guides/two-providers"
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	(&run{Workspace: w}).skipBefore(t, 8)

	// The settings are those of the guide, with a second mirror in place of the
	// registry.
	mirror, registry := filepath.Join(w.Dir, "mirror"), filepath.Join(w.Dir, "registry")
	place(t, mirror, "example-org/streamkap", override(t, w))
	place(t, registry, "streamkap-com/streamkap", standIn(t, "streamkap"))
	settings := read(t, "examples/"+example+"/mirror.tfrc")
	for old, now := range map[string]string{
		"/home/you/.terraform.d/mirror": filepath.ToSlash(mirror),
		"  direct {\n":                  "  filesystem_mirror {\n    path = \"" + filepath.ToSlash(registry) + "\"\n",
	} {
		if !strings.Contains(settings, old) {
			t.Fatalf("the settings are without %q", old)
		}
		settings = strings.Replace(settings, old, now, 1)
	}
	w.Write("cli.tfrc", settings)
	w.Write("main.tf", read(t, "examples/"+example+"/main.tf"))

	w.Run("init", "-no-color")
	w.Run("apply", "-no-color", "-auto-approve")
	state := w.Read("terraform.tfstate")
	for _, text := range []string{"example-org/streamkap", "streamkap-com/streamkap", "made-by-the-other-provider", s.Keys()[0].ID} {
		if !strings.Contains(state, text) {
			t.Errorf("%s is not in the state", text)
		}
	}
	w.Run("plan", "-no-color", "-detailed-exitcode")

	// Without the argument the prefix of the type decides, and that is wrong.
	main := w.Read("main.tf")
	w.Write("main.tf", strings.Replace(main, "  provider = streamkap-keys\n", "", 1))
	if printed, err := w.Try("validate", "-no-color"); err == nil || !strings.Contains(acctest.OneLine(printed), `does not support resource type "streamkap_project_key"`) {
		t.Errorf("validate says: %s", printed)
	}
	w.Write("main.tf", main)
	w.Run("destroy", "-no-color", "-auto-approve")
	if keys := s.Keys(); len(keys) > 0 {
		t.Errorf("the server still holds %d keys", len(keys))
	}
}

// standIn is a folder with a provider that is this test's own program.
func standIn(t *testing.T, name string) string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script := "#!/bin/sh\n" + asOther + "=" + name + " exec '" + program + "'\n"
	if err := os.WriteFile(filepath.Join(dir, "terraform-provider-"+name), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}
