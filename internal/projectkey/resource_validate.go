// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"fmt"
	"iter"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

const maxName = 100

// isGiven reports whether a value is known and not empty. Only such values can exclude each
// other.
func isGiven(value attr.Value) bool {
	if value == nil || value.IsNull() || value.IsUnknown() {
		return false
	}
	switch value := value.(type) {
	case types.String:
		return value.ValueString() != ""
	case types.Set:
		return len(value.Elements()) > 0
	case types.List:
		return len(value.Elements()) > 0
	}
	return true
}

// isAbsent reports whether a text is null or empty.
func isAbsent(text types.String) bool { return !text.IsUnknown() && text.ValueString() == "" }

// refuseInvisible refuses a text with an invisible character, and reports whether it did. It
// does not repeat the text, which may be a secret.
func refuseInvisible(what, text string, at path.Path, diags *diag.Diagnostics) bool {
	found := streamkap.Invisible(text)
	if found != "" {
		diags.AddAttributeError(at, "Invisible character", fmt.Sprintf("%s has %s. Nobody sees it, and it would be part of the value. Remove it.\n\n"+
			`Where the value is read from a file, trimspace(file("PATH")) leaves out white space and line breaks at the ends, and trimprefix(file("PATH"), "\ufeff") a byte order mark.`,
			what, found))
	}
	return found != ""
}

var validName = stringCheck("must have 1 to 100 characters, all of them visible", func(name string, at path.Path, diags *diag.Diagnostics) {
	if length := utf8.RuneCountInString(name); !refuseInvisible("The name", name, at, diags) && (length < 1 || length > maxName) {
		diags.AddAttributeError(at, "Invalid name", fmt.Sprintf("A name has 1 to %d characters, and this one has %d.", maxName, length))
	}
})

// knownTexts are the elements of a set that are known, each with its text.
func knownTexts(set types.Set) iter.Seq2[attr.Value, string] {
	return func(yield func(attr.Value, string) bool) {
		for _, element := range set.Elements() {
			text, ok := element.(types.String)
			if ok && !text.IsNull() && !text.IsUnknown() && !yield(element, text.ValueString()) {
				return
			}
		}
	}
}

func items(what string) check {
	return checkOf("must have no empty items, and no invisible characters", func(set types.Set, at path.Path, diags *diag.Diagnostics) {
		for element, text := range knownTexts(set) {
			if text == "" {
				diags.AddAttributeError(at.AtSetValue(element), "Empty item", fmt.Sprintf("One of %s is an empty text. Remove it.", at))
			}
			refuseInvisible("One of the "+what, text, at.AtSetValue(element), diags)
		}
	})
}

// notEmpty refuses an empty set, and says what leaving it out would mean, which may be the
// opposite.
func notEmpty(instead string) check {
	return checkOf("must not be empty", func(set types.Set, at path.Path, diags *diag.Diagnostics) {
		if len(set.Elements()) == 0 {
			diags.AddAttributeError(at, "Empty set", fmt.Sprintf("%s is an empty set. %s", at, instead))
		}
	})
}

const (
	insteadOfNoRoles       = "Name at least one role. A key without roles has permission_ids or a kafka block, and leaves role_ids out."
	insteadOfNoPermissions = "Name at least one permission. A key without single permissions has role_ids or a kafka block, and leaves permission_ids out."
	insteadOfNoAddresses   = "No list can keep every address out: name the addresses that may connect. " +
		"Do not leave whitelist_ips out, or set it to null, unless every address may connect: that is what it means."
	insteadOfNoAllowedTools = "No list can forbid every tool: name the tools that may be called, or set tool_profile = \"read-only\" in place of the list. " +
		"Do not leave allowed_tools out, or set it to null, unless every tool of tool_profile may be called: that is what it means, and without a tool_profile it is every tool there is."
	insteadOfNoBlockedTools = "Where no tool is to be blocked, leave it out, or set it to null."
	insteadOfNoRecipients   = "Name at least one recipient. Do not leave secret_recipients out, or set it to null, unless the state may hold the key's secrets in clear: that is what it means."
)

// longerThanZero refuses timeouts of zero or less. The library checks that they are
// durations.
var longerThanZero = checkOf("timeouts must be longer than zero", func(block types.Object, at path.Path, diags *diag.Diagnostics) {
	for name, value := range block.Attributes() {
		text, _ := value.(types.String)
		if timeout, err := time.ParseDuration(text.ValueString()); err == nil && timeout <= 0 {
			diags.AddAttributeError(at.AtName(name), "Invalid timeout",
				fmt.Sprintf("%q leaves no time for anything. Set a duration longer than zero, such as \"20m\", or leave %s out for the default.", text.ValueString(), name))
		}
	}
})

var oneToolList = checkOf("allowed_tools makes blocked_tools ineffective", func(block types.Object, at path.Path, diags *diag.Diagnostics) {
	if isGiven(block.Attributes()["allowed_tools"]) && isGiven(block.Attributes()["blocked_tools"]) {
		diags.AddAttributeWarning(at.AtName("blocked_tools"), "Block list without effect",
			"With allowed_tools set, exactly those tools may be called, and blocked_tools is ignored. Remove one of the two.")
	}
})

