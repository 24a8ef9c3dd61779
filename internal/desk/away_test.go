package desk_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

const notAnswering = "Our database is not answering. Please try again in a minute."

// checkUnready checks that an error asks a person to try again, and says why to
// the log.
func checkUnready(t *testing.T, doing string, err, cause error) {
	t.Helper()
	if ticket.CodeOf(err) != ticket.Unavailable || ticket.SentenceOf(err) != notAnswering || !errors.Is(err, cause) {
		t.Errorf("%s: %v, want unavailable because %v", doing, err, cause)
	}
}

func TestDatabaseIsAway(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	n := o.open(ticket.P2)
	o.db.Close()
	for name, do := range map[string]func(context.Context) error{
		"claim":   func(context.Context) error { _, err := claim(ann, 1)(o, n); return err },
		"close":   func(context.Context) error { _, err := closeAs(ann, ticket.Duplicate, 7, 1)(o, n); return err },
		"deleted": func(context.Context) error { _, err := withhold(1)(o, n); return err },
		"open":    func(ctx context.Context) error { _, err := o.Open(ctx, o.newTicket(ticket.P2)); return err },
		"find":    func(ctx context.Context) error { _, err := o.Find(ctx, n); return err },
		"card":    func(ctx context.Context) error { _, err := o.FindByCard(ctx, cardOf(n)); return err },
		"posting": func(ctx context.Context) error { _, err := o.Posting(ctx, ""); return err },
		"notice":  func(ctx context.Context) error { _, err := o.FindByNotice(ctx, cardOf(n)); return err },
		"address": func(ctx context.Context) error { _, err := o.Address(ctx, rita, cardOf(n), nine, nine); return err },
		"settle":  func(ctx context.Context) error { return o.Settle(ctx, rita, cardOf(n), desk.BelongsNowhere, 0) },
		"list":    func(ctx context.Context) error { _, err := o.List(ctx, ann, desk.Filter{}); return err },
	} {
		checkUnready(t, name, do(t.Context()), desk.ErrNotSaved)
	}
	if _, err := o.Sweep(t.Context(), nine); !errors.Is(err, desk.ErrNotSaved) {
		t.Errorf("sweep: %v", err)
	}
	if err := o.Digest(t.Context(), mondays, nextOf(t, mondays), nine); !errors.Is(err, desk.ErrNotSaved) {
		t.Errorf("digest: %v", err)
	}
}

func TestDirectoryIsAway(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	n := o.open(ticket.P2)
	_, err := claim("UNOBODY", 1)(o, n)
	checkUnready(t, "claim", err, errAway)
	_, err = handOver(ann, "UNOBODY", "", 1)(o, n)
	checkUnready(t, "hand over", err, errAway)
}

// dieAtCommit makes the server end its connection in the middle of a commit
// that has changed the table.
func (o *office) dieAtCommit(table string) {
	o.t.Helper()
	o.exec(`CREATE OR REPLACE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$`)
	o.exec(`CREATE CONSTRAINT TRIGGER die AFTER INSERT ON ` + table + ` DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()`)
}

