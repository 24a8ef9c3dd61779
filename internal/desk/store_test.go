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
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.db.Close()
	for name, do := range map[string]func(context.Context) error{
		"claim":   func(context.Context) error { _, err := claim(ann, 1)(h, n); return err },
		"close":   func(context.Context) error { _, err := closeAs(ann, ticket.Duplicate, 7, 1)(h, n); return err },
		"deleted": func(context.Context) error { _, err := withhold(1)(h, n); return err },
		"open":    func(ctx context.Context) error { _, err := h.Open(ctx, h.newTicket(ticket.P2)); return err },
		"find":    func(ctx context.Context) error { _, err := h.Find(ctx, n); return err },
		"card":    func(ctx context.Context) error { _, err := h.FindByCard(ctx, cardOf(n)); return err },
		"posting": func(ctx context.Context) error { _, err := h.Posting(ctx, ""); return err },
		"notice":  func(ctx context.Context) error { _, err := h.FindByNotice(ctx, cardOf(n)); return err },
		"address": func(ctx context.Context) error { _, err := h.Address(ctx, rita, cardOf(n), 0, nine, nine); return err },
		"settle": func(ctx context.Context) error {
			return h.Settle(ctx, rita, []ticket.Message{cardOf(n)}, desk.BelongsNowhere, 0, nine)
		},
		"list": func(ctx context.Context) error { _, err := h.List(ctx, ann, desk.Filter{}); return err },
	} {
		t.Run(name, func(t *testing.T) {
			checkUnready(t, name, do(t.Context()), desk.ErrNotSaved)
		})
	}
	if _, err := h.Sweep(t.Context(), nine); !errors.Is(err, desk.ErrNotSaved) {
		t.Errorf("sweep: %v", err)
	}
	if err := h.Digest(t.Context(), mondays, nextOf(t, mondays), nine); !errors.Is(err, desk.ErrNotSaved) {
		t.Errorf("digest: %v", err)
	}
}

func TestDirectoryIsAway(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	_, err := claim("UNOBODY", 1)(h, n)
	checkUnready(t, "claim", err, errAway)
	_, err = handOver(ann, "UNOBODY", "", 1)(h, n)
	checkUnready(t, "hand over", err, errAway)
}

// dieAtCommit makes the server end its connection in the middle of a commit
// that has changed the table.
func (h *deskHarness) dieAtCommit(table string) {
	h.t.Helper()
	h.exec(`CREATE OR REPLACE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$`)
	h.exec(`CREATE CONSTRAINT TRIGGER die AFTER INSERT ON ` + table + ` DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()`)
}

