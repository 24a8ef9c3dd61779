package outbox

import (
	"context"
	"errors"
	"strings"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackout"
	"supporty/internal/ticket"
)

// lookTimes is how often a message whose call had no answer is looked for
// before it is sent again.
const lookTimes = 2

// lookBehind is how long before a message was due the search for it begins, for
// Slack's clock may be behind ours.
const lookBehind = time.Hour

// say brings one item into Slack and records what became of it. Its error is
// the queue's; what Slack says is recorded.
func (s *Sender) say(ctx context.Context, i Item) error {
	if i.Place == desk.PlacePage {
		return s.page(ctx, i)
	}
	plan, err := s.compose(ctx, i)
	if err != nil {
		return s.record(ctx, i, i.untried("composing: "+reasonOf(err)))
	}
	if plan.Drop != "" {
		return s.record(ctx, i, i.moot(plan.Drop))
	}
	if i.Kind == desk.NoticeFile && i.Unbrought == "" {
		return s.bring(ctx, i, plan)
	}
	if i.Unsure && !i.Standing() {
		done, err := s.lookBack(ctx, i, plan)
		if done || err != nil {
			return err
		}
		if i.Gone { // it does not stand, and must not
			return s.record(ctx, i, i.moot("it was taken back"))
		}
		if plan.Moot != "" {
			return s.record(ctx, i, i.moot(plan.Moot))
		}
	}
	at, err := s.send(ctx, i, &plan)
	if err != nil {
		return s.failedToSay(ctx, i, plan, err)
	}
	i.Aloud = plan.Message.Broadcast
	return s.recordSaid(ctx, i, at)
}

func (s *Sender) compose(ctx context.Context, i Item) (Plan, error) {
	began := time.Now()
	p, err := s.composer.Load().Compose(ctx, i, s.Clock.Now())
	p.worded = began
	return p, err
}

func (s *Sender) send(ctx context.Context, i Item, p *Plan) (slackout.Sent, error) {
	guard := func(m *slackout.Message) error { return s.refresh(ctx, i, p, m) }
	switch {
	case p.Delete:
		return i.Said, s.Slack.Delete(ctx, i.Said)
	case i.Standing():
		return i.Said, s.Slack.Update(ctx, guard, i.Said, p.Message)
	case i.Fleeting():
		return slackout.Sent{}, s.Slack.Ephemeral(ctx, guard, p.Channel, p.Thread, i.To, p.Message)
	}
	return s.Slack.Post(ctx, guard, p.Channel, p.Thread, p.Message)
}

// aMoment is for how long what was worded counts as how things stand.
const aMoment = 100 * time.Millisecond

// errOutdated says that something else became of an item while it waited for its turn
// to be sent.
var errOutdated = errors.New("it has moved on meanwhile")

// refresh is asked right before each call to Slack, after all waiting for its limits,
// which takes seconds in a crowd. Meanwhile somebody may have claimed, answered or
// resolved: so what was worded more than a moment ago is decided and worded again.
func (s *Sender) refresh(ctx context.Context, i Item, p *Plan, m *slackout.Message) error {
	if err := s.check(); err != nil { // a frozen copy need not ask what to say
		return err
	}
	if time.Since(p.worded) > aMoment {
		now, err := s.compose(ctx, i)
		if err != nil {
			return err
		}
		moot := now.Drop != "" || now.Moot != "" && !i.Standing()
		if moot || now.Delete || now.Channel != p.Channel || now.Thread != p.Thread {
			return errOutdated
		}
		now.Plain = p.Plain
		*p = now
	}
	*m = p.Message
	if p.Plain {
		m.Blocks = nil
	}
	m.Mark = slackout.Mark{ID: i.ID, Version: i.Wanted}
	return s.check()
}

// untried is what becomes of an item that was not sent this time. One that may
// have been said before is still to be looked for.
func (i Item) untried(reason string) Failure {
	f := Failure{State: Waiting, Reason: reason, After: backoff(i.Attempts)}
	if i.Unsure {
		f.State, f.Looked = Unsure, i.Looked
	}
	return f
}

// moot is what becomes of an item that is not worth saying any more.
func (i Item) moot(reason string) Failure {
	return Failure{State: Dropped, Reason: reason, Forget: desk.Forgotten(i.Notice, reason)}
}

