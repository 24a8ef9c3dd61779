package slacksim

import (
	"context"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim/socketmode"
	"supporty/internal/dev/slacksim/wire"
)

// commanded is a workspace in which alice has used /support in #general; the
// string is the response_url.
func commanded(t *testing.T, answer any) (context.Context, *simHarness, Outcome, string) {
	t.Helper()
	ctx, b := setup(t, Config{}, func(*simHarness, received) any { return answer })
	out, err := b.client.As("alice").Command(ctx, "general", "/support", "")
	must(t)(nil, err)
	r := b.await(t, ctx, "the command", ofType(socketmode.TypeCommands))
	return ctx, b, out, wire.Text(r.Payload, "response_url")
}

func TestAcknowledgementCanCarryAnAnswer(t *testing.T) {
	t.Parallel()
	_, b, out, _ := commanded(t, wire.Object{"text": "only you see this"})
	if len(out.Ephemerals) != 1 || out.Ephemerals[0].Text != "only you see this" {
		t.Errorf("outcome %+v", out)
	}
	_, shared, _, _ := commanded(t, wire.Object{"text": "all see this", "response_type": "in_channel"})
	if got := len(shared.srv.State().Channel("general").Messages); got != 1 {
		t.Errorf("%d messages in the channel", got)
	}
	if got := len(b.srv.State().Channel("general").Messages); got != 0 {
		t.Errorf("%d messages in the channel, though the answer was for alice alone", got)
	}
}

func TestResponseURLIsForFiveUses(t *testing.T) {
	t.Parallel()
	ctx, b, _, url := commanded(t, nil)
	send := func() error {
		return slack.PostWebhookCustomHTTPContext(ctx, url, oneShot(), &slack.WebhookMessage{Text: "answer"})
	}
	for range 5 {
		must(t)(nil, send())
	}
	if got := len(b.srv.State().Ephemerals("alice")); got != 5 {
		t.Errorf("%d answers", got)
	}
	if err := send(); err == nil {
		t.Error("a sixth use was taken")
	}
}

func TestEphemeralAnswersCanBeReplacedAndDeleted(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	state := b.srv.State()
	button := slack.NewButtonBlockElement("yes", "", slack.NewTextBlockObject("plain_text", "Yes", false, false))
	_, err := b.api.PostEphemeralContext(ctx, state.Channel("support").ID, state.Person("bob").ID,
		words("sure?"), slack.MsgOptionBlocks(slack.NewActionBlock("", button)))
	must(t)(nil, err)
	bob := b.client.As("bob")
	shown, err := bob.Heard(ctx, 0)
	must(t)(nil, err)
	must(t)(bob.Click(ctx, "support", shown.TS, "yes"))
	click := b.await(t, ctx, "the click", ofType("block_actions"))
	if container, _ := click.Payload["container"].(wire.Object); container["is_ephemeral"] != true {
		t.Errorf("container %v", container)
	}
	if _, err := b.client.As("alice").Click(ctx, "support", shown.TS, "yes"); err == nil {
		t.Error("alice pressed a button that only bob sees")
	}
	url := wire.Text(click.Payload, "response_url")
	_, _, err = b.api.PostMessageContext(ctx, "", words("done"), slack.MsgOptionReplaceOriginal(url))
	must(t)(nil, err)
	if got := b.srv.State().Ephemerals("bob"); len(got) != 1 || got[0].Text != "done" || got[0].TS != shown.TS {
		t.Errorf("replaced: %+v", got)
	}
	_, _, err = b.api.PostMessageContext(ctx, "", slack.MsgOptionDeleteOriginal(url))
	must(t)(nil, err)
	if got := b.srv.State().Ephemerals("bob"); len(got) != 0 {
		t.Errorf("deleted: %+v", got)
	}
}

func TestThreadedAnswerOverwritesItsSource(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body, want string
	}{
		{"silent", `{"text":"new","thread_ts":"TS"}`, "new"},
		{"told not to", `{"text":"new","thread_ts":"TS","replace_original":false}`, "card"},
		{"told to", `{"text":"new","replace_original":true}`, "new"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, b := setup(t, Config{}, nil)
			_, ts, err := b.api.PostMessageContext(ctx, "#support", words("card"))
			must(t)(nil, err)
			must(t)(b.client.As("bob").MessageShortcut(ctx, "support", ts, "open"))
			r := b.await(t, ctx, "the shortcut", ofType("message_action"))
			body := strings.NewReader(strings.ReplaceAll(tt.body, "TS", ts))
			response, err := oneShot().Post(wire.Text(r.Payload, "response_url"), "application/json", body)
			must(t)(nil, err)
			response.Body.Close()
			if got := b.srv.State().Channel("support").Message(ts).Text; got != tt.want {
				t.Errorf("the source reads %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAnswerCannotReplaceWhatAPersonSaid(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	out, err := b.client.As("alice").Say(ctx, "general", "have a look?")
	must(t)(nil, err)
	must(t)(b.client.As("bob").MessageShortcut(ctx, "general", out.TS, "open"))
	r := b.await(t, ctx, "the shortcut", ofType("message_action"))
	if message, _ := r.Payload["message"].(wire.Object); message["text"] != "have a look?" {
		t.Errorf("message %v", message)
	}
	answer := &slack.WebhookMessage{Text: "done", ReplaceOriginal: true}
	must(t)(nil, slack.PostWebhookCustomHTTPContext(ctx, wire.Text(r.Payload, "response_url"), oneShot(), answer))
	if got := b.srv.State().Channel("general").Message(out.TS).Text; got != "have a look?" {
		t.Errorf("the source reads %q", got)
	}
}
