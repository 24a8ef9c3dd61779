package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/duty"
)

const selectCandidates = `
	SELECT w.person, (SELECT count(*) FROM tickets WHERE assignee = w.person AND ended_at IS NULL),
		coalesce((SELECT max(due_at) FROM outbox WHERE kind = 'offered' AND recipient = w.person), '0001-01-01 00:00Z')
	FROM unnest($1::text[]) WITH ORDINALITY AS w (person, place) ORDER BY w.place`

// Candidates implements desk.Store.
func (db *DB) Candidates(ctx context.Context, people []string) ([]duty.Candidate, error) {
	list, err := all(ctx, db, scanCandidate, selectCandidates, people)
	if err != nil {
		return nil, notSaved(err, "looking for whom a ticket can be offered to")
	}
	return list, nil
}

func scanCandidate(row pgx.CollectableRow) (c duty.Candidate, err error) {
	err = row.Scan(&c.Person, &c.Open, &c.Asked)
	c.Asked = c.Asked.UTC()
	return c, err
}

const selectTook = `
	SELECT count(*) FILTER (WHERE assignee = ANY ($1)), count(*) FROM tickets
	WHERE opened_at >= $3 AND opened_at < $4 AND category = ANY ($2) AND assignee <> '' AND NOT private`

// Took implements desk.Store.
func (db *DB) Took(ctx context.Context, people, categories []string, from, until time.Time) (took, of int, err error) {
	if err := db.pool.QueryRow(ctx, selectTook, people, categories, from, until).Scan(&took, &of); err != nil {
		return 0, 0, notSaved(err, "counting who took tickets")
	}
	return took, of, nil
}
