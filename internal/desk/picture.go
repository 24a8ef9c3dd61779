package desk

import (
	"context"
	"time"

	"supporty/internal/ticket"
)

// Counted is which tickets a picture counts: those of a category or a squad, called by its name.
type Counted struct {
	Name       string   `json:"name,omitempty"`
	Categories []string `json:"categories"` // null for all tickets
}

// Draw has numbers drawn for a person who asked for them, by direct message. The key names the
// question: again with the same key it does nothing.
func (d *Desk) Draw(ctx context.Context, person, key string, p ticket.Period, of Counted, now time.Time) error {
	now, key = micros(now), "picture:"+person+":"+key
	err := d.unticketed.ChangeUnticketed(ctx, key, key, now, func([]Posted) UnticketedChange {
		return UnticketedChange{Notices: []Notice{{
			Kind: NoticePicture, OrderingKey: key, Queue: QueueDigest, To: person,
			DueAt: now, Urgency: UrgencyPerson, NoticeDetails: NoticeDetails{At: now, Period: &p, Of: &of},
		}}}
	})
	return orUnavailable(err, "asking for a picture")
}