var validRecipients = checkOf("must be age recipients or SSH public keys", checkRecipients)

// checkRecipients checks each known recipient, and whether they go together. What may be a
// secret is refused at the path of the set, because an element's path holds its text and is
// logged.
func checkRecipients(set types.Set, at path.Path, diags *diag.Diagnostics) {
	known := 0
	for range knownTexts(set) {
		known++
	}
	if known > encrypt.MaxRecipients {
		diags.AddAttributeError(at, "Too many recipients", fmt.Sprintf("There are %d recipients, and a key can have %d. "+
			"Each secret is encrypted to every one of them. Give a team one age key that its members share.", known, encrypt.MaxRecipients))
		return
	}
	var recipients encrypt.Recipients
	for element, text := range knownTexts(set) {
		trimmed := streamkap.Trim(text)
		where, which := at, "One of the recipients"
		if name := encrypt.NameOf(trimmed); name != "" {
			where, which = at.AtSetValue(element), fmt.Sprintf("The recipient %q", name)
		}
		recipient, err := encrypt.ParseRecipient(trimmed)
		switch {
		case err != nil:
			diags.AddAttributeError(where, "Invalid recipient", fmt.Sprintf("%s %s.", which, err))
		case !refuseInvisible(which, text, where, diags):
			recipients = append(recipients, recipient)
		}
	}
	if err := recipients.Check(); err != nil {
		diags.AddAttributeError(at, "Recipients that do not go together", fmt.Sprintf("Of the recipients, %s.", err))
	}
}

// ValidateConfig checks attributes together.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config Model
	diags := &resp.Diagnostics
	diags.Append(req.Config.Get(ctx, &config)...)
	if isGiven(config.RoleIDs) && isGiven(config.PermissionIDs) {
		diags.AddAttributeError(path.Root("role_ids"), "Roles beside permissions",
			"A key has either role_ids or permission_ids: its API access comes from roles or from single permissions. Remove one of the two.")
	}
	if !config.wantsAPI() && config.Kafka.IsNull() {
		diags.AddError("Project key without access", "The key would give access to nothing. It needs role_ids, permission_ids or a kafka block.\n\n"+
			"A key that was imported and shows no roles most likely has single permissions, which Streamkap does not show: "+
			"add permission_ids with those that it was created with.")
	}
	if isGiven(config.SecretRecipients) && config.Kafka.known != nil && isGiven(config.Kafka.known.Password) {
		refusePasswordInClear(kafkaPath.AtName("password"), diags)
	}
}

// refusePasswordInClear refuses a password in clear beside recipients.
func refusePasswordInClear(at path.Path, diags *diag.Diagnostics) {
	diags.AddAttributeError(at, "Kafka password in clear",
		"With secret_recipients no secret is in the state in clear, and kafka.password is kept there. Use password_wo and password_wo_version instead: "+
			"kafka.encrypted_password then holds the password, encrypted. A key that has its password already keeps it where you only remove kafka.password.")
}

// The error of an impossible id does not repeat it: somebody may have pasted a credential
// file.
const (
	idRefused = "Not the id of a project key"
	idMayBe   = "An id is made of at most 128 letters, digits and the characters - _ . : ~ @. What was given is something else, " +
		"and is not repeated here in case it is a secret. An id is shown in Streamkap under Project Settings > Project Keys; " +
		"in a credential file it is project_key_id."
)

var plausibleID = stringCheck("has to be an id that a project key can have", func(id string, at path.Path, diags *diag.Diagnostics) {
	if !streamkap.PlausibleID(id) {
		diags.AddAttributeError(at, idRefused, idMayBe)
	}
})

// check is a validator that is a function. Only a value that is given and known
// is checked.
type check struct {
	description string
	run         func(value attr.Value, at path.Path, diags *diag.Diagnostics)
}

func checkOf[V attr.Value](description string, run func(value V, at path.Path, diags *diag.Diagnostics)) check {
	return check{description, func(value attr.Value, at path.Path, diags *diag.Diagnostics) {
		if value, ok := value.(V); ok {
			run(value, at, diags)
		}
	}}
}

func stringCheck(description string, run func(text string, at path.Path, diags *diag.Diagnostics)) check {
	return checkOf(description, func(text types.String, at path.Path, diags *diag.Diagnostics) { run(text.ValueString(), at, diags) })
}

func (c check) on(value attr.Value, at path.Path, diags *diag.Diagnostics) {
	if !value.IsNull() && !value.IsUnknown() {
		c.run(value, at, diags)
	}
}

func (c check) Description(context.Context) string { return c.description }

func (c check) MarkdownDescription(context.Context) string { return c.description }

func (c check) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	c.on(req.ConfigValue, req.Path, &resp.Diagnostics)
}

func (c check) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	c.on(req.ConfigValue, req.Path, &resp.Diagnostics)
}

func (c check) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	c.on(req.ConfigValue, req.Path, &resp.Diagnostics)
}

func (c check) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	c.on(req.ConfigValue, req.Path, &resp.Diagnostics)
}
