package catchup

import (
	"context"
	"maps"
	"slices"
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

// readGap reads everything in the gap of a watermark, and records that it is known.
func (c *CatchUp) readGap(ctx context.Context, w Watermark) {
	began, g := time.Now(), gap{c, *c.settings.Load(), w}
	c.Log.Info("reading what may have been missed", "from", w.SeenUntil, "until", w.UnbrokenSince)
	err := g.readAll(ctx)
	if err == nil {
		err = g.note(ctx)
	}
	if err != nil {
		c.Log.Warn("what may have been missed is not read to the end; it is begun anew", "error", err)
		return
	}
	c.Connected(ctx) // so that alerts need not wait for the next sign
	c.Log.Info("what may have been missed is known", "took", time.Since(began).Round(time.Millisecond).String())
}

// note stores that the gap is read.
func (g gap) note(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	return g.Store.CaughtUp(ctx, g.Channel, g.UnbrokenSince)
}

// threads lists the threads to read.
func (g gap) threads(ctx context.Context) ([]Thread, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	return g.Store.Threads(ctx, g.SeenUntil.Add(-answersFor))
}

// readAll reads the cheap things first. A channel's own list shows 200 cards a call,
// and which of their threads have changed. Those threads come next. Threads that may have
// changed without a sign in that list, and direct messages, are read whole at the end.
func (g gap) readAll(ctx context.Context) error {
	threads, err := g.threads(ctx)
	if err != nil {
		return err
	}
	cards := map[ticket.Message]slackapi.Written{}
	var skims []job
	for _, channel := range homes(threads) {
		skims = append(skims, job{channel: channel, do: func(ctx context.Context) (bool, error) {
			return false, g.skim(ctx, channel, threads, cards)
		}})
	}
	if err := g.carryOutAll(ctx, skims); err != nil {
		return err
	}
	return g.carryOutAll(ctx, g.jobs(threads, cards))
}

// homes are the channels in which cards stand or stood.
func homes(threads []Thread) []string {
	var all []string
	for _, t := range threads {
		if !slices.Contains(all, t.Root.Channel) {
			all = append(all, t.Root.Channel)
		}
	}
	return all
}

// jobs are the jobs for the tickets' cards and threads, and one job for the direct
// messages of each requester.
func (g gap) jobs(threads []Thread, cards map[ticket.Message]slackapi.Written) []job {
	var first, jobs []job
	asked := map[string][]Thread{}
	for _, t := range threads {
		asked[t.Requester] = append(asked[t.Requester], t)
	}
	for _, t := range threads {
		whole := job{t.Ticket, t.Root.Channel, func(ctx context.Context) (bool, error) { return g.thread(ctx, t) }}
		card, shown := cards[t.Root]
		switch {
		case shown && card.RepliedTo().After(g.readFrom()):
			first = append(first, whole)
		case shown && t.Busy:
			first, jobs = append(first, g.summary(t, card)), append(jobs, whole)
		case shown:
			first = append(first, g.summary(t, card))
		default:
			jobs = append(jobs, whole)
		}
		if all := asked[t.Requester]; len(all) > 0 {
			delete(asked, t.Requester)
			jobs = append(jobs, job{t.Ticket, "", func(ctx context.Context) (bool, error) { return g.direct(ctx, t.Requester, all) }})
		}
	}
	return append(first, jobs...)
}

// skim lists the cards in a channel by their times. It stops at a page without
// any card: older cards are read one by one. Deleted cards are not in the result.
func (g gap) skim(ctx context.Context, channel string, threads []Thread, cards map[ticket.Message]slackapi.Written) error {
	maps.DeleteFunc(cards, func(card ticket.Message, _ slackapi.Written) bool { return card.Channel == channel })
	wanted, oldest := map[string]bool{}, g.Now()
	for _, t := range threads {
		if t.Root.Channel == channel {
			wanted[t.Root.TS] = true
			oldest = earlier(oldest, slackformat.Time(t.Root.TS))
		}
	}
	found := 0
	return g.Slack.Skim(ctx, channel, oldest.Add(-time.Second), func(page []slackapi.Written) bool {
		before := found
		for _, w := range page {
			if wanted[w.TS] && !w.Gone() {
				cards[ticket.Message{Channel: channel, TS: w.TS}] = w
				found++
			}
		}
		return found > before && found < len(wanted)
	})
}

// summary has the desk compare a card with what the channel's list shows of it.
func (g gap) summary(t Thread, card slackapi.Written) job {
	return job{t.Ticket, t.Root.Channel, func(ctx context.Context) (bool, error) {
		if !t.Current {
			return false, nil
		}
		s := g.seen(t.Ticket)
		s.Card, s.Emoji = t.Root, g.emoji(card, ticket.OnCard)
		return g.Desk.CatchUp(ctx, s)
	}}
}

// thread reads one thread. It begins at the time when the owner took the ticket, since
// the owner may have asked a question before the gap. It begins earlier if an earlier
// message was copied to the other side, since that message may have been edited or
// deleted.
func (g gap) thread(ctx context.Context, t Thread) (bool, error) {
	r, err := g.Desk.Find(ctx, t.Ticket)
	if err != nil {
		return false, err
	}
	since := earlier(g.readFrom(), r.Repeats(t.Root.Channel))
	if took := r.Ticket.ClaimedAt; !r.Ticket.State.Ended() && !took.IsZero() {
		since = earlier(since, took)
	}
	read, err := g.Slack.Thread(ctx, t.Root.Channel, t.Root.TS, since)
	if err != nil {
		return false, err
	}
	s := g.seen(t.Ticket)
	s.In, s.Since = t.Root.Channel, since
	if t.Current && (read.Gone || read.Root != nil) {
		s.Card, s.Gone = t.Root, read.Gone
	}
	if read.Root != nil {
		s.Emoji = g.emoji(*read.Root, ticket.OnCard)
	}
	for _, m := range read.Replies {
		if m.ByPerson() {
			s.Replies = append(s.Replies, g.reply(ctx, t.Root.Channel, m))
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
func (g gap) direct(ctx context.Context, requester string, tickets []Thread) (bool, error) {
	channel, err := g.Slack.Direct(ctx, requester)
	if err != nil || channel == "" {
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

// about returns the ticket of a direct message: the ticket in whose thread it stands, or
// to which it was passed on. For a new message outside of threads the bot asks its
// author; the ticket is 0 until they answer.
func (g gap) about(ctx context.Context, channel string, m slackapi.Direct) (ticket.Number, error) {
	for _, ts := range []string{m.Thread, m.TS} {
		at := ticket.Message{Channel: channel, TS: ts}
		if ts == "" {
			continue
		}
		n, err := g.Desk.FindByNotice(ctx, at)
		if err == nil && n == 0 {
			n, err = g.Desk.FindByReply(ctx, at)
		}
		if n != 0 || err != nil {
			return n, err
		}
	}
	if !m.At().After(g.readFrom()) {
		return 0, nil
	}
	return g.Desk.Address(ctx, m.User, ticket.Message{Channel: channel, TS: m.TS}, m.At(), g.Now())
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) || b.IsZero() {
		return a
	}
	return b
}
