package webapi

import (
	"cmp"
	"slices"
	"strings"

	"supporty/internal/dev/slacksim/workspace"
)

func (api *API) granted(scope string) bool { return slices.Contains(api.cfg.Scopes, scope) }

// missing lists the scopes that a call lacks: one of those needed is enough,
// but each entry of types needs its own (measured: getsentry/sentry#18317).
func (api *API) missing(m method, needed []string) []string {
	lacking := slices.DeleteFunc(slices.Clone(needed), api.granted)
	if m.scope != byTypes && len(lacking) < len(needed) {
		return nil
	}
	return lacking
}

// needed lists the scopes of a call. A scope that begins with * depends on the
// kind of conversation, as the page of each method tells:
// https://docs.slack.dev/reference/methods/conversations.history
func needed(tx *workspace.Tx, m method, a args) []string {
	suffix, byChannel := strings.CutPrefix(m.scope, "*")
	switch {
	case m.scope == byTypes:
		return scopesOfTypes(a["types"])
	case m.scope == toMake:
		return scopesToMake(a)
	case m.scope == toManage:
		return scopesToManage(tx, a)
	case m.scope == "im:write" && strings.Contains(a["users"], ","):
		return []string{"mpim:write"}
	case m.scope == "" || !byChannel:
		return nonEmpty(m.scope)
	}
	var scopes []string
	for _, kind := range kindsOf(tx, a["channel"]) {
		scopes = append(scopes, workspace.ScopePrefix[kind]+suffix)
	}
	return scopes
}

// kindsOf is what a conversation is; for one that is not there, what its id lets it be.
func kindsOf(tx *workspace.Tx, ref string) []string {
	switch c := tx.Channel(ref); {
	case c != nil:
		return []string{c.Kind()}
	case strings.HasPrefix(ref, "D"):
		return []string{"im"}
	}
	return []string{"channel", "group", "mpim"}
}

// byTypes stands for the scopes of the kinds of conversations that are listed.
const byTypes = "types"

// listType says by channel_type how types of conversations.list name it.
var listType = map[string]string{"channel": "public_channel", "group": "private_channel", "im": "im", "mpim": "mpim"}

func scopesOfTypes(types string) []string {
	var scopes []string
	for _, kind := range []string{"channel", "group", "im", "mpim"} {
		if slices.Contains(splitTypes(types), listType[kind]) {
			scopes = append(scopes, workspace.ScopePrefix[kind]+":read")
		}
	}
	return scopes
}

func splitTypes(types string) []string { return strings.Split(cmp.Or(types, "public_channel"), ",") }

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
