package slacksim

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"supporty/internal/dev/slacksim/socketmode"
	"supporty/internal/dev/slacksim/wire"
)

// dial opens a bare socket and reads its hello.
func dial(t *testing.T, ctx context.Context, b *simHarness) *websocket.Conn {
	t.Helper()
	_, url, err := b.api.StartSocketModeContext(ctx)
	must(t)(nil, err)
	conn, _, err := websocket.DefaultDialer.DialContext(ctx, url, nil)
	must(t)(nil, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

func read(t *testing.T, conn *websocket.Conn) wire.Object {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	var frame wire.Object
	if err := conn.ReadJSON(&frame); err != nil {
		t.Fatal(err)
	}
	return frame
}

func TestTicketIsForOneSocket(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{}, nil)
	_, url, err := b.api.StartSocketModeContext(ctx)
	must(t)(nil, err)
	conn, _, err := websocket.DefaultDialer.DialContext(ctx, url, nil)
	must(t)(nil, err)
	defer conn.Close()
	if hello := read(t, conn); hello["type"] != "hello" || hello["num_connections"] != 1.0 {
		t.Errorf("hello is %v", hello)
	}
	if _, response, err := websocket.DefaultDialer.DialContext(ctx, url, nil); err == nil || response.StatusCode != http.StatusForbidden {
		t.Errorf("a second socket on one ticket: %v", err)
	}
}

func TestEleventhSocketIsTurnedAway(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{}, nil)
	for range 10 {
		read(t, dial(t, ctx, b))
	}
	if frame := read(t, dial(t, ctx, b)); frame["reason"] != "too_many_websockets" {
		t.Errorf("frame is %v", frame)
	}
}

func TestPingsKeepComing(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{PingEvery: 5 * time.Millisecond}, nil)
	conn := dial(t, ctx, b)
	pings := make(chan string, 100)
	conn.SetPingHandler(func(payload string) error { pings <- payload; return nil })
	go func() {
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				return
			}
		}
	}()
	for range 3 {
		select {
		case payload := <-pings:
			if payload != "Ping from applink-1" {
				t.Errorf("ping %q", payload)
			}
		case <-ctx.Done():
			t.Fatal("no ping")
		}
	}
}

func TestUnacknowledgedEventIsRepeated(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{
		AckTimeout: 20 * time.Millisecond, RetryDelays: []time.Duration{0, time.Millisecond, time.Millisecond},
	}, func(*simHarness, received) any { return noAck{} })
	must(t)(b.client.As("alice").Say(ctx, "support", "hello"))
	b.await(t, ctx, "the third retry", func(r received) bool { return r.Attempt == 3 })
	ids := map[any]bool{}
	var attempts []int
	for _, r := range b.received() {
		attempts = append(attempts, r.Attempt)
		ids[r.Payload["event_id"]] = true
	}
	if diff := cmp.Diff([]int{0, 1, 2, 3}, attempts); diff != "" || len(ids) != 1 {
		t.Errorf("attempts with %d event ids (-want +got):\n%s", len(ids), diff)
	}
	awaitEntry(t, ctx, b, "given up", func(e Entry) bool { return e.What == "given up" })
}

func awaitEntry(t *testing.T, ctx context.Context, b *simHarness, what string, like func(Entry) bool) Entry {
	t.Helper()
	var found Entry
	_, err := b.client.Await(ctx, func(State) bool {
		entries, err := b.client.Journal(ctx, 0)
		must(t)(nil, err)
		for _, e := range entries {
			if like(e) {
				found = e
				return true
			}
		}
		return false
	})
	if err != nil {
		t.Fatalf("waiting for entry %s: %v", what, err)
	}
	return found
}

func TestWithoutSocket(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{RetryDelays: []time.Duration{0, 200 * time.Millisecond, 10 * time.Second}}, nil)
	alice := b.client.As("alice")
	must(t)(alice.Say(ctx, "support", "hello"))
	out, err := alice.Command(ctx, "general", "/support", "")
	if err != nil || out.Acked || out.Error != `/support failed with the error "dispatch_failed"` {
		t.Errorf("command: %+v, %v", out, err)
	}
	connect(t, ctx, b)
	got := b.await(t, ctx, "the event", ofType("message"))
	if got.Attempt != 2 {
		t.Errorf("attempt %d, want 2", got.Attempt)
	}
}

func TestCommandTimesOut(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{AckTimeout: 20 * time.Millisecond}, func(*simHarness, received) any { return noAck{} })
	out, err := b.client.As("alice").Command(ctx, "general", "/support", "")
	if err != nil || out.Error != `/support failed with the error "operation_timeout"` {
		t.Errorf("command: %+v, %v", out, err)
	}
}

func TestAcknowledgementOnAnotherSocket(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{}, nil)
	first, second := dial(t, ctx, b), dial(t, ctx, b)
	read(t, first)
	read(t, second)
	tests := []struct {
		name, pad string
		acked     bool
	}{
		{"small", "", true},
		{"of 20 KiB", strings.Repeat("x", 20<<10), false},
	}
	for _, tt := range tests {
		before := b.srv.State().Seq
		go b.srv.hub.Ask(socketmode.TypeInteractive, "test", wire.Object{})
		id := awaitEntry(t, ctx, b, "envelope "+tt.name, func(e Entry) bool { return e.Seq > before && e.Kind == KindEnvelope }).Envelope
		for _, conn := range []*websocket.Conn{first, second} {
			must(t)(nil, conn.WriteJSON(wire.Object{"envelope_id": id, "payload": wire.Object{"pad": tt.pad}}))
		}
		awaitEntry(t, ctx, b, "acknowledgement "+tt.name, func(entry Entry) bool {
			return entry.Kind == KindAck && (entry.Envelope == id && entry.What == "") == tt.acked
		})
		if live := b.srv.State().Pending > 0; live == tt.acked {
			t.Errorf("%s: live %v", tt.name, live)
		}
	}
}

func TestPayloadGoesToOneSocket(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	connect(t, ctx, b)
	alice := b.client.As("alice")
	for range 4 {
		must(t)(alice.Say(ctx, "support", "hello"))
	}
	sockets := map[int]int{}
	entries, err := b.client.Journal(ctx, 0)
	must(t)(nil, err)
	for _, e := range entries {
		if e.Kind == KindEnvelope {
			sockets[e.Socket]++
		}
	}
	if diff := cmp.Diff(map[int]int{1: 2, 2: 2}, sockets); diff != "" {
		t.Errorf("envelopes by socket (-want +got):\n%s", diff)
	}
}
