// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// ownKey is a resource whose provider authenticates with the key.
func ownKey(key *Model) *Resource {
	return &Resource{client: streamkap.New(streamkap.Config{
		Host: "http://simulator", ClientID: key.API.known.ClientID.ValueString(), Secret: "not-real", Transport: simulator.New(simulator.Config{}).RoundTripper(),
	})}
}

func TestRefuseOwnKey_OnlyTheProvidersKey(t *testing.T) {
	key, other, kafkaOnly := someParts(t, "1"), someParts(t, "1"), someParts(t, "1")
	other.API.known = &apiModel{ClientID: types.StringValue("another-client")}
	kafkaOnly.API.known = nil
	r := ownKey(key)
	for name, test := range map[string]struct {
		r    *Resource
		key  *Model
		want []string
	}{
		"its own":                  {r, key, []string{"Error: The provider's own key can't be deleted"}},
		"another one":              {r, other, nil},
		"one without API access":   {r, kafkaOnly, nil},
		"of a provider of no name": {&Resource{}, key, nil},
	} {
		var diags diag.Diagnostics
		test.r.refuseOwnKey(labelsOf(test.key), &diags)
		expect(t, name, diags, test.want...)
		for _, d := range diags {
			if !strings.Contains(d.Detail(), `project key "1" (id id)`) || !strings.Contains(d.Detail(), "destroy = false") {
				t.Error(d.Detail())
			}
		}
	}
}

// TestWarn_Changes changes a key in every way that somebody
// may regret.
func TestWarn_Changes(t *testing.T) {
	const (
		replaced   = "Warning: Project key will be replaced"
		roles      = "Warning: The provider's own roles will change at role_ids"
		rotated    = "Warning: Kafka password will be rotated at kafka.password"
		adopted    = "Warning: Permissions are taken over unchecked at permission_ids"
		anyAddress = "Warning: A restriction will be lifted at kafka.whitelist_ips"
		missing    = "Warning: Client secret missing at api.client_secret"
		unasked    = "Warning: API access is not in the configuration"
	)
	for name, test := range map[string]struct {
		prior, planned func(*Model)
		privateValues  privateValues
		own            bool
		want           []string
	}{
		"nothing changes":             {},
		"a name":                      {planned: func(p *Model) { p.Name = types.StringValue("2") }, own: true},
		"its own roles":               {planned: func(p *Model) { p.RoleIDs = stringSet([]string{"2"}) }, own: true, want: []string{roles}},
		"the roles of another key":    {planned: func(p *Model) { p.RoleIDs = stringSet([]string{"2"}) }},
		"a password":                  {planned: func(p *Model) { p.Kafka.known.Password = types.StringValue("another") }, want: []string{rotated}},
		"no address is asked for":     {planned: func(p *Model) { p.Kafka.known.WhitelistIPs = stringSet(nil) }, want: []string{anyAddress}},
		"permissions of an import":    {prior: func(p *Model) { p.RoleIDs = stringSet(nil) }, planned: func(p *Model) { p.RoleIDs, p.PermissionIDs = stringSet(nil), stringSet([]string{"p"}) }, want: []string{adopted}},
		"permissions not asked for":   {prior: func(p *Model) { p.RoleIDs = stringSet(nil) }, planned: func(p *Model) { p.RoleIDs = stringSet(nil) }, want: []string{unasked}},
		"another Kafka user":          {planned: func(p *Model) { p.Kafka.known.Username = types.StringValue("another") }, want: []string{replaced}},
		"a secret that never arrived": {prior: func(p *Model) { p.API.known.ClientSecret = types.StringNull() }, want: []string{missing}},
		"a secret that no import has": {prior: func(p *Model) { p.API.known.ClientSecret = types.StringNull() }, privateValues: privateValues{privateImported: "3"}},
		"a secret of no API access":   {prior: func(p *Model) { p.API.known, p.RoleIDs = nil, stringSet(nil) }, planned: func(p *Model) { p.API.known, p.RoleIDs = nil, stringSet(nil) }},
		"a password and every address": {planned: func(p *Model) {
			p.Kafka.known.Password, p.Kafka.known.WhitelistIPs = types.StringValue("another"), stringSet(nil)
		}, want: []string{rotated, anyAddress}},
		"a replacement, of lost secret": {prior: func(p *Model) { p.API.known.ClientSecret = types.StringNull() }, planned: func(p *Model) { p.Kafka.known.Username = types.StringValue("another") }, want: []string{replaced}},
	} {
		prior, planned := someParts(t, "1"), someParts(t, "1")
		for parts, change := range map[*Model]func(*Model){prior: test.prior, planned: test.planned} {
			if change != nil {
				change(parts)
			}
		}
		r := &Resource{}
		if test.own {
			r = ownKey(prior)
		}
		c := diff(prior, planned, planned)
		var diags diag.Diagnostics
		r.warn(t.Context(), &c, prior, planned, test.privateValues, &diags)
		expect(t, name, diags, test.want...)
	}
}

