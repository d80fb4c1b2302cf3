// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// configuration is what both providers are measured with: keys whose rules come
// out of a CSV file.
const configuration = `terraform {
  required_providers {
    streamkap = { source = "streamkap-com/streamkap" }
  }
}

provider "streamkap" {}

variable "keys" {
  type = number
}

variable "description" {
  type    = string
  default = null
}

variable "recipients" {
  type    = set(string)
  default = null
}

variable "password" {
  type      = string
  sensitive = true
  ephemeral = true
}

locals {
  rules = csvdecode(file("rules.csv"))
}

resource "streamkap_project_key" "key" {
  count       = var.keys
  name        = "key-${count.index}"
  description = var.description

  secret_recipients = var.recipients

  kafka {
    username            = "key-${count.index}"
    password_wo         = var.password
    password_wo_version = 1

    dynamic "acl" {
      for_each = local.rules
      content {
        name         = acl.value.name
        resource     = acl.value.resource
        operation    = acl.value.operation
        pattern_type = acl.value.pattern_type
      }
    }
  }
}
`

func (b *bench) workspace(who string) string {
	return filepath.Join(b.Dir, "work-"+providers[who].workspace)
}

func (b *bench) cliConfig(who string) string { return filepath.Join(b.Dir, who+".tfrc") }

// writeWorkspace lays out what a provider is run with.
func (b *bench) writeWorkspace(who string) error {
	if err := os.MkdirAll(b.workspace(who), 0o700); err != nil {
		return err
	}
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"streamkap-com/streamkap\" = %q\n  }\n  direct {}\n}\n",
		filepath.ToSlash(filepath.Dir(b.program(who))))
	if err := os.WriteFile(b.cliConfig(who), []byte(overrides), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.workspace(who), "main.tf"), []byte(configuration), 0o600)
}

// configure sets how many keys there are to be, of how many rules.
func (b *bench) configure(who string, keys, rules int) error {
	b.Set("TF_VAR_keys", strconv.Itoa(keys))
	order := make([]int, rules)
	for i := range order {
		order[i] = i
	}
	return b.writeRules(who, order)
}

// writeRules writes the rules of every key: readers of topics, in some order.
func (b *bench) writeRules(who string, order []int) error {
	var text strings.Builder
	text.WriteString("name,resource,operation,pattern_type\n")
	for _, i := range order {
		fmt.Fprintf(&text, "orders.%05d,TOPIC,READ,LITERAL\n", i)
	}
	return os.WriteFile(filepath.Join(b.workspace(who), "rules.csv"), []byte(text.String()), 0o600)
}
