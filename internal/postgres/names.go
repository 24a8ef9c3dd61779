package postgres

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Name is the name of a channel or a group in the settings.
type Name struct {
	Kind string // channel or group
	Name string
}

func (n Name) compare(o Name) int {
	return cmp.Or(cmp.Compare(n.Kind, o.Kind), cmp.Compare(n.Name, o.Name))
}

// Names returns the ids of names, as they were remembered last.
func (db *DB) Names(ctx context.Context) (map[Name]string, error) {
	rows, err := db.pool.Query(ctx, `SELECT kind, name, id FROM known_names`)
	if err != nil {
		return nil, fmt.Errorf("reading what names stand for: %w", err)
	}
	ids := map[Name]string{}
	var n Name
	var id string
	_, err = pgx.ForEachRow(rows, []any{&n.Kind, &n.Name, &id}, func() error { ids[n] = id; return nil })
	if err != nil {
		return nil, fmt.Errorf("reading what names stand for: %w", err)
	}
	return ids, nil
}

const rememberName = `
	INSERT INTO known_names (kind, name, id) VALUES ($1, $2, $3)
	ON CONFLICT (kind, name) DO UPDATE SET id = excluded.id WHERE known_names.id <> excluded.id`

// RememberNames stores the present ids of names. Other names stay as they are.
func (db *DB) RememberNames(ctx context.Context, ids map[Name]string) error {
	b := &pgx.Batch{}
	for _, n := range slices.SortedFunc(maps.Keys(ids), Name.compare) { // all copies lock in this order
		b.Queue(rememberName, n.Kind, n.Name, ids[n])
	}
	if err := db.pool.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("remembering what names stand for: %w", err)
	}
	return nil
}