// lookBack looks for a message that may have been posted. It is done with the
// item if it found it, or if it is to be looked for again later.
func (s *Sender) lookBack(ctx context.Context, i Item, p Plan) (bool, error) {
	if i.Fleeting() {
		return true, s.record(ctx, i, Failure{State: Dropped, Reason: "no answer; it cannot be looked for"})
	}
	found, err := s.Slack.Find(ctx, i.ID, p.Channel, p.Thread, i.DueAt.Add(-lookBehind))
	if scope := slackout.ScopeOf(err); err != nil && (scope == slackout.Gone || scope == slackout.Channel) {
		return true, s.failedToSay(ctx, i, p, err)
	}
	if err != nil {
		return true, s.record(ctx, i, Failure{State: Unsure, Reason: "looking for it: " + reasonOf(err), After: s.LookAfter, Looked: i.Looked})
	}
	if len(found) > 0 {
		for _, extra := range found[1:] {
			s.delete(ctx, extra.Sent)
		}
		i.Wanted = found[0].Version // what is wanted since is still owed
		return true, s.recordSaid(ctx, i, found[0].Sent)
	}
	if i.Looked+1 < lookTimes {
		return true, s.record(ctx, i, Failure{State: Unsure, Reason: "not found yet", After: s.LookAfter, Looked: i.Looked + 1})
	}
	return false, nil
}

// recordSaid notes where the message stands. If another sender has taken the
// item over meanwhile, ours is one too many and goes, unless it is the one that
// the other has found and recorded.
func (s *Sender) recordSaid(ctx context.Context, i Item, at slackout.Sent) error {
	err := s.persist(ctx, func(ctx context.Context) error { return s.Queue.RecordSaid(ctx, i, at, s.Clock.Now()) })
	if !errors.Is(err, ErrOvertaken) || i.Standing() || at.TS == "" {
		return err
	}
	recorded, whereErr := s.Queue.Where(context.WithoutCancel(ctx), i.ID)
	if whereErr != nil || recorded.TS == at.TS {
		return errors.Join(err, whereErr)
	}
	s.delete(ctx, at)
	return err
}

const (
	deleteTries  = 4
	deleteWithin = 15 * time.Second // a Slack that is away must not keep a hand for ever
)

// delete removes a message that is one too many. Nobody would come back to it, so
// what may pass is tried again, also when the turn is over.
func (s *Sender) delete(ctx context.Context, at slackout.Sent) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deleteWithin)
	defer cancel()
	for try := 1; ; try++ {
		err := s.Slack.Delete(ctx, at)
		if err == nil {
			return
		}
		s.Log.Warn("deleting a message that was posted twice", "channel", at.Channel, "ts", at.TS, "try", try, "error", err)
		if scope := slackout.ScopeOf(err); try == deleteTries || scope == slackout.Workspace || scope == slackout.Channel || scope == slackout.Refused {
			return
		}
		select {
		case <-time.After(max(backoff(try), slackout.RetryAfter(err))):
		case <-ctx.Done():
			return
		}
	}
}

// failedToSay decides what becomes of an item by how far the failure reaches.
func (s *Sender) failedToSay(ctx context.Context, i Item, p Plan, err error) error {
	reason := reasonOf(err)
	if errors.Is(err, errOutdated) {
		f := i.untried(errOutdated.Error())
		f.After, f.Free = 0, true
		return s.record(ctx, i, f)
	}
	if (i.Kind == desk.NoticeMade || i.Kind == desk.NoticeOffer) && !passing(err) {
		return s.record(ctx, i, Failure{State: Dropped, Reason: reason}) // only where the bot may write
	}
	switch slackout.ScopeOf(err) {
	case slackout.Limited:
		return s.record(ctx, i, Failure{State: Waiting, Reason: reason, After: slackout.RetryAfter(err), Free: true})
	case slackout.Unsure:
		return s.record(ctx, i, Failure{State: Unsure, Reason: reason, After: s.LookAfter})
	case slackout.Channel:
		if isPerson(p.Channel) {
			s.about(i).Error("somebody cannot be written to; see supporty outbox", "error", err)
			return s.record(ctx, i, Failure{State: Undeliverable, Reason: reason})
		}
		s.about(i).Error("a channel does not take messages; they wait until it does", "channel", p.Channel, "error", err)
		return s.record(ctx, i, Failure{State: Parked, Reason: reason, Owes: s.owedWhileParked(ctx, i, p.Channel, reason)})
	case slackout.Workspace:
		s.failed(err)
		return errors.Join(err, s.record(ctx, i, Failure{State: Waiting, Reason: reason}))
	case slackout.Gone:
		return s.gone(ctx, i, p, reason)
	case slackout.Refused:
		return s.refused(ctx, i, p, err)
	case slackout.Temporary:
		if errors.Is(err, ErrOvertaken) || ctx.Err() != nil {
			return s.record(ctx, i, Failure{State: Waiting, Reason: reason}) // it was not called
		}
	}
	return s.record(ctx, i, Failure{State: Waiting, Reason: reason, After: backoff(i.Attempts)})
}

