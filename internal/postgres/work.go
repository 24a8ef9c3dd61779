package postgres

import (
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
