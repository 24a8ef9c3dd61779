package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

const (
	noteQuestions = `
		INSERT INTO questions (channel, ts, author, asked_at, due_at)
		SELECT * FROM unnest(@channels::text[], @stamps::text[], @authors::text[], @asked::timestamptz[], @due::timestamptz[])
		ON CONFLICT DO NOTHING`
	// An answer can be known before its question. A question that was shown is gone from Home.
	settleQuestions = `
		WITH settled AS (
			INSERT INTO questions (channel, ts, asked_at, due_at, settled)
			SELECT channel, ts, @now, @now, true FROM unnest(@channels::text[], @stamps::text[]) AS m (channel, ts)
			ON CONFLICT (channel, ts) DO UPDATE SET settled = true WHERE NOT questions.settled
			RETURNING author <> '' AND due_at <= @now AS shown)
		UPDATE homes SET desired = desired + 1, pending_since = coalesce(pending_since, clock_timestamp())
		WHERE responder AND opened_at > clock_timestamp() - interval '1 hour' AND EXISTS (SELECT FROM settled WHERE shown)`
	selectQuestions = `
		SELECT channel, ts, author, asked_at, count(*) OVER () FROM questions
		WHERE NOT settled AND due_at <= @now AND asked_at > @since
			AND NOT EXISTS (SELECT FROM inputs WHERE key = 'source:' || channel || ':' || ts)
		ORDER BY asked_at DESC, ts LIMIT @limit`
	selectUnsettled = `
		SELECT channel, ts, author, asked_at, 0 FROM questions WHERE NOT settled AND channel = @channel AND asked_at >= @since`
	forgetQuestions = `
		DELETE FROM questions WHERE ctid = ANY (ARRAY (
			SELECT ctid FROM questions WHERE asked_at < @before ORDER BY asked_at LIMIT @limit FOR UPDATE SKIP LOCKED))`
)

// NoteQuestions implements desk.Store.
func (db *DB) NoteQuestions(ctx context.Context, asked []desk.Question, due []time.Time) error {
	var places []ticket.Message
	var authors []string
	var times []time.Time
	for _, q := range asked {
		places, authors, times = append(places, q.Message), append(authors, q.Author), append(times, q.AskedAt)
	}
	channels, stamps := placesOf(places)
	_, err := db.pool.Exec(ctx, noteQuestions, pgx.NamedArgs{"channels": channels, "stamps": stamps, "authors": authors, "asked": times, "due": due})
	return orNotSaved(err, "noting questions")
}

// SettleQuestions implements desk.Store.
func (db *DB) SettleQuestions(ctx context.Context, settled []ticket.Message, now time.Time) error {
	channels, stamps := placesOf(settled)
	_, err := db.pool.Exec(ctx, settleQuestions, pgx.NamedArgs{"channels": channels, "stamps": stamps, "now": now})
	return orNotSaved(err, "settling questions")
}

func placesOf(messages []ticket.Message) (channels, stamps []string) {
	for _, m := range messages {
		channels, stamps = append(channels, m.Channel), append(stamps, m.TS)
	}
	return channels, stamps
}

func orNotSaved(err error, doing string) error {
	if err == nil {
		return nil
	}
	return notSaved(err, doing)
}

// OpenQuestions implements desk.Store.
func (db *DB) OpenQuestions(ctx context.Context, now time.Time, limit int) ([]desk.Question, int, error) {
	return db.readQuestions(ctx, selectQuestions, pgx.NamedArgs{"now": now, "since": now.Add(-desk.QuestionsKept), "limit": limit})
}

// UnsettledQuestions implements desk.Store.
func (db *DB) UnsettledQuestions(ctx context.Context, channel string, since time.Time) ([]desk.Question, error) {
	found, _, err := db.readQuestions(ctx, selectUnsettled, pgx.NamedArgs{"channel": channel, "since": since})
	return found, err
}

func (db *DB) readQuestions(ctx context.Context, sql string, args pgx.NamedArgs) (found []desk.Question, total int, err error) {
	rows, err := db.pool.Query(ctx, sql, args)
	if err != nil {
		return nil, 0, notSaved(err, "reading questions")
	}
	var q desk.Question
	_, err = pgx.ForEachRow(rows, []any{&q.Message.Channel, &q.Message.TS, &q.Author, &q.AskedAt, &total}, func() error {
		q.AskedAt = q.AskedAt.UTC()
		found = append(found, q)
		return nil
	})
	return found, total, orNotSaved(err, "reading questions")
}

// ForgetQuestions drops questions that were asked before a time, settled or not.
func (db *DB) ForgetQuestions(ctx context.Context, before time.Time, limit int) (int, error) {
	return db.forget(ctx, "questions", forgetQuestions, before, limit)
}
