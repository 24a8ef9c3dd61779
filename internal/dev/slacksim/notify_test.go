package slacksim

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// rung lists whom something notified after a journal number, as "name: why".
func rung(s *Server, after int64) []string {
	var list []string
	for _, p := range s.State().People {
		for _, n := range p.Notified {
			if n.Seq > after {
				list = append(list, p.Name+": "+n.Why)
			}
		}
	}
	return list
}

// scene plays what went before in a test of notifications. The bot's own
// messages go through its API.
type scene struct {
	*Server
	t *testing.T
}

func (s scene) say(as, channel, text, thread string) string {
	s.t.Helper()
	return do(s.t, s.Server, Action{Do: "say", As: as, Channel: channel, Text: text, Thread: thread}).TS
}

func (s scene) bot(method string, a params) string {
	s.t.Helper()
	a["channel"] = s.place(a["channel"])
	ans := s.call(method, s.BotToken(), a)
	if ans.err() != "" {
		s.t.Fatalf("%s: %s", method, ans.err())
	}
	return wire.Text(ans.body, "ts")
}

// place is a channel's id, or the user id for "@name".
func (s scene) place(ref string) string {
	if strings.HasPrefix(ref, "@") {
		return s.State().Person(ref).ID
	}
	return s.State().Channel(ref).ID
}

func (s scene) code(name string) string { return "<@" + s.State().Person(name).ID + ">" }

