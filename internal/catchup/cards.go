package catchup

import (
	"cmp"
	"context"
	"slices"
	"time"

	"supporty/internal/slackapi"
	"supporty/internal/ticket"
)

// Lap is one reading of all cards, channel by channel, and in each channel from the newest
// card to the oldest. If another gap opens meanwhile, all cards are to be read anew. Then a
// new lap begins where the old one was interrupted, and goes round: in this way the cards
// that have been unread for the longest time come first.
type Lap struct {
	Until time.Time      `json:"until"` // the end of the gap that it reads; zero if there is no lap
	Began ticket.Message `json:"began"` // the card with which it began; zero for the first of all
	At    ticket.Message `json:"at"`    // the card with which it goes on
}

// inOrder compares two cards by their places in a lap's order.
func inOrder(a, b ticket.Message) int {
	return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(b.TS, a.TS))
}

// ahead returns the cards that the lap has still to read, in its order.
func (l Lap) ahead(threads []Thread) []Thread {
	cards := slices.SortedFunc(slices.Values(threads), func(a, b Thread) int { return inOrder(a.Root, b.Root) })
	from := func(m ticket.Message) int {
		i, _ := slices.BinarySearchFunc(cards, m, func(t Thread, m ticket.Message) int { return inOrder(t.Root, m) })
		return i
	}
	if inOrder(l.At, l.Began) < 0 { // it has come round
		return cards[from(l.At):from(l.Began)]
	}
	return slices.Concat(cards[from(l.At):], cards[:from(l.Began)])
}

// readCards goes on with the lap for the present gap until it is complete.
func (g gap) readCards(ctx context.Context) error {
	lap, err := g.lap(ctx)
	if err != nil {
		return err
	}
	threads, err := g.threads(ctx)
	if err != nil {
		return err
	}
	for ahead := lap.ahead(threads); len(ahead) > 0; {
		n, found, err := g.readPage(ctx, ahead)
		if err != nil {
			return err
		}
		if ahead = ahead[n:]; len(ahead) > 0 {
			lap.At = ahead[0].Root
		}
		err = stored(ctx, func(ctx context.Context) error { return g.Store.Advance(ctx, g.Channel, lap, found) })
		if err != nil {
			return err
		}
	}
	return stored(ctx, func(ctx context.Context) error {
		return g.Store.EndLap(ctx, g.Channel, lap, g.directs(threads))
	})
}

// lap returns the lap to go on with.
func (g gap) lap(ctx context.Context) (Lap, error) {
	if g.Lap.Until.Equal(g.UnbrokenSince) {
		return g.Lap, nil
	}
	l := Lap{Until: g.UnbrokenSince, Began: g.Lap.At, At: g.Lap.At}
	return l, stored(ctx, func(ctx context.Context) error { return g.Store.BeginLap(ctx, g.Channel, l) })
}

// missed is of which tickets something may have been missed until a time.
func (g gap) missed(until time.Time) Missed {
	return Missed{Opened: until, Ended: g.SeenUntil.Add(-answersFor)}
}

// threads lists the threads of the tickets that matter.
func (g gap) threads(ctx context.Context) (threads []Thread, err error) {
	err = stored(ctx, func(ctx context.Context) error {
		threads, err = g.Store.Threads(ctx, g.missed(g.UnbrokenSince))
		return err
	})
	return threads, err
}

// readPage reads a page of a channel's own list and has the desk compare the cards on it. It
// returns how many of the cards ahead that were, and what is to be read whole.
func (g gap) readPage(ctx context.Context, ahead []Thread) (n int, found []Unread, err error) {
	shown, n, err := g.list(ctx, ahead)
	if err != nil {
		return 0, nil, err
	}
	for _, t := range ahead[:n] {
		card, stands := shown[t.Root.TS]
		news := stands && card.RepliedTo().After(g.readFrom())
		if news || !stands || t.Busy {
			found = append(found, g.unread(t.Root, t.Ticket, news))
		}
		if news || !stands {
			continue
		}
		if err := g.insist(ctx, g.summary(t, card)); err != nil {
			return 0, nil, err
		}
	}
	return n, found, nil
}

// list reads a page of a channel's own list, from the first of the cards ahead on. It returns
// the messages by their ts, and of how many of the cards the page tells whether they stand. If
// the list cannot be read, the answer is that none of the channel's cards stands: their threads
// are then read whole, and tell what is the matter.
func (g gap) list(ctx context.Context, ahead []Thread) (shown map[string]slackapi.Written, n int, err error) {
	first := ahead[0]
	shown, n = map[string]slackapi.Written{}, len(ofChannel(ahead))
	err = g.insist(ctx, job{first.Ticket, first.Root.Channel, func(ctx context.Context) (bool, error) {
		page, more, err := g.Slack.Skim(ctx, first.Root.Channel, first.Root.TS)
		if err == nil && more {
			n = covered(ahead, page)
		}
		for _, w := range page {
			if !w.Gone() {
				shown[w.TS] = w
			}
		}
		return false, err
	}})
	return shown, n, err
}

// ofChannel returns the leading cards that stand in one channel, before the lap comes
// round.
func ofChannel(ahead []Thread) []Thread {
	n := 1
	for n < len(ahead) && ahead[n].Root.Channel == ahead[0].Root.Channel && ahead[n].Root.TS < ahead[0].Root.TS {
		n++
	}
	return ahead[:n]
}

// covered is of how many cards a page tells whether they stand. It begins with the first.
func covered(ahead []Thread, page []slackapi.Written) int {
	n := 1
	for _, t := range ofChannel(ahead)[1:] {
		if len(page) == 0 || t.Root.TS < page[len(page)-1].TS {
			break
		}
		n++
	}
	return n
}

func (g gap) unread(in ticket.Message, about ticket.Number, changed bool) Unread {
	return Unread{In: in, Ticket: about, Changed: changed, Since: g.SeenUntil, Until: g.UnbrokenSince}
}

// directs are the direct messages of all requesters.
func (g gap) directs(threads []Thread) []Unread {
	var all []Unread
	asked := map[string]bool{}
	for _, t := range threads {
		if !asked[t.Requester] {
			asked[t.Requester] = true
			all = append(all, g.unread(ticket.Message{Channel: t.Requester}, t.Ticket, false))
		}
	}
	return all
}
