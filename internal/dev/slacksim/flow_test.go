package slacksim

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim/socketmode"
	"supporty/internal/dev/slacksim/wire"
)

// form is a modal as a desk would open it.
func form() slack.ModalViewRequest {
	plain := func(s string) *slack.TextBlockObject { return slack.NewTextBlockObject("plain_text", s, false, false) }
	option := func(s string) *slack.OptionBlockObject {
		return slack.NewOptionBlockObject(s, plain(strings.ToUpper(s)), nil)
	}
	titleInput := slack.NewPlainTextInputBlockElement(nil, "title_input")
	titleInput.MaxLength = 20
	choice := slack.NewOptionsSelectBlockElement("static_select", nil, "prio_select", option("p1"), option("p2"))
	notes := slack.NewInputBlock("notes", plain("Notes"), nil, slack.NewPlainTextInputBlockElement(nil, "notes_input"))
	notes.Optional = true
	return slack.ModalViewRequest{
		Type: "modal", CallbackID: "form", Title: plain("New"), Submit: plain("File"),
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("title", plain("Title"), nil, titleInput),
			slack.NewInputBlock("prio", plain("Priority"), nil, choice),
			notes,
		}},
	}
}

func TestFormFromCommandToThread(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, func(b *simHarness, r received) any {
		switch r.Type {
		case socketmode.TypeCommands:
			if _, err := b.api.OpenView(wire.Text(r.Payload, "trigger_id"), form()); err != nil {
				t.Errorf("opening the form: %v", err)
			}
		case "view_submission":
			go b.api.PostMessage("#support", slack.MsgOptionText("#1 is here", false))
		}
		return nil
	})
	alice := b.client.As("alice")
	res, err := alice.Command(ctx, "general", "/support", "card <broken> @bob")
	if err != nil || !res.Acked {
		t.Fatalf("command: %+v, %v", res, err)
	}
	command := b.await(t, ctx, "the command", ofType(socketmode.TypeCommands))
	if got, want := wire.Text(command.Payload, "text"), "card &lt;broken&gt; <@"; !strings.HasPrefix(got, want) {
		t.Errorf("command text %q, want %q", got, want)
	}
	view, err := alice.View(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := alice.Submit(ctx, FormValues{"title": "Card"}); err != nil || out.Errors["prio"] == "" {
		t.Fatalf("an empty required field was let through: %+v, %v", out, err)
	}
	out, err := alice.Submit(ctx, FormValues{"prio": "p2"})
	if err != nil || !out.Closed || out.View != nil {
		t.Fatalf("submit: %+v, %v", out, err)
	}
	submission := b.await(t, ctx, "the submission", ofType("view_submission"))
	sent := submission.Payload["view"].(wire.Object)
	if sent["id"] != view.ID {
		t.Errorf("submitted view %v, want %v", sent["id"], view.ID)
	}
	want := wire.Object{
		"title": wire.Object{"title_input": wire.Object{"type": "plain_text_input", "value": "Card"}},
		"prio": wire.Object{"prio_select": wire.Object{"type": "static_select", "selected_option": wire.Object{
			"text": wire.Object{"type": "plain_text", "text": "P2", "emoji": false}, "value": "p2",
		}}},
		"notes": wire.Object{"notes_input": wire.Object{"type": "plain_text_input", "value": nil}},
	}
	if diff := cmp.Diff(want, sent["state"].(wire.Object)["values"]); diff != "" {
		t.Errorf("state.values (-want +got):\n%s", diff)
	}
	if _, err := b.client.Await(ctx, func(s State) bool { return len(s.Channel("support").Messages) == 1 }); err != nil {
		t.Fatal(err)
	}
}

func TestButtonsReactionsAndThreads(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	claim := slack.NewButtonBlockElement("claim", "42", slack.NewTextBlockObject("plain_text", "Claim", false, false))
	_, ts, err := b.api.PostMessageContext(ctx, b.srv.State().Channel("support").ID,
		slack.MsgOptionText("card", false), slack.MsgOptionBlocks(
			slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", "*#42* for <!date^1795434600^{date_short_pretty} {time}|then>", false, false), nil, nil),
			slack.NewActionBlock("", claim)),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "row", EventPayload: map[string]any{"id": "7"}}))
	if err != nil {
		t.Fatal(err)
	}
	bob := b.client.As("bob")
	if out, err := bob.Click(ctx, "support", ts, "claim"); err != nil || !out.Acked {
		t.Fatalf("click: %+v, %v", out, err)
	}
	click := b.await(t, ctx, "the click", ofType("block_actions"))
	action := click.Payload["actions"].([]any)[0].(wire.Object)
	if action["value"] != "42" || action["block_id"] == "" {
		t.Errorf("action %v", action)
	}
	if _, err := bob.React(ctx, "support", ts, "eyes"); err != nil {
		t.Fatal(err)
	}
	b.await(t, ctx, "the reaction", ofType("reaction_added"))
	if _, err := bob.Say(ctx, "support", "on it @alice", InThread(ts)); err != nil {
		t.Fatal(err)
	}
	b.await(t, ctx, "the reply", func(r received) bool { return r.event()["thread_ts"] == ts && r.event()["user"] != nil })
	state, err := b.client.State(ctx)
	if err != nil {
		t.Fatal(err)
	}
	thread := state.Thread(ts)
	got := []string{thread[0].Rendered(), thread[1].Rendered()}
	want := []string{"*#42* for Mon 11:50\n[Claim]", "on it @Alice"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rendered (-want +got):\n%s", diff)
	}
	if !thread[0].ReactedBy(state.Person("bob").ID, "eyes") || thread[0].ReplyCount != 1 {
		t.Errorf("parent is %+v", thread[0])
	}
}

func TestWhatFollowsACommand(t *testing.T) {
	t.Parallel()
	cfg := Config{Commands: []Command{{Name: "/plain"}, {Name: "/escaped", Escape: true}}}
	ctx, b := setup(t, cfg, nil)
	typed := "@here ask @bob in #support & see https://x.test <now>"
	bob, support := b.srv.State().Person("bob").ID, b.srv.State().Channel("support").ID
	codes := "<!here> ask <@" + bob + "> in <#" + support + "|support> &amp; see <https://x.test> &lt;now&gt;"
	for command, want := range map[string]string{"/plain": typed, "/escaped": codes, "/unregistered": typed} {
		t.Run(command, func(t *testing.T) {
			must(t)(b.client.As("alice").Command(ctx, "support", command, typed))
			got := b.await(t, ctx, command, func(r received) bool { return wire.Text(r.Payload, "command") == command })
			if wire.Text(got.Payload, "text") != want {
				t.Errorf("after %s the app reads %q, want %q", command, got.Payload["text"], want)
			}
		})
	}
}