// A connection that breaks during the commit leaves it open whether anything
// was saved. The same input, given again, settles it.
func TestUnknownFate(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	f := o.newTicket(ticket.P2)
	o.dieAtCommit("entries")
	_, err := o.Open(t.Context(), f)
	checkUnready(t, "open", err, desk.ErrUnsure)
	o.exec(`DROP TRIGGER die ON entries`)
	r, err := o.Open(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	n := r.Ticket.Number

	a := o.gesture(n, ann, 1)
	o.dieAtCommit("entries")
	_, err = o.Claim(t.Context(), a)
	checkUnready(t, "claim", err, desk.ErrUnsure)
	o.exec(`DROP TRIGGER die ON entries`)
	if _, err = o.Claim(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	f.Priority = ticket.P1
	o.dieAtCommit("entries")
	_, err = o.Open(t.Context(), f)
	checkUnready(t, "another priority", err, desk.ErrUnsure)
	if r := o.find(n); r.Ticket.Assignee != ann || len(r.Timeline) != 2 || r.Ticket.Priority != ticket.P2 {
		t.Errorf("%+v after %d entries", r.Ticket, len(r.Timeline))
	}
}

// A change that always finds the ticket changed gives up after some tries.
func TestChangesWithoutEnd(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	n := o.open(ticket.P2)
	o.exec(`CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`)
	o.exec(`CREATE TRIGGER lose BEFORE UPDATE ON tickets FOR EACH ROW EXECUTE FUNCTION lose()`)
	_, err := claim(ann, 1)(o, n)
	checkUnready(t, "claim", err, desk.ErrStale)
	if r := o.find(n); r.Version != 1 || len(r.Timeline) != 1 {
		t.Errorf("version %d with %d entries, want nothing saved", r.Version, len(r.Timeline))
	}
}

// What was promised stays promised when the policy changes, until a new promise
// is made.
func TestNewPolicy(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	n := o.open(ticket.P2)
	strict := sla.Policy{Targets: sla.Targets{2: {Resolve: time.Hour, Respond: time.Minute, WarnAt: 0.5}, 3: {Resolve: 2 * time.Hour, Respond: time.Minute, WarnAt: 0.5}}}
	policies, err := o.db.AdoptPolicy(t.Context(), strict, minutes(5))
	if err != nil {
		t.Fatal(err)
	}
	o.Desk = desk.New(o.db, everybody, policies, categories)
	o.do(n, claim(ann, 6))
	newer := o.open(ticket.P2)
	got := []time.Time{o.find(n).Clock(sla.Resolve).DueAt, o.find(newer).Clock(sla.Resolve).DueAt, o.find(newer).Clock(sla.Respond).WarnAt}
	if diff := gocmp.Diff([]time.Time{minutes(180), minutes(60), minutes(0.5)}, got); diff != "" {
		t.Errorf("old due, new due, new warning (-want +got):\n%s", diff)
	}
	o.do(n, tick(ann, 10), reopen(rita, 20))
	if due := o.find(n).Clock(sla.Resolve).DueAt; !due.Equal(minutes(80)) {
		t.Errorf("reopened, it is due at %v, want an hour later", due)
	}
}

// One ticket that cannot be understood does not keep the others from being
// told.
func TestSweepGoesOnPastWhatItCannotDecide(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	n := o.open(ticket.P1)
	policies, err := o.db.AdoptPolicy(t.Context(), sla.Policy{Targets: sla.Targets{2: promise.Targets[2]}}, minutes(5))
	if err != nil {
		t.Fatal(err)
	}
	o.exec(`DELETE FROM policies WHERE version = $1`, o.policies.Current())
	o.Desk = desk.New(o.db, everybody, policies, categories)
	sound := o.open(ticket.P2)
	o.enqueued()
	_, err = o.Sweep(t.Context(), minutes(500))
	if err == nil || !strings.Contains(err.Error(), "reading policy") {
		t.Errorf("sweep: %v, want the policy that is missing", err)
	}
	if enqueued := o.enqueued(); len(enqueued) != 2 || enqueued[0].Ticket != sound || enqueued[1].Ticket != sound {
		t.Errorf("enqueued: %v, want that %v is late", enqueued, sound)
	}
	if got := o.next(n); !got.Equal(minutes(11.25)) {
		t.Errorf("the other is next at %v: it was touched", got)
	}
	_, err = o.Find(t.Context(), n)
	checkUnready(t, "find", err, desk.ErrNotSaved)
	_, err = claim(ann, 1)(o, n)
	checkUnready(t, "claim", err, desk.ErrNotSaved)
}

func TestFinding(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	older, newer := o.open(ticket.P1), o.open(ticket.P3)
	o.do(older, post)
	o.exec(`UPDATE outbox SET posted_in = 'D1', posted_ts = '5.5' WHERE kind = 'receipt' AND ticket = $1`, older)
	for name, test := range map[string]struct {
		find func() (ticket.Number, error)
		want ticket.Number
	}{
		"by card":    {func() (ticket.Number, error) { return o.FindByCard(t.Context(), cardOf(older)) }, older},
		"by no card": {func() (ticket.Number, error) { return o.FindByCard(t.Context(), cardOf(newer)) }, 0},
		"by an answered one": {func() (ticket.Number, error) {
			return o.FindByNotice(t.Context(), ticket.Message{Channel: "D1", TS: "5.5"})
		}, older},
		"by an unknown one": {func() (ticket.Number, error) {
			return o.FindByNotice(t.Context(), ticket.Message{Channel: "D1", TS: "6"})
		}, 0},
	} {
		if n, err := test.find(); n != test.want || err != nil {
			t.Errorf("%s: %v, %v; want %v", name, n, err, test.want)
		}
	}
	listing, err := o.List(t.Context(), ann, desk.Filter{})
	list := listing.Tickets
	if err != nil || len(list) != 2 || list[0].Number != older || list[0].Card != cardOf(older) {
		t.Errorf("list: %v, %v", list, err)
	}
}
