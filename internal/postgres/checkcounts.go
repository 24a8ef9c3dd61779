package postgres

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// selectDaysToCheck are the newest days that are counted, and some before, as far apart as they can be.
const selectDaysToCheck = `
	WITH counted AS (
		SELECT day, row_number() OVER (ORDER BY day DESC) AS n, count(*) OVER () AS total FROM counted_days
		WHERE pause = @pause AND day NOT IN (SELECT day FROM changed_days))
	SELECT day FROM counted WHERE n <= 7 OR n % greatest(total / 7, 1) = 0 ORDER BY day DESC LIMIT 14`

// CheckCounts compares the counts of days with the tickets that they count, of all tickets and by category. It
// returns the days whose counts differ, and how many it looked at. It changes nothing.
func (db *DB) CheckCounts(ctx context.Context, pause time.Duration) (wrong []time.Time, looked int, err error) {
	err = pgx.BeginTxFunc(ctx, db.pool, snapshot, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, selectDaysToCheck, pgx.NamedArgs{"pause": pause})
		if err != nil {
			return err
		}
		days, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
		if err != nil {
			return err
		}
		for _, d := range days {
			same, err := countsAgree(ctx, tx, d, pause)
			if err != nil {
				return err
			}
			if !same {
				wrong = append(wrong, d)
			}
		}
		looked = len(days)
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("comparing the counts of days: %w", err)
	}
	return wrong, looked, nil
}

// countsAgree reports whether a day has the same numbers with and without its counts.
func countsAgree(ctx context.Context, tx pgx.Tx, d time.Time, pause time.Duration) (bool, error) {
	q := insight.Question{Period: ticket.Period{From: d, To: d.Add(day)}, Pause: pause, Earlier: true}
	for {
		counted, err := numbersIn(ctx, tx, q, []time.Time{d})
		if err != nil {
			return false, err
		}
		plain, err := numbersIn(ctx, tx, q, nil)
		if err != nil || !reflect.DeepEqual(counted, plain) {
			return false, err
		}
		if !q.Of.All() {
			return true, nil
		}
		q.Of.Categories = []string{} // the counts of categories are others
		for _, c := range plain.Categories {
			q.Of.Categories = append(q.Of.Categories, c.Name)
		}
	}
}
