package desk

import (
	"context"
	"time"
)

// SchedulePeopleNamed is the name under which Schedules has since when exports and views name people:
// its LastAt, zero if they do not. Storage reads it there.
const SchedulePeopleNamed = "people_named"

// NamePeople records whether exports and views may name people. The channel is told when that is
// switched on, in the same transaction, so that none of them names anybody before. Of several copies
// one tells.
func (d *Desk) NamePeople(ctx context.Context, on bool, now time.Time) error {
	now = micros(now)
	err := d.schedules.Schedule(ctx, SchedulePeopleNamed, func(s Schedule) (Schedule, []Notice) {
		switch was := !s.LastAt.IsZero(); {
		case on == was:
			return s, nil
		case !on:
			return Schedule{}, nil
		}
		return Schedule{LastAt: now}, []Notice{peopleNamed(now)}
	})
	return orUnavailable(err, "recording whether exports name people")
}

func peopleNamed(at time.Time) Notice {
	return Notice{
		Kind: NoticePeopleNamed, OrderingKey: "people_named:" + at.Format(time.RFC3339Nano), Queue: QueueSupport,
		DueAt: at, Urgency: UrgencyDigest, NoticeDetails: NoticeDetails{At: at},
	}
}
