package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/deploy"
	"supporty/internal/insight"
)

// selectDelivery ties incidents to deployments by the settings of now, and counts both. There are
// few incidents, and they have indexes of their own: so this needs no counts of days, and whatever
// comes late counts at once. Each incident is looked up by its number: of many, the database would read all tickets
// instead. Package insight defines the numbers.
const selectDelivery = `
	WITH served AS (
		SELECT * FROM unnest(@served::text[], @services::text[]) AS s (category, service)
	), picked AS (
		SELECT number FROM tickets WHERE incident AND opened_at >= @from AND opened_at < @to::timestamptz + @window::interval
		UNION SELECT number FROM tickets WHERE incident AND ended_at >= @from AND ended_at < @to
		UNION SELECT number FROM tickets WHERE incident AND deployment > 0 AND deployment IN (
			SELECT id FROM deployments WHERE deployed_at >= @from AND deployed_at < @to)
	), incidents AS MATERIALIZED (
		SELECT t.state, t.opened_at, t.ended_at,
			CASE WHEN t.deployment = 0 THEN last.id WHEN t.deployment > 0 THEN t.deployment END AS cause
		FROM picked CROSS JOIN LATERAL (SELECT * FROM tickets WHERE number = picked.number OFFSET 0) AS t LEFT JOIN served USING (category)
		LEFT JOIN LATERAL (
			SELECT id FROM deployments d
			WHERE t.deployment = 0 AND d.service = served.service AND d.deployed_at <= t.opened_at AND d.deployed_at >= t.opened_at - @window::interval
			ORDER BY d.deployed_at DESC, d.id DESC LIMIT 1) AS last ON true
		WHERE t.state <> 'closed' AND (@categories::text[] IS NULL OR NOT t.private AND category = ANY (@categories))
	), deployed AS MATERIALIZED (
		SELECT id FROM deployments
		WHERE deployed_at >= @from AND deployed_at < @to AND (@categories::text[] IS NULL OR service = ANY (@services))
	)
	SELECT (SELECT count(*) FROM deployed),
		(SELECT count(*) FROM deployed WHERE id IN (SELECT cause FROM incidents)),
		(SELECT count(*) FROM incidents WHERE opened_at >= @from AND opened_at < @to),
		(SELECT count(*) FROM incidents WHERE opened_at >= @from AND opened_at < @to AND cause IS NOT NULL),
		(SELECT array_agg((extract(epoch FROM ended_at - opened_at) * 1000000)::bigint) FROM incidents
			WHERE state = 'resolved' AND ended_at >= @from AND ended_at < @to AND cause IS NOT NULL)`

func queueDelivery(b *pgx.Batch, q insight.Question, d *insight.Delivery) {
	b.Queue(selectDelivery, deliveryArgs(q)).QueryRow(func(row pgx.Row) error {
		var recovered []int64
		if err := row.Scan(&d.Deployments, &d.Failed, &d.Incidents, &d.Tied, &recovered); err != nil {
			return err
		}
		d.Recover = insight.SpreadOf([][]time.Duration{run(recovered)})
		return nil
	})
}

// deliveryArgs has the services of the selected categories, each beside its category.
func deliveryArgs(q insight.Question) pgx.NamedArgs {
	served, services := []string{}, []string{}
	for _, category := range slices.Sorted(maps.Keys(q.Deployed.Services)) {
		if q.Of.All() || slices.Contains(q.Of.Categories, category) {
			served, services = append(served, category), append(services, q.Deployed.Services[category])
		}
	}
	return pgx.NamedArgs{
		"from": q.Period.From, "to": q.Period.To, "categories": q.Of.Categories,
		"served": served, "services": services, "window": q.Deployed.Window,
	}
}

const (
	// Of several copies that have read the same settings, the first one notes them.
	noteSettings = `
		INSERT INTO setting_states (kind, state, at)
		SELECT n.kind, n.state, @now FROM unnest(@kinds::text[], @states::text[]) AS n (kind, state)
		WHERE n.state IS DISTINCT FROM (SELECT s.state FROM setting_states s WHERE s.kind = n.kind ORDER BY s.id DESC LIMIT 1)`
	// The views have no settings: this is where they find those of now.
	noteServices = `
		WITH gone AS (DELETE FROM served_categories WHERE category <> ALL (@served::text[]))
		INSERT INTO served_categories (category, service, within)
		SELECT s.category, s.service, @window FROM unnest(@served::text[], @services::text[]) AS s (category, service)
		ON CONFLICT (category) DO UPDATE SET service = excluded.service, within = excluded.within`
	selectMarks = `
		SELECT deployed_at AS at, 'deployment' AS kind, service, version, url FROM deployments
		WHERE deployed_at >= @from AND deployed_at < @to AND (@categories::text[] IS NULL OR service = ANY (@services))
		UNION ALL
		SELECT at, kind, '', '', '' FROM (
			SELECT at, kind, state, lag(state) OVER (PARTITION BY kind ORDER BY id) AS before FROM setting_states) AS s
		WHERE before <> state AND at >= @from AND at < @to
		ORDER BY at, kind, service`
)

// NoteSettings notes how settings are now, by a digest of each kind. Marks tells when one was not as
// before.
func (db *DB) NoteSettings(ctx context.Context, states map[insight.MarkKind]string, now time.Time) error {
	kinds, digests := []string{}, []string{}
	for kind, state := range states {
		kinds, digests = append(kinds, string(kind)), append(digests, state)
	}
	if _, err := db.pool.Exec(ctx, noteSettings, pgx.NamedArgs{"kinds": kinds, "states": digests, "now": now}); err != nil {
		return notSaved(err, "noting the settings")
	}
	return nil
}

// NoteServices notes the settings by which the views tie incidents to deployments.
func (db *DB) NoteServices(ctx context.Context, rules deploy.Rules) error {
	if _, err := db.pool.Exec(ctx, noteServices, deliveryArgs(insight.Question{Deployed: rules})); err != nil {
		return notSaved(err, "noting the services of categories")
	}
	return nil
}

// Marks implements insight.Source.
func (db *DB) Marks(ctx context.Context, q insight.Question) ([]insight.Mark, error) {
	rows, err := db.pool.Query(ctx, selectMarks, deliveryArgs(q))
	if err != nil {
		return nil, fmt.Errorf("reading the marks of a period: %w", err)
	}
	marks, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m insight.Mark, err error) {
		err = row.Scan(&m.At, &m.Kind, &m.Service, &m.Version, &m.URL)
		m.At = m.At.UTC()
		return m, err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the marks of a period: %w", err)
	}
	return marks, nil
}
