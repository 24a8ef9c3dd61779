package outbox

import (
	"context"
	"errors"
	"strings"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/ticket"
)

// deliveryFailed decides what becomes of an item by how far the failure reaches.
func (s *Sender) deliveryFailed(ctx context.Context, i Item, p Plan, err error) error {
	reason := reasonOf(err)
	if errors.Is(err, errOutdated) {
		f := i.untried(errOutdated.Error())
		f.After, f.Free = 0, true
		return s.record(ctx, i, f)
	}
	if (i.Kind == desk.NoticeMade || i.Kind == desk.NoticeOffer) && !passing(err) {
		return s.record(ctx, i, Failure{State: Dropped, Reason: reason}) // only where the bot may write
	}
	if i.newsSincePosted() && hopeless(i, err) {
		return s.postAnew(ctx, i, reason)
	}
	switch slackapi.ScopeOf(err) {
	case slackapi.Limited:
		return s.record(ctx, i, Failure{State: Waiting, Reason: reason, After: slackapi.RetryAfter(err), Free: true})
	case slackapi.Unsure:
		after := s.untilLook(0)
		if i.Standing() { // an edit that comes late must not stand over the one that follows
			after = s.LookAfter
		}
		return s.record(ctx, i, Failure{State: Unsure, Reason: reason, After: after})
	case slackapi.Channel:
		return s.shut(ctx, i, p, err)
	case slackapi.Workspace:
		return errors.Join(s.giveUpIfRevoked(ctx, err), s.record(ctx, i, i.again(reason)))
	case slackapi.Gone:
		return s.gone(ctx, i, reason)
	case slackapi.Refused:
		return s.refused(ctx, i, p, err)
	case slackapi.Fixed:
		return s.fixed(ctx, i, reason)
	case slackapi.Call:
		s.once(i, "Slack does not allow a call, as the app is installed; it is tried on", err)
	case slackapi.Temporary:
		if errors.Is(err, ErrOvertaken) || ctx.Err() != nil {
			return s.record(ctx, i, i.later(0, reason)) // it was not called
		}
	}
	return s.record(ctx, i, i.again(reason))
}

// shut: a channel takes no messages, or a person cannot be written to. What stands in a
// conversation that is not this bot's cannot be changed any more.
func (s *Sender) shut(ctx context.Context, i Item, p Plan, err error) error {
	reason := reasonOf(err)
	switch {
	case i.Standing() && i.astray(i.Posted.Channel, err):
		return s.fixed(ctx, i, reason)
	case isPerson(p.Channel):
		s.about(i).Error("somebody cannot be written to; see supporty outbox", "error", err)
		return s.record(ctx, i, i.stopped(Undeliverable, reason))
	}
	s.about(i).Error("a channel does not take messages; they wait until it does", "channel", p.Channel, "error", err)
	f := i.stopped(Parked, reason)
	if i.Kind != desk.NoticeCard || i.Standing() {
		return s.record(ctx, i, f)
	}
	f.Enqueue = s.noticesWhileParked(ctx, i, p.Channel)
	failed := s.recordFailure(ctx, i, f)
	if failed == nil { // else another sender may have posted it by now
		s.tellOperators(ctx, i, p.Channel, reason)
	}
	return unlessOvertaken(failed)
}

// stopped is what becomes of an item that waits for somebody to do something. That it may
// have been posted is remembered until then, by how often it was looked for, and once more.
func (i Item) stopped(s State, reason string) Failure {
	f := Failure{State: s, Reason: reason}
	if i.Unsure && !i.Standing() {
		f.Looked = i.Looked + 1
	}
	return f
}

// again is what becomes of an item that Slack did not take this time.
func (i Item) again(reason string) Failure {
	return Failure{State: Waiting, Reason: reason, After: backoff(i.Attempts)}
}

// once logs what concerns an operator, at an item's first try.
func (s *Sender) once(i Item, what string, err error) {
	if i.Attempts == 1 {
		s.about(i).Error(what, "error", err)
	}
}

