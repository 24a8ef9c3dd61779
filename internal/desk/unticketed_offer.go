package desk

import (
	"context"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// PlainMessage is a message in a channel that belongs to no ticket.
type PlainMessage struct {
	Message ticket.Message
	Writer  string
	Thread  string // ts of the thread that it stands in; empty for none
	Asked   bool   // it mentions the bot
}

// offerEvery is how long nobody is asked again about plain messages.
const offerEvery = 24 * time.Hour

// Offer asks the author of a message, and nobody else, whether it is to be a ticket. It
// asks once about each message, and once a day about messages that do not mention the
// bot.
func (d *Desk) Offer(ctx context.Context, m PlainMessage, now time.Time) error {
	orderingKey, key := "offer:"+m.Writer, "offer:"+m.Message.Channel+":"+m.Message.TS
	err := d.unticketed.ChangeUnticketed(ctx, orderingKey, key, micros(now), func(posted []Posted) UnticketedChange {
		lately := func(p Posted) bool { return p.Kind == NoticeOffer && now.Sub(p.NoticeDetails.At) < offerEvery }
		if !m.Asked && slices.ContainsFunc(posted, lately) {
			return UnticketedChange{}
		}
		return UnticketedChange{Notices: []Notice{{
			Kind: NoticeOffer, OrderingKey: orderingKey, Queue: QueueSupport, To: m.Writer, DueAt: micros(now), Urgency: UrgencyAsk,
			NoticeDetails: NoticeDetails{At: micros(now), Thread: m.Message, Root: m.Thread},
		}}}
	})
	return orUnavailable(err, "offering to make a ticket")
}
