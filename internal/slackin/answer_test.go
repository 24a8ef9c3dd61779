package slackin

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
)

const (
	newForm = `{"type":"view_submission","user":{"id":"U0ANN"},"view":{"id":"V9","callback_id":"form_new","state":{"values":{
		"priority":{"priority_input":{"selected_option":{"value":"P2"}}},"title":{"title_input":{"value":"Broken"}},
		"category":{"category_input":{"selected_option":{"value":"Billing"}}}}}}}`
	pressClaim = `{"type":"block_actions","user":{"id":"U0BEN"},"response_url":"u","container":{"channel_id":"C0SUPPORT","message_ts":"1790000000.000100"},
		"actions":[{"action_id":"claim","action_ts":"1790000305.000100","value":"1"}]}`
	reaction = `{"event":{"type":"reaction_added","user":"U0BEN","reaction":"eyes","event_ts":"1790000305.000100",
		"item":{"type":"message","channel":"C0SUPPORT","ts":"1790000000.000100"}}}`
	chatter = `{"event":{"type":"message","channel":"C1","channel_type":"channel","user":"U0BEN","text":"lunch","ts":"1790000306.000100"}}`
)

// failing is a store's answer to one operation.
func failing(operation string, err error) func(context.Context, string) error {
	return func(_ context.Context, asked string) error {
		if asked == operation {
			return err
		}
		return nil
	}
}

func TestFormIsAnsweredInTime(t *testing.T) {
	t.Parallel()
	const panicked = "Something went wrong on our side. Your text is kept here; please try again."
	away := notFiled + " Urgent? Call 555."
	for _, test := range []struct {
		name   string
		before func(context.Context, string) error
		says   string // empty: the form closes
		after  time.Duration
	}{
		{"saved", nil, "", 0},
		{"certainly not saved", failing("open", desk.ErrNotSaved), away, 0},
		{"perhaps saved", failing("open", desk.ErrUnsure), stillSaving, 0},
		{"a read that gives up", func(ctx context.Context, _ string) error {
			<-ctx.Done()
			return errors.Join(desk.ErrNotSaved, ctx.Err())
		}, away, workBy},
		{"a commit that takes its time", func(context.Context, string) error {
			<-time.After(time.Minute)
			return nil
		}, stillSaving, answerBy},
		{"a panic", func(context.Context, string) error { panic("a bug") }, panicked, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t)
				h.store.asks(test.before)
				sent := time.Now()
				a := h.gets(t, kindInteraction, newForm)
				var want any
				if test.says != "" {
					want = map[string]any{"response_action": "errors", "errors": map[string]string{desk.FieldPriority: test.says}}
				}
				if diff := cmp.Diff([]any{want}, a.payloads); diff != "" {
					t.Errorf("answers (-want +got):\n%s", diff)
				}
				if took := a.at.Sub(sent); took != test.after {
					t.Errorf("answered after %v, not %v", took, test.after)
				}
				if test.says == panicked {
					h.counted(t, "panic")
				}
			})
		})
	}
}

func TestFormPressedAgainFindsItsTicket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.store.asks(func(context.Context, string) error {
			<-time.After(3 * time.Second)
			return nil
		})
		h.gets(t, kindInteraction, newForm) // was answered with "Still saving"
		h.store.asks(nil)
		again := h.gets(t, kindInteraction, newForm)
		if n := h.store.count(); n != 2 || !slices.Equal(again.payloads, []any{nil}) {
			t.Errorf("%d tickets, the second press says %v", n-1, again.payloads)
		}
	})
}

func TestEventsWaitForTheDatabase(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		step := func(wait time.Duration, store error, payload string, answered bool) {
			t.Helper()
			<-time.After(wait)
			h.store.asks(func(context.Context, string) error { return store })
			if a := h.gets(t, kindEvent, payload); a.given() != answered {
				t.Errorf("%v into it, answered: %v", wait, a.given())
			}
		}
		step(0, desk.ErrNotSaved, reaction, false)
		step(4*time.Minute, desk.ErrNotSaved, reaction, false)
		step(0, desk.ErrNotSaved, chatter, true) // is answered without the database, so it says nothing about an outage
		step(59*time.Second, desk.ErrUnsure, reaction, false)
		step(time.Second, desk.ErrNotSaved, reaction, true) // Slack would switch events off
		step(0, nil, reaction, true)
		step(0, desk.ErrNotSaved, reaction, false) // a new outage
	})
}

func TestUnrecordedCardIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.store.posting = true
		mine := strings.Replace(reaction, `"event_ts"`, `"item_user":"U0BOT","event_ts"`, 1)
		unknown := strings.Replace(mine, `"ts":"1790000000.000100"`, `"ts":"1790000007.000100"`, 1)
		begun := time.Now()
		if a := h.gets(t, kindEvent, unknown); a.given() || time.Since(begun) != cardWithin {
			t.Errorf("answered: %v, after %v", a.given(), time.Since(begun))
		}
		if a := h.gets(t, kindEvent, mine); !a.given() {
			t.Error("a known card was not found")
		}
	})
}

