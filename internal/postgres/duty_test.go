package postgres_test

import (
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/ticket"
)

// Each change of a squad is recorded once with its notice, however many copies decide at once.
func TestHandOver(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	first, second := duty.Change{Person: "U1", At: at(1)}, duty.Change{Person: "U2", At: at(2)}
	become := func(changes ...duty.Change) func(desk.Handover) ([]duty.Change, []desk.Notice) {
		return func(h desk.Handover) ([]duty.Change, []desk.Notice) {
			if h.Last == changes[len(changes)-1] {
				return nil, nil
			}
			n := desk.Notice{Kind: desk.NoticeOnDuty, OrderingKey: "duty:U", Queue: desk.QueueSupport, To: "U2", DueAt: monday}
			return changes, []desk.Notice{n}
		}
	}
	var copies sync.WaitGroup
	for range 4 {
		copies.Go(func() { b.must(nil, b.db.HandOver(t.Context(), "Checkout", monday, become(first, second))) })
	}
	copies.Wait()
	if got := b.text(`SELECT count(*), count(*) FILTER (WHERE person = 'U2') FROM duty_shifts WHERE squad = 'Checkout'`); got != "(2,1)" {
		t.Errorf("recorded %s", got)
	}
	if got := b.text(`SELECT count(*) FROM outbox WHERE kind = 'on_duty'`); got != "(1)" {
		t.Errorf("told %s times", got)
	}
	if last, err := b.db.LastOnDuty(t.Context(), "Checkout"); err != nil || last != second {
		t.Errorf("last was %+v, %v", last, err)
	}
	b.exec(`INSERT INTO duty_overrides (squad, person, since, until, made_by, made_at) VALUES ('Other', 'U1', $1, $2, 'U1', $1)`, at(-2), at(-1))
	b.exec(`INSERT INTO rota_calendars (key, content, version, etag, modified, asked_at, failure) VALUES ('k', '', 3, '', '', $1, '')`, monday)
	for _, mark := range []string{"old", "new", "new"} {
		b.must(nil, b.db.NoteDutySettings(t.Context(), mark))
	}
	decided := func(ended time.Time) (got desk.Handover) {
		b.must(nil, b.db.HandOver(t.Context(), "Other", ended, func(h desk.Handover) ([]duty.Change, []desk.Notice) {
			got = h
			return nil, nil
		}))
		return got
	}
	o := desk.Override{ID: 1, Squad: "Other", MadeBy: "U1", Override: duty.Override{Person: "U1", From: at(-2), Until: at(-1)}}
	want := desk.Handover{DutyState: desk.DutyState{Overrides: []desk.Override{o}}, Made: desk.RosterMark{Calendars: map[string]int64{"k": 3}, Settings: "new"}}
	if diff := gocmp.Diff(want, decided(at(-1.5)), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("of another squad (-want +got):\n%s", diff)
	}
	b.exec(`UPDATE duty_settings SET since = since - interval '11 minutes'`)
	if got := decided(at(-1)); len(got.Overrides) > 0 || got.Made.Settings != "" {
		t.Errorf("what has ended: %+v, and settings of long ago: %q", got.Overrides, got.Made.Settings)
	}
}

