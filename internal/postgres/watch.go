package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/outbox"
)

// Watch has the numbers that operators watch, at one moment.
type Watch struct {
	Pending []Backlog      // by urgency
	Stuck   map[string]int // messages that do not get into Slack: parked, undeliverable, or retried for long
	Tickets map[string]int // tickets that have not ended, by state
	Late    time.Duration  // how long the oldest step that no sweep has told yet is overdue; 0 if none
}

// Backlog are the messages of one urgency that are pending and due.
type Backlog struct {
	Urgency  int
	Messages int
	Age      time.Duration // of the oldest
}

const (
	selectBacklog = `
		SELECT urgency, count(*) AS messages, greatest(clock_timestamp() - min(greatest(pending_since, due_at)), '0') AS age
		FROM outbox WHERE pending AND due_at <= $1 GROUP BY urgency ORDER BY urgency`
	countStuck = `
		SELECT CASE WHEN state IN ('undeliverable', 'parked') THEN state ELSE 'retried' END AS what, count(*) FROM outbox
		WHERE state = 'undeliverable' AND NOT pending AND posted < desired OR pending AND (state = 'parked' OR attempts >= $1) GROUP BY what`
	countUnended = `SELECT state, count(*) FROM tickets WHERE ended_at IS NULL GROUP BY state`
	selectLate   = `SELECT greatest($1 - min(next_at), '0') FROM tickets WHERE next_at <= $1`
)

// Watch counts. Its cost depends on what is pending and open, not on all rows.
func (db *DB) Watch(ctx context.Context, now time.Time) (Watch, error) {
	w := Watch{}
	b := &pgx.Batch{}
	b.Queue(selectBacklog, now).Query(func(rows pgx.Rows) error {
		var err error
		w.Pending, err = pgx.CollectRows(rows, pgx.RowToStructByName[Backlog])
		return err
	})
	b.Queue(countStuck, outbox.ManyTries).Query(counted(&w.Stuck))
	b.Queue(countUnended).Query(counted(&w.Tickets))
	b.Queue(selectLate, now).QueryRow(func(row pgx.Row) error {
		var late *time.Duration
		err := row.Scan(&late)
		if late != nil {
			w.Late = *late
		}
		return err
	})
	if err := db.pool.SendBatch(ctx, b).Close(); err != nil {
		return Watch{}, fmt.Errorf("counting for the operator: %w", err)
	}
	return w, nil
}

// counted reads counts by name.
func counted(into *map[string]int) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		*into = map[string]int{}
		var name string
		var n int
		_, err := pgx.ForEachRow(rows, []any{&name, &n}, func() error {
			(*into)[name] = n
			return nil
		})
		return err
	}
}