// owedWhileParked is what people are told of a card that cannot stand yet: who filed
// the ticket that it waits, and the operators why.
func (s *Sender) owedWhileParked(ctx context.Context, i Item, channel, reason string) []desk.Notice {
	if i.Kind != desk.NoticeCard || i.Standing() {
		return nil
	}
	c, now := s.composer.Load(), s.Clock.Now()
	owes := desk.Unreachable(channel, reason, c.Operators, now)
	r, err := c.Desk.Find(ctx, i.Ticket)
	if err != nil { // they are told when it is tried again
		s.about(i).Warn("finding who filed a ticket whose card waits", "error", err)
		return owes
	}
	return append(owes, r.Parked(channel, now)...)
}

// passing reports whether what hinders a message may pass by itself, or is the
// program's own affair.
func passing(err error) bool {
	switch slackout.ScopeOf(err) {
	case slackout.Channel, slackout.Gone, slackout.Refused:
		return false
	default:
		return true
	}
}

// gone: the message, or the card above it, was deleted without our hearing of
// it. The desk posts a new card; what belongs under it waits for that.
func (s *Sender) gone(ctx context.Context, i Item, p Plan, reason string) error {
	if i.Ticket == 0 || i.Standing() && i.Kind != desk.NoticeCard {
		return s.record(ctx, i, Failure{State: Dropped, Reason: reason})
	}
	card := ticket.Message{Channel: p.Channel, TS: p.Thread}
	if i.Kind == desk.NoticeCard {
		card = ticket.Message(i.Said)
	}
	now := s.Clock.Now()
	_, err := s.composer.Load().Desk.Withhold(ctx, desk.Act{
		Ticket: i.Ticket, Gesture: ticket.ByDeletion, At: now, Now: now, Key: desk.DeletionKey(card),
	}, card)
	if err != nil {
		s.about(i).Warn("noting that a card is gone", "error", err)
	}
	return s.record(ctx, i, Failure{State: Waiting, Reason: reason, After: backoff(i.Attempts)})
}

// refused: Slack does not take the message as it is. Plain words it may take.
func (s *Sender) refused(ctx context.Context, i Item, p Plan, err error) error {
	s.about(i).Error("Slack refuses a message", "error", err)
	if i.Fleeting() {
		return s.record(ctx, i, Failure{State: Dropped, Reason: reasonOf(err)})
	}
	if len(p.Message.Blocks) == 0 {
		return s.refusedInPlainWords(ctx, i, err)
	}
	p.Plain = true
	at, err := s.send(ctx, i, &p)
	if err != nil && slackout.ScopeOf(err) == slackout.Refused {
		return s.refusedInPlainWords(ctx, i, err)
	}
	if err != nil {
		return s.failedToSay(ctx, i, p, err)
	}
	return s.recordSaid(ctx, i, at)
}

// refusedInPlainWords: a notice is left to the operator. Without its card a ticket cannot be
// seen at all, so that is tried for ever.
func (s *Sender) refusedInPlainWords(ctx context.Context, i Item, err error) error {
	if i.Kind == desk.NoticeCard {
		return s.record(ctx, i, Failure{State: Waiting, Reason: reasonOf(err), After: backoff(i.Attempts)})
	}
	return s.record(ctx, i, Failure{State: Undeliverable, Reason: reasonOf(err)})
}

// isPerson: direct messages are addressed to people's ids.
func isPerson(channel string) bool {
	return strings.HasPrefix(channel, "U") || strings.HasPrefix(channel, "W")
}

// record notes a failure. That somebody else has the item by now is no error.
func (s *Sender) record(ctx context.Context, i Item, f Failure) error {
	err := s.persist(ctx, func(ctx context.Context) error { return s.Queue.RecordFailure(ctx, i, f) })
	return unlessOvertaken(err)
}

const (
	persistEvery  = 200 * time.Millisecond
	persistWithin = 5 * time.Second // a database that does not answer must not keep a hand for ever
)

func (s *Sender) writeOnce(ctx context.Context, write func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), persistWithin)
	defer cancel()
	return write(ctx)
}

// persist writes to the queue what has become of an item, until it is written
// or the turn is over: then the next turn finds the item in the middle and
// looks for it. It tries at least once, also when the turn has just ended.
func (s *Sender) persist(ctx context.Context, write func(context.Context) error) error {
	for {
		err := s.writeOnce(ctx, write)
		if err == nil || errors.Is(err, ErrOvertaken) || ctx.Err() != nil {
			return err
		}
		s.Log.Warn("recording what became of a message; trying again", "error", err)
		select {
		case <-ctx.Done():
			return err
		case <-time.After(persistEvery):
		}
	}
}

// reasonOf is an error as the operator may read it in the outbox: codes only.
func reasonOf(err error) string {
	if code := slackout.CodeOf(err); code != "" {
		return code
	}
	if code := ticket.CodeOf(err); code != "" {
		return string(code)
	}
	return "internal error"
}

// backoff is how long to wait after so many tries: 1 s, 2 s, 4 s … 5 min.
func backoff(attempts int) time.Duration {
	return min(time.Second<<min(max(attempts-1, 0), 9), 5*time.Minute)
}