func TestChangeDuty(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	past := desk.Override{Squad: "Checkout", MadeBy: "U1", Override: duty.Override{Person: "U1", From: at(-5), Until: at(-4)}}
	later := desk.Override{Squad: "Checkout", MadeBy: "U1", Override: duty.Override{Person: "U2", From: at(2), Until: at(3)}}
	sooner := desk.Override{Squad: "Other", MadeBy: "U2", Override: duty.Override{Person: "U2", From: at(-1), Until: at(2)}}
	n := desk.Notice{Kind: desk.NoticeOverridden, OrderingKey: "duty:U1", Queue: desk.QueueSupport, To: "U1", DueAt: monday}
	change := func(squad string, c desk.DutyChange) (state desk.DutyState) {
		b.must(nil, b.db.ChangeDuty(t.Context(), squad, "form:V1", monday, func(s desk.DutyState) (desk.DutyChange, error) {
			state = s
			return c, nil
		}))
		return state
	}
	for _, o := range []desk.Override{past, later, sooner} {
		change(o.Squad, desk.DutyChange{Made: []desk.Override{o}, Notices: []desk.Notice{n}})
	}
	got, err := b.db.Overrides(t.Context(), monday)
	later.ID, sooner.ID = 2, 3
	if diff := gocmp.Diff([]desk.Override{later, sooner}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got := b.text(`SELECT count(*) FROM outbox WHERE kind = 'overridden'`); got != "(3)" {
		t.Errorf("told %s times", got)
	}
	change("Checkout", desk.DutyChange{Ended: later.ID})
	change("Other", desk.DutyChange{Ended: sooner.ID})
	if got := b.text(`SELECT count(*) FILTER (WHERE until = since), count(*) FILTER (WHERE until = $1) FROM duty_overrides`, monday); got != "(1,1)" {
		t.Errorf("ended %s", got)
	}
	swap := desk.Swap{Key: "form:V1", Squad: "Checkout", Swap: duty.Swap{Gives: duty.Shift{Person: "U1", From: at(1), Until: at(2)}, To: "U2"}}
	if state := change("Checkout", desk.DutyChange{Asked: &swap}); state.Swap.Key != "" || len(state.Overrides) > 0 {
		t.Errorf("before: %+v", state)
	}
	if state := change("Checkout", desk.DutyChange{Answered: swap.Key}); !gocmp.Equal(swap, state.Swap) {
		t.Errorf("asked: %s", gocmp.Diff(swap, state.Swap))
	}
	swap.Answered = true
	if got, err := b.db.Swap(t.Context(), swap.Key); err != nil || !gocmp.Equal(swap, got) {
		t.Errorf("answered: %v %s", err, gocmp.Diff(swap, got))
	}
	refused := ticket.Errorf(ticket.Conflict, "No.")
	err = b.db.ChangeDuty(t.Context(), "Checkout", "", monday, func(desk.DutyState) (desk.DutyChange, error) {
		return desk.DutyChange{Made: []desk.Override{later}}, refused
	})
	if got := b.text(`SELECT count(*) FROM duty_overrides`); got != "(3)" || ticket.SentenceOf(err) != "No." {
		t.Errorf("after a refusal: %s, %v", got, err)
	}
}

func TestDutyServed(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.exec(`INSERT INTO people (id, name, zone, fetched_at) VALUES ('U1', 'Kim', 'UTC', now())`)
	b.exec(`INSERT INTO duty_shifts (squad, since, person) VALUES ('A', $1, 'U2'), ('A', $2, 'U1'), ('A', $3, ''), ('B', $4, 'U2')`, at(-9), at(-3), at(2), at(1))
	records, names, err := b.db.DutyServed(t.Context(), monday, at(2))
	want := []duty.Record{
		{Squad: "A", Changes: []duty.Change{{Person: "U1", At: at(-3)}}},
		{Squad: "B", Changes: []duty.Change{{Person: "U2", At: at(1)}}},
	}
	if diff := gocmp.Diff(want, records); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if diff := gocmp.Diff(map[string]string{"U1": "Kim", "U2": ""}, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// A call is a fact: nobody changes it, and the one who was called adds what they say of it. The last
// of that counts.
func TestDutyPages(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P1, "U9")
	page := desk.DutyPage{Squad: "Checkout", Person: "U1", At: at(1), Ticket: n, Priority: ticket.P1, Step: "1.1", Night: true, Woke: true}
	other := desk.DutyPage{Person: "U2", At: at(2), Ticket: n, Priority: ticket.P1, Step: "1.3"}
	r, err := b.desk.Find(t.Context(), n)
	b.must(nil, err)
	b.must(b.db.Save(t.Context(), desk.Change{After: r, Now: monday, NextAt: at(1), Paged: []desk.DutyPage{page, other}}))
	page.ID, other.ID = 1, 2
	list := func(f desk.DutyPages) []desk.DutyPage {
		got, err := b.db.DutyPages(t.Context(), f)
		b.must(nil, err)
		return got
	}
	if diff := gocmp.Diff([]desk.DutyPage{page, other}, list(desk.DutyPages{From: at(1), Until: at(3)})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := list(desk.DutyPages{Person: "U1", From: at(2), Until: at(3)}); len(got) > 0 {
		t.Errorf("of another time: %+v", got)
	}
	said := func(by string, woke bool) desk.DutyPage {
		p, err := b.db.SayWoken(t.Context(), 1, by, woke, monday)
		b.must(nil, err)
		return p
	}
	if p := said("U2", false); p.ID != 0 {
		t.Errorf("somebody else says: %+v", p)
	}
	for range 2 {
		page.Woke, page.Said = false, true
		if diff := gocmp.Diff(page, said("U1", false)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	said("U1", true)
	page.Woke = true
	if diff := gocmp.Diff([]desk.DutyPage{page}, list(desk.DutyPages{Person: "U1", From: at(0), Until: at(9)})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := b.text(`SELECT array_agg(woke ORDER BY id) FROM duty_page_words`); got != `("{f,t}")` {
		t.Errorf("said %s", got)
	}
	for _, change := range []string{`UPDATE duty_pages SET woke = false`, `DELETE FROM duty_pages`, `UPDATE duty_page_words SET woke = false`, `DELETE FROM duty_page_words`} {
		if _, err := b.conn.Exec(t.Context(), change); err == nil {
			t.Errorf("%s changes facts", change)
		}
	}
	b.exec(`INSERT INTO people (id, name, zone, fetched_at) VALUES ('U1', 'Kim', 'UTC', now())`)
	names, err := b.db.CalledNames(t.Context(), at(0), at(9))
	if diff := gocmp.Diff(map[string]string{"U1": "Kim"}, names); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if records, err := b.db.Served(t.Context(), at(0), at(9)); err != nil || len(records) > 0 {
		t.Errorf("%v %v", records, err)
	}
}

// Rotas that people make are kept in their order, and decided with; one form makes one rota.
func TestMadeRotas(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	made := func(key, squad string) *desk.MadeRota {
		return &desk.MadeRota{Key: key, Squad: squad, From: at(3), MadeBy: "U1", Made: duty.Made{
			People: []string{"U2", "U1"}, Turn: 12 * time.Hour, Weekly: true, First: monday, Zone: "Europe/London", During: duty.DuringOutside,
		}}
	}
	save := func(m *desk.MadeRota, before int) error {
		return b.db.ChangeDuty(t.Context(), m.Squad, "", at(2), func(s desk.DutyState) (desk.DutyChange, error) {
			if len(s.Rotas) != before {
				t.Errorf("%d rotas were made before", len(s.Rotas))
			}
			return desk.DutyChange{Rota: m}, nil
		})
	}
	b.must(nil, save(made("form:1", "Checkout"), 0))
	b.must(nil, save(made("form:2", "Other"), 0))
	back := &desk.MadeRota{Key: "form:3", Squad: "Checkout", From: at(1), MadeBy: "U2", Made: duty.Made{Settings: true}}
	b.must(nil, save(back, 1))
	if err := save(made("form:1", "Checkout"), 2); err == nil {
		t.Error("a form made two rotas")
	}
	got, err := b.db.Rotas(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var want []desk.MadeRota
	for i, m := range []*desk.MadeRota{made("form:1", "Checkout"), made("form:2", "Other"), back} {
		m.ID, m.MadeAt = int64(i+1), at(2)
		want = append(want, *m)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
