package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
)

const noteHomes = `
	WITH fresh AS (
		INSERT INTO home_channels SELECT DISTINCT unnest($1::text[]) ON CONFLICT DO NOTHING)
	SELECT channel FROM (SELECT channel FROM home_channels UNION SELECT unnest($1::text[])) AS homes (channel) ORDER BY channel`

// HomeChannels notes which channels are homes of squads now, and returns all that are or were.
func (db *DB) HomeChannels(ctx context.Context, now []string) ([]string, error) {
	homes, err := all(ctx, db, pgx.RowTo[string], noteHomes, now)
	if err != nil {
		return nil, notSaved(err, "noting in which channels tickets live")
	}
	return homes, nil
}
