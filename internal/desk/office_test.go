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

func (s staff) IsMember(_ context.Context, id string) (bool, error) { return s[id].Member, nil }

var everybody = staff{
	rita: {ID: rita, Name: "Rita"},
	ann:  {ID: ann, Name: "Ann", Member: true, Responder: true},
	bob:  {ID: bob, Name: "Bob", Member: true, Responder: true},
	zoe:  {ID: zoe, Name: "Zoe", Member: true, Responder: true, Away: true},
	olga: {ID: olga, Name: "Olga"},
	otto: {ID: otto, Name: "Otto", External: true},
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

// office is a desk on a database of its own. Not for concurrent use, but for
// the desk in it and keys.
type office struct {
	*desk.Desk
	t        testing.TB
	url      string
	db       *postgres.DB
	policies *postgres.Policies
	conn     *pgx.Conn // to look at what is stored
	keys     atomic.Int64
	last     int64 // row of the outbox that enqueued has returned
}

func newOffice(t testing.TB) *office {
	t.Helper()
	return newOfficeWith(t, promise)
}

func newOfficeWith(t testing.TB, promise sla.Policy) *office {
	t.Helper()
	o := &office{t: t, url: pgtest.New(t, migrate)}
	o.db = o.connect()
	var err error
	if o.conn, err = pgx.Connect(t.Context(), o.url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.conn.Close(context.Background()) })
	if o.policies, err = o.db.AdoptPolicy(t.Context(), promise, nine); err != nil {
		t.Fatal(err)
	}
	o.Desk = desk.New(o.db, everybody, o.policies, categories)
	return o
}

func migrate(ctx context.Context, url string) error {
	db, err := postgres.Open(url)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Migrate(ctx)
	return err
}

// connect returns another pool on the same database, as another copy has it.
func (o *office) connect() *postgres.DB {
	o.t.Helper()
	db, err := postgres.Open(o.url)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(db.Close)
	return db
}

func (o *office) key() string { return fmt.Sprintf("key:%d", o.keys.Add(1)) }

// newTicket is what Rita files at nine.
func (o *office) newTicket(p ticket.Priority) desk.NewTicket {
	return desk.NewTicket{
		Content:   desk.Content{Priority: p, Title: "Cards fail", Text: "In the US.", Category: "Billing"},
		Requester: rita, Gesture: ticket.ByForm, Key: o.key(), At: nine, Now: nine,
	}
}

func (o *office) open(p ticket.Priority) ticket.Number {
	o.t.Helper()
	r, err := o.Open(o.t.Context(), o.newTicket(p))
	if err != nil {
		o.t.Fatal(err)
	}
	return r.Ticket.Number
}

// find returns the ticket; it must be there.
func (o *office) find(n ticket.Number) desk.Record {
	o.t.Helper()
	r, err := o.Find(o.t.Context(), n)
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

// do makes gestures that must succeed, one after the other.
func (o *office) do(n ticket.Number, gestures ...gesture) {
	o.t.Helper()
	for i, g := range gestures {
		if _, err := g(o, n); err != nil {
			o.t.Fatalf("gesture %d: %v", i+1, err)
		}
	}
}

// enqueued returns what was enqueued since it was asked last, cards left out.
func (o *office) enqueued() []desk.Notice {
	o.t.Helper()
	rows, err := o.conn.Query(o.t.Context(), `
		SELECT id, kind, coalesce(ticket, 0), ordering_key, queue, recipient, due_at, urgency, details
		FROM outbox WHERE id > $1 ORDER BY id`, o.last)
	if err != nil {
		o.t.Fatal(err)
	}
	var enqueued []desk.Notice
	for rows.Next() {
		var n desk.Notice
		if err := rows.Scan(&o.last, &n.Kind, &n.Ticket, &n.OrderingKey, &n.Queue, &n.To, &n.DueAt, &n.Urgency, &n.NoticeDetails); err != nil {
			o.t.Fatal(err)
		}
		n.Face = "" // see TestFaces
		if n.DueAt = n.DueAt.UTC(); n.Kind != desk.NoticeCard {
			enqueued = append(enqueued, n)
		}
	}
	if err := rows.Err(); err != nil {
		o.t.Fatal(err)
	}
	return enqueued
}

// number returns the one number that a query yields.
func (o *office) number(sql string, args ...any) int64 {
	o.t.Helper()
	var n int64
	if err := o.conn.QueryRow(o.t.Context(), sql, args...).Scan(&n); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func (o *office) exec(sql string, args ...any) {
	o.t.Helper()
	if _, err := o.conn.Exec(o.t.Context(), sql, args...); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
}

// minutes after nine.
func minutes(m float64) time.Time { return nine.Add(time.Duration(m * float64(time.Minute))) }
