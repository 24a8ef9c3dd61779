package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
)

const (
	selectRotas   = `SELECT id, key, squad, rota, valid_from, made_by, made_at FROM duty_rotas ORDER BY id`
	selectRotasOf = `SELECT id, key, squad, rota, valid_from, made_by, made_at FROM duty_rotas WHERE squad = $1 ORDER BY id`
	insertRota    = `INSERT INTO duty_rotas (key, squad, rota, valid_from, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6)`
)

// Rotas implements desk.Store.
func (db *DB) Rotas(ctx context.Context) ([]desk.MadeRota, error) {
	list, err := all(ctx, db, scanRota, selectRotas)
	if err != nil {
		return nil, notSaved(err, "listing rotas")
	}
	return list, nil
}

func scanRota(row pgx.CollectableRow) (desk.MadeRota, error) {
	var m desk.MadeRota
	err := row.Scan(&m.ID, &m.Key, &m.Squad, &m.Made, &m.From, &m.MadeBy, &m.MadeAt)
	m.From, m.MadeAt = m.From.UTC(), m.MadeAt.UTC()
	return m, err
}
