package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// selectAllCountedDays asks for no pause: it changes what threads took, and a series has none of that.
const selectAllCountedDays = `
	SELECT day FROM counted_days
	WHERE day >= @first::date AND day < @end::date AND day NOT IN (SELECT day FROM changed_days)`

// Series implements insight.Source. Like Numbers it adds up the counts of days, and sees the
// database at one moment.
func (db *DB) Series(ctx context.Context, periods []ticket.Period, of insight.Selection) ([]insight.Week, error) {
	if len(periods) == 0 {
		return nil, nil
	}
	tallies, weeks := make([]tally, len(periods)), make([]insight.Week, len(periods))
	snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, db.pool, snapshot, func(tx pgx.Tx) error {
		first, last := periods[0].From.UTC().Truncate(day), periods[len(periods)-1].To.UTC()
		rows, err := tx.Query(ctx, selectAllCountedDays, pgx.NamedArgs{"first": first, "end": last})
		if err != nil {
			return err
		}
		days, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
		if err != nil {
			return err
		}
		slices.SortFunc(days, time.Time.Compare)
		b := &pgx.Batch{}
		b.Queue(withoutJIT)
		b.Queue(planEachTime)
		for i, p := range periods {
			tallies[i] = newTally()
			queueTally(b, p, of, within(days, p), tallies[i])
			queueWork(b, p, of, &weeks[i].Work)
		}
		return tx.SendBatch(ctx, b).Close()
	})
	if err != nil {
		return nil, fmt.Errorf("reading a series: %w", err)
	}
	for i, p := range periods {
		weeks[i].Period, weeks[i].Priorities, weeks[i].Categories = p, tallies[i].attainments(), tallies[i].categories()
	}
	return weeks, nil
}

// within are the days that lie wholly in a period.
func within(days []time.Time, p ticket.Period) []time.Time {
	var in []time.Time
	for _, d := range days {
		if !d.Before(p.From) && !d.Add(day).After(p.To) {
			in = append(in, d)
		}
	}
	return in
}
