package catchup

import (
	"context"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// margin: a gap is read from a little earlier. Slack's times and ours differ in precision,
// and a dead connection is noticed late.
const margin = 3 * time.Minute

// gap is a gap that is being read, with the settings at the start of the reading.
type gap struct {
	*CatchUp
	Settings
	Watermark
}

// readFrom is the time from which messages are read.
func (g gap) readFrom() time.Time { return g.SeenUntil.Add(-margin) }

// readGap reads a gap, beginning where an earlier reading was interrupted. The cheap things
// come first: a channel's own list shows 200 cards a call, and which of their threads have
// changed.
func (c *CatchUp) readGap(ctx context.Context, w Watermark) {
	began, g := time.Now(), gap{c, *c.settings.Load(), w}
	if w.CardsBehind() {
		c.Log.Info("reading the cards, of which something may have been missed", "from", w.SeenUntil, "until", w.UnbrokenSince)
		err := g.questions(ctx)
		if err == nil {
			err = g.readCards(ctx)
		}
		if err != nil {
			c.Log.Warn("the cards are not read to the end; the reading goes on later", "error", err)
			return
		}
		c.Log.Info("what the cards show is known", "took", time.Since(began).Round(time.Millisecond).String())
		c.Connected(ctx) // so that the watermark in memory shows it
	}
	switch done, err := g.readThreads(ctx); {
	case err != nil:
		c.Log.Warn("what may have been missed is not read to the end; the reading goes on later", "error", err)
	case done:
		c.Connected(ctx) // so that alerts need not wait for the next sign
		c.Log.Info("what may have been missed is known", "took", time.Since(began).Round(time.Millisecond).String())
	}
}

// stored bounds a call of the store.
func stored(ctx context.Context, do func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	return do(ctx)
}

// summary has the desk compare a card with what the channel's list shows of it.
func (g gap) summary(t Thread, card slackapi.Written) job {
	return job{t.Ticket, t.Root.Channel, func(ctx context.Context) (bool, error) {
		if !t.Current {
			return false, nil
		}
		s := g.seen(t.Ticket)
		s.Card, s.CardAt, s.Emoji = t.Root, card.At(), g.emoji(card, ticket.OnCard)
		return g.Desk.CatchUp(ctx, s)
	}}
}

// thread reads one thread. It begins at the time when the owner took the ticket, since
// the owner may have asked a question before the gap. It begins earlier if an earlier
// message has a copy on the other side, or links, since that message may have been edited or
// deleted.
func (g gap) thread(ctx context.Context, u Unread) (bool, error) {
	r, err := g.Desk.Find(ctx, u.Ticket)
	if err != nil {
		return false, err
	}
	since := earlier(g.readFrom(), r.Matters(u.In.Channel))
	if took := r.Ticket.ClaimedAt; !r.Ticket.State.Ended() && !took.IsZero() {
		since = earlier(since, took)
	}
	read, err := g.Slack.Thread(ctx, u.In.Channel, u.In.TS, since)
	if err != nil {
		return false, err
	}
	s := g.seen(u.Ticket)
	s.In, s.Thread, s.Since = u.In.Channel, u.In.TS, since
	if u.In == r.Card && (read.Gone || read.Root != nil) {
		s.Card, s.Gone = u.In, read.Gone
	}
	if read.Root != nil {
		s.CardAt, s.Emoji = read.Root.At(), g.emoji(*read.Root, ticket.OnCard)
	}
	for _, m := range read.Replies {
		if m.ByPerson() {
			s.Replies = append(s.Replies, g.reply(ctx, u.In.Channel, m))
		}
	}
	return g.Desk.CatchUp(ctx, s)
}

func (g gap) seen(n ticket.Number) desk.Observation {
	return desk.Observation{Ticket: n, From: g.SeenUntil, Until: g.UnbrokenSince, Now: g.Now()}
}

// reply is a message as the desk reads it.
func (g gap) reply(ctx context.Context, channel string, m slackapi.Written) desk.ObservedReply {
	return desk.ObservedReply{
		Written: desk.Written{
			Message: ticket.Message{Channel: channel, TS: m.TS},
			Text:    slackformat.PlainText(m.Text, desk.MaxText, g.names(ctx)), Names: slackformat.Mentions(m.Text), Files: filesOf(m),
		},
		Author: m.User, At: m.At(), Emoji: g.emoji(m, ticket.OnReply),
	}
}

func filesOf(m slackapi.Written) []desk.File {
	var files []desk.File
	for _, f := range m.Files {
		files = append(files, desk.File(f))
	}
	return files
}

func (g gap) names(ctx context.Context) slackformat.Names {
	return func(id string) string { return g.Name(ctx, id) }
}

// marks are the emoji on a message, with the gestures that they mean in that place.
func (g gap) emoji(w slackapi.Written, place ticket.Place) []desk.ObservedEmoji {
	var marks []desk.ObservedEmoji
	for _, r := range w.Reactions {
		m := desk.ObservedEmoji{Emoji: r.Emoji, People: r.People, Others: r.Others}
		if s := g.Signs[r.Emoji]; s.On == place {
			m.Asks = s.Added
		}
		marks = append(marks, m)
	}
	return marks
}

// direct reads the direct messages of a requester, in threads and elsewhere, since the
// first of their tickets was opened.
func (g gap) direct(ctx context.Context, requester string, until time.Time) (bool, error) {
	channel, err := g.Slack.Direct(ctx, requester)
	if err != nil || channel == "" {
		return false, err
	}
	tickets, err := g.Store.ThreadsOf(ctx, requester, g.missed(until))
	if err != nil {
		return false, err
	}
	since := g.readFrom()
	for _, t := range tickets {
		since = earlier(since, t.OpenedAt)
	}
	written, err := g.Slack.Directs(ctx, channel, since, since)
	if err != nil {
		return false, err
	}
	replies := map[ticket.Number][]desk.ObservedReply{}
	for _, m := range written {
		if !m.ByPerson() || m.User != requester {
			continue
		}
		n, err := g.about(ctx, channel, m)
		if err != nil {
			return false, err
		}
		reply := g.reply(ctx, channel, m.Written)
		reply.Private, reply.Thread = true, m.Thread
		replies[n] = append(replies[n], reply)
	}
	return g.applyDirect(ctx, channel, since, replies, tickets)
}

// applyDirect has the desk compare direct messages with each ticket.
func (g gap) applyDirect(ctx context.Context, channel string, since time.Time, replies map[ticket.Number][]desk.ObservedReply, tickets []Thread) (bool, error) {
	news := false
	for _, t := range tickets {
		if !t.Current {
			continue
		}
		s := g.seen(t.Ticket)
		s.In, s.Since, s.Replies = channel, since, replies[t.Ticket]
		applied, err := g.Desk.CatchUp(ctx, s)
		if err != nil {
			return news, err
		}
		news = news || applied
	}
	return news, nil
}

// about returns the ticket of a direct message: the ticket in whose thread it stands, if it
// is the writer's own, or the one to which it was passed on. For any other new message the
// bot asks its author; the ticket is 0 until they answer.
func (g gap) about(ctx context.Context, channel string, m slackapi.Direct) (ticket.Number, error) {
	thread, err := g.ticketOf(ctx, ticket.Message{Channel: channel, TS: m.Thread})
	if err != nil {
		return 0, err
	}
	if thread != 0 {
		if own, err := g.Desk.IsOwn(ctx, thread, m.User); own || err != nil {
			return thread, err
		}
	}
	at := ticket.Message{Channel: channel, TS: m.TS}
	n, err := g.ticketOf(ctx, at)
	if n != 0 || err != nil || !m.At().After(g.readFrom()) {
		return n, err
	}
	return g.Desk.Address(ctx, m.User, at, thread, m.At(), g.Now())
}

// ticketOf returns the ticket that a message of ours is about, or to which a person's was
// passed on; 0 if there is none.
func (g gap) ticketOf(ctx context.Context, at ticket.Message) (ticket.Number, error) {
	if at.TS == "" {
		return 0, nil
	}
	n, err := g.Desk.FindByNotice(ctx, at)
	if err == nil && n == 0 {
		n, err = g.Desk.FindByReply(ctx, at)
	}
	return n, err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) || b.IsZero() {
		return a
	}
	return b
}
