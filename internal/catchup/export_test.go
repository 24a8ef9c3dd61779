package catchup

import (
	"context"
	"time"
)

// Beat is one beat of Run.
func (c *CatchUp) Beat(ctx context.Context) { c.beat(ctx) }

// StandStill makes the process look as if it had stood still for d since its last beat.
func (c *CatchUp) StandStill(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.due, c.pulsed = c.due.Add(-d), c.pulsed.Add(-d)
}

// Ahead is what a lap has still to read.
func (l Lap) Ahead(threads []Thread) []Thread { return l.ahead(threads) }
