// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// Schema describes the resource. What a change does is decided as a whole in
// resource_plan_diff.go, so no attribute has a plan modifier of its own.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A Streamkap project key: one credential that bundles access to the REST API, access to Kafka, " +
			"and the tools an AI agent may use. A key needs at least one of `role_ids`, `permission_ids` and `kafka`.",
		Attributes: map[string]schema.Attribute{
			"id": computedString("The key's id. A key is imported by it."),
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the key, 1 to 100 characters, with no control character and no white space at either end. Updated in place.",
				Validators:          []validator.String{validName},
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What the key is for. Updated in place; removing it clears it.",
			},
			"role_ids": optionalSet(
				"Ids of the roles that the key's API access has. Excludes `permission_ids`. Updated in place: a change takes effect "+
					"when tokens that were already issued expire. Adding it to a Kafka-only key adds API access in place; removing it replaces the key.",
				insteadOfNoRoles, items("role ids")),
			"permission_ids": optionalSet(
				"Ids of the single permissions that the key's API access has. Excludes `role_ids`. Streamkap can't change them later, "+
					"so any change replaces the key. Changing from `permission_ids` to `role_ids`, and adding `permission_ids` to a Kafka-only key, "+
					"happen in place. Streamkap never shows them, so a change made elsewhere is not seen, and after an import the first apply takes them from the configuration.",
				insteadOfNoPermissions, items("permission ids")),
			"status": computedString("Status as Streamkap spells it: Active, Creating, Failed, Deleting or Delete Failed. " +
				"A key found Failed, Deleting or Delete Failed is planned for replacement."),
			"service_id": computedString("Id of the project that the key belongs to. A new key belongs to the project of the provider's credentials."),
			"created_at": computedString("When the key was created, as RFC 3339 text."),
			"api":        nestedAttribute[apiModel](apiAttribute()),
			"secret_recipients": optionalSet(
				"Public keys of those who can read the key's secrets, at most 50: age recipients (`age1…`, or post-quantum `age1pq1…`, not both) "+
					"and SSH public keys (`ssh-ed25519 …`, `ssh-rsa …` of at least 2048 bits). With them no secret of the key is in the state in clear: "+
					"`api.encrypted_client_secret` and `kafka.encrypted_password` hold each secret, and any of the recipients can decrypt it, by the age program or "+
					"by the function `decrypt_credential`. A file of a public key ends with a line break, which is refused: write `trimspace(file(…))`. A change calls nothing. What is in the state in clear is encrypted where it is; "+
					"what is encrypted already stays as it is, and secrets that are issued later follow the new value.",
				insteadOfNoRecipients, validRecipients),
			"credential_json": schema.StringAttribute{
				Computed:  true,
				Sensitive: true,
				MarkdownDescription: "The credential file, as Streamkap's UI lets people download it, so without rules. It holds the Kafka password only where " +
					"`kafka.password` is used. Null with `secret_recipients`, and where the key has API access and its client secret is not known in clear, which is so after an import.",
			},
		},
		Blocks: map[string]schema.Block{
			"kafka":    nestedBlock[kafkaModel](kafkaBlock()),
			"mcp":      nestedBlock[mcpModel](mcpBlock()),
			"timeouts": timeoutsBlock(ctx),
		},
	}
}

func computedString(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// optionalSet is a set of texts that has at least one where it is given: instead
// says what to write in place of an empty one.
func optionalSet(description, instead string, valid validator.Set) schema.SetAttribute {
	return schema.SetAttribute{
		Optional: true, ElementType: types.StringType, MarkdownDescription: description,
		Validators: []validator.Set{notEmpty(instead), setvalidator.NoNullValues(), valid},
	}
}

func apiAttribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Computed:            true,
		MarkdownDescription: "Access to the REST API; null for a Kafka-only key.",
		Attributes: map[string]schema.Attribute{
			"client_id": computedString("Client ID."),
			"client_secret": schema.StringAttribute{
				Computed:  true,
				Sensitive: true,
				MarkdownDescription: "Client secret. Streamkap shows it once, when API access is made; " +
					"it is null for a key that was imported, and where it is encrypted.",
			},
			"encrypted_client_secret": computedString("Client secret as an armored age file, for those who were `secret_recipients` when it was issued. " +
				"Null where it was issued without any."),
			"token_endpoint": computedString("Where client ID and secret are exchanged for an access token."),
			"api_url":        computedString("Base URL of the API."),
		},
	}
}

func timeoutsBlock(ctx context.Context) schema.Block {
	const form = "A duration such as `30s` or `20m`. Defaults to "
	block := timeouts.Block(ctx, timeouts.Opts{
		Create: true, CreateDescription: form + "20 minutes.",
		Read: true, ReadDescription: form + "5 minutes.",
		Update: true, UpdateDescription: form + "20 minutes.",
		Delete: true, DeleteDescription: form + "20 minutes.",
	})
	if single, ok := block.(schema.SingleNestedBlock); ok {
		single.Validators = append(single.Validators, longerThanZero)
		return single
	}
	return block
}

