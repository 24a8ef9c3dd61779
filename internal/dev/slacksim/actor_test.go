package slacksim

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim/wire"
)

// everything is a modal with one element of each kind that people fill in.
const everything = `{"type":"modal","title":{"type":"plain_text","text":"All"},"submit":{"type":"plain_text","text":"Go"},"external_id":"one","blocks":[
 {"type":"input","block_id":"search","dispatch_action":true,"optional":true,"label":{"type":"plain_text","text":"Search"},"element":{"type":"plain_text_input","action_id":"search"}},
 {"type":"input","block_id":"who","optional":true,"label":{"type":"plain_text","text":"Who"},"element":{"type":"users_select","action_id":"who"}},
 {"type":"input","block_id":"many","optional":true,"label":{"type":"plain_text","text":"Many"},"element":{"type":"multi_users_select","action_id":"many"}},
 {"type":"input","block_id":"day","optional":true,"label":{"type":"plain_text","text":"Day"},"element":{"type":"datepicker","action_id":"day"}},
 {"type":"input","block_id":"when","optional":true,"label":{"type":"plain_text","text":"When"},"element":{"type":"datetimepicker","action_id":"when"}},
 {"type":"input","block_id":"count","optional":true,"label":{"type":"plain_text","text":"Count"},"element":{"type":"number_input","is_decimal_allowed":false,"action_id":"count"}},
 {"type":"input","block_id":"boxes","optional":true,"label":{"type":"plain_text","text":"Boxes"},"element":{"type":"checkboxes","action_id":"boxes","options":[{"text":{"type":"plain_text","text":"One"},"value":"1"},{"text":{"type":"plain_text","text":"Two"},"value":"2"}]}},
 {"type":"input","block_id":"ticket","optional":true,"label":{"type":"plain_text","text":"Ticket"},"element":{"type":"external_select","action_id":"ticket"}},
 {"type":"actions","block_id":"row","elements":[{"type":"button","action_id":"more","text":{"type":"plain_text","text":"More"}},
  {"type":"static_select","action_id":"level","options":[{"text":{"type":"plain_text","text":"Low"},"value":"l"}]}]}]}`

func TestEveryKindOfField(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, func(b *simHarness, r received) any {
		switch r.Type {
		case "shortcut":
			b.open(t, wire.Text(r.Payload, "trigger_id"), everything)
		case "block_suggestion":
			return wire.Object{"options": []wire.Object{{"text": wire.Object{"type": "plain_text", "text": "#42 " + wire.Text(r.Payload, "value")}, "value": "42"}}}
		}
		return nil
	})
	alice := b.client.As("alice")
	must(t)(alice.Shortcut(ctx, "new"))
	must(t)(alice.View(ctx))
	must(t)(alice.Type(ctx, FormValues{"search": "card", "count": "3"}))
	typed := b.await(t, ctx, "the typed search", ofType("block_actions"))
	if action := typed.Payload["actions"].([]any)[0].(wire.Object); action["value"] != "card" || action["block_id"] != "search" {
		t.Errorf("action %v", action)
	}
	offered, err := alice.Suggest(ctx, "ticket", "ca")
	if diff := cmp.Diff([]Option{{Text: "#42 ca", Value: "42"}}, offered); err != nil || diff != "" {
		t.Errorf("suggestions %v (-want +got):\n%s", err, diff)
	}
	must(t)(alice.ClickModal(ctx, "more"))
	must(t)(alice.ChooseModal(ctx, "level", "Low"))
	for _, refused := range []FormValues{{"count": "many"}, {"boxes": "3"}, {"nothing": "x"}, {"when": "noon"}} {
		if _, err := alice.Submit(ctx, refused); err == nil {
			t.Errorf("%v could be filled in", refused)
		}
	}
	out, err := alice.Submit(ctx, FormValues{
		"who": "bob", "many": []string{"bob", "dana"}, "day": "2026-11-23", "when": "2026-11-23T11:50:00Z",
		"boxes": []string{"1", "Two"}, "ticket": "42",
	})
	if err != nil || !out.Closed {
		t.Fatalf("submit %+v, %v", out, err)
	}
	got := b.await(t, ctx, "the submission", ofType("view_submission")).Payload["view"].(wire.Object)["state"].(wire.Object)["values"].(wire.Object)
	field := func(block, action, name string) string {
		return fmt.Sprint(got[block].(wire.Object)[action].(wire.Object)[name])
	}
	state := b.srv.State()
	bob, dana := state.Person("bob").ID, state.Person("dana").ID
	pairs := []struct{ got, want string }{
		{field("search", "search", "value"), "card"},
		{field("count", "count", "value"), "3"},
		{field("who", "who", "selected_user"), bob},
		{field("many", "many", "selected_users"), "[" + bob + " " + dana + "]"},
		{field("day", "day", "selected_date"), "2026-11-23"},
		{field("when", "when", "selected_date_time"), "1.7954346e+09"},
		{field("row", "level", "type"), "static_select"},
	}
	for _, p := range pairs {
		if p.got != p.want {
			t.Errorf("got %s, want %s", p.got, p.want)
		}
	}
	if boxes := got["boxes"].(wire.Object)["boxes"].(wire.Object)["selected_options"].([]any); len(boxes) != 2 {
		t.Errorf("boxes %v", boxes)
	}
}

