package postgres_test

import (
	"cmp"
	"errors"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/catchup"
	"supporty/internal/postgres"
	"supporty/internal/ticket"
)

var _ catchup.Store = (*postgres.DB)(nil)

// sign is a pulse. Its times are seconds after the first pulse.
type sign struct {
	since, now int
	by         string // which copy gives it
	begins     bool   // it is the first sign of that copy
	dies       string // the copy that ended after its last sign without leaving
	leaves     string // the copy that has left
	lost       int    // since when events are lost; 0 for none
	caughtUp   int    // until then all is read before the pulse; 0 for nothing
	seen       int    // seen_until after the pulse
	unbroken   int    // unbroken_since after the pulse, if that is later
}

func TestWatermark(t *testing.T) {
	t.Parallel()
	for name, signs := range map[string][]sign{
		"while connected, it follows the time":  {{seen: 0}, {now: 10, seen: 10}, {now: 3600, seen: 3600}},
		"the clock does not run back":           {{now: 10, seen: 10}, {now: 5, seen: 10}, {now: 11, seen: 11}},
		"another copy may have been connected":  {{now: 10, seen: 10}, {since: 40, now: 40, seen: 40}},
		"who begins reads from the last sign":   {{now: 10, seen: 10}, {since: 12, now: 12, by: "b", begins: true, seen: 10, unbroken: 12}},
		"the first copy has nothing to read":    {{now: 10, begins: true, seen: 10}, {now: 20, seen: 20}},
		"a copy that lives is left alone":       {{now: 10, by: "b", seen: 10}, {now: 400, seen: 400}},
		"one that died had something left":      {{now: 10, by: "b", seen: 10}, {now: 30, seen: 30}, {now: 40, dies: "b", seen: 10, unbroken: 40}, {now: 50, seen: 10, unbroken: 40}},
		"one that left may have":                {{now: 10, by: "b", seen: 10}, {now: 40, leaves: "b", seen: 10, unbroken: 40}, {now: 50, caughtUp: 40, seen: 50}},
		"a longer one is a gap":                 {{now: 10, seen: 10}, {since: 41, now: 42, seen: 10, unbroken: 41}},
		"which lasts while it is not read":      {{now: 10, seen: 10}, {since: 41, now: 42, seen: 10, unbroken: 41}, {since: 41, now: 900, seen: 10, unbroken: 41}},
		"and is over when it is":                {{now: 10, seen: 10}, {since: 41, now: 42, seen: 10, unbroken: 41}, {since: 41, now: 52, caughtUp: 41, seen: 52}},
		"what was read before another gap":      {{now: 10, seen: 10}, {since: 60, now: 60, seen: 10, unbroken: 60}, {since: 120, now: 120, caughtUp: 60, seen: 60, unbroken: 120}},
		"another copy takes over":               {{now: 10, seen: 10}, {since: 9, now: 12, seen: 12}, {since: 9, now: 500, seen: 500}},
		"another copy, while there is a gap":    {{now: 10, seen: 10}, {since: 60, now: 60, seen: 10, unbroken: 60}, {since: 80, now: 85, seen: 10, unbroken: 60}},
		"something that arrived was lost":       {{now: 400, seen: 400}, {now: 410, lost: 50, seen: 50, unbroken: 410}, {now: 420, seen: 50, unbroken: 410}, {now: 430, caughtUp: 410, seen: 430}},
		"nothing is unknown that was known":     {{now: 100, seen: 100}, {now: 110, caughtUp: 50, seen: 110}},
		"what was lost before there was a mark": {{now: 100, lost: 50, seen: 100}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			for i, s := range signs {
				b.sign(i, s)
			}
		})
	}
}

func (b *postgresHarness) sign(i int, s sign) {
	b.t.Helper()
	after := func(seconds int) time.Time { return monday.Add(time.Duration(seconds) * time.Second) }
	if s.caughtUp > 0 {
		lap := catchup.Lap{Until: after(s.caughtUp)}
		if err := errors.Join(b.db.BeginLap(b.t.Context(), "C1", lap), b.db.EndLap(b.t.Context(), "C1", lap, nil)); err != nil {
			b.t.Fatal(err)
		}
	}
	if s.leaves != "" {
		if err := b.db.Leave(b.t.Context(), s.leaves); err != nil {
			b.t.Fatal(err)
		}
	}
	b.exec(`UPDATE connected_copies SET alive_at = clock_timestamp() - interval '31 seconds' WHERE copy = $1`, s.dies)
	p := catchup.Pulse{Channel: "C1", Copy: cmp.Or(s.by, "a"), Begins: s.begins, Since: after(s.since), Now: after(s.now)}
	if s.lost > 0 {
		p.Lost = after(s.lost)
	}
	w, err := b.db.Pulse(b.t.Context(), p)
	if err != nil {
		b.t.Fatal(err)
	}
	if !w.SeenUntil.Equal(after(s.seen)) || w.Behind() != (s.unbroken > 0) || w.Behind() && !w.UnbrokenSince.Equal(after(s.unbroken)) {
		b.t.Errorf("sign %d, %+v: %+v", i+1, s, w)
	}
	read, err := b.db.Watermark(b.t.Context(), "C1")
	w.Copies = read.Copies // which a sign tells as they were before it
	if err != nil || read != w {
		b.t.Errorf("read: %+v, %v; want %+v", read, err, w)
	}
}

