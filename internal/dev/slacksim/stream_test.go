package slacksim

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// streamed is one server-sent event.
type streamed struct{ event, data string }

// listenTo opens the stream and returns a function that waits for the next
// event of a kind.
func listenTo(t *testing.T, ctx context.Context, srv *Server, query string) func(kind string) streamed {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL()+"/sim/v1/stream?"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := oneShot().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	return func(kind string) streamed {
		t.Helper()
		var got streamed
		for lines.Scan() {
			key, value, _ := strings.Cut(lines.Text(), ": ")
			switch {
			case key == "event":
				got.event = value
			case key == "data":
				got.data = value
			case key == "" && got.event == kind:
				return got
			}
		}
		t.Fatalf("the stream ended before a %q came: %v", kind, lines.Err())
		return got
	}
}

// done takes what an action gives, and fails if it could not be done.
func done(t *testing.T) func(Outcome, error) Outcome {
	return func(out Outcome, err error) Outcome {
		t.Helper()
		if err != nil || out.Error != "" {
			t.Fatal(out.Error, err)
		}
		return out
	}
}

func changeOf(t *testing.T, got streamed) Change {
	t.Helper()
	var c Change
	if err := json.Unmarshal([]byte(got.data), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestStream(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	next := listenTo(t, ctx, b.srv, "")
	alice, bob := b.client.As("alice"), b.client.As("bob")
	root := done(t)(alice.Say(ctx, "support", "root")).TS
	if c := changeOf(t, next("change")); len(c.Messages) != 1 || c.Messages[0].TS != root || !c.Summary {
		t.Errorf("posting: %+v", c)
	}
	reply := done(t)(bob.Say(ctx, "support", "reply", InThread(root))).TS
	if c := changeOf(t, next("change")); !slices.ContainsFunc(c.Messages, func(m *Message) bool { return m.TS == root && m.ReplyCount == 1 }) {
		t.Errorf("a reply does not bring its parent along: %+v", c)
	}
	done(t)(bob.React(ctx, "support", root, "eyes"))
	if c := changeOf(t, next("change")); len(c.Messages) != 1 || len(c.Messages[0].Reactions) != 1 {
		t.Errorf("reacting: %+v", c)
	}
	done(t)(alice.Delete(ctx, "support", root))
	if c := changeOf(t, next("change")); len(c.Messages) != 1 || c.Messages[0].Subtype != "tombstone" {
		t.Errorf("deleting a parent: %+v", c)
	}
	done(t)(bob.Delete(ctx, "support", reply))
	want := []string{reply, root}
	var gone []string
	for _, g := range changeOf(t, next("change")).Gone {
		gone = append(gone, g.TS)
	}
	if diff := cmp.Diff(want, gone); diff != "" {
		t.Errorf("the last reply takes the tombstone along (-want +got):\n%s", diff)
	}
	if _, err := b.client.Fault(ctx, Fault{Kind: FaultDropAck, Count: 1}); err != nil {
		t.Fatal(err)
	}
	if c := changeOf(t, next("change")); !c.Faults {
		t.Errorf("setting a fault: %+v", c)
	}
}

func TestStreamGoesOnWhereItWasCutOff(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	before := b.srv.State().Seq
	ts := done(t)(b.client.As("alice").Say(ctx, "support", "missed")).TS
	c := changeOf(t, listenTo(t, ctx, b.srv, "after="+itoa(before))("change"))
	if len(c.Messages) != 1 || c.Messages[0].TS != ts {
		t.Errorf("what was missed: %+v", c)
	}
	far := changeOf(t, listenTo(t, ctx, b.srv, "after="+itoa(b.srv.State().Seq+1000))("change"))
	if !far.Reset {
		t.Errorf("a number that was never reached is no reset: %+v", far)
	}
}

func itoa(n int64) string { b, _ := json.Marshal(n); return string(b) }

func TestProgress(t *testing.T) {
	t.Parallel()
	var ready atomic.Int64
	ctx, b := setup(t, Config{Progress: func() (int, int, string) { return int(ready.Load()), 3, "History" }}, nil)
	next := listenTo(t, ctx, b.srv, "")
	for n := range 4 {
		ready.Store(int64(n))
		var got Progress
		for got.Done != n || got.Total != 3 || got.What != "History" {
			if err := json.Unmarshal([]byte(next("progress").data), &got); err != nil {
				t.Fatal(err)
			}
		}
	}
	done(t)(b.client.As("alice").Say(ctx, "support", "after it"))
	if got := summaryOf(t, b.srv, "bob")["support"].Unread; got != 1 {
		t.Errorf("%d unread, want only what came after the preparation", got)
	}
}

func TestJournalViews(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	done(t)(b.client.As("alice").Say(ctx, "support", "hello"))
	calls := fetch[[]Entry](t, b.srv, "journal", url.Values{"kinds": {"call"}, "limit": {"1"}, "brief": {"1"}})
	if len(calls) != 1 || calls[0].Kind != KindCall || calls[0].Args != nil {
		t.Fatalf("the last call, briefly: %+v", calls)
	}
	full := fetch[Entry](t, b.srv, "journal/"+itoa(calls[0].Seq), nil)
	if full.Seq != calls[0].Seq || full.Method == "" {
		t.Errorf("the same in full: %+v", full)
	}
	response, err := oneShot().Get(b.srv.URL() + "/sim/v1/journal/99999")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusBadRequest {
		t.Errorf("an entry that is not there is answered %d", response.StatusCode)
	}
}

func TestJournalTellsOfMore(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	entries, more := b.srv.Journal(0)
	last := entries[len(entries)-1].Seq
	done(t)(b.client.As("alice").Say(ctx, "support", "hello"))
	select {
	case <-more:
	default:
		t.Error("nobody is told that there is more")
	}
	if entries, _ := b.srv.Journal(last); len(entries) == 0 || entries[0].Seq != last+1 {
		t.Errorf("after entry %d there are %d, beginning with %+v", last, len(entries), entries)
	}
}

// handMoved is a clock that notes how it was moved.
type handMoved struct {
	state TimeState
	moves []time.Duration
	rates []float64
	err   error
}

func (h *handMoved) Get(context.Context) (TimeState, error) { return h.state, h.err }

func (h *handMoved) Advance(_ context.Context, d time.Duration) error {
	h.moves = append(h.moves, d)
	h.state.Business = h.state.Business.Add(d)
	return h.err
}

func (h *handMoved) SetRate(_ context.Context, rate float64) error {
	h.rates, h.state.Rate = append(h.rates, rate), rate
	return h.err
}

func TestTime(t *testing.T) {
	t.Parallel()
	friday := time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC)
	due := friday.Add(45 * time.Minute)
	sixty, tooMuch, back := 60.0, 1e6, -1.0
	tests := []struct {
		name   string
		move   TimeMove
		next   *time.Time
		moved  time.Duration
		rate   float64
		refuse string
	}{
		{name: "by a span", move: TimeMove{Advance: "15m"}, moved: 15 * time.Minute},
		{name: "to a time", move: TimeMove{To: "2026-11-23T09:00:00Z"}, moved: 64 * time.Hour},
		{name: "to the deadline", move: TimeMove{To: "deadline"}, next: &due, moved: 45 * time.Minute},
		{name: "faster", move: TimeMove{Rate: &sixty}, rate: 60},
		{name: "nothing due", move: TimeMove{To: "deadline"}, refuse: "nothing is due"},
		{name: "back", move: TimeMove{To: "2026-11-20T16:00:00Z"}, refuse: "forward"},
		{name: "backwards", move: TimeMove{Rate: &back}, refuse: "up to"},
		{name: "too fast", move: TimeMove{Rate: &tooMuch}, refuse: "up to"},
		{name: "no time", move: TimeMove{To: "Monday"}, refuse: "reading where"},
		{name: "no span", move: TimeMove{Advance: "soon"}, refuse: "reading how far"},
		{name: "nothing", move: TimeMove{}, refuse: "give advance"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			hand := &handMoved{state: TimeState{Business: friday, Rate: 1, NextDeadline: tc.next}}
			ctx, b := disconnected(t, Config{Time: hand}, nil)
			var state TimeState
			err := b.client.post(ctx, "time", tc.move, &state)
			if tc.refuse != "" {
				if err == nil || !strings.Contains(err.Error(), tc.refuse) || len(hand.moves)+len(hand.rates) > 0 {
					t.Fatalf("error %v, moves %v", err, hand.moves)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if tc.moved > 0 && !slices.Equal(hand.moves, []time.Duration{tc.moved}) {
				t.Errorf("moved %v, want %v", hand.moves, tc.moved)
			}
			if tc.rate > 0 && state.Rate != tc.rate {
				t.Errorf("runs at %v, want %v", state.Rate, tc.rate)
			}
			if last := b.srv.State().Seq; last == 0 {
				t.Error("the journal does not tell of it")
			}
		})
	}
}

func TestTimeThatCannotBeMoved(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{}, nil)
	if err := b.client.post(ctx, "time", TimeMove{Advance: "1h"}, nil); err == nil {
		t.Error("time was moved without a clock")
	}
}

func TestToggles(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	ctx, b := disconnected(t, Config{Toggles: map[string]func(context.Context, bool) error{
		"database away": func(_ context.Context, on bool) error { away.Store(on); return nil },
		"broken":        func(context.Context, bool) error { return errors.New("no such luck") },
	}}, nil)
	var list []Toggle
	if err := b.client.post(ctx, "toggles", Toggle{Name: "database away", On: true}, &list); err != nil {
		t.Fatal(err)
	}
	want := []Toggle{{Name: "broken"}, {Name: "database away", On: true}}
	if diff := cmp.Diff(want, list); diff != "" || !away.Load() {
		t.Errorf("away %v (-want +got):\n%s", away.Load(), diff)
	}
	for _, name := range []string{"broken", "unheard of"} {
		if err := b.client.post(ctx, "toggles", Toggle{Name: name, On: true}, nil); err == nil {
			t.Errorf("%q was switched on", name)
		}
	}
	if diff := cmp.Diff(want, fetch[[]Toggle](t, b.srv, "toggles", nil)); diff != "" {
		t.Errorf("afterwards (-want +got):\n%s", diff)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	put := func(name, content string) (File, int) {
		response, err := oneShot().Post(b.srv.URL()+"/sim/v1/files?as=alice&name="+url.QueryEscape(name), "text/plain", strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		var f File
		_ = json.NewDecoder(response.Body).Decode(&f)
		return f, response.StatusCode
	}
	if _, status := put("empty.txt", ""); status != http.StatusBadRequest {
		t.Errorf("an empty file is answered %d", status)
	}
	page, _ := put("../../page.html", "<script>alert(1)</script>")
	picture, _ := put("x.png", "\x89PNG\r\n\x1a\n0000")
	if page.Name != "page.html" || picture.Mimetype != "image/png" {
		t.Errorf("kept as %+v and %+v", page, picture)
	}
	out := done(t)(b.client.Do(ctx, Action{Do: "say", As: "alice", Channel: "support", Files: []string{page.ID, picture.ID}}))
	event := b.await(t, ctx, "the files", ofType("message")).event()
	if files, _ := event["files"].([]any); len(files) != 2 || event["subtype"] != "file_share" {
		t.Errorf("the bot hears %v", event)
	}
	if m := b.srv.State().Channel("support").Message(out.TS); len(m.Files) != 2 {
		t.Errorf("the message has %d files", len(m.Files))
	}
	for want, f := range map[string]File{"attachment": page, "inline": picture} {
		response, err := oneShot().Get(b.srv.URL() + "/sim/v1/files/" + f.ID)
		if err != nil {
			t.Fatal(err)
		}
		content, _ := io.ReadAll(response.Body)
		response.Body.Close()
		h := response.Header
		if !strings.HasPrefix(h.Get("Content-Disposition"), want) || h.Get("X-Content-Type-Options") != "nosniff" || len(content) != f.Size {
			t.Errorf("%s is served as %v", f.Name, h)
		}
	}
	if _, err := b.client.Do(ctx, Action{Do: "say", As: "alice", Channel: "support", Files: []string{"F1"}}); err == nil {
		t.Error("a file that is not there was sent")
	}
}