func TestOpeningAFormIsAcknowledgedFirst(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ kind, payload, does string }{
		"command":  {kindCommand, `{"text":"It is broken","user_id":"U0ANN","trigger_id":"1.2.3"}`, "open form_new 1.2.3"},
		"shortcut": {kindInteraction, `{"type":"shortcut","trigger_id":"1.2.3"}`, "open form_new 1.2.3"},
		"button": {
			kindInteraction, strings.Replace(pressClaim, `"claim"`, `"resolve"`, 1), "open form_resolve ",
		},
		"list": {
			kindCommand, `{"text":"list","response_url":"u"}`, "answer u: ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			h.handle(t.Context(), envelope{Kind: test.kind, Payload: []byte(test.payload)}, time.Now(), func(payload any) {
				if payload != nil || len(h.slack.heard()) > 0 {
					t.Errorf("answered with %v, after %q", payload, h.slack.heard())
				}
			})
			if heard := h.slack.heard(); len(heard) != 1 || !strings.HasPrefix(heard[0], test.does) {
				t.Errorf("Slack heard %q", heard)
			}
		})
	}
}

func TestButtonIsAnsweredWhenItIsDone(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.store.asks(failing("save", desk.ErrNotSaved))
	if a := h.gets(t, kindInteraction, pressClaim); !a.given() {
		t.Error("the button was left without an answer")
	}
	h.said.Wait()
	told := "answer u: Our database is not answering. Please try again in a minute."
	if heard := h.slack.heard(); !slices.Equal(heard, []string{told}) {
		t.Errorf("Slack heard %q", heard)
	}
	h.store.asks(nil)
	h.gets(t, kindInteraction, pressClaim)
	r, err := h.Desk.Find(t.Context(), 1)
	if err != nil || r.Ticket.Assignee != ben {
		t.Errorf("owned by %q: %v", r.Ticket.Assignee, err)
	}
}

// If Slack is slow to take a refusal, the next person's form must not wait for it.
func TestSlowRefusalsKeepNobodyWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.slack.hangs = true
		begun := time.Now()
		for range 3 * asyncAnswers {
			h.gets(t, kindEvent, strings.Replace(reaction, ben, ann, 1)) // Ann may not take tickets
		}
		if a := h.gets(t, kindInteraction, newForm); !a.given() || time.Since(begun) != 0 {
			t.Errorf("the form is answered: %v, after %v", a.given(), time.Since(begun))
		}
		h.said.Wait()
		if n := len(h.slack.heard()); n != asyncAnswers || time.Since(begun) != asyncWithin {
			t.Errorf("%d refusals under way, given up after %v", n, time.Since(begun))
		}
		h.slack.hangs = false
		h.gets(t, kindEvent, strings.Replace(reaction, ben, ann, 1))
		h.said.Wait()
		if n := len(h.slack.heard()); n != asyncAnswers+1 {
			t.Errorf("%d refusals were told when Slack had recovered", n-asyncAnswers)
		}
	})
}

func TestFormThatCannotBeOpenedIsExplained(t *testing.T) {
	t.Parallel()
	const sentence = "The form could not be opened in time. Please try again."
	for kind, payload := range map[string]string{
		kindCommand:     `{"text":"","trigger_id":"1.2.3","response_url":"u"}`,
		kindInteraction: `{"type":"message_action","trigger_id":"1.2.3","response_url":"u","message":{"text":"x","ts":"1.1"}}`,
	} {
		h := newHarness(t)
		h.slack.refuses = errors.New("expired_trigger_id")
		h.gets(t, kind, payload)
		if heard := h.slack.heard(); len(heard) != 2 || heard[1] != "answer u: "+sentence {
			t.Errorf("%s: Slack heard %q", kind, heard)
		}
	}
}

func TestBusyAnswers(t *testing.T) {
	t.Parallel()
	form := map[string]any{"response_action": "errors", "errors": map[string]string{desk.FieldPriority: busySentence}}
	for _, test := range []struct {
		name, kind, payload string
		want                any
		answers             bool
	}{
		{"command", kindCommand, `{}`, map[string]any{"text": busySentence}, true},
		{"form", kindInteraction, newForm, form, true},
		{"button", kindInteraction, pressClaim, nil, false},
		{"event", kindEvent, reaction, nil, false},
		{"unreadable", kindInteraction, `[]`, nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, answers := busyAnswer(envelope{Kind: test.kind, Payload: []byte(test.payload)})
			if diff := cmp.Diff(test.want, got); diff != "" || answers != test.answers {
				t.Errorf("%v (-want +got):\n%s", answers, diff)
			}
		})
	}
}