// A sign tells how many copies had given one before it.
func TestCopiesThatAreConnected(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	for i, by := range []string{"a", "a", "b", "a"} {
		p := catchup.Pulse{Channel: "C1", Copy: by, Since: monday, Now: monday}
		if w, err := b.db.Pulse(t.Context(), p); err != nil || w.Copies != []int{0, 1, 1, 2}[i] {
			t.Errorf("sign %d: %d copies, %v", i+1, w.Copies, err)
		}
	}
}

// While the bot is out of a channel, nothing is known of it. The first time counts, and another
// channel is not concerned.
func TestAbsence(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	after := func(seconds int) time.Time { return monday.Add(time.Duration(seconds) * time.Second) }
	b.sign(0, sign{now: 100, seen: 100})
	for _, since := range []int{40, 60} {
		b.must(nil, b.db.Left(t.Context(), "C2", after(since)))
	}
	for _, step := range []struct {
		channel string
		missed  bool
		next    sign
	}{
		{"C3", false, sign{now: 110, seen: 110}},
		{"C2", true, sign{now: 120, seen: 40, unbroken: 115}},
		{"C2", false, sign{now: 130, seen: 40, unbroken: 115}},
	} {
		missed, err := b.db.Back(t.Context(), "C1", step.channel, after(115))
		if err != nil || missed != step.missed {
			t.Errorf("back in %s: %t, %v; want %t", step.channel, missed, err, step.missed)
		}
		b.sign(1, step.next)
	}
}

func TestNoWatermark(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	if w, err := b.db.Watermark(t.Context(), "C1"); err != nil || w != (catchup.Watermark{}) {
		t.Errorf("%+v, %v", w, err)
	}
}

func TestThreads(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	later, done, urgent, old, unposted := b.open(ticket.P3, "U1"), b.open(ticket.P1, "U1"), b.open(ticket.P1, "U2"), b.open(ticket.P2, "U2"), b.open(ticket.P1, "U2")
	for _, n := range []ticket.Number{done, old} {
		b.must(b.desk.Resolve(t.Context(), b.gesture(n, "U1"), "", ""))
	}
	b.exec(`UPDATE tickets SET ended_at = $1 WHERE number = $2`, monday.AddDate(0, 0, -8), old)
	b.exec(`INSERT INTO ticket_threads VALUES ('C1', '1.1', $1, false), ('C1', '1.2', $1, true)`, later)
	b.exec(`UPDATE tickets SET state = 'on_hold' WHERE number = $1`, later)
	for ts, n := range map[string]ticket.Number{"2.1": done, "3.1": urgent, "4.1": old} {
		t.Run(ts, func(t *testing.T) {
			b.exec(`INSERT INTO ticket_threads VALUES ('C1', $1, $2, true)`, ts, n)
		})
	}
	afterwards := b.open(ticket.P1, "U1")
	b.exec(`UPDATE tickets SET opened_at = $1 WHERE number = $2`, monday.Add(time.Second), afterwards)
	b.exec(`INSERT INTO ticket_threads VALUES ('C1', '5.1', $1, true)`, afterwards)
	missed := catchup.Missed{Opened: monday.Add(time.Second), Ended: monday.AddDate(0, 0, -7)}
	got, err := b.db.Threads(t.Context(), missed)
	root := func(ts string) ticket.Message { return ticket.Message{Channel: "C1", TS: ts} }
	want := []catchup.Thread{
		{Ticket: urgent, Requester: "U2", OpenedAt: monday, Root: root("3.1"), Current: true},
		{Ticket: later, Requester: "U1", OpenedAt: monday, Root: root("1.2"), Current: true, Busy: true},
		{Ticket: later, Requester: "U1", OpenedAt: monday, Root: root("1.1"), Busy: true},
		{Ticket: done, Requester: "U1", OpenedAt: monday, Ended: true, Root: root("2.1"), Current: true},
	}
	sameTime := gocmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	if diff := gocmp.Diff(want, got, sameTime); err != nil || diff != "" {
		t.Errorf("%v, without %s (-want +got):\n%s", err, unposted, diff)
	}
	hers, err := b.db.ThreadsOf(t.Context(), "U1", missed)
	if diff := gocmp.Diff(want[1:], hers, sameTime); err != nil || diff != "" {
		t.Errorf("those of one requester: %v (-want +got):\n%s", err, diff)
	}
}
