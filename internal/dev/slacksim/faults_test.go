package slacksim

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim/wire"
)

func TestCallFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		fault  Fault
		failed bool
		posted int
	}{
		{"cut before", Fault{Kind: FaultCut}, true, 0},
		{"cut after", Fault{Kind: FaultCut, AfterEffect: true}, true, 1},
		{"hang before", Fault{Kind: FaultHang}, true, 0},
		{"hang after", Fault{Kind: FaultHang, AfterEffect: true}, true, 1},
		{"http", Fault{Kind: FaultHTTP}, true, 0},
		{"http after", Fault{Kind: FaultHTTP, AfterEffect: true, Status: 503}, true, 1},
		{"error", Fault{Kind: FaultError, Error: "fatal_error"}, true, 0},
		{"error after", Fault{Kind: FaultError, AfterEffect: true}, true, 1},
		{"rate limit", Fault{Kind: FaultRateLimit, RetryAfter: 7}, true, 0},
		{"delay", Fault{Kind: FaultDelay, DelayMS: 1}, false, 1},
		{"other method", Fault{Kind: FaultCut, Method: "views.*"}, false, 1},
		{"by prefix", Fault{Kind: FaultCut, Method: "chat.*"}, true, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, b := disconnected(t, Config{}, nil)
			tt.fault.Count = 1
			must(t)(b.client.Fault(ctx, tt.fault))
			brief, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			_, _, err := b.api.PostMessageContext(brief, "#support", words("once"))
			if (err != nil) != tt.failed {
				t.Errorf("error is %v", err)
			}
			if got := len(b.srv.State().Channel("support").Messages); got != tt.posted {
				t.Errorf("%d messages, want %d", got, tt.posted)
			}
			must(t)(nil, b.client.ClearFaults(ctx))
			if _, _, err := b.api.PostMessageContext(ctx, "#support", words("again")); err != nil {
				t.Errorf("after the fault: %v", err)
			}
		})
	}
}

func TestRateLimitFaultTellsHowLong(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{}, nil)
	must(t)(b.client.Fault(ctx, Fault{Kind: FaultRateLimit, RetryAfter: 7, Count: 1}))
	var limited *slack.RateLimitedError
	if _, _, err := b.api.PostMessageContext(ctx, "#support", words("x")); !errors.As(err, &limited) || limited.RetryAfter != 7*time.Second {
		t.Errorf("error is %v", err)
	}
}

func TestEventFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		fault Fault
		want  []any
	}{
		{"duplicate", Fault{Kind: FaultDuplicate}, []any{"1", "1", "2", "3"}},
		{"lose", Fault{Kind: FaultLose}, []any{"2", "3"}},
		{"reorder", Fault{Kind: FaultReorder}, []any{"2", "1", "3"}},
		{"delay", Fault{Kind: FaultDelayEvent, DelayMS: 300}, []any{"2", "3", "1"}},
		{"drop ack", Fault{Kind: FaultDropAck}, []any{"1", "2", "3", "1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, b := setup(t, Config{AckTimeout: time.Second}, nil)
			tt.fault.Count, tt.fault.Event = 1, "message"
			must(t)(b.client.Fault(ctx, tt.fault))
			for _, said := range []string{"1", "2", "3"} {
				must(t)(b.client.As("alice").Say(ctx, "support", said))
			}
			var got []any
			b.await(t, ctx, "all of them", func(received) bool {
				got = nil
				for _, r := range b.received() {
					got = append(got, r.event()["text"])
				}
				return len(got) >= len(tt.want)
			})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("received (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSocketsComeBack(t *testing.T) {
	t.Parallel()
	for _, f := range []Fault{
		{Kind: FaultCutSockets}, {Kind: FaultDisconnect, Reason: "warning"}, {Kind: FaultDisconnect, Reason: "refresh_requested"},
	} {
		t.Run(f.Kind+f.Reason, func(t *testing.T) {
			t.Parallel()
			ctx, b := setup(t, Config{}, nil)
			must(t)(b.client.Fault(ctx, Fault{Kind: FaultHandshake, Count: 1}))
			must(t)(b.client.Fault(ctx, f))
			awaitEntry(t, ctx, b, "a second socket", func(e Entry) bool { return e.What == "opened" && e.Socket == 2 })
			must(t)(b.client.As("alice").Say(ctx, "support", "still there?"))
			b.await(t, ctx, "the message", ofType("message"))
		})
	}
}

func TestInjectedPayloadArrivesAsItIs(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{}, nil)
	conn := dial(t, ctx, b)
	read(t, conn)
	must(t)(b.client.Fault(ctx, Fault{Kind: FaultInject, Payload: json.RawMessage(`{"type":"event_callback","event":{"type":"novelty"}}`)}))
	frame := read(t, conn)
	want := wire.Object{"type": "event_callback", "event": wire.Object{"type": "novelty"}}
	if diff := cmp.Diff(want, frame["payload"]); diff != "" || frame["type"] != "events_api" {
		t.Errorf("frame %v (-want +got):\n%s", frame["type"], diff)
	}
}

func TestUnknownFaultIsRefused(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{}, nil)
	if _, err := b.client.Fault(ctx, Fault{Kind: "earthquake"}); err == nil {
		t.Error("a fault that does not exist was set")
	}
}

func TestTheEndOfFaultsIsInTheJournal(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{}, nil)
	must(t)(b.client.Fault(ctx, Fault{Kind: FaultDelay, DelayMS: 1}))
	must(t)(nil, b.client.ClearFaults(ctx))
	entries, err := b.client.Journal(ctx, 0)
	if err != nil || entries[len(entries)-1].Kind != KindFault || entries[len(entries)-1].What != "ended" {
		t.Errorf("the journal ends with %+v, %v", entries[len(entries)-1], err)
	}
}
