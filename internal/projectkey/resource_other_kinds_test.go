// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var (
	clusterRule = streamkap.ACL{Name: "kafka-cluster", Resource: "CLUSTER", Operation: "DESCRIBE", PatternType: "LITERAL"}
	topicRule   = streamkap.ACL{Name: "orders", Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"}
)

func TestOtherKinds_RemovalWarned(t *testing.T) {
	for name, test := range map[string]struct {
		prior, planned []streamkap.ACL
		change         func(*Model)
		says, saysNot  string
	}{
		"removed":          {prior: []streamkap.ACL{topicRule, clusterRule}, planned: []streamkap.ACL{topicRule}, says: "This change removes them."},
		"another is added": {prior: []streamkap.ACL{clusterRule}, planned: []streamkap.ACL{topicRule}, says: "ignore_changes = [kafka.acl]"},
		"kept":             {prior: []streamkap.ACL{topicRule, clusterRule}, planned: []streamkap.ACL{clusterRule, topicRule}},
		"of a topic":       {prior: []streamkap.ACL{topicRule}, planned: nil},
		"of a key that is replaced": {
			prior: []streamkap.ACL{topicRule, clusterRule}, planned: []streamkap.ACL{topicRule, clusterRule},
			change: func(p *Model) { p.Kafka.known.Username = types.StringValue("another") },
			says:   "The new key will not have them.", saysNot: "ignore_changes",
		},
	} {
		t.Run(name, func(t *testing.T) {
			prior, planned := someParts(t, "1"), someParts(t, "1")
			prior.Kafka.known.ACL, planned.Kafka.known.ACL = ruleList(test.prior), ruleList(test.planned)
			if test.change != nil {
				test.change(planned)
			}
			c := diff(prior, planned, planned)
			var diags diag.Diagnostics
			(&Resource{}).warn(t.Context(), &c, prior, planned, privateValues{}, &diags)
			at := slices.IndexFunc(diags, func(d diag.Diagnostic) bool { return d.Summary() == "Rules will be removed that can't be added again" })
			if at < 0 {
				if test.says != "" {
					t.Errorf("no warning among %q", told(diags))
				}
				return
			}
			detail := diags[at].Detail()
			if test.says == "" || !strings.Contains(detail, test.says) || test.saysNot != "" && strings.Contains(detail, test.saysNot) ||
				!strings.Contains(detail, describeRule(clusterRule)) || !strings.Contains(detail, prior.describe()) {
				t.Errorf("it says: %s", detail)
			}
		})
	}
}

func TestOtherKinds_RefusedInAConfiguration(t *testing.T) {
	var diags diag.Diagnostics
	validRules.on(ruleList([]streamkap.ACL{topicRule, clusterRule}), kafkaPath.AtName("acl"), &diags)
	expect(t, "a generated configuration", diags, "Error: Invalid resource of a rule at kafka.acl[1].resource")
	if detail := diags[0].Detail(); !strings.Contains(detail, "acl block 2 (DESCRIBE on CLUSTER kafka-cluster (LITERAL))") ||
		!strings.Contains(detail, "remove the block") || !strings.Contains(detail, "ignore_changes") {
		t.Error(detail)
	}
}

func TestUsername_CaseMakesNoDifference(t *testing.T) {
	prior, planned := someParts(t, "1"), someParts(t, "1")
	prior.Kafka.known.Username = types.StringValue(strings.ToUpper(planned.Kafka.known.Username.ValueString()))
	planned.suppressEquivalent(planned, prior)
	if c := diff(prior, planned, planned); len(c.replaces) > 0 || !planned.Kafka.known.Username.Equal(prior.Kafka.known.Username) {
		t.Errorf("planned %s for %s: %v", planned.Kafka.known.Username, prior.Kafka.known.Username, c.reasons)
	}
	planned.Kafka.known.Username = types.StringUnknown()
	planned.suppressEquivalent(planned, prior)
	if c := diff(prior, planned, planned); !slices.ContainsFunc(c.replaces, kafkaPath.AtName("username").Equal) {
		t.Errorf("a username that is not known yet replaces %v", c.replaces)
	}
}

func TestReplacement_AnotherNameSharesNone(t *testing.T) {
	prior, planned := someParts(t, "1"), someParts(t, "1")
	for _, name := range []types.String{types.StringValue("2"), types.StringUnknown()} {
		planned.Name = name
		c := change{}
		c.replace(path.Root("status"), "of this")
		var diags diag.Diagnostics
		(&Resource{}).warn(t.Context(), &c, prior, planned, privateValues{}, &diags)
		if strings.Contains(diags[0].Detail(), "create_before_destroy") {
			t.Error(diags[0].Detail())
		}
	}
}
