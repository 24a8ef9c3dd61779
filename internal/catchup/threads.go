package catchup

import "context"

// atOnce is how many unread threads are listed at once: about what Slack allows to be read
// in a minute. After that the order of urgency may be another.
const atOnce = 50

// readThreads reads what is unread. It reports false if cards are to be read first, because
// there is another gap.
func (g gap) readThreads(ctx context.Context) (done bool, err error) {
	for failures := 0; ; {
		list, err := g.listUnread(ctx)
		if err != nil || len(list) == 0 {
			return err == nil, err
		}
		for _, u := range list {
			g.Watermark = g.latest()
			switch {
			case g.CardsBehind():
				return false, nil
			case !g.HoldsLease():
				return false, errLeaseLost
			}
			failed, err := g.read(ctx, u, failures)
			if err != nil {
				return false, err
			}
			if failed {
				failures++
				break // the order may be another now
			}
			failures = 0
		}
	}
}

func (g gap) listUnread(ctx context.Context) (list []Unread, err error) {
	err = stored(ctx, func(ctx context.Context) error {
		list, err = g.Store.Unread(ctx, atOnce)
		return err
	})
	return list, err
}

// latest is the watermark of the last pulse.
func (c *CatchUp) latest() Watermark {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known
}

// read reads what is unread, and records that. A failure that may pass is recorded as well,
// and waited for.
func (g gap) read(ctx context.Context, u Unread, failures int) (failed bool, err error) {
	g.SeenUntil = u.Since
	j := job{u.Ticket, u.In.Channel, func(ctx context.Context) (bool, error) { return g.thread(ctx, u) }}
	if u.Direct() {
		j = job{u.Ticket, "", func(ctx context.Context) (bool, error) { return g.direct(ctx, u.In.Channel, u.Until) }}
	}
	err = g.carryOut(ctx, j)
	switch {
	case ctx.Err() != nil:
		return true, ctx.Err()
	case err == nil:
	case g.mayPass(j, err):
		g.pause(ctx, j, err, failures+1)
		return true, stored(ctx, func(ctx context.Context) error { return g.Store.Failed(ctx, u) })
	case g.isClosed(j, err):
		g.pause(ctx, j, err, failures+1)
		return true, stored(ctx, func(ctx context.Context) error { return g.Store.FailedIn(ctx, j.channel) })
	default:
		g.giveUp(j, err)
	}
	return false, stored(ctx, func(ctx context.Context) error { return g.Store.Read(ctx, u) })
}
