package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// DutyGroup is what was last done about the user group of who is on duty in a squad.
type DutyGroup struct {
	Squad   string
	Group   string // its id
	Person  string // who is to be in it, alone
	TriedAt time.Time
	Failure string // Slack's word for why it could not be changed; empty if it is so
}

const (
	selectDutyGroups = `SELECT squad, group_id, person, tried_at, failure FROM duty_groups ORDER BY squad`
	noteDutyGroup    = `
		INSERT INTO duty_groups (squad, group_id, person, tried_at, failure) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (squad) DO UPDATE SET group_id = $2, person = $3, tried_at = $4, failure = $5`
)

// DutyGroups lists what was last done about user groups.
func (db *DB) DutyGroups(ctx context.Context) ([]DutyGroup, error) {
	list, err := all(ctx, db, func(row pgx.CollectableRow) (DutyGroup, error) {
		var g DutyGroup
		err := row.Scan(&g.Squad, &g.Group, &g.Person, &g.TriedAt, &g.Failure)
		g.TriedAt = g.TriedAt.UTC()
		return g, err
	}, selectDutyGroups)
	if err != nil {
		return nil, notSaved(err, "listing user groups of who is on duty")
	}
	return list, nil
}

// NoteDutyGroup records what was done about a user group.
func (db *DB) NoteDutyGroup(ctx context.Context, g DutyGroup) error {
	_, err := db.pool.Exec(ctx, noteDutyGroup, g.Squad, g.Group, g.Person, g.TriedAt, g.Failure)
	return notSavedIf(err, "recording what was done about a user group")
}
