package outbox

import (
	"context"
	"errors"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// looks are the times after which a message without an answer is looked for: 1, 3, 10 and
// 35 s, as parts of Options.LookAfter. Mostly it is there at once, or never. It is sent
// again only after the last look, because Slack may still be working on the call.
var looks = []time.Duration{1, 3, 10, 35}

// untilLook is the wait before the next look for a message. It counts from the look before,
// or from the call if there was none.
func (s *Sender) untilLook(looked int) time.Duration {
	at := looks[looked]
	if looked > 0 {
		at -= looks[looked-1]
	}
	return s.LookAfter * at / looks[len(looks)-1]
}

// The search for a message begins lookBehind before it was due, because Slack's clock may
// be behind ours.
const lookBehind = time.Hour

// deliver posts, edits or deletes one item in Slack and records the outcome. It returns
// errors of the store; errors of Slack are recorded.
func (s *Sender) deliver(ctx context.Context, i Item) error {
	switch {
	case i.Unreadable:
		return s.fail(ctx, i, i.untried("its details cannot be read"))
	case i.Kind == desk.NoticeRoom:
		return s.keepRoom(ctx, i)
	case i.Queue == desk.QueuePage:
		return s.page(ctx, i)
	}
	plan, err := s.compose(ctx, i)
	if err != nil {
		f := i.untried("composing: " + reasonOf(err))
		f.Free = ticket.CodeOf(err) == ticket.Unavailable // the database failed, not the message
		return s.fail(ctx, i, f)
	}
	if plan.Drop != "" {
		return s.fail(ctx, i, i.obsolete(plan.Drop))
	}
	if i.isFile() {
		return s.bring(ctx, i, plan)
	}
	if i.Unsure && !i.Standing() {
		done, err := s.lookBack(ctx, i, plan)
		if done || err != nil {
			return err
		}
		if i.Gone { // it does not stand, and is not to be posted
			return s.fail(ctx, i, i.obsolete("it was taken back"))
		}
		if plan.Obsolete != "" {
			return s.fail(ctx, i, i.obsolete(plan.Obsolete))
		}
	}
	at, err := s.send(ctx, i, &plan)
	if err != nil {
		return s.deliveryFailed(ctx, i, plan, err)
	}
	i.Aloud = plan.Message.Broadcast && !i.Standing() // an edit is not broadcast
	return s.recordPosted(ctx, i, at)
}

func (s *Sender) compose(ctx context.Context, i Item) (Plan, error) {
	began := time.Now()
	p, err := s.composer.Load().Compose(ctx, i, s.Clock.Now())
	p.worded = began
	return p, err
}

func (s *Sender) send(ctx context.Context, i Item, p *Plan) (ticket.Message, error) {
	guard := func(m *slackformat.Message) error { return s.refresh(ctx, i, p, m) }
	begin, cancel := context.WithTimeout(ctx, Soon)
	defer cancel()
	switch {
	case p.Delete:
		return i.Posted, s.Slack.Delete(ctx, i.Posted)
	case i.Standing():
		return i.Posted, s.Slack.Update(begin, guard, i.Posted, p.Message)
	case i.Ephemeral():
		return ticket.Message{}, s.Slack.Ephemeral(begin, guard, p.Channel, p.Thread, i.To, p.Message)
	}
	return s.post(ctx, begin, guard, i, p)
}

// aMoment is how long a rendered message counts as up to date.
const aMoment = 100 * time.Millisecond

// errOutdated says that an item is to be handled differently than when its wait began.
var errOutdated = errors.New("it has moved on meanwhile")

// refresh runs right before each call to Slack, after the wait for Slack's limits. With many
// messages that wait takes seconds, and somebody may claim, answer or resolve meanwhile. So
// a plan older than aMoment is decided and rendered again.
func (s *Sender) refresh(ctx context.Context, i Item, p *Plan, m *slackformat.Message) error {
	if err := s.check(); err != nil { // a copy that was frozen need not ask what to post
		return err
	}
	if time.Since(p.worded) > aMoment {
		i.Version = 0 // of some time ago
		now, err := s.compose(ctx, i)
		if err != nil {
			return err
		}
		obsolete := now.Drop != "" || now.Obsolete != "" && !i.Standing()
		if obsolete || now.Delete || now.Channel != p.Channel || now.Thread != p.Thread {
			return errOutdated
		}
		now.Plain = p.Plain
		*p = now
	}
	*m = p.Message
	if p.Plain {
		m.Blocks = nil
	}
	m.Mark = slackformat.Mark{ID: i.ID, Version: i.Desired}
	return s.check()
}

// untried puts off an item that was not sent this time. If it may have been posted before,
// it is still to be looked for.
func (i Item) untried(reason string) Failure {
	f := Failure{State: Waiting, Reason: reason, After: backoff(i.Attempts)}
	if i.Unsure {
		f.State, f.Looked = Unsure, i.Looked
	}
	return f
}

// obsolete drops an item that is not worth posting any more.
func (i Item) obsolete(reason string) Failure {
	return Failure{State: Dropped, Reason: reason, Forget: desk.Forgotten(i.Notice, reason)}
}

// lookBack looks for a message that may have been posted. It returns true if the item needs
// nothing more now: the message was found, is looked for again later, or cannot be looked for.
func (s *Sender) lookBack(ctx context.Context, i Item, p Plan) (bool, error) {
	if i.Ephemeral() {
		return true, s.fail(ctx, i, Failure{State: Dropped, Reason: "no answer; it cannot be looked for"})
	}
	found, err := s.find(ctx, i, p, i.DueAt.Add(-lookBehind))
	if scope := slackapi.ScopeOf(err); err != nil && (scope == slackapi.Gone || scope == slackapi.Channel) {
		return true, s.deliveryFailed(ctx, i, p, err)
	}
	if err != nil {
		after := max(min(backoff(i.Attempts), s.LookAfter), slackapi.RetryAfter(err))
		return true, s.fail(ctx, i, Failure{State: Unsure, Reason: "looking for it: " + reasonOf(err), After: after, Looked: i.Looked})
	}
	if len(found) > 0 {
		for _, extra := range found[1:] {
			s.delete(ctx, extra.At)
		}
		i.Desired = found[0].Version // a version that was desired later is still pending
		return true, s.recordPosted(ctx, i, found[0].At)
	}
	if looked := i.Looked + 1; looked < len(looks) {
		return true, s.fail(ctx, i, Failure{State: Unsure, Reason: "not found yet", After: s.untilLook(looked), Looked: looked})
	}
	return false, nil
}

// recordPosted notes where the message stands. If another sender has taken the item over
// meanwhile, and has posted a message of its own, this message is one too many and is deleted.
func (s *Sender) recordPosted(ctx context.Context, i Item, at ticket.Message) error {
	err := s.record(Posted{Item: i, At: at})
	if !errors.Is(err, ErrOvertaken) || i.Standing() || at.TS == "" {
		return err
	}
	recorded, whereErr := s.recordedElsewhere(ctx, i.ID)
	if whereErr != nil || recorded.TS == at.TS {
		return errors.Join(err, whereErr)
	}
	if recorded.TS != "" {
		s.delete(ctx, at)
	}
	return err
}

const (
	recordedWithin = 10 * time.Second
	recordedEvery  = 200 * time.Millisecond
)

// recordedElsewhere returns where the message stands by the record of the sender that has taken
// it over. That sender looks for it first: it may have found this sender's message, and not have
// recorded it yet. So a message without a record is waited for. If it has none in the end, the
// other one is still looking, and will find what stands.
func (s *Sender) recordedElsewhere(ctx context.Context, id string) (ticket.Message, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordedWithin)
	defer cancel()
	for {
		at, err := s.Store.Where(ctx, id)
		if err == nil && at.TS != "" {
			return at, nil
		}
		select {
		case <-time.After(recordedEvery):
		case <-ctx.Done():
			return at, err
		}
	}
}