// open opens a view that is given as JSON.
func (b *simHarness) open(t *testing.T, trigger, view string) {
	body := fmt.Sprintf(`{"trigger_id":%q,"view":%s}`, trigger, view)
	if ans := b.srv.call("views.open", b.srv.BotToken(), readAll(body)); ans.err() != "" {
		t.Errorf("opening a view: %v", ans.body)
	}
}

func TestViewRefusals(t *testing.T) {
	t.Parallel()
	_, b := disconnected(t, Config{}, nil)
	call := func(method string, change func(params)) string {
		a := params{"trigger_id": b.srv.trigger("alice"), "view": everything}
		change(a)
		return b.srv.call(method, b.srv.BotToken(), a).err()
	}
	tests := []struct {
		name, method string
		change       func(params)
		want         string
	}{
		{"opened", "views.open", func(params) {}, ""},
		{"same external id", "views.open", func(params) {}, "duplicate_external_id"},
		{"no view", "views.open", func(a params) { a["view"] = "" }, "invalid_arguments"},
		{"a home as modal", "views.open", func(a params) { a["view"] = `{"type":"home","blocks":[]}` }, "invalid_arguments"},
		{"too large", "views.open", func(a params) { a["view"] = strings.Repeat(" ", 250<<10) + everything }, "view_too_large"},
		{"update by external id", "views.update", func(a params) { a["external_id"] = "one"; delete(a, "trigger_id") }, ""},
		{"home for nobody", "views.publish", func(a params) { a["user_id"] = "U0NOBODY" }, "invalid_arguments"},
		{"home by name", "views.publish", func(a params) { a["user_id"] = "alice" }, "invalid_arguments"},
	}
	for _, tt := range tests {
		if got := call(tt.method, tt.change); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestHomeCanBeSwitchedOff(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{HomeDisabled: true}, nil)
	_, err := b.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: b.srv.State().Person("bob").ID, View: slack.HomeTabViewRequest{Type: "home"}})
	if err == nil || err.Error() != "not_enabled" {
		t.Errorf("got %v", err)
	}
}

func TestPeopleChange(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{}, nil)
	bob, carol := b.client.As("bob"), b.client.As("carol")
	said, err := bob.SayToBot(ctx, "hello")
	must(t)(nil, err)
	must(t)(carol.Join(ctx, "#support"))
	must(t)(bob.Invite(ctx, "support", "@carol")) // in already: nothing happens
	root, err := carol.Say(ctx, "support", "one")
	must(t)(nil, err)
	must(t)(carol.Say(ctx, "support", "two", InThread(root.TS)))
	must(t)(carol.Say(ctx, "support", "three", InThread(root.TS), Broadcast()))
	must(t)(bob.React(ctx, "support", root.TS, "eyes"))
	must(t)(carol.React(ctx, "support", root.TS, "eyes"))
	must(t)(bob.Unreact(ctx, "support", root.TS, "eyes"))
	must(t)(carol.Edit(ctx, "support", root.TS, "one, edited"))
	oncall, err := b.client.SetUsergroup(ctx, Usergroup{Handle: "oncall", Members: []string{"dana"}})
	must(t)(nil, err)
	must(t)(b.client.SetUsergroup(ctx, Usergroup{ID: oncall.ID, Handle: "on-call", Members: []string{"dana"}, Disabled: true}))
	must(t)(b.client.Do(ctx, Action{Do: "guest", As: "carol", Guest: true}))
	must(t)(bob.Archive(ctx, "general"))
	if _, err := bob.Say(ctx, "general", "x"); err == nil {
		t.Error("bob wrote in an archive")
	}
	must(t)(bob.Unarchive(ctx, "general"))
	must(t)(carol.Leave(ctx, "general"))
	must(t)(b.client.Do(ctx, Action{Do: "deactivate", As: "erin"}))
	if _, err := b.client.As("erin").Say(ctx, "support", "x"); err == nil {
		t.Error("erin wrote though deactivated")
	}
	must(t)(b.client.Do(ctx, Action{Do: "reactivate", As: "erin"}))
	state, err := b.client.State(ctx)
	must(t)(nil, err)
	var roots []string
	for _, m := range state.Channel("support").Roots() {
		roots = append(roots, m.Rendered())
	}
	if diff := cmp.Diff([]string{"@Carol has joined the channel", "one, edited", "three"}, roots); diff != "" {
		t.Errorf("in the channel (-want +got):\n%s", diff)
	}
	m := state.Channel("support").Message(root.TS)
	if diff := cmp.Diff([]Reaction{{Name: "eyes", Users: []string{state.Person("carol").ID}}}, m.Reactions); diff != "" {
		t.Errorf("reactions (-want +got):\n%s", diff)
	}
	if dms := state.DMs("bob"); len(dms) != 1 || dms[0].TS != said.TS {
		t.Errorf("direct messages %v", dms)
	}
	if !state.Person("carol").Restricted || state.Channel("general").Archived || state.Person("erin").Deactivated {
		t.Error("a change of a person or channel was lost")
	}
	if diff := cmp.Diff([]string{state.Person("dana").ID}, state.Usergroups[0].Members); diff != "" {
		t.Errorf("group (-want +got):\n%s", diff)
	}
	if g := state.Usergroups; len(g) != 1 || g[0].Handle != "on-call" || !g[0].Disabled {
		t.Errorf("after a new handle and its end: %+v", g)
	}
}

