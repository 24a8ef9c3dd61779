package slacksim

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim/people"
	"supporty/internal/dev/slacksim/socketmode"
	"supporty/internal/dev/slacksim/wire"
)

// opened is a workspace in which alice has the form open; respond answers her
// submissions.
func opened(t *testing.T, cfg Config, respond func(received) any) (context.Context, *simHarness, *Actor) {
	t.Helper()
	ctx, b := setup(t, cfg, func(b *simHarness, r received) any {
		switch r.Type {
		case socketmode.TypeCommands:
			if _, err := b.api.OpenView(wire.Text(r.Payload, "trigger_id"), form()); err != nil {
				t.Errorf("opening the form: %v", err)
			}
		case "view_submission":
			return respond(r)
		}
		return nil
	})
	alice := b.client.As("alice")
	must(t)(alice.Command(ctx, "general", "/support", ""))
	must(t)(alice.View(ctx))
	return ctx, b, alice
}

var filled = FormValues{"title": "Card", "prio": "p1"}

func TestSubmissionAnswers(t *testing.T) {
	t.Parallel()
	second := form()
	second.CallbackID = "second"
	broken := form()
	broken.Title = slack.NewTextBlockObject("plain_text", strings.Repeat("x", 25), false, false)
	tests := []struct {
		name   string
		answer any
		want   Outcome // of what is compared below
		stack  []string
	}{
		{"nothing", nil, Outcome{Acked: true, Closed: true}, nil},
		{"empty", wire.Object{}, Outcome{Acked: true, Closed: true}, nil},
		{"clear", slack.NewClearViewSubmissionResponse(), Outcome{Acked: true, Closed: true}, nil},
		{
			"errors", slack.NewErrorsViewSubmissionResponse(map[string]string{"title": "Say more."}),
			Outcome{Acked: true, Errors: map[string]string{"title": "Say more."}}, []string{"form"},
		},
		{
			"errors at no input", slack.NewErrorsViewSubmissionResponse(map[string]string{"nowhere": "x"}),
			Outcome{Acked: true, Banner: people.AppSilentModal}, []string{"form"},
		},
		{"update", slack.NewUpdateViewSubmissionResponse(&second), Outcome{Acked: true}, []string{"second"}},
		{"push", slack.NewPushViewSubmissionResponse(&second), Outcome{Acked: true}, []string{"form", "second"}},
		{"update to a bad view", slack.NewUpdateViewSubmissionResponse(&broken), Outcome{Acked: true, Banner: people.AppSilentModal}, []string{"form"}},
		{"late", noAck{}, Outcome{Banner: people.AppSilentModal}, []string{"form"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := Config{}
			if tt.answer == (noAck{}) {
				cfg.AckTimeout = 300 * time.Millisecond // nothing will come
			}
			ctx, b, alice := opened(t, cfg, func(received) any { return tt.answer })
			out, err := alice.Submit(ctx, filled)
			if err != nil {
				t.Fatal(err)
			}
			got := Outcome{Acked: out.Acked, Closed: out.Closed, Errors: out.Errors, Banner: out.Banner}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("outcome (-want +got):\n%s", diff)
			}
			var stack []string
			for _, v := range b.srv.State().Person("alice").Modals {
				stack = append(stack, v.CallbackID)
			}
			if diff := cmp.Diff(tt.stack, stack); diff != "" {
				t.Errorf("open views (-want +got):\n%s", diff)
			}
		})
	}
}

func TestResubmitSendsTheSameView(t *testing.T) {
	t.Parallel()
	answers := make(chan any, 2)
	answers <- noAck{}
	answers <- nil
	ctx, b, alice := opened(t, Config{AckTimeout: time.Second}, func(received) any { return <-answers })
	if out, err := alice.Submit(ctx, filled); err != nil || out.Banner == "" || out.View == nil {
		t.Fatalf("first: %+v, %v", out, err)
	}
	if out, err := alice.Resubmit(ctx); err != nil || !out.Closed {
		t.Fatalf("second: %+v, %v", out, err)
	}
	var views []wire.Object
	for _, r := range b.received() {
		if r.Type == "view_submission" {
			views = append(views, r.Payload["view"].(wire.Object))
		}
	}
	if len(views) != 2 || views[0]["id"] != views[1]["id"] {
		t.Fatalf("%d submissions", len(views))
	}
	if diff := cmp.Diff(views[0]["state"], views[1]["state"]); diff != "" {
		t.Errorf("what was typed is not kept (-first +second):\n%s", diff)
	}
}

