// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// Streamkap may show rules of further kinds of resources than a key takes
// (contract, "Kafka"). They are shown as they come, and no configuration and no
// request can hold them.

// ofOtherKind reports whether a rule is for something that a key takes no rules
// for.
func ofOtherKind(rule streamkap.ACL) bool { return operations[rule.Resource] == nil }

// keepOtherKinds says how rules of other kinds stay as they are.
const keepOtherKinds = "To keep such rules, have Terraform leave all rules of the key as they are:\n\n" +
	"  lifecycle {\n    ignore_changes = [kafka.acl]\n  }"

// warnOfOtherKinds tells of rules that a change takes away and that nothing can
// give back.
func (c *change) warnOfOtherKinds(prior *ProjectKeyModel, diags *diag.Diagnostics) {
	if prior.Kafka.known == nil || c.patch.KafkaACLs.IsZero() && len(c.replaces) == 0 {
		return
	}
	rules, _ := rulesFrom(prior.Kafka.known.ACL)
	var lost []string
	for _, rule := range rules {
		if ofOtherKind(rule) {
			lost = append(lost, "  - "+describeRule(rule))
		}
	}
	if len(lost) == 0 {
		return
	}
	slices.Sort(lost)
	change, keep := "This change removes them.", " "+keepOtherKinds
	if len(c.replaces) > 0 {
		change, keep = "The new key will not have them.", ""
	}
	diags.AddAttributeWarning(kafkaPath.AtName("acl"), "Rules will be removed that can't be added again",
		fmt.Sprintf("The %s has rules for other resources than topics and groups:\n%s\n\n%s Streamkap takes no such rules in a request, "+
			"so nothing here can add them again.%s", prior.describe(), strings.Join(firstOf(lost), "\n"), change, keep))
}

// refuseOtherKind refuses a rule that the service would refuse. Such a rule may
// be in a configuration that was generated from a key.
func refuseOtherKind(i int, rule streamkap.ACL) (summary, detail string) {
	return "Invalid resource of a rule", fmt.Sprintf("A rule is for a TOPIC or a GROUP; %s is for a %s. Streamkap may show such rules, and takes none: "+
		"if this configuration was generated from a key, remove the block. The first apply then removes the rule from the key, and nothing here can add it again. %s",
		nameRule(i, rule), rule.Resource, keepOtherKinds)
}
