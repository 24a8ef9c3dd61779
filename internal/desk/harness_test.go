package desk_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"supporty/internal/desk"
	"supporty/internal/dev/pgtest"
	"supporty/internal/postgres"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The people of the tests' company.
const (
	rita = "URITA" // asks
	ann  = "UANN"  // answers, as does
	bob  = "UBOB"
	olga = "UOLGA" // works elsewhere
	otto = "UOTTO" // works for another company
	beep = "UBEEP" // is a bot
	zoe  = "UZOE"  // answers, and is on holiday
	gus  = "UGUS"  // has left
)

var errAway = errors.New("Slack does not answer")

// staff is a directory that knows these people and cannot reach anybody else.
type staff map[string]desk.Person

func (s staff) Person(_ context.Context, id string) (desk.Person, error) {
	p, ok := s[id]
	if !ok {
		return desk.Person{}, errAway
	}
	return p, nil
}

func (s staff) IsMember(_ context.Context, _, id string) (bool, error) { return s[id].Member, nil }

var everybody = staff{
	rita: {ID: rita, Name: "Rita"},
	ann:  {ID: ann, Name: "Ann", Member: true, Responder: true},
	bob:  {ID: bob, Name: "Bob", Member: true, Responder: true},
	zoe:  {ID: zoe, Name: "Zoe", Member: true, Responder: true, Away: true},
	olga: {ID: olga, Name: "Olga"},
	otto: {ID: otto, Name: "Otto", External: true, AnswersOnly: true},
	beep: {ID: beep, Name: "Beep", Bot: true},
	gus:  {ID: gus, Name: "Gus", Deactivated: true},
}

var promise = sla.Policy{Targets: sla.Targets{
	1: {Resolve: time.Hour, Respond: 15 * time.Minute, AlertRespond: true, WarnAt: 0.75},
	2: {Resolve: 3 * time.Hour, Respond: 45 * time.Minute, WarnAt: 0.75},
	3: {Resolve: 24 * time.Hour, Respond: 6 * time.Hour, WarnAt: 0.75},
}}

var categories = []string{"Billing", "Access"}

// nine is when tickets are opened; times in tests are counted from it.
var nine = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

// deskHarness is a desk on a database of its own. Not for concurrent use, but for
// the desk in it and keys.
type deskHarness struct {
	*desk.Desk
	t        testing.TB
	url      string
	db       *postgres.DB
	policies *postgres.Policies
	conn     *pgx.Conn // to look at what is stored
	keys     atomic.Int64
	last     int64 // row of the outbox that enqueued has returned
}

func newHarness(t testing.TB) *deskHarness {
	t.Helper()
	return newHarnessWith(t, promise)
}

func newHarnessWith(t testing.TB, promise sla.Policy) *deskHarness {
	t.Helper()
	h := &deskHarness{t: t, url: pgtest.New(t, pgtest.Migrate)}
	h.db = h.connect()
	var err error
	if h.conn, err = pgx.Connect(t.Context(), h.url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.conn.Close(context.Background()) })
	if h.policies, err = h.db.AdoptPolicy(t.Context(), promise, nine); err != nil {
		t.Fatal(err)
	}
	h.Desk = desk.New(h.db, everybody, h.policies, categories).Remembering()
	return h
}

// connect returns another pool on the same database, as another copy has it.
func (h *deskHarness) connect() *postgres.DB {
	h.t.Helper()
	db, err := postgres.Open(h.url)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(db.Close)
	return db
}

func (h *deskHarness) key() string { return fmt.Sprintf("key:%d", h.keys.Add(1)) }

// newTicket is what Rita files at nine.
func (h *deskHarness) newTicket(p ticket.Priority) desk.NewTicket {
	return desk.NewTicket{
		Content:   desk.Content{Priority: p, Title: "Cards fail", Text: "In the US.", Category: "Billing"},
		Requester: rita, Gesture: ticket.ByForm, Key: h.key(), At: nine, Now: nine,
	}
}

func (h *deskHarness) open(p ticket.Priority) ticket.Number {
	h.t.Helper()
	r, err := h.Open(h.t.Context(), h.newTicket(p))
	if err != nil {
		h.t.Fatal(err)
	}
	return r.Ticket.Number
}

// find returns the ticket; it must be there.
func (h *deskHarness) find(n ticket.Number) desk.Record {
	h.t.Helper()
	r, err := h.Find(h.t.Context(), n)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// do makes gestures that must succeed, one after the other.
func (h *deskHarness) do(n ticket.Number, gestures ...gesture) {
	h.t.Helper()
	for i, g := range gestures {
		if _, err := g(h, n); err != nil {
			h.t.Fatalf("gesture %d: %v", i+1, err)
		}
	}
}

// enqueued returns what was enqueued since it was asked last, cards left out.
func (h *deskHarness) enqueued() []desk.Notice {
	h.t.Helper()
	rows, err := h.conn.Query(h.t.Context(), `
		SELECT id, kind, coalesce(ticket, 0), ordering_key, queue, recipient, due_at, urgency, details
		FROM outbox WHERE id > $1 ORDER BY id`, h.last)
	if err != nil {
		h.t.Fatal(err)
	}
	var enqueued []desk.Notice
	for rows.Next() {
		var n desk.Notice
		if err := rows.Scan(&h.last, &n.Kind, &n.Ticket, &n.OrderingKey, &n.Queue, &n.To, &n.DueAt, &n.Urgency, &n.NoticeDetails); err != nil {
			h.t.Fatal(err)
		}
		n.Face = "" // see TestFaces
		if n.DueAt = n.DueAt.UTC(); n.Kind != desk.NoticeCard {
			enqueued = append(enqueued, n)
		}
	}
	if err := rows.Err(); err != nil {
		h.t.Fatal(err)
	}
	return enqueued
}

// number returns the one number that a query yields.
func (h *deskHarness) number(sql string, args ...any) int64 {
	h.t.Helper()
	var n int64
	if err := h.conn.QueryRow(h.t.Context(), sql, args...).Scan(&n); err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func (h *deskHarness) textOf(sql string) string {
	h.t.Helper()
	var text string
	if err := h.conn.QueryRow(h.t.Context(), sql).Scan(&text); err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
	return text
}

// send changes messages as a sender does, which counts every change of what a record shows.
func (h *deskHarness) send(sql string, args ...any) {
	h.t.Helper()
	h.exec(sql, args...)
	h.exec(`UPDATE tickets SET version = version + 1`)
}

func (h *deskHarness) exec(sql string, args ...any) {
	h.t.Helper()
	if _, err := h.conn.Exec(h.t.Context(), sql, args...); err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
}

// minutes after nine.
func minutes(m float64) time.Time { return nine.Add(time.Duration(m * float64(time.Minute))) }
