package app

import (
	"context"
	"time"
)

// countFor bounds one run: at the start, the other jobs wait for it.
const countFor = 5 * time.Second

// CountDays counts the days that are over, for the statistics. Only the copy that sends does
// so.
func (a *App) CountDays(ctx context.Context) error {
	if !a.holdsLease(ctx) {
		return nil
	}
	for ends := time.Now().Add(countFor); time.Now().Before(ends); {
		if n, err := a.db.CountDays(ctx, a.clock.Now(), a.components.Load().cfg.Cost.Pause); n == 0 || err != nil {
			return err
		}
	}
	return nil
}
