package postgres_test

import (
	"testing"
	"time"

	"supporty/internal/directory"
	"supporty/internal/ticket"
)

// A name that is forgotten is not stored again, whatever Slack tells; what decides what the person
// may do is.
func TestAForgottenProfile(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	ctx := t.Context()
	profile := func(at int) directory.Profile {
		return directory.Profile{ID: "U1", Name: "Rita", Zone: "Europe/London", Status: "palm_tree", Guest: at > 1, FetchedAt: time.Unix(int64(at), 0)}
	}
	if _, err := b.db.SaveProfile(ctx, profile(1)); err != nil {
		t.Fatal(err)
	}
	b.exec(`INSERT INTO homes (person) VALUES ('U1')`)
	for range 2 {
		for _, err := range []error{b.db.ForgetProfile(ctx, "U1"), b.db.ForgetProfile(ctx, "U2"), b.db.ForgetDone(ctx, "U1")} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	p, err := b.db.SaveProfile(ctx, profile(2))
	if err != nil || p.Name+p.Zone+p.Status != "" || !p.Guest {
		t.Errorf("stored %+v, %v", p, err)
	}
	for person, want := range map[string]bool{"U1": true, "U2": false, "U3": false} {
		if name, done, err := b.db.Forgotten(ctx, person); name != "" || done != want || err != nil {
			t.Errorf("%s: %q, %v, %v", person, name, done, err)
		}
	}
	if got := b.text(`SELECT count(*) FROM homes`); got != "(0)" {
		t.Errorf("%s Home tabs are left", got)
	}
}

// A person is found where they did something, where something is for them, and where they are
// mentioned.
func TestTicketsOfAPerson(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	one, two, three := b.open(ticket.P2, "U1"), b.open(ticket.P2, "U2"), b.open(ticket.P2, "U3")
	b.exec(`UPDATE outbox SET details = '{"words": [{"author": "U1"}]}' WHERE ticket = $1 AND kind = 'card'`, two)
	b.exec(`UPDATE entries SET details = details || '{"note": "Ask @Rita \"R\" Moss."}' WHERE ticket = $1`, three)
	for name, want := range map[string]int{"": 2, "Rita": 3, "Nobody": 2} {
		if got, err := b.db.TicketsOf(t.Context(), "U1", name); err != nil || len(got) != want || got[0] != one {
			t.Errorf("with the name %q: %v, %v", name, got, err)
		}
	}
}

// The last sign of a copy is its pulse, or its lease. One that has left gives none.
func TestSilence(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	silence := func() time.Duration {
		t.Helper()
		d, err := b.db.Silence(t.Context())
		b.must(nil, err)
		return d
	}
	b.exec(`DELETE FROM leases`)
	b.exec(`DELETE FROM connected_copies`)
	if got := silence(); got < 100*365*24*time.Hour {
		t.Errorf("without any sign: %s", got)
	}
	b.exec(`INSERT INTO connected_copies (copy, channel, pulsed_at, alive_at) VALUES ('a', 'C1', now(), '-infinity'), ('b', 'C1', now(), clock_timestamp() - interval '10 minutes')`)
	if got := silence(); got < 9*time.Minute || got > 11*time.Minute {
		t.Errorf("after a pulse: %s", got)
	}
	b.exec(`INSERT INTO leases (name, holder, epoch, until) VALUES ('sender', 'c', 1, clock_timestamp() + interval '4 seconds')`)
	if got := silence(); got < 0 || got > time.Minute {
		t.Errorf("while a copy sends: %s", got)
	}
}

// Messages about duty go that name somebody or have their words; those of others, and who was on duty, stay.
func TestForgettingDuty(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.exec(`INSERT INTO duty_shifts (squad, since, person) VALUES ('Checkout', $1, 'U1')`, at(1))
	b.exec(`INSERT INTO drill_nights (person, agreed_at) VALUES ('U1', $1), ('U2', $1)`, at(1))
	b.exec(`INSERT INTO outbox (ordering_key, queue, kind, recipient, urgency, due_at, posted, posted_ts, details) VALUES
		('duty:U2', 'support', 'duty_note', 'U2', 3, $1, 1, '1.1', '{"actor": "U1", "text": "My note."}'),
		('duty:U2', 'support', 'duty_note', 'U2', 3, $1, 1, '1.2', '{"actor": "U3", "text": "Ask @Rita."}'),
		('duty:U2', 'support', 'duty_note', 'U2', 3, $1, 1, '1.3', '{"actor": "U3", "text": "Another."}'),
		('thanks:U2', 'support', 'thanks', 'U2', 3, $1, 1, '1.4', '{"actor": "U1"}')`, at(1))
	for _, want := range []int{2, 0} {
		if n, err := b.db.DutyWords(t.Context(), "U1", "Rita"); err != nil || n != want {
			t.Errorf("there are %d, %v", n, err)
		}
		if n, err := b.db.ForgetDutyWords(t.Context(), "U1", "Rita"); err != nil || n != want {
			t.Errorf("%d are forgotten, %v", n, err)
		}
	}
	if got := b.text(`SELECT count(*) FILTER (WHERE pending AND details ? 'gone' AND NOT details ? 'text'), count(*) FILTER (WHERE details ? 'text') FROM outbox WHERE kind = 'duty_note'`); got != "(2,1)" {
		t.Errorf("of the notes %s are to be deleted, and stay", got)
	}
	b.must(nil, b.db.ForgetProfile(t.Context(), "U1"))
	if got := b.text(`SELECT (SELECT count(*) FROM duty_shifts), (SELECT string_agg(person, '') FROM drill_nights)`); got != "(1,U2)" {
		t.Errorf("left are %s", got)
	}
}