func TestViewsUpdateKeepsTyping(t *testing.T) {
	t.Parallel()
	ctx, b, alice := opened(t, Config{}, func(received) any { return nil })
	typed, err := alice.Type(ctx, FormValues{"title": "Card"})
	must(t)(nil, err)
	next := form()
	next.Blocks.BlockSet = append(next.Blocks.BlockSet[:1:1], slack.NewDividerBlock())
	if _, err := b.api.UpdateViewContext(ctx, next, "", "1.stale", typed.View.ID); err == nil || err.Error() != "hash_conflict" {
		t.Errorf("a stale hash: %v", err)
	}
	must(t)(b.api.UpdateViewContext(ctx, next, "", typed.View.Hash, typed.View.ID))
	view, err := alice.View(ctx)
	must(t)(nil, err)
	want := StateValues{"title": {"title_input": {"type": "plain_text_input", "value": "Card"}}}
	if diff := cmp.Diff(want, view.Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if view.Hash == typed.View.Hash {
		t.Error("the hash did not change")
	}
}

func TestPushLimitAndTriggers(t *testing.T) {
	t.Parallel()
	ctx, b, _ := opened(t, Config{}, func(received) any { return nil })
	trigger := func() string { return b.srv.trigger("alice") }
	for range 2 {
		must(t)(b.api.PushViewContext(ctx, trigger(), form()))
	}
	if _, err := b.api.PushViewContext(ctx, trigger(), form()); err == nil || err.Error() != "push_limit_reached" {
		t.Errorf("a fourth view: %v", err)
	}
	used := trigger()
	must(t)(b.api.OpenViewContext(ctx, used, form()))
	if _, err := b.api.OpenViewContext(ctx, used, form()); err == nil || err.Error() != "exchanged_trigger_id" {
		t.Errorf("a used trigger: %v", err)
	}
}

func TestATriggerExpires(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{TriggerLife: time.Nanosecond}, nil)
	if _, err := b.api.OpenViewContext(ctx, b.srv.trigger("alice"), form()); err == nil || err.Error() != "expired_trigger_id" {
		t.Errorf("an old trigger: %v", err)
	}
}

func TestClosing(t *testing.T) {
	t.Parallel()
	for _, all := range []bool{false, true} {
		ctx, b := setup(t, Config{}, func(b *simHarness, r received) any {
			if r.Type == socketmode.TypeCommands {
				view := form()
				view.NotifyOnClose = true
				b.api.OpenView(wire.Text(r.Payload, "trigger_id"), view)
			}
			return nil
		})
		alice := b.client.As("alice")
		must(t)(alice.Command(ctx, "general", "/support", ""))
		must(t)(alice.View(ctx))
		out, err := b.client.Do(ctx, Action{Do: "close", As: "alice", All: all})
		if err != nil || !out.Closed || out.View != nil {
			t.Fatalf("closing: %+v, %v", out, err)
		}
		closed := b.await(t, ctx, "view_closed", ofType("view_closed"))
		if closed.Payload["is_cleared"] != all {
			t.Errorf("is_cleared %v, want %v", closed.Payload["is_cleared"], all)
		}
	}
}

func TestHomeTab(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	bob := b.client.As("bob")
	must(t)(bob.OpenHome(ctx))
	first := b.await(t, ctx, "app_home_opened", ofType("app_home_opened"))
	if _, has := first.event()["view"]; has {
		t.Error("a view before anything was published")
	}
	button := slack.NewButtonBlockElement("open", "", slack.NewTextBlockObject("plain_text", "Open a ticket", false, false))
	must(t)(b.api.PublishViewContext(ctx, slack.PublishViewContextRequest{
		UserID: b.srv.State().Person("bob").ID,
		View:   slack.HomeTabViewRequest{Type: "home", Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewActionBlock("a", button)}}},
	}))
	home, err := bob.Home(ctx, nil)
	if err != nil || home.Rendered() != "[Open a ticket]" {
		t.Fatalf("home %+v, %v", home, err)
	}
	must(t)(bob.ClickHome(ctx, "open"))
	click := b.await(t, ctx, "the click", ofType("block_actions"))
	if view, _ := click.Payload["view"].(wire.Object); view["type"] != "home" || click.Payload["response_url"] != nil {
		t.Errorf("click is %v", click.Payload)
	}
	must(t)(bob.OpenHome(ctx))
	b.await(t, ctx, "a Home with its view", func(r received) bool { return r.Type == "app_home_opened" && r.event()["view"] != nil })
}
