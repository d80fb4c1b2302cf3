// SPDX-License-Identifier: MPL-2.0

package simulator

// The table of the package documentation's section "Clearing" (row 10).

func (c Clearing) nullClears() bool { return c == NullClears || c == NullOnly }

func (c Clearing) emptyIsIgnored() bool { return c == NullOnly || c == NothingClears }

// text returns what a text becomes, and whether it changes at all.
func (c Clearing) text(f field[string]) (text string, changed bool) {
	switch {
	case !f.present:
		return "", false
	case f.null:
		return "", c.nullClears()
	case f.value == "":
		return "", !c.emptyIsIgnored()
	default:
		return f.value, true
	}
}

// clearList returns what a list becomes, and whether it changes at all.
func clearList[T any](c Clearing, f field[[]T]) (list []T, changed bool) {
	switch {
	case !f.present:
		return nil, false
	case f.null:
		return nil, c.nullClears()
	case len(f.value) > 0:
		return f.value, true
	case c == NullClears:
		return []T{}, true
	default:
		return nil, !c.emptyIsIgnored()
	}
}

// scope changes the MCP scoping of a key. The profile has no empty form.
func (c Clearing) scope(k *Key, req scope) {
	if profile, changed := c.text(req.profile); changed {
		k.ToolProfile = profile
	}
	if allowed, changed := clearList(c, req.allowed); changed {
		k.AllowedTools = allowed
	}
	if blocked, changed := clearList(c, req.blocked); changed {
		k.BlockedTools = blocked
	}
}
