package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// selectWork counts the tickets that a lead has given a kind of work. There are few, and an index has them, so
// that no counts of days are kept. Private tickets have no kind of work.
const selectWork = `
	SELECT category, work, count(*) AS tickets FROM tickets
	WHERE work <> '' AND opened_at >= @from AND opened_at < @to AND NOT private AND ` + ofSelection + `
	GROUP BY category, work ORDER BY category, work`

func queueWork(b *pgx.Batch, p ticket.Period, of insight.Selection, into *[]insight.Classed) {
	b.Queue(selectWork, pgx.NamedArgs{"from": p.From, "to": p.To, "categories": of.Categories}).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, pgx.RowToStructByName[insight.Classed])
		*into = append(*into, all...)
		return err
	})
}

// noteWorks writes only what has changed.
const noteWorks = `
	WITH gone AS (DELETE FROM working_categories WHERE category <> ALL (@categories::text[]))
	INSERT INTO working_categories (category, work) SELECT * FROM unnest(@categories::text[], @works::text[])
	ON CONFLICT (category) DO UPDATE SET work = excluded.work WHERE working_categories.work <> excluded.work`

// NoteWorks notes the kinds of work of categories, for the views.
func (db *DB) NoteWorks(ctx context.Context, of map[string]ticket.Work) error {
	categories, works := []string{}, []string{}
	for category, work := range of {
		categories, works = append(categories, category), append(works, string(work))
	}
	if _, err := db.pool.Exec(ctx, noteWorks, pgx.NamedArgs{"categories": categories, "works": works}); err != nil {
		return notSaved(err, "noting the kinds of work of categories")
	}
	return nil
}
