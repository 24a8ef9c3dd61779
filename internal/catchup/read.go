package catchup

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackout"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

const (
	firstPause   = time.Second // after a failure that may pass; doubled with every other
	longestPause = time.Minute

	// Slack's times have microseconds, its bounds as we give them seconds; and a
	// connection can be dead for a while before that is noticed.
	margin = 3 * time.Minute
)

// jobWithin bounds one thread, or one person's direct messages: longer than Slack's
// limits keep any of them waiting.
const jobWithin = 5 * time.Minute

// errTurnOver: another copy sends now. It begins anew; what was applied stays.
var errTurnOver = errors.New("another copy sends now")

// gap is what is read, by the settings that hold when that begins.
type gap struct {
	*CatchUp
	Settings
	Watermark
}

// readFrom is from when on messages are read.
func (g gap) readFrom() time.Time { return g.SeenUntil.Add(-margin) }

// readGap reads everything between a watermark's times, and notes that it is known.
func (c *CatchUp) readGap(ctx context.Context, w Watermark) {
	began, g := time.Now(), gap{c, *c.settings.Load(), w}
	c.Log.Info("reading what happened while nobody was connected", "from", w.SeenUntil, "until", w.UnbrokenSince)
	err := g.readAll(ctx)
	if err == nil {
		err = g.note(ctx)
	}
	if err != nil {
		c.Log.Warn("what happened while nobody was connected is not read to the end; it is begun anew", "error", err)
		return
	}
	c.Connected(ctx) // so that alerts need not wait for the next sign
	c.Log.Info("what happened while nobody was connected is known", "took", time.Since(began).Round(time.Millisecond).String())
}

// note stores that the gap is read.
func (g gap) note(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	return g.Store.CaughtUp(ctx, g.Channel, g.UnbrokenSince)
}

// threads lists what is to be read.
func (g gap) threads(ctx context.Context) ([]Thread, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	return g.Store.Threads(ctx, g.SeenUntil.Add(-answersFor))
}

// job is one thing to be read.
type job struct {
	ticket  ticket.Number // for the log
	channel string
	do      func(ctx context.Context) (news bool, err error)
}

func (g gap) readAll(ctx context.Context) error {
	threads, err := g.threads(ctx)
	if err != nil {
		return err
	}
	jobs := g.jobs(threads)
	for failures := 0; len(jobs) > 0; {
		if !g.Turn() {
			return errTurnOver
		}
		next := jobs[0]
		jobs = jobs[1:]
		err := g.carryOut(ctx, next)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			failures = 0
			continue
		case !g.mayPass(next, err):
			g.Log.Error("a ticket's messages cannot be read", "ticket", int64(next.ticket), "error", err)
			g.Observe("failed")
			continue
		}
		g.Log.Warn("reading a ticket's messages; trying again", "ticket", int64(next.ticket), "error", err)
		jobs = append(jobs, next)
		failures++
		wait(ctx, pauseAfter(err, failures))
	}
	return nil
}

// carryOut does one job. A panic costs that job, not the process.
func (g gap) carryOut(ctx context.Context, j job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, jobWithin)
	defer cancel()
	news, err := j.do(ctx)
	switch {
	case err != nil:
		return err
	case news:
		g.Changed()
		g.Observe("news")
	default:
		g.Observe("nothing")
	}
	return nil
}

// mayPass tells what can be tried again from what would fail for ever. The support
// channel is worth waiting for; another one may be gone for good.
func (g gap) mayPass(j job, err error) bool {
	if ticket.CodeOf(err) == ticket.Unready || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	e, ok := errors.AsType[*slackout.Error](err)
	if !ok || e.Code == "missing_scope" {
		return false
	}
	switch e.Scope {
	case slackout.Gone, slackout.Refused:
		return false
	case slackout.Channel:
		return j.channel == g.Channel
	default:
		return true
	}
}

func pauseAfter(err error, failures int) time.Duration {
	return max(slackout.RetryAfter(err), min(firstPause<<min(failures-1, 6), longestPause))
}

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// jobs are a ticket's threads, and once for each requester of a ticket that has not
// ended their direct messages.
func (g gap) jobs(threads []Thread) []job {
	var jobs []job
	since := map[string]time.Time{} // when the oldest ticket of a requester was opened
	for _, t := range threads {
		if at, known := since[t.Requester]; !t.Ended && (!known || t.OpenedAt.Before(at)) {
			since[t.Requester] = t.OpenedAt
		}
	}
	directs := g.directChannels()
	for _, t := range threads {
		jobs = append(jobs, job{t.Ticket, t.Root.Channel, func(ctx context.Context) (bool, error) { return g.thread(ctx, t) }})
		if opened, ok := since[t.Requester]; ok {
			delete(since, t.Requester)
			jobs = append(jobs, job{t.Ticket, "", func(ctx context.Context) (bool, error) {
				return g.direct(ctx, directs, t.Requester, opened)
			}})
		}
	}
	return jobs
}