// giveUpIfRevoked ends the program if Slack does not know the token any more. That one
// call says so is not enough: the item would be tried first after the restart, and end
// the program again.
func (s *Sender) giveUpIfRevoked(ctx context.Context, err error) error {
	_, asked := s.Slack.Identify(ctx)
	if asked == nil || slackapi.ScopeOf(asked) != slackapi.Workspace {
		s.Log.Error("Slack refuses a call as if the token were revoked, and knows the token", "error", err)
		return nil
	}
	s.failed(asked)
	return asked
}

// fixed: the message stands, and Slack does not let it be changed. What was only to look
// otherwise is left as it is; the card is tried on, for the workspace may allow it again.
func (s *Sender) fixed(ctx context.Context, i Item, reason string) error {
	switch {
	case i.Kind == desk.NoticeCard && reason == notOurs:
		return s.replaceCard(ctx, i)
	case i.Kind == desk.NoticeCard:
		return s.record(ctx, i, i.again(reason))
	case i.Gone: // it was to be deleted
		return s.record(ctx, i, Failure{State: Undeliverable, Reason: reason})
	case i.Kind == desk.NoticeGathered, i.Kind == desk.NoticeWhere && i.Belongs == "": // it says more than it did
		return s.postAnew(ctx, i, reason)
	}
	return s.record(ctx, i, Failure{State: Dropped, Reason: reason})
}

// newsSincePosted reports whether an item that stands is to tell of a step that has come
// since it was posted: nobody knows of that until it is edited.
func (i Item) newsSincePosted() bool {
	return i.Kind == desk.NoticeAlert && i.Standing() && !i.Gone && i.At.After(i.PostedAt)
}

// patience is how long news waits for an edit that Slack puts off.
const patience = 5 * time.Second

// hopeless reports whether the edit of an item will not be made soon.
func hopeless(i Item, err error) bool {
	switch slackapi.ScopeOf(err) {
	case slackapi.Limited:
		return slackapi.RetryAfter(err) > patience
	case slackapi.Channel, slackapi.Gone, slackapi.Refused, slackapi.Fixed, slackapi.Call:
		return true
	default:
		return i.Attempts >= BlockingTries
	}
}

// postAnew has another message tell what this one cannot be changed to.
func (s *Sender) postAnew(ctx context.Context, i Item, reason string) error {
	s.about(i).Warn("a message cannot be changed; its news is posted", "reason", reason)
	anew := i.Notice
	anew.DueAt, anew.Aloud = s.Clock.Now(), false
	return s.record(ctx, i, Failure{State: Dropped, Reason: "posted anew: " + reason, Enqueue: []desk.Notice{anew}})
}

// notOurs is Slack's word for a message that is another's: after the app was created anew
// its bot is another user, and may not edit what the one before has written.
// https://docs.slack.dev/reference/methods/chat.update, "Errors"
const notOurs = "cant_update_message"

// replaceCard has a new card take the place of one that is not ours any more. Whether
// Slack says the same of what it leaves where a message was deleted is not documented:
// that is no card.
func (s *Sender) replaceCard(ctx context.Context, i Item) error {
	t, err := s.Slack.Thread(ctx, i.Posted.Channel, i.Posted.TS, s.Clock.Now())
	switch {
	case err != nil:
		return s.record(ctx, i, i.again(notOurs+", and looking at it: "+reasonOf(err)))
	case t.Gone:
		return s.gone(ctx, i, notOurs)
	}
	r, err := s.composer.Load().Desk.Find(ctx, i.Ticket)
	if err != nil {
		return s.record(ctx, i, i.again("finding the ticket: "+reasonOf(err)))
	}
	s.about(i).Warn("a card is not this bot's; a new one takes its place", "reason", notOurs)
	card := r.CardNotice(s.Clock.Now())
	return s.record(ctx, i, Failure{State: Waiting, Reason: notOurs, NewCard: &card})
}

