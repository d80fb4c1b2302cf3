// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"path/filepath"
	"strings"
	"testing"
)

// Streamkap's own provider has the same name and type prefix.
func TestAccExampleOfTwoProvidersUsesBoth(t *testing.T) {
	r := newRun(t)
	r.skipBefore(t, 8)
	overrides := r.Read("cli.tfrc")
	r.copyTo(t, "guides/two-providers", "")

	// The settings are those of the guide, with a second mirror in place of the
	// registry.
	mirror, registry := filepath.Join(r.Dir, "mirror"), filepath.Join(r.Dir, "registry")
	place(t, mirror, "example-org/streamkap", override(t, overrides))
	place(t, registry, "streamkap-com/streamkap", standInFolder(t, "streamkap"))
	r.replace(t, "mirror.tfrc", "/home/you/.terraform.d/mirror", filepath.ToSlash(mirror))
	r.replace(t, "mirror.tfrc", "  direct {\n", "  filesystem_mirror {\n    path = \""+filepath.ToSlash(registry)+"\"\n")
	r.Write("cli.tfrc", r.Read("mirror.tfrc"))

	r.Run("init", "-no-color")
	r.applied()
	expect(t, r.Read("terraform.tfstate"), "example-org/streamkap", "streamkap-com/streamkap", `"type": "streamkap_tag"`, r.service.Keys()[0].ID)
	r.settled()

	// Without the argument the prefix of the type decides, and that is wrong.
	main := r.Read("main.tf")
	r.Write("main.tf", strings.Replace(main, "  provider = streamkap-keys\n", "", 1))
	r.refused(t, `does not support resource type "streamkap_project_key"`, "validate")
	r.Write("main.tf", main)
	r.destroyed(t, 0)
}
