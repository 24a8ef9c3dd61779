//go:build unix

package e2e

import (
	"context"
	"slices"
	"syscall"
	"testing"
	"time"

	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
)

// TestKilledWhileItReadsCards kills the program while it catches up. The next copy goes on
// with the next card, goes round once, and misses nothing.
func TestKilledWhileItReadsCards(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	m := &machine{t: t, ctx: ctx}
	forgetful := slacksim.Config{Workspace: crowd(500), RetryDelays: []time.Duration{0, time.Millisecond, time.Millisecond}}
	o := m.on(pgtest.New(t, pgtest.Migrate), forgetful, "SLACK_PACE=1000")
	o.begin()
	o.fileModels()
	o.bot.signal(syscall.SIGTERM)
	<-o.bot.ended
	o.copyTickets(1000)
	for _, ts := range o.cardsOf("number %% %d = 3", 100) {
		o.claim(ts)
	}
	_, err := o.slack.Fault(ctx, slacksim.Fault{Kind: slacksim.FaultDelay, Method: "conversations.history", DelayMS: 500})
	o.must(err)
	o.begin()
	o.until(`SELECT coalesce(lap -> 'at' <> '{}', false) FROM watermarks`)
	o.bot.kill()

	o.must(o.slack.ClearFaults(ctx))
	at := o.cardsOf("ts = (SELECT lap -> 'at' ->> 'ts' FROM watermarks) AND number > %d", 0)
	before := o.sim.State().Seq
	o.begin()
	o.until(`SELECT seen_until >= unbroken_since FROM watermarks`)
	newestFirst := o.cardsOf("number > %d ORDER BY ts DESC", 0)
	n := slices.Index(newestFirst, at[0])
	var want []string
	for ; n < len(newestFirst); n += 200 {
		want = append(want, newestFirst[n])
	}
	want = append(want, newestFirst[0])
	got := o.skimmed(before)
	cards := got[max(0, slices.Index(got, want[0])):] // before them the channel is read for questions
	if len(cards) < len(want) || !slices.Equal(cards[:len(want)], want) || len(cards) > len(newestFirst)/200+2 {
		t.Errorf("cards were read from %v; want from %v on", got, want)
	}
	o.until(`SELECT count(*) = 10 FROM entries WHERE kind = 'claimed' AND inexact`)
}

// skimmed are the cards from which pages of #support were read, since an entry of the
// journal.
func (o *benchHarness) skimmed(since int64) (from []string) {
	o.t.Helper()
	entries, err := o.slack.Journal(o.ctx, since)
	o.must(err)
	support := o.sim.State().Channel("support").ID
	for _, e := range entries {
		if e.Kind == slacksim.KindCall && e.Method == "conversations.history" && e.Args["channel"] == support && e.Args["latest"] != "" {
			from = append(from, e.Args["latest"])
		}
	}
	return from
}