// noticesWhileParked is what tells whoever filed a ticket of its card, which cannot stand
// yet.
func (s *Sender) noticesWhileParked(ctx context.Context, i Item, channel string) []desk.Notice {
	r, err := s.composer.Load().Desk.Find(ctx, i.Ticket)
	if err != nil { // they are told when it is tried again
		s.about(i).Warn("finding who filed a ticket whose card waits", "error", err)
		return nil
	}
	return r.Parked(channel, s.Clock.Now())
}

// tellOperators tells the operators why a channel does not take a card.
func (s *Sender) tellOperators(ctx context.Context, i Item, channel, reason string) {
	c := s.composer.Load()
	if err := c.Desk.TellUnreachable(ctx, channel, reason, c.Operators, s.Clock.Now()); err != nil { // they are told when it is tried again
		s.about(i).Warn("telling the operators of a channel", "error", err)
	}
}

// passing reports whether what hinders a message may pass by itself, or is the
// program's own affair.
func passing(err error) bool {
	switch slackapi.ScopeOf(err) {
	case slackapi.Channel, slackapi.Gone, slackapi.Refused:
		return false
	default:
		return true
	}
}

// gone: the message, or the card above it, was deleted without our hearing of it. The
// desk posts a new card; what belongs under it waits for that. Whether the card is gone
// its own edit shows.
func (s *Sender) gone(ctx context.Context, i Item, reason string) error {
	switch {
	case i.Ticket == 0 || i.Standing() && i.Kind != desk.NoticeCard:
		return s.record(ctx, i, Failure{State: Dropped, Reason: reason})
	case i.Kind != desk.NoticeCard:
		return s.record(ctx, i, Failure{State: Waiting, Reason: reason, After: backoff(i.Attempts), AskCard: true})
	}
	card, now := i.Posted, s.Clock.Now()
	_, err := s.composer.Load().Desk.Withhold(ctx, desk.Gesture{
		Ticket: i.Ticket, By: ticket.ByDeletion, At: now, Now: now, Key: desk.DeletionKey(card),
	}, card)
	if err != nil {
		s.about(i).Warn("noting that a card is gone", "error", err)
	}
	return s.record(ctx, i, i.again(reason))
}

// refused: Slack does not take the message as it is. Plain words it may take.
func (s *Sender) refused(ctx context.Context, i Item, p Plan, err error) error {
	s.once(i, "Slack refuses a message", err)
	if i.Ephemeral() {
		return s.record(ctx, i, Failure{State: Dropped, Reason: reasonOf(err)})
	}
	if len(p.Message.Blocks) == 0 {
		return s.refusedInPlainWords(ctx, i, err)
	}
	p.Plain = true
	at, err := s.send(ctx, i, &p)
	if err != nil && slackapi.ScopeOf(err) == slackapi.Refused {
		return s.refusedInPlainWords(ctx, i, err)
	}
	if err != nil {
		return s.deliveryFailed(ctx, i, p, err)
	}
	return s.recordPosted(ctx, i, at)
}

// refusedInPlainWords: a notice is left to the operator. Without its card a ticket cannot be
// seen at all, so that is tried for ever.
func (s *Sender) refusedInPlainWords(ctx context.Context, i Item, err error) error {
	if i.Kind == desk.NoticeCard {
		return s.record(ctx, i, i.again(reasonOf(err)))
	}
	return s.record(ctx, i, Failure{State: Undeliverable, Reason: reasonOf(err)})
}

// isPerson: direct messages are addressed to people's ids.
func isPerson(channel string) bool {
	return strings.HasPrefix(channel, "U") || strings.HasPrefix(channel, "W")
}

// reasonOf is an error as the operator may read it in the outbox: codes only.
func reasonOf(err error) string {
	if code := slackapi.CodeOf(err); code != "" {
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
