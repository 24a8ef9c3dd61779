package webapi

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// scopesByPages is what the page of each method says that it needs; for those that
// begin with * by the type of the conversation.
// https://docs.slack.dev/reference/methods
var scopesByPages = map[string][]string{
	"auth.test": nil, "apps.connections.open": nil, "chat.getPermalink": nil, "files.upload": nil,
	"views.open": nil, "views.push": nil, "views.update": nil, "views.publish": nil,
	"functions.completeSuccess": nil, "functions.completeError": nil,
	"team.info": {"team:read"}, "bots.info": {"users:read"}, "users.info": {"users:read"}, "users.list": {"users:read"},
	"chat.postMessage": {"chat:write"}, "chat.update": {"chat:write"}, "chat.delete": {"chat:write"}, "chat.postEphemeral": {"chat:write"},
	"conversations.info": {"*:read"}, "conversations.members": {"*:read"},
	"conversations.history": {"*:history"}, "conversations.replies": {"*:history"},
	"conversations.list": {"channels:read"}, "users.conversations": {"channels:read"}, // of the type that is listed if none is named
	"conversations.open": {"im:write"}, "conversations.join": {"channels:join"},
	"usergroups.list": {"usergroups:read"}, "usergroups.users.list": {"usergroups:read"}, "usergroups.users.update": {"usergroups:write"},
	"files.getUploadURLExternal": {"files:write"}, "files.completeUploadExternal": {"files:write"}, "files.delete": {"files:write"},
	"files.info": {"files:read"}, "reactions.get": {"reactions:read"},
	"reactions.add": {"reactions:write"}, "reactions.remove": {"reactions:write"},
	"conversations.create": {"channels:manage"}, // of a public channel
	"conversations.invite": {"*:write"}, "conversations.kick": {"*:write"}, "conversations.archive": {"*:write"}, "conversations.unarchive": {"*:write"},
	"bookmarks.add": {"bookmarks:write"}, "bookmarks.edit": {"bookmarks:write"}, "bookmarks.list": {"bookmarks:read"}, "bookmarks.remove": {"bookmarks:write"},
	"conversations.setTopic": {"*:write"}, "conversations.setPurpose": {"*:write"},
}

// everyScope is what all methods together need.
func everyScope() []string {
	scopes := []string{"channels:history", "groups:history", "im:history", "mpim:history", "groups:read", "im:read", "mpim:read", "groups:write", "mpim:write"}
	for _, pages := range scopesByPages {
		for _, scope := range pages {
			if !strings.HasPrefix(scope, "*") && !slices.Contains(scopes, scope) {
				scopes = append(scopes, scope)
			}
		}
	}
	return scopes
}

// Whoever has every scope but one is refused by that one, in each kind of conversation.
func TestEveryMethodNeedsItsScope(t *testing.T) {
	t.Parallel()
	h := newHarness()
	h.store.Update(func(tx *workspace.Tx) {
		bob, dana := tx.Person("bob").ID, tx.Person("dana").ID
		tx.Conversation(tx.Bot.User, bob)
		tx.Conversation(tx.Bot.User, bob, dana)
		for _, c := range tx.Channels {
			for name, m := range methods {
				pages, known := scopesByPages[name]
				if !known {
					t.Errorf("%s is not looked up", name)
				}
				for _, scope := range pages {
					h.refusedWithout(t, tx, name, args{"channel": c.ID}, ofKind(scope, c.Kind()))
				}
				if len(pages) == 0 && m.scope != "" {
					t.Errorf("%s needs no scope by its page", name)
				}
			}
		}
	})
}

// ofKind completes a scope that begins with *. Public channels are managed, not written.
func ofKind(scope, kind string) string {
	scope = strings.Replace(scope, "*", workspace.ScopePrefix[kind], 1)
	return strings.Replace(scope, "channels:write", "channels:manage", 1)
}

// A private channel is made with another scope than a public one.
func TestPrivateChannelNeedsItsOwnScope(t *testing.T) {
	t.Parallel()
	h := newHarness()
	h.store.Update(func(tx *workspace.Tx) {
		h.refusedWithout(t, tx, "conversations.create", args{"name": "x", "is_private": "true"}, "groups:write")
	})
}

func (h apiHarness) refusedWithout(t *testing.T, tx *workspace.Tx, name string, a args, scope string) {
	t.Helper()
	h.api.cfg.Scopes = slices.DeleteFunc(everyScope(), func(other string) bool { return other == scope })
	got := h.api.run(tx, methods[name], a, needed(tx, methods[name], a)).body
	want := wire.Object{"ok": false, "error": "missing_scope", "needed": scope, "provided": strings.Join(h.api.cfg.Scopes, ",")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s without %s (-want +got):\n%s", name, scope, diff)
	}
}
