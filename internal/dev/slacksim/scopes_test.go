package slacksim

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scopesByPages is what the page of each method says that it needs; for those that
// begin with * by the type of the conversation.
// https://docs.slack.dev/reference/methods
var scopesByPages = map[string][]string{
	"auth.test": nil, "apps.connections.open": nil, "chat.getPermalink": nil, "files.upload": nil,
	"views.open": nil, "views.push": nil, "views.update": nil, "views.publish": nil,
	"team.info": {"team:read"}, "bots.info": {"users:read"}, "users.info": {"users:read"}, "users.list": {"users:read"},
	"chat.postMessage": {"chat:write"}, "chat.update": {"chat:write"}, "chat.delete": {"chat:write"}, "chat.postEphemeral": {"chat:write"},
	"conversations.info": {"*:read"}, "conversations.members": {"*:read"},
	"conversations.history": {"*:history"}, "conversations.replies": {"*:history"},
	"conversations.list": {"channels:read"}, "users.conversations": {"channels:read"}, // of the type that is listed if none is named
	"conversations.open": {"im:write"}, "conversations.join": {"channels:join"},
	"usergroups.list": {"usergroups:read"}, "usergroups.users.list": {"usergroups:read"},
	"files.getUploadURLExternal": {"files:write"}, "files.completeUploadExternal": {"files:write"}, "files.delete": {"files:write"},
	"files.info": {"files:read"}, "reactions.get": {"reactions:read"},
	"reactions.add": {"reactions:write"}, "reactions.remove": {"reactions:write"},
}

// Whoever has every scope but one is refused by that one, in each kind of conversation.
func TestEveryMethodNeedsItsScope(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{Workspace: Workspace{
		Team: "Acme", People: []Person{{Name: "bob"}, {Name: "dana"}},
		Channels: []Channel{{Name: "open", Members: []string{"supporty"}}, {Name: "closed", Private: true, Members: []string{"supporty"}}},
	}}, nil)
	must(t)(b.client.As("bob").SayToBot(ctx, "hello"))
	must(t)(b.client.As("bob").Say(ctx, "@dana,@supporty", "hello"))
	for _, c := range b.srv.State().Channels {
		for name, m := range methods {
			pages, known := scopesByPages[name]
			if !known {
				t.Errorf("%s is not looked up", name)
			}
			for _, scope := range pages {
				b.srv.api.refusedWithout(t, name, args{"channel": c.ID}, strings.Replace(scope, "*", scopePrefix[c.kind()], 1))
			}
			if len(pages) == 0 && m.scope != "" {
				t.Errorf("%s needs no scope by its page", name)
			}
		}
	}
}

func (api *API) refusedWithout(t *testing.T, name string, a args, scope string) {
	t.Helper()
	api.cfg.Scopes = slices.DeleteFunc(everyScope(), func(other string) bool { return other == scope })
	defer func() { api.cfg.Scopes = everyScope() }()
	var got object
	api.store.Update(func(tx *Tx) { got = api.run(tx, methods[name], a, needed(tx, methods[name], a)).body })
	want := object{"ok": false, "error": "missing_scope", "needed": scope, "provided": strings.Join(api.cfg.Scopes, ",")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s without %s (-want +got):\n%s", name, scope, diff)
	}
}

// What is not there is refused by what it would be, before Slack says that it is not.
func TestScopesOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	_, b := disconnected(t, Config{Scopes: []string{"channels:read"}}, nil)
	for id, want := range map[string]string{"D0NOTHING": "missing_scope", "C0NOTHING": "channel_not_found"} {
		if got := b.srv.call("conversations.info", b.srv.BotToken(), args{"channel": id}).err(); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}
