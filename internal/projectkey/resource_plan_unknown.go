// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Values that are unknown until the apply are no change and no reason, unless they may turn
// out to need another key.

const howToKnow = "To make it known: apply what it refers to first, with -target=ADDRESS, and plan again. Or write it with known values."

// mayBeAbsent reports whether a configured block may turn out to be absent. A dynamic block
// with an unknown for_each arrives as a block without known values, and so does a block of
// unknown values.
func mayBeAbsent(block types.Object) bool {
	unknown := block.IsUnknown()
	for _, value := range block.Attributes() {
		if list, ok := value.(types.List); ok && !list.IsUnknown() && len(list.Elements()) == 0 {
			continue
		}
		if !value.IsNull() && !value.IsUnknown() {
			return false
		}
		unknown = unknown || value.IsUnknown()
	}
	return unknown
}

// unsureBlocks are the blocks of a configuration that can turn out not to be
// there.
func (p *Model) unsureBlocks() []path.Path {
	var unsure []path.Path
	for _, block := range []struct {
		at    path.Path
		value types.Object
	}{{kafkaPath, p.Kafka.object()}, {mcpPath, p.MCP.object()}, {path.Root("timeouts"), p.Timeouts.Object}} {
		if mayBeAbsent(block.value) {
			unsure = append(unsure, block.at)
		}
	}
	return unsure
}

// unsureIDs are the sets of ids that can turn out to be null, where the key
// needs API access.
func (p *Model) unsureIDs() []path.Path {
	if isGiven(p.RoleIDs) || isGiven(p.PermissionIDs) || p.MCP.known == nil && p.Kafka.known != nil {
		return nil
	}
	var unsure []path.Path
	if p.RoleIDs.IsUnknown() {
		unsure = append(unsure, path.Root("role_ids"))
	}
	if p.PermissionIDs.IsUnknown() {
		unsure = append(unsure, path.Root("permission_ids"))
	}
	return unsure
}

// givesRoles and givesPermissions report what a configuration gives. The two exclude each
// other, so an unknown one counts as null where the other is given.
func (p *Model) givesRoles() bool {
	return isGiven(p.RoleIDs) || p.RoleIDs.IsUnknown() && !isGiven(p.PermissionIDs)
}

func (p *Model) givesPermissions() bool {
	return isGiven(p.PermissionIDs) || p.PermissionIDs.IsUnknown() && p.RoleIDs.IsNull()
}

// certainlyWantsAPI reports whether a configuration asks for API access whatever its unknown
// values are. Without access, a configuration that has no kafka block or that has a scope is
// refused.
func (p *Model) certainlyWantsAPI() bool {
	return isGiven(p.RoleIDs) || isGiven(p.PermissionIDs) || p.wantsAPI() && (p.Kafka.IsNull() || !p.MCP.IsNull())
}

// refuseUnsureKafka refuses a change whose kafka block is unknown as a whole. An absent
// block, or another username, would replace the key, and an apply can't decide that.
func refuseUnsureKafka(config, prior *Model, diags *diag.Diagnostics) bool {
	unsure := mayBeAbsent(config.Kafka.object())
	if unsure {
		diags.AddAttributeError(kafkaPath, "Kafka access is not known yet", fmt.Sprintf(
			"Nothing in the kafka block of the %s is known yet, so there may turn out to be no such block, or one with another username. "+
				"Then the key must be replaced, and that can only be planned when it is known.\n\n%s", prior.describe(), howToKnow))
	}
	return unsure
}

// refuseUnsureReplacement refuses a replacement that may fail after the old key is
// deleted. Terraform plans the new key of every replacement, whatever asks for it.
func refuseUnsureReplacement(config *Model, key keyLabels, diags *diag.Diagnostics) {
	for _, at := range append(config.unsureBlocks(), config.unsureIDs()...) {
		diags.AddAttributeError(at, "Replacement is not known yet", fmt.Sprintf(
			"The %s has to be replaced. Nothing in its %s is known yet, and it may turn out not to be there. Then Terraform would find out "+
				"when the key is deleted that the new one can't be made.\n\n%s", key.describe(), at, howToKnow))
	}
}

// warnOfUnsureBlocks warns of blocks that the plan counts on and that may turn out to be
// absent. Terraform would report that as a bug of the provider.
func warnOfUnsureBlocks(config *Model, diags *diag.Diagnostics) {
	for _, at := range config.unsureBlocks() {
		diags.AddAttributeWarning(at, "Block is not known yet", fmt.Sprintf(
			"Nothing in the %s block is known yet, so there may turn out to be no such block. The plan takes it to be there. If it is not, the apply "+
				"ends with \"Provider produced inconsistent final plan\", before anything is done to this key: apply again then, when it is known.\n\n%s",
			at, howToKnow))
	}
}

func notYet(name string, unknown bool) string {
	plural := strings.HasSuffix(name, "_ids")
	switch {
	case unknown && plural:
		return "its " + name + " are not known yet"
	case unknown:
		return "its " + name + " is not known yet"
	case plural:
		return "its " + name + " change"
	}
	return "its " + name + " changes"
}
