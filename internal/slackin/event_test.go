package slackin

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/directory"
	"supporty/internal/ticket"
)

func TestEventsReachTheDirectory(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, event string
		want        []string
	}{
		{"joined", `{"type":"member_joined_channel","user":"U1","channel":"C0SUPPORT"}`, []string{"U1 in"}},
		{"left", `{"type":"member_left_channel","user":"U1","channel":"C0SUPPORT"}`, []string{"U1 out"}},
		{"elsewhere", `{"type":"member_joined_channel","user":"U1","channel":"C2"}`, nil},
		{"a squad's channel", `{"type":"member_joined_channel","user":"U1","channel":"C0HOME"}`, []string{"U1 in"}},
		{"group", `{"type":"subteam_members_changed","subteam_id":"S1","added_users":["U1"],"removed_users":["U2"]}`, []string{"U1 in", "U2 out"}},
		{"other group", `{"type":"subteam_members_changed","subteam_id":"S2","added_users":["U1"]}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHarness(t, func(o *Options) { o.Groups, o.Homes = []string{"S0", "S1"}, []string{"C0HOME"} })
			var told []string
			h.directory.joined = func(person string, member bool) error {
				told = append(told, person+map[bool]string{true: " in", false: " out"}[member])
				return nil
			}
			a := h.gets(t, kindEvent, `{"event":`+test.event+`}`)
			if !a.given() || !slices.Equal(told, test.want) {
				t.Errorf("answered %v, told %q", a.given(), told)
			}
		})
	}
}

func TestProfileIsLearned(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.gets(t, kindEvent, `{"event":{"type":"user_change","user":{"id":"U1","name":"kim","tz":"Asia/Seoul","deleted":true,
		"is_ultra_restricted":true,"is_stranger":true,"is_bot":true,"profile":{"display_name":" ","real_name":"Kim"}}}}`)
	h.gets(t, kindEvent, `{"event":{"type":"user_change","user":"U1"}}`)
	want := []directory.Profile{{ID: "U1", Name: "Kim", Zone: "Asia/Seoul", Bot: true, Guest: true, External: true, Deactivated: true}}
	if diff := cmp.Diff(want, h.directory.learned); diff != "" {
		t.Errorf("learned (-want +got):\n%s", diff)
	}
}

func TestEventsReachTheOutbox(t *testing.T) {
	t.Parallel()
	changed := func(bot, version string) string {
		return `{"type":"message","subtype":"message_changed","channel":"C0SUPPORT","message":{"bot_id":"` + bot + `","ts":"5.1",
			"metadata":{"event_payload":{"id":"7","version":"` + version + `"}}}}`
	}
	for _, test := range []struct {
		name, event string
		overwritten []int64
		resumed     int
		changed     int
	}{
		{"overwritten", changed("B0BOT", "3"), []int64{3}, 0, 0},
		{"by another bot", changed("B2", "3"), nil, 0, 0},
		{"of which Slack tells the type alone", `{"type":"message","subtype":"message_changed","channel":"C0SUPPORT","message":{"bot_id":"B0BOT","ts":"5.1",
			"metadata":{"event_type":"supporty_message"},"blocks":[{"type":"header","block_id":"supporty_message:7:3"},{"type":"divider","block_id":"x"}]}}`, []int64{3}, 0, 0},
		{"with nothing of ours", `{"type":"message","subtype":"message_changed","channel":"C0SUPPORT","message":{"bot_id":"B0BOT","ts":"5.1",
			"metadata":{"event_type":"supporty_message"},"blocks":[{"type":"header","block_id":"x"}]}}`, nil, 0, 0},
		{"metadata of others", changed("B0BOT", "x"), nil, 0, 0},
		{"unarchived", `{"type":"channel_unarchive","channel":"C0SUPPORT"}`, nil, 1, 1},
		{"private, unarchived", `{"type":"group_unarchive","channel":"G1"}`, nil, 1, 1},
		{"invited", `{"type":"member_joined_channel","user":"U0BOT","channel":"C0SUPPORT"}`, nil, 1, 1},
		{"removed", `{"type":"member_left_channel","user":"U0BOT","channel":"C0SUPPORT"}`, nil, 0, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			changed := 0
			h := newHarness(t, func(o *Options) { o.OnChannelsChanged = func() { changed++ } })
			h.gets(t, kindEvent, `{"event":`+test.event+`}`)
			if !slices.Equal(h.outbox.overwritten, test.overwritten) || h.outbox.resumed != test.resumed || changed != test.changed {
				t.Errorf("overwritten %v, resumed %d, changed %d", h.outbox.overwritten, h.outbox.resumed, changed)
			}
		})
	}
}

// An event about a message of ours is not acknowledged if the outbox could not save it,
// so that it comes again.
func TestUnsavedEventComesAgain(t *testing.T) {
	t.Parallel()
	for _, event := range []string{
		`{"type":"channel_unarchive","channel":"C0SUPPORT"}`,
		`{"type":"message","subtype":"message_changed","channel":"C0SUPPORT","message":{"bot_id":"B0BOT","ts":"5.1",
			"metadata":{"event_payload":{"id":"7","version":"3"}}}}`,
	} {
		h := newHarness(t)
		h.outbox.refuses = desk.ErrNotSaved
		if a := h.gets(t, kindEvent, `{"event":`+event+`}`); a.given() {
			t.Errorf("was taken, though it is not saved: %s", event)
		}
		h.outbox.refuses = nil
		if a := h.gets(t, kindEvent, `{"event":`+event+`}`); !a.given() {
			t.Errorf("was not taken when it was sent again: %s", event)
		}
	}
}

func TestRevokedTokensAreReported(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"tokens_revoked", "app_uninstalled"} {
		told := 0
		h := newHarness(t, func(o *Options) { o.OnRevoked = func() { told++ } })
		h.gets(t, kindEvent, `{"event":{"type":"`+kind+`"}}`)
		if told != 1 {
			t.Errorf("%s was told %d times", kind, told)
		}
	}
}

// TestWhoseGesturesCount: three kinds of gestures change no ticket: the bot's own, those
// on another message than the card, and emoji without a meaning.
func TestWhoseGesturesCount(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		old   string
		new   string
		state ticket.State
	}{
		{"a responder's", ben, ben, ticket.StateClaimed},
		{"with a skin tone", `"eyes"`, `":eyes::skin-tone-3:"`, ticket.StateClaimed},
		{"the bot's", ben, bot, ticket.StateOpen},
		{"another emoji", `"eyes"`, `"tada"`, ticket.StateOpen},
		{"on a file", `"type":"message"`, `"type":"file"`, ticket.StateOpen},
		{"on another message", "1790000000", "1790000009", ticket.StateOpen},
		{"the requester's", ben, ann, ticket.StateOpen},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHarness(t)
			a := h.gets(t, kindEvent, strings.ReplaceAll(reaction, test.old, test.new))
			r, err := h.Desk.Find(t.Context(), 1)
			if err != nil || r.Ticket.State != test.state || !a.given() {
				t.Errorf("%s, answered %v, %v", r.Ticket.State, a.given(), err)
			}
		})
	}
}

// An event that could not be stored and does not come again is reported as lost, with the
// time at which it happened.
func TestLostEventsAreReported(t *testing.T) {
	t.Parallel()
	happened := time.Unix(1790000300, 100_000).UTC()
	for name, test := range map[string]struct {
		retry int
		since time.Duration // how long the database has been away
		away  bool
		lost  int
	}{
		"stored":                       {3, 0, false, 0},
		"it comes again":               {0, time.Minute, true, 0},
		"the last try":                 {3, time.Minute, true, 1},
		"acknowledged all the same":    {0, giveUpEventsAfter, true, 1},
		"the last try, after too long": {3, giveUpEventsAfter, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var lost []time.Time
			h := newHarness(t, func(o *Options) { o.OnLost = func(at time.Time) { lost = append(lost, at) } })
			if test.away {
				h.store.asks(func(context.Context, string) error { return desk.ErrNotSaved })
			}
			h.down, h.seen = time.Now().Add(-test.since), time.Now()
			h.handle(t.Context(), envelope{ID: "E1", Kind: kindEvent, Payload: []byte(events[0]), Retry: test.retry}, time.Now(), func(any) {})
			if len(lost) != test.lost || len(lost) > 0 && !lost[0].Equal(happened) {
				t.Errorf("lost %v", lost)
			}
		})
	}
}

// Slack sends an event again unless it is acknowledged within three seconds. So no event
// may wait for a slow call, nor for events that do not concern us.
func TestEventsAcknowledgedAtOnce(t *testing.T) {
	t.Parallel()
	for name, event := range map[string]string{
		"who has no ticket writes in private": `{"type":"message","channel":"D1","channel_type":"im","user":"U0BEN","text":"Hi","ts":"1790000301.000100"}`,
		"a question elsewhere": `{"type":"reaction_added","reaction":"hourglass","user":"U0BEN","item_user":"U0BEN",
			"item":{"type":"message","channel":"C2","ts":"TS"},"event_ts":"TS"}`,
	} {
		synctest.Test(t, func(t *testing.T) {
			h := newHarness(t, func(o *Options) { o.Signs["hourglass"] = ticket.SignOf(ticket.Waited) })
			h.slack.hangs = true
			time.Sleep(time.Until(time.Unix(1790000302, 0))) // inside the bubble time begins earlier than Slack's times
			begun := time.Now()
			a := h.gets(t, kindEvent, `{"event":`+strings.ReplaceAll(event, "TS", "1790000301.000100")+`}`)
			if !a.given() || time.Since(begun) != 0 {
				t.Errorf("%s: taken %v, after %v", name, a.given(), time.Since(begun))
			}
			h.said.Wait()
			if asked := h.slack.heard(); strings.Contains(strings.Join(asked, "\n"), "read ") {
				t.Errorf("%s: Slack is asked: %q", name, asked)
			}
		})
	}
}