// A connection that breaks during the commit leaves it open whether anything
// was saved. The same input, given again, settles it.
func TestUnknownFate(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	f := h.newTicket(ticket.P2)
	h.dieAtCommit("entries")
	_, err := h.Open(t.Context(), f)
	checkUnready(t, "open", err, desk.ErrUnsure)
	h.exec(`DROP TRIGGER die ON entries`)
	r, err := h.Open(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	n := r.Ticket.Number

	a := h.gesture(n, ann, 1)
	h.dieAtCommit("entries")
	_, err = h.Claim(t.Context(), a)
	checkUnready(t, "claim", err, desk.ErrUnsure)
	h.exec(`DROP TRIGGER die ON entries`)
	if _, err = h.Claim(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	f.Priority = ticket.P1
	h.dieAtCommit("entries")
	_, err = h.Open(t.Context(), f)
	checkUnready(t, "another priority", err, desk.ErrUnsure)
	if r := h.find(n); r.Ticket.Assignee != ann || len(r.Timeline) != 2 || r.Ticket.Priority != ticket.P2 {
		t.Errorf("%+v after %d entries", r.Ticket, len(r.Timeline))
	}
}

// A change that always finds the ticket changed gives up after some tries.
func TestChangesWithoutEnd(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.exec(`CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`)
	h.exec(`CREATE TRIGGER lose BEFORE UPDATE ON tickets FOR EACH ROW EXECUTE FUNCTION lose()`)
	_, err := claim(ann, 1)(h, n)
	checkUnready(t, "claim", err, desk.ErrStale)
	if r := h.find(n); r.Version != 1 || len(r.Timeline) != 1 {
		t.Errorf("version %d with %d entries, want nothing saved", r.Version, len(r.Timeline))
	}
}

// What was promised stays promised when the policy changes, until a new promise
// is made.
func TestNewPolicy(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	strict := sla.Policy{Targets: sla.Targets{2: {Resolve: time.Hour, Respond: time.Minute, WarnAt: 0.5}, 3: {Resolve: 2 * time.Hour, Respond: time.Minute, WarnAt: 0.5}}}
	policies, err := h.db.AdoptPolicy(t.Context(), strict, minutes(5))
	if err != nil {
		t.Fatal(err)
	}
	h.Desk = desk.New(h.db, everybody, policies, categories)
	h.do(n, claim(ann, 6))
	newer := h.open(ticket.P2)
	got := []time.Time{h.find(n).Clock(sla.Resolve).DueAt, h.find(newer).Clock(sla.Resolve).DueAt, h.find(newer).Clock(sla.Respond).WarnAt}
	if diff := gocmp.Diff([]time.Time{minutes(180), minutes(60), minutes(0.5)}, got); diff != "" {
		t.Errorf("old due, new due, new warning (-want +got):\n%s", diff)
	}
	h.do(n, tick(ann, 10), reopen(rita, 20))
	if due := h.find(n).Clock(sla.Resolve).DueAt; !due.Equal(minutes(80)) {
		t.Errorf("reopened, it is due at %v, want an hour later", due)
	}
}

// One ticket that cannot be understood does not keep the others from being
// told.
func TestSweepGoesOnPastWhatItCannotDecide(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P1)
	policies, err := h.db.AdoptPolicy(t.Context(), sla.Policy{Targets: sla.Targets{2: promise.Targets[2]}}, minutes(5))
	if err != nil {
		t.Fatal(err)
	}
	h.exec(`DELETE FROM policies WHERE version = $1`, h.policies.Current())
	h.Desk = desk.New(h.db, everybody, policies, categories)
	sound := h.open(ticket.P2)
	h.enqueued()
	_, err = h.Sweep(t.Context(), minutes(500))
	if err == nil || !strings.Contains(err.Error(), "reading policy") {
		t.Errorf("sweep: %v, want the policy that is missing", err)
	}
	if enqueued := h.enqueued(); len(enqueued) != 2 || enqueued[0].Ticket != sound || enqueued[1].Ticket != sound {
		t.Errorf("enqueued: %v, want that %v is late", enqueued, sound)
	}
	if got := h.next(n); !got.Equal(minutes(11.25)) {
		t.Errorf("the other is next at %v: it was touched", got)
	}
	_, err = h.Find(t.Context(), n)
	checkUnready(t, "find", err, desk.ErrNotSaved)
	_, err = claim(ann, 1)(h, n)
	checkUnready(t, "claim", err, desk.ErrNotSaved)
}

func TestFinding(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	older, newer := h.open(ticket.P1), h.open(ticket.P3)
	h.do(older, post)
	h.send(`UPDATE outbox SET posted_in = 'D1', posted_ts = '5.5' WHERE kind = 'receipt' AND ticket = $1`, older)
	for name, test := range map[string]struct {
		find func() (ticket.Number, error)
		want ticket.Number
	}{
		"by card":    {func() (ticket.Number, error) { return h.FindByCard(t.Context(), cardOf(older)) }, older},
		"by no card": {func() (ticket.Number, error) { return h.FindByCard(t.Context(), cardOf(newer)) }, 0},
		"by an answered one": {func() (ticket.Number, error) {
			return h.FindByNotice(t.Context(), ticket.Message{Channel: "D1", TS: "5.5"})
		}, older},
		"by an unknown one": {func() (ticket.Number, error) {
			return h.FindByNotice(t.Context(), ticket.Message{Channel: "D1", TS: "6"})
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if n, err := test.find(); n != test.want || err != nil {
				t.Errorf("%v, %v; want %v", n, err, test.want)
			}
		})
	}
	listing, err := h.List(t.Context(), ann, desk.Filter{})
	list := listing.Tickets
	if err != nil || len(list) != 2 || list[0].Number != older || list[0].Card != cardOf(older) {
		t.Errorf("list: %v, %v", list, err)
	}
}