func TestWhoIsNotified(t *testing.T) {
	t.Parallel()
	mute, roots := Beliefs{DirectThreadMute: true}, Beliefs{RootMentionFollows: true}
	tests := []struct {
		name    string
		beliefs Beliefs
		mark    func(s scene, ts string) // what is looked at, after what went before
		before  func(scene) string
		want    []string
	}{
		{name: "a plain message in a channel", mark: func(s scene, _ string) { s.say("alice", "support", "hello", "") }},
		{name: "a mention of a member", mark: func(s scene, _ string) { s.say("alice", "support", "hello @bob", "") }, want: []string{"bob: mention"}},
		{name: "a mention of somebody outside", mark: func(s scene, _ string) { s.say("alice", "support", "hello @carol", "") }},
		{name: "a mention of oneself", mark: func(s scene, _ string) { s.say("alice", "support", "I am @alice", "") }},
		{name: "a mention of the bot", mark: func(s scene, _ string) { s.say("alice", "support", "hello @supporty", "") }},
		{name: "a mention of a group", mark: func(s scene, _ string) { s.say("alice", "support", "hello @oncall", "") }, want: []string{"bob: mention"}},
		{name: "of all", mark: func(s scene, _ string) { s.say("alice", "support", "@channel", "") }, want: []string{"bob: mention", "dana: mention", "erin: mention"}},
		{name: "of those who are there", before: func(s scene) string {
			do(s.t, s.Server, Action{Do: "status", As: "dana", Presence: "away"})
			return ""
		}, mark: func(s scene, _ string) { s.say("alice", "support", "@here", "") }, want: []string{"bob: mention", "erin: mention"}},
		{name: "of all, in a thread", before: func(s scene) string { return s.say("alice", "support", "hello", "") },
			mark: func(s scene, ts string) { s.say("alice", "support", "@channel", ts) }},
		{name: "in blocks alone", mark: func(s scene, _ string) {
			s.bot("chat.postMessage", params{"channel": "support", "text": "hello", "blocks": section(s.code("bob"), "mrkdwn")})
		}, want: []string{"bob: mention"}},
		{name: "in plain text", mark: func(s scene, _ string) {
			s.bot("chat.postMessage", params{"channel": "support", "text": "hello", "blocks": section(s.code("bob"), "plain_text")})
		}},
		{name: "in an attachment", mark: func(s scene, _ string) {
			s.bot("chat.postMessage", params{"channel": "support", "text": "hello", "attachments": `[{"text":"` + s.code("bob") + `"}]`})
		}},
		{name: "escaped", mark: func(s scene, _ string) {
			s.bot("chat.postMessage", params{"channel": "support", "text": "&lt;@" + s.State().Person("bob").ID + "&gt;"})
		}},
		{name: "somebody deactivated", before: func(s scene) string {
			do(s.t, s.Server, Action{Do: "deactivate", As: "bob"})
			return ""
		}, mark: func(s scene, _ string) { s.say("alice", "support", "@bob", "") }},
		{name: "somebody comes", mark: func(s scene, _ string) {
			do(s.t, s.Server, Action{Do: "invite", As: "alice", Channel: "support", Person: "carol"})
		}},
		{name: "an edit that names somebody", before: func(s scene) string { return s.say("alice", "support", "hello", "") },
			mark: func(s scene, ts string) {
				do(s.t, s.Server, Action{Do: "edit", As: "alice", Channel: "support", TS: ts, Text: "@bob"})
			}},
		{name: "chat.update", before: func(s scene) string { return s.bot("chat.postMessage", params{"channel": "@carol", "text": "hello"}) },
			mark: func(s scene, ts string) {
				s.bot("chat.update", params{"channel": s.State().Conversation("carol", "supporty").ID, "ts": ts, "text": s.code("carol")})
			}},
		{name: "an ephemeral message", mark: func(s scene, _ string) {
			s.bot("chat.postEphemeral", params{"channel": "support", "user": s.State().Person("bob").ID, "text": s.code("bob")})
		}},

		{name: "a direct message", mark: func(s scene, _ string) { s.bot("chat.postMessage", params{"channel": "@carol", "text": "hello"}) },
			want: []string{"carol: direct"}},
		{name: "a direct message between people", mark: func(s scene, _ string) { s.say("alice", "@bob", "hello @bob", "") }, want: []string{"bob: direct"}},
		{name: "a direct message to the bot", mark: func(s scene, _ string) { s.say("alice", "@supporty", "hello", "") }},
		{name: "a group message", mark: func(s scene, _ string) { s.say("alice", "@bob,@carol", "hello", "") }, want: []string{"bob: direct", "carol: direct"}},
		{name: "a reply in the thread of a direct message", before: direct("hello"), mark: goOn("more")},
		{name: "one that names the person", before: direct("hello"), mark: goOn("more @carol"), want: []string{"carol: mention"}},
		{name: "one that follows it", before: direct("hello", "@carol"), mark: goOn("more"), want: []string{"carol: thread"}},
		{name: "one that names the person, muted", beliefs: mute, before: direct("hello"), mark: goOn("more @carol")},
		{name: "one that follows it, muted", beliefs: mute, before: direct("hello", "@carol"), mark: goOn("more")},
		{name: "after the person wrote there, muted", beliefs: mute, before: func(s scene) string {
			ts := direct("hello")(s)
			s.say("carol", "@supporty", "yes", ts)
			return ts
		}, mark: goOn("more @carol"), want: []string{"carol: thread"}},
		{name: "in a thread that the person began", before: func(s scene) string { return s.say("carol", "@supporty", "hello", "") },
			mark: goOn("yes"), want: []string{"carol: thread"}},
		{name: "a reply that is also in the conversation", before: direct("hello"), mark: func(s scene, ts string) {
			s.bot("chat.postMessage", params{"channel": "@carol", "text": "loud", "thread_ts": ts, "reply_broadcast": "true"})
		}, want: []string{"carol: direct"}},

		{name: "a thread that somebody began", before: func(s scene) string { return s.say("bob", "support", "hello", "") },
			mark: func(s scene, ts string) { s.say("alice", "support", "yes", ts) }, want: []string{"bob: thread"}},
		{name: "a thread that somebody wrote in", before: func(s scene) string {
			ts := s.bot("chat.postMessage", params{"channel": "support", "text": "card"})
			s.say("bob", "support", "mine", ts)
			return ts
		}, mark: func(s scene, ts string) { s.say("alice", "support", "yes", ts) }, want: []string{"bob: thread"}},
		{name: "a thread of the bot", before: card("card"), mark: func(s scene, ts string) { s.say("alice", "support", "yes", ts) }},
		{name: "whose first message names somebody", before: card("card of @bob"), mark: func(s scene, ts string) { s.say("alice", "support", "yes", ts) }},
		{name: "whose first message names somebody, by the other reading", beliefs: roots, before: card("card of @bob"),
			mark: func(s scene, ts string) { s.say("alice", "support", "yes", ts) }, want: []string{"bob: thread"}},
		{name: "a thread of a person whose first message names somebody", before: func(s scene) string { return s.say("alice", "support", "@bob?", "") },
			mark: func(s scene, ts string) { s.say("alice", "support", "well", ts) }, want: []string{"bob: thread"}},
		{name: "a thread in which somebody was named", before: card("card", "@bob"),
			mark: func(s scene, ts string) { s.say("alice", "support", "yes", ts) }, want: []string{"bob: thread"}},
		{name: "a thread in which a group was named", before: card("card", "@oncall"),
			mark: func(s scene, ts string) { s.say("alice", "support", "yes", ts) }},
		{name: "a thread in which somebody outside was named", before: func(s scene) string {
			ts := card("card", "@carol")(s)
			do(s.t, s.Server, Action{Do: "join", As: "carol", Channel: "support"})
			return ts
		}, mark: func(s scene, ts string) { s.say("alice", "support", "yes", ts) }},
		{name: "a thread of somebody who left", before: func(s scene) string {
			ts := s.say("bob", "support", "hello", "")
			do(s.t, s.Server, Action{Do: "leave", As: "bob", Channel: "support"})
			return ts
		}, mark: func(s scene, ts string) { s.say("alice", "support", "yes @bob", ts) }},
		{name: "a thread whose first message is gone", before: func(s scene) string {
			ts := s.say("bob", "support", "hello", "")
			s.say("dana", "support", "yes", ts)
			do(s.t, s.Server, Action{Do: "delete", As: "bob", Channel: "support", TS: ts})
			return ts
		}, mark: func(s scene, ts string) { s.say("alice", "support", "yes", ts) }, want: []string{"bob: thread", "dana: thread"}},
		{name: "one that somebody follows by choice", before: func(s scene) string {
			ts := card("card")(s)
			do(s.t, s.Server, Action{Do: "follow", As: "erin", Channel: "support", TS: ts})
			return ts
		}, mark: func(s scene, ts string) { s.say("alice", "support", "yes", ts) }, want: []string{"erin: thread"}},
		{name: "one that somebody left by choice", before: func(s scene) string {
			ts := s.say("bob", "support", "hello", "")
			do(s.t, s.Server, Action{Do: "unfollow", As: "bob", Channel: "support", TS: ts})
			return ts
		}, mark: func(s scene, ts string) { s.say("alice", "support", "yes", ts) }},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, b := disconnected(t, Config{Beliefs: tc.beliefs}, nil)
			s, ts := scene{b.srv, t}, ""
			if tc.before != nil {
				ts = tc.before(s)
			}
			mark := s.State().Seq
			tc.mark(s, ts)
			if diff := cmp.Diff(tc.want, rung(s.Server, mark)); diff != "" {
				t.Errorf("notified (-want +got):\n%s", diff)
			}
		})
	}
}

