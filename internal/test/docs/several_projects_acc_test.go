// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// organisation is two services with a project and a tenant each, and a folder
// with the guide's configuration for both.
type organisation struct {
	*run
	orders, billing *acctest.Service
}

func newOrganisation(t *testing.T) *organisation {
	t.Helper()
	o := &organisation{
		orders:  acctest.Start(t, simulator.Config{ServiceID: "65e94bbe0000000000000001", TenantID: "tenant-1"}),
		billing: acctest.Start(t, simulator.Config{ServiceID: "65e94bbe0000000000000002", TenantID: "tenant-2"}),
	}
	o.run = &run{acctest.NewWorkspace(t, o.orders), o.orders}
	o.skipBefore(t, 11)
	for _, name := range []string{"STREAMKAP_HOST", "STREAMKAP_CLIENT_ID", "STREAMKAP_SECRET"} {
		o.Setenv(name, "")
	}
	o.copyTo(t, "guides/several-projects", "all")
	o.Write("all/terraform.tf", read(t, "examples/provider/provider.tf"))
	o.Setenv("TF_VAR_orders_recipients", recipients)
	o.Setenv("TF_VAR_billing_recipients", recipients)
	o.Setenv("TF_VAR_orders_credentials", credentialFile(o.orders))
	o.Setenv("TF_VAR_billing_credentials", credentialFile(o.billing))
	o.Setenv("TF_VAR_orders_team_a_passwords", `{"invoices": "`+passwords[0]+`", "audit": "`+passwords[1]+`"}`)
	o.Setenv("TF_VAR_billing_team_a_passwords", `{"ledger": "`+passwords[0]+`"}`)
	o.Run("-chdir=all", "get", "-no-color")
	return o
}

// credentialFile is that of a service's administrator.
func credentialFile(s *acctest.Service) string {
	return fmt.Sprintf(`{"type": "streamkap_project_key", "api": {"client_id": %q, "client_secret": %q, "api_url": %q}}`,
		s.Server.Config().ClientID, s.Server.Config().Secret, s.URL)
}

func (o *organisation) apply(t *testing.T) {
	t.Helper()
	o.Run("-chdir=all", "plan", "-no-color", "-out=saved.plan")
	o.Run("-chdir=all", "apply", "-no-color", "saved.plan")
	o.forgetPasswords()
	o.Run("-chdir=all", "plan", "-no-color", "-detailed-exitcode")
}

// forgetPasswords shows that later runs go without.
func (o *organisation) forgetPasswords() {
	o.Setenv("TF_VAR_orders_team_a_passwords", "{}")
	o.Setenv("TF_VAR_billing_team_a_passwords", "{}")
}

func TestAccSeveralProjectsHaveTheirOwnKeys(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t)
	o.apply(t)
	o.mustHideSecrets()
	for service, want := range map[*acctest.Service]string{o.orders: "team-a-audit team-a-invoices", o.billing: "team-a-ledger"} {
		var names []string
		for _, k := range service.Keys() {
			names = append(names, k.Name)
			if k.ServiceID != service.Server.Config().ServiceID {
				t.Errorf("the key %s is of project %s", k.Name, k.ServiceID)
			}
		}
		if got := strings.Join(slices.Sorted(slices.Values(names)), " "); got != want {
			t.Errorf("a project has the keys %s, expected %s", got, want)
		}
	}
	main := o.Read("all/orders.tf")
	o.Write("all/orders.tf", regexp.MustCompile(`(?m)^    audit .*\n`).ReplaceAllString(main, ""))
	o.refused(t, "prevent_destroy", "-chdir=all", "plan")
}

func TestAccSeveralProjectsRefuseEachOthersCredentials(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t)
	o.Setenv("TF_VAR_orders_credentials", credentialFile(o.billing))
	printed := o.refused(t, o.billing.URL, "-chdir=all", "apply", "-auto-approve")
	expect(t, printed, "65e94bbe0000000000000001", "65e94bbe0000000000000002")
	for _, k := range o.billing.Keys() {
		if k.Name != "team-a-ledger" {
			t.Errorf("the wrong project has the key %s", k.Name)
		}
	}
}

// TestAccSplittingAStateKeepsItsSecrets runs the commands of the guide.
func TestAccSplittingAStateKeepsItsSecrets(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t)
	o.apply(t)
	o.mirror(t)
	o.shell(t, commandsAfter(t, "several-projects", "mkdir split billing"))
	kept := regexp.MustCompile(`"encrypted_client_secret": "(-----BEGIN[^"]*)"`).FindStringSubmatch(o.Read("billing/terraform.tfstate"))
	if len(kept) != 2 || opened(t, strings.ReplaceAll(kept[1], `\n`, "\n")) != o.billing.Keys()[0].APISecret {
		t.Fatal("the new state is without the client secret")
	}
	if strings.Contains(o.Read("all/terraform.tfstate"), kept[1]) {
		t.Error("the old state still has the client secret")
	}
	for _, dir := range []string{"all", "billing"} {
		o.Run("-chdir="+dir, "init", "-no-color")
		o.Run("-chdir="+dir, "plan", "-no-color", "-detailed-exitcode")
	}
}