func TestWarn_Replacement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const sameName = " With create_before_destroy, give the new key another name: Streamkap may refuse a second key of the same name."
		used := privateValues{privateLastUsed: time.Now().Add(-3 * time.Hour).Format(time.RFC3339)}
		for name, test := range map[string]struct {
			change        func(*Model)
			privateValues privateValues
			want          string
		}{
			"not in use": {func(*Model) {}, nil, "\n\nIts credentials end with it: everything that uses the key has to be given the new ones." + sameName},
			"in use": {
				func(*Model) {}, used, "\n\nIts credentials end with it: everything that uses the key has to be given the new ones." + sameName + " " +
					"The key was last used 3 hours ago, as far as Streamkap shows; use of Kafka may not count.",
			},
		} {
			prior := someParts(t, "1")
			test.change(prior)
			c := change{}
			c.replace(path.Root("status"), "of this")
			c.replace(path.Root("name"), "of that")
			var diags diag.Diagnostics
			(&Resource{}).warn(t.Context(), &c, prior, prior, test.privateValues, &diags)
			want := `The project key "1" (id id) will be deleted and created again, because of this; and because of that.` + test.want
			if len(diags) != 1 || diags[0].Detail() != want {
				t.Errorf("%s: %v", name, diags)
			}
		}
	})
}

// TestDescribeUse_OnlyRecentUse also covers what is no time, and clocks that are
// ahead.
func TestDescribeUse_OnlyRecentUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for ago, want := range map[time.Duration]string{
			0:                           "less than a minute ago",
			59 * time.Second:            "less than a minute ago",
			-time.Hour:                  "less than a minute ago",
			-time.Hour - time.Second:    "",
			time.Minute:                 "1 minute ago",
			2*time.Minute - time.Second: "1 minute ago",
			59 * time.Minute:            "59 minutes ago",
			time.Hour:                   "1 hour ago",
			23 * time.Hour:              "23 hours ago",
			24 * time.Hour:              "1 day ago",
			recentUse:                   "30 days ago",
			recentUse + time.Second:     "",
		} {
			var diags diag.Diagnostics
			said := lastUse(t.Context(), privateValues{privateLastUsed: time.Now().Add(-ago).Format(time.RFC3339)}, &diags)
			if want != "" {
				want = "The key was last used " + want + ", as far as Streamkap shows; use of Kafka may not count."
			}
			if said != want || diags.HasError() {
				t.Errorf("%s ago: %q", ago, said)
			}
		}
		var diags diag.Diagnostics
		for _, remembered := range []privateValues{nil, {privateLastUsed: ""}, {privateLastUsed: "lately"}} {
			if said := lastUse(t.Context(), remembered, &diags); said != "" {
				t.Errorf("%v: %q", remembered, said)
			}
		}
	})
}
