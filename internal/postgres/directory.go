package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"supporty/internal/directory"
)

const (
	personColumns = `id, name, zone, bot, guest, external, deactivated, status,
		coalesce(status_end, '0001-01-01 00:00Z') AS status_end, fetched_at,
		ARRAY (SELECT place FROM members WHERE person = id) AS places`
	selectPerson = `SELECT ` + personColumns + ` FROM people WHERE id = $1`
)

// Profile implements directory.Cache.
func (db *DB) Profile(ctx context.Context, id string) (directory.Profile, error) {
	return db.profile(ctx, "reading a profile", selectPerson, id)
}

func (db *DB) profile(ctx context.Context, doing, sql string, arg any) (directory.Profile, error) {
	rows, err := db.pool.Query(ctx, sql, arg)
	if err != nil {
		return directory.Profile{}, notSaved(err, doing)
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[directory.Profile])
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return directory.Profile{}, directory.ErrUnknown
	case err != nil:
		return directory.Profile{}, notSaved(err, doing)
	}
	return p, nil
}

const upsertPerson = `
	INSERT INTO people (id, name, zone, bot, guest, external, deactivated, status, status_end, fetched_at)
	VALUES (@id, @name, @zone, @bot, @guest, @external, @deactivated, @status, @status_end, @fetched_at)
	ON CONFLICT (id) DO UPDATE SET
		name = CASE people.forgotten WHEN '' THEN excluded.name ELSE '' END,
		zone = CASE people.forgotten WHEN '' THEN excluded.zone ELSE '' END, bot = excluded.bot,
		guest = excluded.guest, external = excluded.external, deactivated = excluded.deactivated,
		status = CASE people.forgotten WHEN '' THEN excluded.status ELSE '' END,
		status_end = CASE people.forgotten WHEN '' THEN excluded.status_end END,
		fetched_at = excluded.fetched_at
	WHERE people.fetched_at <= excluded.fetched_at
	RETURNING ` + personColumns

// SaveProfile implements directory.Cache. An older profile never replaces a newer one. Of who was
// forgotten, it stores only what decides what they may do.
func (db *DB) SaveProfile(ctx context.Context, p directory.Profile) (directory.Profile, error) {
	stored, err := db.profile(ctx, "saving a profile", upsertPerson, pgx.NamedArgs{
		"id": p.ID, "name": p.Name, "zone": p.Zone, "bot": p.Bot, "guest": p.Guest,
		"external": p.External, "deactivated": p.Deactivated,
		"status": p.Status, "status_end": nullTime(p.StatusEnd), "fetched_at": p.FetchedAt,
	})
	if errors.Is(err, directory.ErrUnknown) { // a newer one is stored
		return db.Profile(ctx, p.ID)
	}
	return stored, err
}

const selectMembers = `SELECT person FROM members WHERE place = $1`

// Members implements directory.Cache.
func (db *DB) Members(ctx context.Context, place string) ([]string, error) {
	people, err := all(ctx, db, pgx.RowTo[string], selectMembers, place)
	if err != nil {
		return nil, notSaved(err, "reading the members of a place")
	}
	return people, nil
}

// ChangeMembers implements directory.Cache.
func (db *DB) ChangeMembers(ctx context.Context, place string, come, gone []string) error {
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM members WHERE place = $1 AND person = ANY ($2)`, place, gone)
	b.Queue(`INSERT INTO members (place, person) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING`, place, come)
	if err := db.pool.SendBatch(ctx, b).Close(); err != nil {
		return notSaved(err, "saving the members of a place")
	}
	return nil
}
