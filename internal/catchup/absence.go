package catchup

import (
	"context"
	"time"
)

// Left records that the bot is not in a channel with tickets, at the latest since then. Slack sends
// nothing of what happens there.
func (c *CatchUp) Left(ctx context.Context, channel string, since time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	return c.Store.Left(ctx, channel, since)
}

// Back records that the bot is in a channel. If it was not before, what happened there meanwhile is
// a gap like any other.
func (c *CatchUp) Back(ctx context.Context, channel string) error {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	missed, err := c.Store.Back(ctx, c.settings.Load().Channel, channel, c.Now())
	if missed {
		c.beatNow()
	}
	return err
}
