package desk

import (
	"context"
	"fmt"
	"time"

	"supporty/internal/ticket"
)

// Schedule is what is known of a periodic job.
type Schedule struct {
	Spec   string    // what NextAt was computed from
	NextAt time.Time // zero before the first time
	LastAt time.Time // what came before it has been told
}

// digestGrace is how late a digest may be posted. After that the next digest covers its
// span.
const digestGrace = 24 * time.Hour

// Digest enqueues the digest that is due by now, if any. Next returns the first instant
// after a time at which one is due; spec is the text that next was made from. Each
// instant has one digest, whatever the number of copies.
func (d *Desk) Digest(ctx context.Context, spec string, next func(time.Time) time.Time, now time.Time) error {
	return d.digest(ctx, "digest", spec, next, now)
}

// MonthlyDigest is Digest with a schedule of its own, beside the other.
func (d *Desk) MonthlyDigest(ctx context.Context, spec string, next func(time.Time) time.Time, now time.Time) error {
	return d.digest(ctx, "digest_monthly", spec, next, now)
}

func (d *Desk) digest(ctx context.Context, name, spec string, next func(time.Time) time.Time, now time.Time) error {
	now = micros(now)
	err := d.schedules.Schedule(ctx, name, func(s Schedule) (Schedule, []Notice) {
		return decideDigest(s, name, spec, next, now)
	})
	if err != nil {
		return fmt.Errorf("scheduling the digest: %w", err)
	}
	return nil
}

func decideDigest(s Schedule, name, spec string, next func(time.Time) time.Time, now time.Time) (Schedule, []Notice) {
	s, period, due := advance(s, spec, next, now)
	if !due {
		return s, nil
	}
	return s, digestNotices(name, period)
}

// advance moves a schedule on, and returns the span that is due to be told by now, if one is.
func advance(s Schedule, spec string, next func(time.Time) time.Time, now time.Time) (after Schedule, p ticket.Period, due bool) {
	if s.Spec != spec || s.NextAt.IsZero() {
		return plan(s, spec, next, now), p, false
	}
	if now.Before(s.NextAt) {
		return s, p, false
	}
	instant := newest(s.NextAt, next, now)
	s.NextAt = next(instant).UTC()
	if now.Sub(instant) > digestGrace {
		return s, p, false
	}
	p = ticket.Period{From: s.LastAt, To: instant}
	s.LastAt = instant
	return s, p, true
}

// plan starts a schedule: the first digest covers the span from the instant before, or else one that is as
// long as that of the second.
func plan(s Schedule, spec string, next func(time.Time) time.Time, now time.Time) Schedule {
	s.Spec, s.NextAt = spec, next(now).UTC()
	if s.LastAt.IsZero() {
		span := next(s.NextAt).Sub(s.NextAt)
		s.LastAt = s.NextAt.Add(-span)
		// Months are not all as long: the instant before is looked for from further back.
		if before := newest(next(s.NextAt.Add(-2*span)).UTC(), next, s.NextAt.Add(-1)); before.Before(s.NextAt) {
			s.LastAt = before
		}
	}
	return s
}

// newest returns the last instant that is not after now.
func newest(instant time.Time, next func(time.Time) time.Time, now time.Time) time.Time {
	for {
		following := next(instant).UTC()
		if following.After(now) || !following.After(instant) {
			return instant
		}
		instant = following
	}
}

func digestNotices(name string, p ticket.Period) []Notice {
	key := name + ":" + p.To.UTC().Format(time.RFC3339)
	of := func(kind NoticeKind) Notice {
		return Notice{
			Kind: kind, OrderingKey: key, Queue: QueueDigest, DueAt: p.To, Urgency: UrgencyDigest,
			NoticeDetails: NoticeDetails{Period: &p},
		}
	}
	return []Notice{of(NoticeDigest), of(NoticePicture), of(NoticeBreakdown)}
}
