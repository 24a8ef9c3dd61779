package desk

import (
	"context"
	"fmt"
	"time"
)

// FirstSteps tells people how to begin, once and for all: on the first start the operators, or
// who opens Home first. Without people, and where there are tickets already, it tells nobody. It
// returns whether nobody is to be told any more.
func (d *Desk) FirstSteps(ctx context.Context, people []string, now time.Time) (done bool, err error) {
	used, err := d.homes.AnyTicket(ctx)
	if err != nil {
		return false, unavailable(fmt.Errorf("looking whether there are tickets: %w", err))
	}
	now = micros(now)
	err = d.schedules.Schedule(ctx, "first_steps", func(s Schedule) (Schedule, []Notice) {
		if done = used || !s.LastAt.IsZero(); done || len(people) == 0 {
			return s, nil
		}
		done, s.LastAt = true, now
		return s, firstSteps(people, now)
	})
	return done, orUnavailable(err, "telling the first steps")
}

func firstSteps(people []string, now time.Time) (notices []Notice) {
	for _, person := range people {
		notices = append(notices, Notice{
			Kind: NoticeFirstSteps, OrderingKey: "first_steps:" + person, Queue: QueueSupport, To: person,
			DueAt: now, Urgency: UrgencyPerson, NoticeDetails: NoticeDetails{At: now},
		})
	}
	return notices
}