// kafkaBlock has no required attribute of its own, because the framework would
// ask for it in configurations that have no kafka block.
func kafkaBlock() schema.SingleNestedBlock {
	return schema.SingleNestedBlock{
		MarkdownDescription: "Access to Kafka. Not every project can have it: Streamkap documents that it needs an AWS-hosted project " +
			"with a dedicated namespace, and where it refuses, the error shows its reason. Adding the block to a key " +
			"adds access in place; removing it replaces the key.",
		Validators: []validator.Object{kafkaAttributes},
		Attributes: map[string]schema.Attribute{
			"username": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "SASL username. Required in this block. 3 to 24 lowercase letters, digits and hyphens, with no hyphen at either end; " +
					"unique within the project. A change replaces the key.",
				Validators: []validator.String{validUsername},
			},
			"password": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "SASL password, kept in the state. 12 to 128 characters with an upper-case letter, a lower-case letter, a digit and " +
					"a special character. A change rotates the password in place, which disconnects consumers at once; removing it changes nothing. " +
					"Excludes `password_wo`, which is stored nowhere, and `secret_recipients`.",
				Validators: []validator.String{validPassword},
			},
			"password_wo": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				WriteOnly: true,
				MarkdownDescription: "SASL password that is written and never stored, under the same rules as `password`. Needs `password_wo_version`, " +
					"and Terraform 1.11 or OpenTofu 1.11: earlier ones refuse it. Its value is needed only where it is sent: when Kafka access is made, and when " +
					"`password_wo_version` changes. Every other plan, refresh and destroy works while it is null.",
				Validators: []validator.String{validPassword},
			},
			"password_wo_version": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "Any number; excludes `password`. Changing it, or setting it for the first time, rotates the password to `password_wo` in place, " +
					"which disconnects consumers at once; removing both changes nothing.",
			},
			"encrypted_password": computedString("Password as an armored age file, for those who were `secret_recipients` when it was sent. " +
				"Null where it was sent without any."),
			"whitelist_ips": optionalSet(
				"IPv4 addresses and CIDR ranges that may connect, at most 1000 characters when joined by commas. Without it, "+
					"the key restricts none. Updated in place; removing it lifts the restriction.",
				insteadOfNoAddresses, validAddresses),
			"schema_registry": schema.BoolAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "Whether the key has credentials for the schema registry. Defaults to false when Kafka access is made, and to what " +
					"the key has afterwards. A change replaces the key.",
			},
			"bootstrap_servers":   computedString("Where Kafka clients connect first."),
			"security_protocol":   computedString("What Kafka clients have to set as `security.protocol`: `SASL_SSL`."),
			"sasl_mechanism":      computedString("What Kafka clients have to set as `sasl.mechanism`: `PLAIN`."),
			"schema_registry_url": computedString("URL of the schema registry; null without one."),
		},
		Blocks: map[string]schema.Block{
			"acl": aclBlock(),
		},
	}
}

// aclBlock is a list although order means nothing: a set of nested blocks
// takes minutes to plan by the thousand. Its row makes order
// irrelevant.
func aclBlock() schema.ListNestedBlock {
	return schema.ListNestedBlock{
		MarkdownDescription: "What the key's Kafka user may do: one block a rule, in any order. Updated in place. Rules that were added elsewhere are removed.",
		Validators:          []validator.List{validRules},
		NestedObject: schema.NestedBlockObject{
			Attributes: map[string]schema.Attribute{
				"name": schema.StringAttribute{
					Required: true,
					MarkdownDescription: "Name of the topic or the consumer group, or its beginning where `pattern_type` is `PREFIXED`. `*` alone is Kafka's wildcard " +
						"for every name; anywhere else it is a character like any other. Where a rule's name is sensitive and the rules are reordered, Terraform " +
						"may show the mark at another block, although nothing changes.",
				},
				"resource": schema.StringAttribute{
					Optional:            true,
					Computed:            true,
					Default:             stringdefault.StaticString(streamkap.ResourceTopic),
					MarkdownDescription: "`TOPIC`, the default, or `GROUP`.",
				},
				"operation": schema.StringAttribute{
					Required: true,
					MarkdownDescription: "A topic allows `ALL`, `ALTER`, `ALTER_CONFIGS`, `CREATE`, `DELETE`, `DESCRIBE`, `DESCRIBE_CONFIGS`, `READ` and `WRITE`; " +
						"a group allows `DELETE`, `DESCRIBE` and `READ`.",
				},
				"pattern_type": schema.StringAttribute{
					Optional:            true,
					Computed:            true,
					Default:             stringdefault.StaticString(streamkap.PatternLiteral),
					MarkdownDescription: "`LITERAL`, the default, for exactly this name, or `PREFIXED` for every name that begins with it.",
					Validators:          []validator.String{stringvalidator.OneOf(streamkap.PatternLiteral, streamkap.PatternPrefixed)},
				},
			},
		},
	}
}

func mcpBlock() schema.SingleNestedBlock {
	return schema.SingleNestedBlock{
		MarkdownDescription: "Which tools an AI agent that uses this key may call through Streamkap's MCP server. It needs API access. " +
			"Updated in place; removing it lifts the restriction. Without the block the key is not restricted.",
		Validators: []validator.Object{oneToolList},
		Attributes: map[string]schema.Attribute{
			"tool_profile": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "A preset: `full` (all tools), `read-only` (reading and querying only), `agent-operator` (reading, and safe operations " +
					"such as pause, resume and restart), `infra-admin` (everything but direct access to data in Kafka).",
				Validators: []validator.String{stringvalidator.OneOf("full", "read-only", "agent-operator", "infra-admin")},
			},
			"allowed_tools": optionalSet(
				"Exactly the tools that may be called, whatever `tool_profile` and `blocked_tools` say.",
				insteadOfNoAllowedTools, items("tool names")),
			"blocked_tools": optionalSet(
				"Tools to take away from what `tool_profile` allows.",
				insteadOfNoBlockedTools, items("tool names")),
		},
	}
}