func section(words, kind string) string {
	return fmt.Sprintf(`[{"type":"section","text":{"type":%q,"text":%q}}]`, kind, words)
}

// direct begins a direct message of the bot with carol, and goes on in its
// thread.
func direct(words string, replies ...string) func(scene) string {
	return func(s scene) string {
		ts := s.bot("chat.postMessage", params{"channel": "@carol", "text": words})
		for _, more := range replies {
			goOn(more)(s, ts)
		}
		return ts
	}
}

// goOn goes on in the thread of a direct message with carol; @carol is a
// mention.
func goOn(words string) func(scene, string) {
	return func(s scene, ts string) {
		s.bot("chat.postMessage", params{"channel": "@carol", "text": strings.ReplaceAll(words, "@carol", s.code("carol")), "thread_ts": ts})
	}
}

// card is a message of the bot in #support, and what it says in its thread.
func card(words string, replies ...string) func(scene) string {
	return func(s scene) string {
		marked := func(words string) string {
			var text string
			s.store.View(func(tx *workspace.Tx) { text = tx.Markup(words) })
			return text
		}
		ts := s.bot("chat.postMessage", params{"channel": "support", "text": marked(words)})
		for _, more := range replies {
			s.bot("chat.postMessage", params{"channel": "support", "text": marked(more), "thread_ts": ts})
		}
		return ts
	}
}

