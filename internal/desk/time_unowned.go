package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"supporty/internal/sla"
)

// The channel is told of a ticket without an owner when it becomes late. After that it is
// reminded of all such tickets together, once each morning on which the desk opens.

// mostUnowned is how many tickets are looked at for the reminder.
const mostUnowned = 200

// RemindOfUnowned enqueues the reminder for each channel in which tickets live, if a morning
// has come by now. Each morning has one a channel, whatever the number of copies. After an absence of the bot only
// the newest is posted, and only if it is less than a day old.
func (d *Desk) RemindOfUnowned(ctx context.Context, now time.Time) error {
	now = micros(now)
	hours, err := d.currentHours(ctx)
	if err != nil {
		return err
	}
	next := func(t time.Time) time.Time { return morning(hours, t) }
	err = d.schedules.Schedule(ctx, "unowned", func(s Schedule) (Schedule, []Notice) {
		return decideUnowned(s, next, now, d.homeChannels())
	})
	if err != nil {
		return fmt.Errorf("scheduling the reminder of what nobody has: %w", err)
	}
	return nil
}

func (d *Desk) currentHours(ctx context.Context) (*sla.Calendar, error) {
	policy, err := d.policies.Policy(ctx, d.policies.Current())
	if err != nil {
		return nil, unavailable(fmt.Errorf("reading the current policy: %w", err))
	}
	return policy.Hours(""), nil
}

// homeChannels are the channels in which new tickets live, each once. The support channel is
// the first, and empty.
func (d *Desk) homeChannels() []string {
	return append([]string{""}, slices.Compact(slices.Sorted(maps.Values(d.channels)))...)
}

func decideUnowned(s Schedule, next func(time.Time) time.Time, now time.Time, channels []string) (Schedule, []Notice) {
	if s.NextAt.IsZero() || s.NextAt.After(next(now)) { // at first, and when the hours have changed
		s.NextAt = next(now)
		return s, nil
	}
	if now.Before(s.NextAt) {
		return s, nil
	}
	instant := newest(s.NextAt, next, now)
	s.NextAt, s.LastAt = next(instant), instant
	if now.Sub(instant) > digestGrace {
		return s, nil
	}
	var notices []Notice
	for _, channel := range channels {
		notices = append(notices, unownedNotice(instant, channel))
	}
	return s, notices
}

func unownedNotice(at time.Time, channel string) Notice {
	key := "unowned:" + at.UTC().Format(time.RFC3339)
	if channel != "" {
		key += ":" + channel
	}
	return Notice{
		Kind: NoticeUnowned, OrderingKey: key, Queue: QueueSupport,
		DueAt: at, Urgency: UrgencyDigest, NoticeDetails: NoticeDetails{At: at, Channel: channel},
	}
}

// morningHour is when a day begins where no hours are set.
const morningHour = 9 * time.Hour

// morning is the first moment after t's day at which the desk is open.
func morning(hours *sla.Calendar, t time.Time) time.Time {
	local := t.In(hours.Zone())
	day := time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, hours.Zone())
	if hours.Always() {
		if today := day.AddDate(0, 0, -1).Add(morningHour); today.After(t) {
			return today.UTC()
		}
		return day.Add(morningHour).UTC()
	}
	if open, until := hours.State(day); !open && !until.IsZero() {
		day = until
	}
	return day.UTC()
}

// Unowned returns the tickets of the reminder of a morning in a channel, empty for the support
// channel: late ones without an owner whose lateness was told before. The longest late comes
// first.
func (d *Desk) Unowned(ctx context.Context, channel string, at time.Time) ([]Summary, error) {
	hours, err := d.currentHours(ctx)
	if err != nil {
		return nil, err
	}
	f := Filter{Unowned: true, Limit: mostUnowned}
	if d.scattered {
		f.Readable = &Readable{Channels: []string{channel}}
	}
	list, _, err := d.list(ctx, f)
	if err != nil {
		return nil, orUnavailable(err, "listing tickets")
	}
	var late []Summary
	for _, s := range list {
		told := s.DueAt
		if open, until := hours.State(told); !open && !until.IsZero() {
			told = until
		}
		if !s.DueAt.IsZero() && told.Before(at) {
			late = append(late, s)
		}
	}
	return late, nil
}