func TestWhatAPersonCannotDo(t *testing.T) {
	t.Parallel()
	ctx, b, ts := posted(t, Config{})
	for _, a := range []Action{
		{Do: "fly", As: "bob"},
		{Do: "say", As: "nobody", Channel: "support"},
		{Do: "say", As: "carol", Channel: "support", Text: "x"},
		{Do: "say", As: "bob", Channel: "nowhere", Text: "x"},
		{Do: "say", As: "bob", Channel: "@nobody", Text: "x"},
		{Do: "say", As: "bob", Channel: "support", Thread: "1.0", Text: "x"},
		{Do: "edit", As: "bob", Channel: "support", TS: ts, Text: "x"},
		{Do: "delete", As: "dana", Channel: "support", TS: ts},
		{Do: "click", As: "bob", Channel: "support", TS: ts, ActionID: "claim"},
		{Do: "submit", As: "bob"},
		{Do: "command", As: "bob", Channel: "support", Command: "/support", Thread: ts},
		{Do: "join", As: "carol", Channel: "secret"},
	} {
		if _, err := b.client.Do(ctx, a); err == nil {
			t.Errorf("%+v was possible", a)
		}
	}
}

// TestManyAtOnce has people and the bot write at the same time: no stamp may
// repeat and nothing may be lost.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	const each = 20
	var writers sync.WaitGroup
	for _, name := range []string{"alice", "bob", "dana"} {
		writers.Go(func() {
			for i := range each {
				if _, err := b.client.As(name).Say(ctx, "support", fmt.Sprint(name, i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Go(func() {
		for i := range each {
			if _, _, err := b.api.PostMessageContext(ctx, "#support", words(fmt.Sprint("bot", i))); err != nil {
				t.Error(err)
			}
		}
	})
	writers.Wait()
	heard := map[any]bool{}
	b.await(t, ctx, "all messages", func(r received) bool {
		heard[r.event()["ts"]] = true
		return len(heard) == 4*each
	})
	if got := len(b.srv.State().Channel("support").Messages); got != 4*each {
		t.Errorf("%d messages", got)
	}
}

func TestAwaitTellsWhatItSaw(t *testing.T) {
	t.Parallel()
	ctx, b, _ := posted(t, Config{})
	ctx, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	_, err := b.client.Await(ctx, func(State) bool { return false })
	if err == nil || !strings.Contains(err.Error(), "support") || !strings.Contains(err.Error(), "alice: help") {
		t.Errorf("error is %v", err)
	}
}

func TestMenusOfAMessageAskTheApp(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, func(_ *simHarness, r received) any {
		if r.Type != "block_suggestion" {
			return nil
		}
		return wire.Object{"options": []wire.Object{{"text": wire.Object{"type": "plain_text", "text": wire.Text(r.Payload["message"].(wire.Object), "text")}, "value": wire.Text(r.Payload, "value")}}}
	})
	body := fmt.Sprintf(`{"channel":%q,"text":"a card","blocks":[{"type":"actions","elements":[{"type":"external_select","action_id":"like"}]}]}`, b.srv.State().Channel("support").ID)
	posted := b.srv.call("chat.postMessage", b.srv.BotToken(), readAll(body))
	ask := Action{Do: "suggest", As: "alice", Channel: "support", TS: fmt.Sprint(posted.body["ts"]), ActionID: "like", Text: "pay"}
	out, err := b.client.Do(ctx, ask)
	if diff := cmp.Diff([]Option{{Text: "a card", Value: "pay"}}, out.Options); err != nil || diff != "" {
		t.Errorf("offered %v (-want +got):\n%s", err, diff)
	}
	ask.ActionID = "other"
	if _, err := b.client.Do(ctx, ask); err == nil || !strings.Contains(err.Error(), `there is no element "other"`) {
		t.Errorf("a menu that is not there: %v", err)
	}
}