// directChannels returns a function that asks Slack for them once.
func (g gap) directChannels() func(context.Context) (map[string]string, error) {
	var known map[string]string
	return func(ctx context.Context) (map[string]string, error) {
		if known != nil {
			return known, nil
		}
		var err error
		known, err = g.Slack.DirectChannels(ctx)
		return known, err
	}
}

// thread reads one thread. What an owner waits for may be a question from before
// the gap, so it is read from when they took the ticket.
func (g gap) thread(ctx context.Context, t Thread) (bool, error) {
	r, err := g.Desk.Find(ctx, t.Ticket)
	if err != nil {
		return false, err
	}
	since := g.readFrom()
	if took := r.Ticket.ClaimedAt; !r.Ticket.State.Ended() && !took.IsZero() {
		since = earlier(since, took)
	}
	read, err := g.Slack.Thread(ctx, t.Root.Channel, t.Root.TS, since)
	if err != nil {
		return false, err
	}
	s := g.seen(t.Ticket)
	if t.Current && (read.Gone || read.Root != nil) {
		s.Card, s.Gone = t.Root, read.Gone
	}
	if read.Root != nil {
		s.Marks = g.marks(read.Root.Reactions, map[ticket.Kind][]string{ticket.Claimed: g.Claim, ticket.Resolved: g.Resolve})
	}
	for _, m := range read.Replies {
		if m.ByPerson() {
			s.Replies = append(s.Replies, g.reply(ctx, t.Root.Channel, m))
		}
	}
	return g.Desk.CatchUp(ctx, s)
}

func (g gap) seen(n ticket.Number) desk.Seen {
	return desk.Seen{Ticket: n, From: g.SeenUntil, Until: g.UnbrokenSince, Now: g.Now()}
}

// reply is what somebody wrote. What it says matters only if it is a question that
// is waited for.
func (g gap) reply(ctx context.Context, channel string, m slackout.Written) desk.SeenReply {
	r := desk.SeenReply{
		Written: desk.Written{Message: ticket.Message{Channel: channel, TS: m.TS}}, Author: m.User, At: m.At(),
		Marks: g.marks(m.Reactions, map[ticket.Kind][]string{ticket.Waited: g.Wait}),
	}
	if slices.ContainsFunc(r.Marks, func(m desk.Mark) bool { return m.Asks != "" }) {
		r.Text = slackview.PlainText(m.Text, g.names(ctx))
	}
	return r
}

func (g gap) names(ctx context.Context) slackview.Names {
	return func(id string) string { return g.Name(ctx, id) }
}

func (g gap) marks(reactions []slackout.Reaction, asking map[ticket.Kind][]string) []desk.Mark {
	var marks []desk.Mark
	for _, r := range reactions {
		m := desk.Mark{Emoji: r.Emoji, People: r.People, Others: r.Others}
		for kind, names := range asking {
			if slices.Contains(names, r.Emoji) {
				m.Asks = kind
			}
		}
		marks = append(marks, m)
	}
	return marks
}

// direct reads what a requester wrote in private.
func (g gap) direct(ctx context.Context, channels func(context.Context) (map[string]string, error), requester string, opened time.Time) (bool, error) {
	known, err := channels(ctx)
	if err != nil || known[requester] == "" {
		return false, err
	}
	channel := known[requester]
	written, err := g.Slack.Directs(ctx, channel, g.readFrom(), earlier(opened, g.readFrom()))
	if err != nil {
		return false, err
	}
	news := false
	for _, m := range written {
		if !m.ByPerson() || m.User != requester {
			continue
		}
		applied, err := g.answer(ctx, channel, m)
		if err != nil {
			return news, err
		}
		news = news || applied
	}
	return news, nil
}

// answer brings what was written in private to its ticket.
func (g gap) answer(ctx context.Context, channel string, m slackout.Direct) (bool, error) {
	about := ticket.Message{}
	if m.Thread != "" {
		about = ticket.Message{Channel: channel, TS: m.Thread}
	}
	n, err := g.Desk.FindByDirect(ctx, about, m.User)
	if err != nil || n == 0 {
		return false, err
	}
	s, reply := g.seen(n), g.reply(ctx, channel, m.Written)
	reply.Private, reply.Text = true, slackview.QuoteText(m.Text, g.names(ctx))
	s.Replies = []desk.SeenReply{reply}
	return g.Desk.CatchUp(ctx, s)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
