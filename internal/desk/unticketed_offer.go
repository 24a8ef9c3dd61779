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
	key := "offer:" + m.Message.Channel + ":" + m.Message.TS
	err := d.unticketed.ChangeUnticketed(ctx, offerKey(m.Writer), key, micros(now), func(posted []Posted) UnticketedChange {
		lately := func(p Posted) bool { return p.Kind == NoticeOffer && now.Sub(p.NoticeDetails.At) < offerEvery }
		if !m.Asked && slices.ContainsFunc(posted, lately) {
			return UnticketedChange{}
		}
		return UnticketedChange{Notices: []Notice{offer(m.Writer, m.Message, m.Thread, now)}}
	})
	return orUnavailable(err, "offering to make a ticket")
}

// OfferTo asks a person who marked a message, and nobody else, whether it is to be a
// ticket. thread is the ts of the thread that the message stands in; empty for none. The
// same key again asks nothing.
func (d *Desk) OfferTo(ctx context.Context, person string, m ticket.Message, thread, key string, now time.Time) error {
	err := d.unticketed.ChangeUnticketed(ctx, offerKey(person), key, micros(now), func([]Posted) UnticketedChange {
		return UnticketedChange{Notices: []Notice{offer(person, m, thread, now)}}
	})
	return orUnavailable(err, "offering to make a ticket")
}

func offerKey(person string) string { return "offer:" + person }

func offer(to string, m ticket.Message, thread string, now time.Time) Notice {
	return Notice{
		Kind: NoticeOffer, OrderingKey: offerKey(to), Queue: QueueSupport, To: to, DueAt: micros(now), Urgency: UrgencyAsk,
		NoticeDetails: NoticeDetails{At: micros(now), Thread: m, Root: thread},
	}
}
