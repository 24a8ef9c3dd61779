package app

import (
	"context"
	"time"
)

// comeBack is called when the bot was invited to a channel. People may have joined or left while it
// was not there.
func (a *App) comeBack(ctx context.Context, channel string) error {
	a.membersAt.Store(0)
	return a.catchup.Back(ctx, channel)
}

// followPresence asks Slack whether the bot is in the channels in which tickets live. It is not certain
// that a bot hears of its own removal.
func (a *App) followPresence(ctx context.Context) error {
	rooms, err := a.db.StandingRooms(ctx)
	if err != nil {
		return err
	}
	w := a.components.Load().workspace
	channels := append([]string{w.support}, w.homes...)
	for _, room := range rooms {
		channels = append(channels, room.Channel)
	}
	for _, channel := range channels {
		in, err := a.slack.IsIn(ctx, channel)
		switch {
		case err != nil:
			return err
		case in:
			err = a.catchup.Back(ctx, channel)
		default:
			err = a.catchup.Left(ctx, channel, a.lastReading())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// lastReading is when the members were last read; before the first time, now. What happened before
// the start is a gap in any case.
func (a *App) lastReading() time.Time {
	if at := a.membersAt.Load(); at != 0 {
		return time.Unix(0, at)
	}
	return a.clock.Now()
}
