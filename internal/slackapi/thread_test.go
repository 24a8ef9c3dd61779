package slackapi

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/dev/slacksim"
	"supporty/internal/ticket"
)

// says writes a message as a person, and returns its ts.
func (o *office) says(who, channel, text string, options ...slacksim.SayOption) string {
	o.t.Helper()
	out, err := o.slack.As(who).Say(o.t.Context(), channel, text, options...)
	if err != nil {
		o.t.Fatal(err)
	}
	return out.TS
}

func (o *office) reacts(who, channel, ts, emoji string) {
	o.t.Helper()
	if _, err := o.slack.As(who).React(o.t.Context(), channel, ts, emoji); err != nil {
		o.t.Fatal(err)
	}
}

func texts(all []Written) []string {
	var list []string
	for _, w := range all {
		list = append(list, w.Text)
	}
	return list
}

func TestThread(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	support, bob := o.channel("support"), o.person("bob")
	card := o.post(support, "", "1")
	o.post(support, card.TS, "2")
	o.says("bob", "support", "Which card?", slacksim.InThread(card.TS))
	o.reacts("bob", "support", card.TS, "eyes::skin-tone-3")
	thread, err := o.Thread(t.Context(), support, card.TS, time.Now().Add(-time.Hour))
	if err != nil || thread.Gone || thread.Root == nil {
		t.Fatalf("%+v, %v", thread, err)
	}
	if diff := cmp.Diff([]Reaction{{Emoji: "eyes", People: []string{bob}}}, thread.Root.Reactions); diff != "" {
		t.Errorf("reactions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"text", "Which card?"}, texts(thread.Replies)); diff != "" {
		t.Errorf("replies (-want +got):\n%s", diff)
	}
	if ours, theirs := thread.Replies[0], thread.Replies[1]; ours.ByPerson() || !theirs.ByPerson() || theirs.User != bob || time.Since(theirs.At()) > time.Minute {
		t.Errorf("ours %+v, theirs %+v", ours, theirs)
	}
	later, err := o.Thread(t.Context(), support, card.TS, time.Now().Add(time.Hour))
	if err != nil || len(later.Replies) != 0 || later.Root == nil {
		t.Errorf("nothing is that new: %+v, %v", later, err)
	}
}

func TestThreadThatIsGone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	support := o.channel("support")
	bare, answered := o.post(support, "", "1"), o.post(support, "", "2")
	o.says("bob", "support", "Hm.", slacksim.InThread(answered.TS))
	for _, m := range []ticket.Message{bare, answered} {
		if err := o.Delete(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		if thread, err := o.Thread(t.Context(), support, m.TS, time.Now().Add(-time.Hour)); err != nil || !thread.Gone || thread.Root != nil {
			t.Errorf("%+v, %v", thread, err)
		}
	}
	if _, err := o.Thread(t.Context(), o.channel("engineering"), bare.TS, time.Now()); ScopeOf(err) != Channel {
		t.Errorf("in a channel that we are not in: %v", err)
	}
}

func TestLongThread(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	support := o.channel("support")
	card := o.post(support, "", "1")
	for range 450 {
		o.post(support, card.TS, "2")
	}
	thread, err := o.Thread(t.Context(), support, card.TS, time.Now().Add(-time.Hour))
	if err != nil || len(thread.Replies) != 450 || thread.Root == nil {
		t.Errorf("%d replies, %v", len(thread.Replies), err)
	}
}

func TestDirects(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ours := o.post(o.person("carol"), "", "1")
	if _, err := o.slack.As("carol").SayToBot(t.Context(), "Berlin.", slacksim.InThread(ours.TS)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.slack.As("carol").SayToBot(t.Context(), "Any news?"); err != nil {
		t.Fatal(err)
	}
	if channel, err := o.Direct(t.Context(), o.person("carol")); err != nil || channel != ours.Channel {
		t.Fatalf("%s, %v", channel, err)
	}
	directs := func(since time.Time) map[string]string {
		all, err := o.Directs(t.Context(), ours.Channel, since, time.Now().Add(-time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]string{}
		for _, d := range all {
			if d.ByPerson() {
				said[d.Text] = d.Thread
			}
		}
		return said
	}
	if diff := cmp.Diff(map[string]string{"Berlin.": ours.TS, "Any news?": ""}, directs(time.Now().Add(-time.Minute))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{}, directs(time.Now().Add(time.Minute))); diff != "" {
		t.Errorf("nothing is that new (-want +got):\n%s", diff)
	}
}

// Reads that are not urgent leave calls for writers. If nobody writes, they have almost the
// pace that Slack allows.
func TestReadersLeaveRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimits(false, 1, nil)
		const method = "conversations.replies"
		reader := func() {
			if l.leaveRoom(t.Context(), method) != nil || l.wait(t.Context(), method, "") != nil {
				t.Fatal("cannot read")
			}
		}
		began := time.Now()
		for range 500 {
			reader()
		}
		if took := time.Since(began); took > 12*time.Minute {
			t.Errorf("500 threads take %v", took)
		}
		for i := range room - 1 {
			asked := time.Now()
			if l.wait(t.Context(), method, "") != nil || time.Since(asked) > 0 {
				t.Errorf("call %d of who writes waits %v", i+1, time.Since(asked))
			}
		}
	})
}

func TestReply(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	support := o.channel("support")
	card := o.post(support, "", "1")
	o.says("dana", "support", "Before it.", slacksim.InThread(card.TS))
	question := o.says("bob", "support", "Which card?", slacksim.InThread(card.TS))
	alone := o.says("bob", "support", "Lunch?")
	for name, want := range map[string]struct{ ts, thread, text string }{
		"in a thread":  {question, card.TS, "Which card?"},
		"in none":      {alone, "", "Lunch?"},
		"not in Slack": {"1700000000.000100", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			thread, w, err := o.Reply(t.Context(), support, want.ts)
			if thread != want.thread || w.Text != want.text || err != nil {
				t.Errorf("in %q, %q, %v", thread, w.Text, err)
			}
		})
	}
	o.trouble(slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 1, Method: "conversations.replies"})
	if _, _, err := o.Reply(t.Context(), support, question); err == nil {
		t.Error("no word of a refusal")
	}
}

func TestSkim(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	support := o.channel("support")
	var posted []string
	for range 3 {
		posted = append(posted, o.post(support, "", "1").TS)
	}
	o.says("bob", "support", "Hm.", slacksim.InThread(posted[1]))
	for name, test := range map[string]struct {
		from string
		want []string
	}{
		"the newest":          {posted[2], []string{posted[2], posted[1], posted[0]}},
		"an older one":        {posted[1], []string{posted[1], posted[0]}},
		"one that is not":     {posted[1] + "1", []string{posted[1], posted[0]}},
		"older than the list": {"1.000000", nil},
	} {
		page, more, err := o.Skim(t.Context(), support, test.from)
		var got []string
		for _, w := range page {
			got = append(got, w.TS)
			if w.TS == posted[1] != !w.RepliedTo().IsZero() {
				t.Errorf("%s: %s has a reply of %v", name, w.TS, w.RepliedTo())
			}
		}
		if diff := cmp.Diff(test.want, got); err != nil || more || diff != "" {
			t.Errorf("%s: %v, more: %t (-want +got):\n%s", name, err, more, diff)
		}
	}
}
