package postgres_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/dev/pgtest"
	"supporty/internal/postgres"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// anybody is a directory in which everybody answers tickets.
type anybody struct{}

func (anybody) Person(_ context.Context, id string) (desk.Person, error) {
	return desk.Person{ID: id, Name: id, Member: true, Responder: true}, nil
}

func (anybody) IsMember(context.Context, string, string) (bool, error) { return true, nil }

var promise = sla.Policy{Targets: sla.Targets{
	1: {Resolve: time.Hour, Respond: 15 * time.Minute, AlertRespond: true, WarnAt: 0.75},
	2: {Resolve: 3 * time.Hour, Respond: 45 * time.Minute, WarnAt: 0.75},
	3: {Resolve: 24 * time.Hour, Respond: 6 * time.Hour, WarnAt: 0.75},
}}

// postgresHarness is a database with a desk on it that makes tickets.
type postgresHarness struct {
	t    testing.TB
	url  string
	db   *postgres.DB
	conn *pgx.Conn // for queries of the tables
	desk *desk.Desk
	keys atomic.Int64
	had  []string         // ids of messages that were taken, and not lost
	held map[int64]string // who held the lease, by epoch
}

func newPostgresHarness(t testing.TB) *postgresHarness {
	t.Helper()
	b := &postgresHarness{t: t, url: pgtest.New(t, pgtest.Migrate), held: map[int64]string{}}
	b.db = watched(t, b.url)
	var err error
	if b.conn, err = pgx.Connect(t.Context(), b.url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.conn.Close(context.Background()) })
	policies, err := b.db.AdoptPolicy(t.Context(), promise, monday)
	if err != nil {
		t.Fatal(err)
	}
	b.desk = desk.New(b.db, anybody{}, policies, []string{"Billing"})
	return b
}

func watched(t testing.TB, url string) *postgres.DB {
	t.Helper()
	db, err := postgres.OpenTraced(url, watcher{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

func (b *postgresHarness) open(p ticket.Priority, requester string) ticket.Number {
	b.t.Helper()
	r, err := b.desk.Open(b.t.Context(), b.newTicket(p, requester))
	if err != nil {
		b.t.Fatal(err)
	}
	return r.Ticket.Number
}

func (b *postgresHarness) newTicket(p ticket.Priority, requester string) desk.NewTicket {
	return desk.NewTicket{
		Content:   desk.Content{Priority: p, Title: "Cards fail", Category: "Billing"},
		Requester: requester, Gesture: ticket.ByForm, Key: b.key(), At: monday, Now: monday,
	}
}

func (b *postgresHarness) key() string { return fmt.Sprintf("key:%d", b.keys.Add(1)) }

func (b *postgresHarness) gesture(n ticket.Number, who string) desk.Gesture {
	return desk.Gesture{Ticket: n, Actor: who, By: ticket.ByEmoji, Key: b.key(), At: at(0.1), Now: at(0.1)}
}

// must fails the test on an error.
func (b *postgresHarness) must(_ any, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *postgresHarness) exec(sql string, args ...any) {
	b.t.Helper()
	if _, err := b.conn.Exec(b.t.Context(), sql, args...); err != nil {
		b.t.Fatalf("%s: %v", sql, err)
	}
}

// text returns the only value of a query, as text.
func (b *postgresHarness) text(sql string, args ...any) string {
	b.t.Helper()
	var s string
	if err := b.conn.QueryRow(b.t.Context(), `SELECT q::text FROM (`+sql+`) AS q`, args...).Scan(&s); err != nil {
		b.t.Fatalf("%s: %v", sql, err)
	}
	return s
}

// until waits until a query returns true.
func (b *postgresHarness) until(query string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for b.text(query) != "(t)" {
		select {
		case <-tick.C:
		case <-ctx.Done():
			b.t.Fatalf("waiting for %s", query)
		}
	}
}