func TestNotificationsAreTold(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{}, nil)
	s := scene{b.srv, t}
	s.say("alice", "support", "before anybody looked, @bob", "")
	summaryOf(t, b.srv, "bob")
	before := s.State().Seq
	root := s.say("alice", "support", "hello @bob", "")
	s.say("alice", "@bob", "in private", "")
	n, err := b.client.As("bob").Notified(ctx, before, func(n Notification) bool { return n.Why == WhyDirect })
	if err != nil || n.Text != "in private" || n.From != s.State().Person("alice").ID {
		t.Errorf("bob was notified of %+v (%v)", n, err)
	}
	do(t, b.srv, Action{Do: "edit", As: "alice", Channel: "support", TS: root, Text: "never mind"})
	all, err := b.client.Notified(ctx, "bob", before)
	if err != nil || len(all) != 2 || all[0].Text != "hello @Bob" || all[0].TS != root {
		t.Errorf("bob was notified of %+v (%v)", all, err)
	}
	if rest, err := b.client.Notified(ctx, "bob", all[0].Seq); err != nil || len(rest) != 1 {
		t.Errorf("after the first came %+v (%v)", rest, err)
	}
	if _, err := b.client.Notified(ctx, "nobody", 0); err == nil {
		t.Error("nobody was notified")
	}
	journal, err := b.client.Journal(ctx, before)
	if err != nil || !slices.ContainsFunc(journal, func(e Entry) bool { return e.Kind == KindNotification && e.Seq == n.Seq && *e.Notification == n }) {
		t.Errorf("entry %d of the journal does not tell it (%v)", n.Seq, err)
	}
	next := listenTo(t, ctx, b.srv, fmt.Sprintf("after=%d", before))
	if change := changeOf(t, next("change")); len(change.Notified) != 2 || change.Notified[1] != n {
		t.Errorf("the stream tells of %+v", change.Notified)
	}
	g := fetch[Summary](t, b.srv, "state", url.Values{"light": {"1"}, "as": {"bob"}})
	if g.Notified[s.State().Person("bob").ID] != 2 {
		t.Errorf("what waits is %v, want 2 for bob", g.Notified)
	}
	do(t, b.srv, Action{Do: "read", As: "bob", Channel: "support"})
	if g := fetch[Summary](t, b.srv, "state", url.Values{"light": {"1"}, "as": {"bob"}}); g.Notified[s.State().Person("bob").ID] != 1 {
		t.Errorf("after reading one of them %v waits, want 1 for bob", g.Notified)
	}
}

func TestBeliefsCanChange(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{Beliefs: Beliefs{RootMentionFollows: true}}, nil)
	want := Beliefs{DirectThreadMute: true}
	if err := b.client.SetBeliefs(ctx, want); err != nil {
		t.Fatal(err)
	}
	if got := fetch[Beliefs](t, b.srv, "beliefs", nil); got != want {
		t.Errorf("the beliefs are %+v, want %+v", got, want)
	}
}