const (
	deleteTries  = 4
	deleteWithin = 15 * time.Second // a worker must not wait for ever for a Slack that is away
)

// delete deletes a message that is one too many. Nothing else would delete it later. So an
// error that may pass is tried again, even if the lease is lost.
func (s *Sender) delete(ctx context.Context, at ticket.Message) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deleteWithin)
	defer cancel()
	for try := 1; ; try++ {
		err := s.Slack.Delete(ctx, at)
		if err == nil {
			return
		}
		s.Log.Warn("deleting a message that was posted twice", "channel", at.Channel, "ts", at.TS, "try", try, "error", err)
		switch slackapi.ScopeOf(err) {
		case slackapi.Limited, slackapi.Temporary, slackapi.Unsure:
		default:
			return
		}
		if try == deleteTries {
			return
		}
		select {
		case <-time.After(max(backoff(try), slackapi.RetryAfter(err))):
		case <-ctx.Done():
			return
		}
	}
}

// fail notes a failure. It is no error if another sender has the item by now.
func (s *Sender) fail(ctx context.Context, i Item, f Failure) error {
	return unlessOvertaken(s.recordFailure(ctx, i, f))
}

// recordFailure notes a failure, and logs once that a message failed ManyTries times. The
// error is ErrOvertaken if another sender has the item by now.
func (s *Sender) recordFailure(ctx context.Context, i Item, f Failure) error {
	if i.Attempts == ManyTries && !f.Free && (f.State == Waiting || f.State == Unsure) {
		s.about(i).Warn("a message does not get into Slack; it is tried on, see supporty outbox", "reason", f.Reason)
	}
	err := s.persist(ctx, func(ctx context.Context) error { return s.Store.RecordFailure(ctx, i, f) })
	if f.After > 0 && f.After < LeaseTime { // after a longer wait the sender looks anyway
		time.AfterFunc(f.After+clocksDiffer, s.Wake)
	}
	return err
}

// clocksDiffer is how much later the store's clock may reach a time.
const clocksDiffer = 10 * time.Millisecond

const (
	persistEvery  = 200 * time.Millisecond
	persistWithin = 5 * time.Second // a worker must not wait for ever for a database that does not answer
)

func (s *Sender) writeOnce(ctx context.Context, write func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), persistWithin)
	defer cancel()
	return write(ctx)
}

// persist writes the outcome of an item to the store, and tries again until it is written
// or the lease is lost. In the second case the next sender finds the item unfinished and
// looks for the message. It tries at least once, even if the lease is lost already.
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
