// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// showHoldings lists what the server holds, without its secrets.
func (d *demo) showHoldings() {
	keys := d.server.Keys()
	if len(keys) == 0 {
		d.say("The server holds no key.")
		return
	}
	slices.SortFunc(keys, func(a, b simulator.Key) int { return strings.Compare(a.Name, b.Name) })
	d.say("The server holds %s:", count(len(keys), "key"))
	for _, key := range keys {
		d.item("%-16s %s, id %s", key.Name, key.Status, key.ID)
		if key.HasAPI() {
			d.item("    API    %s; client secret %s", d.roleNames(key), concealed(key.APISecret))
		}
		if key.HasKafka() {
			d.item("    Kafka  user %s; %s; from %s", key.KafkaUsername, count(len(key.ACLs), "ACL rule"), addresses(key))
			d.item("           password %s", concealed(key.KafkaPassword))
		}
		if key.ToolProfile != "" {
			d.item("    MCP    %s", scope(key))
		}
	}
}

func (d *demo) roleNames(key simulator.Key) string {
	var names []string
	for _, role := range d.server.Config().Roles {
		if slices.Contains(key.RoleIDs, role.ID) {
			names = append(names, role.Name)
		}
	}
	return "role " + strings.Join(names, ", ")
}

func addresses(key simulator.Key) string {
	if len(key.WhitelistIPs) == 0 {
		return "any address"
	}
	return strings.Join(key.WhitelistIPs, ", ")
}

func scope(key simulator.Key) string {
	if len(key.BlockedTools) == 0 {
		return key.ToolProfile
	}
	return key.ToolProfile + " without " + strings.Join(key.BlockedTools, ", ")
}

// key finds a key by its name. There is none where a step went wrong, and then
// no claim about it holds.
func (d *demo) key(name string) simulator.Key {
	for _, key := range d.server.Keys() {
		if key.Name == name {
			return key
		}
	}
	return simulator.Key{}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
