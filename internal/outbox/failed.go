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

// deliveryFailed decides what to do with an item, by the scope of the failure.
func (s *Sender) deliveryFailed(ctx context.Context, i Item, p Plan, err error) error {
	reason := reasonOf(err)
	if errors.Is(err, errOutdated) {
		f := i.untried(errOutdated.Error())
		f.After, f.Free = 0, true
		return s.fail(ctx, i, f)
	}
	if errors.Is(err, slackapi.ErrNoRoom) {
		return s.noRoom(ctx, i, p)
	}
	if (i.Kind == desk.NoticeMade || i.Kind == desk.NoticeOffer) && !passing(err) {
		return s.fail(ctx, i, Failure{State: Dropped, Reason: reason}) // these are posted only where the bot may write
	}
	if i.newsSincePosted() && hopeless(i, err) {
		return s.postAnew(ctx, i, reason)
	}
	switch slackapi.ScopeOf(err) {
	case slackapi.Limited:
		return s.fail(ctx, i, Failure{State: Waiting, Reason: reason, After: slackapi.RetryAfter(err), Free: true})
	case slackapi.Unsure:
		after := s.untilLook(0)
		if i.Standing() { // a late edit must not overwrite the next one
			after = s.LookAfter
		}
		return s.fail(ctx, i, Failure{State: Unsure, Reason: reason, After: after})
	case slackapi.Channel:
		return s.shut(ctx, i, p, err)
	case slackapi.Workspace:
		return errors.Join(s.giveUpIfRevoked(ctx, err), s.fail(ctx, i, i.again(reason)))
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
			return s.fail(ctx, i, i.later(0, reason)) // the call was not made
		}
	}
	return s.fail(ctx, i, i.again(reason))
}

// noRoom puts back a message whose call could not begin. One that was looked for in vain is not
// looked for again at once.
func (s *Sender) noRoom(ctx context.Context, i Item, p Plan) error {
	if i.Unsure && !i.Standing() {
		return s.fail(ctx, i, Failure{State: Unsure, Reason: "its channel takes no more yet", Looked: i.Looked, After: time.Second, Free: true})
	}
	return s.putBack(Returned{Item: i, Destination: p.Channel})
}

// shut handles a channel that takes no messages, and a person who cannot be written to. A
// message in a conversation that is not this bot's cannot be changed any more.
func (s *Sender) shut(ctx context.Context, i Item, p Plan, err error) error {
	reason := reasonOf(err)
	switch {
	case i.Standing() && i.astray(i.Posted.Channel, err):
		return s.fixed(ctx, i, reason)
	case isPerson(p.Channel):
		s.about(i).Error("somebody cannot be written to; see supporty outbox", "error", err)
		return s.fail(ctx, i, i.stopped(Undeliverable, reason))
	}
	s.about(i).Error("a channel does not take messages; they wait until it does", "channel", p.Channel, "error", err)
	f := i.stopped(Parked, reason)
	if i.Kind != desk.NoticeCard || i.Standing() {
		return s.fail(ctx, i, f)
	}
	f.Enqueue = s.noticesWhileParked(ctx, i, p.Channel)
	failed := s.recordFailure(ctx, i, f)
	if failed == nil { // if not, another sender may have posted the card by now
		s.tellOperators(ctx, i, p.Channel, reason)
	}
	return unlessOvertaken(failed)
}

// stopped lets an item wait until somebody acts. Looked is greater than 0 if the message
// may have been posted: one more than the number of looks.
func (i Item) stopped(s State, reason string) Failure {
	f := Failure{State: s, Reason: reason}
	if i.Unsure && !i.Standing() {
		f.Looked = i.Looked + 1
	}
	return f
}

// again has an item tried again, because Slack did not take it this time.
func (i Item) again(reason string) Failure {
	return Failure{State: Waiting, Reason: reason, After: backoff(i.Attempts)}
}

// once logs an error for operators, at the first try of an item only.
func (s *Sender) once(i Item, what string, err error) {
	if i.Attempts == 1 {
		s.about(i).Error(what, "error", err)
	}
}

// giveUpIfRevoked ends the program if Slack does not know the token any more. One call that
// says so is not enough: its item would be the first one after the restart, and would end
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

// fixed handles a message that stands and that Slack does not let us change. A change of its
// looks is given up. A card is tried again, because the workspace may allow the edit later.
func (s *Sender) fixed(ctx context.Context, i Item, reason string) error {
	switch {
	case i.Kind == desk.NoticeCard && reason == notOurs:
		return s.replaceCard(ctx, i)
	case i.Kind == desk.NoticeCard:
		return s.fail(ctx, i, i.again(reason))
	case i.Gone: // it was to be deleted
		return s.fail(ctx, i, Failure{State: Undeliverable, Reason: reason})
	case i.Kind == desk.NoticeGathered, i.Kind == desk.NoticeWhere && i.Belongs == "": // the new version tells something more
		return s.postAnew(ctx, i, reason)
	}
	return s.fail(ctx, i, Failure{State: Dropped, Reason: reason})
}

// newsSincePosted reports whether an alert that stands is to tell a step that came after it
// was posted. Nobody knows of the step until the alert is edited.
func (i Item) newsSincePosted() bool {
	return i.Kind == desk.NoticeAlert && i.Standing() && !i.Gone && i.At.After(i.PostedAt)
}

// patience is the longest wait of such news for an edit that Slack puts off.
const patience = 5 * time.Second

// hopeless reports whether the edit of an item will not succeed soon.
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

// postAnew tells the news in a new message, because this one cannot be changed.
func (s *Sender) postAnew(ctx context.Context, i Item, reason string) error {
	s.about(i).Warn("a message cannot be changed; its news is posted", "reason", reason)
	anew := i.Notice
	anew.DueAt, anew.Aloud = s.Clock.Now(), false
	return s.fail(ctx, i, Failure{State: Dropped, Reason: "posted anew: " + reason, Enqueue: []desk.Notice{anew}})
}

// notOurs is Slack's code for a message of another user. If the app is created anew, its bot
// is another user, and may not edit the messages of the bot before.
// https://docs.slack.dev/reference/methods/chat.update, "Errors"
const notOurs = "cant_update_message"

// replaceCard posts a new card in place of one that is not ours any more. Slack leaves a
// placeholder for a deleted message with replies. It may answer the same for an edit of that,
// which is not documented; so replaceCard first looks whether the card is gone.
func (s *Sender) replaceCard(ctx context.Context, i Item) error {
	t, err := s.Slack.Thread(ctx, i.Posted.Channel, i.Posted.TS, s.Clock.Now())
	switch {
	case err != nil:
		return s.fail(ctx, i, i.again(notOurs+", and looking at it: "+reasonOf(err)))
	case t.Gone:
		return s.gone(ctx, i, notOurs)
	}
	r, err := s.composer.Load().Desk.Find(ctx, i.Ticket)
	if err != nil {
		return s.fail(ctx, i, i.again("finding the ticket: "+reasonOf(err)))
	}
	s.about(i).Warn("a card is not this bot's; a new one takes its place", "reason", notOurs)
	card := r.CardNotice(s.Clock.Now())
	return s.fail(ctx, i, Failure{State: Waiting, Reason: notOurs, NewCard: &card})
}

// noticesWhileParked are the notices to the filer that the ticket's card cannot stand yet.
func (s *Sender) noticesWhileParked(ctx context.Context, i Item, channel string) []desk.Notice {
	r, err := s.composer.Load().Desk.Find(ctx, i.Ticket)
	if err != nil { // the filer is told when the card is tried again
		s.about(i).Warn("finding who filed a ticket whose card waits", "error", err)
		return nil
	}
	return r.Parked(channel, s.Clock.Now())
}

// tellOperators tells the operators why a channel does not take a card.
func (s *Sender) tellOperators(ctx context.Context, i Item, channel, reason string) {
	c := s.composer.Load()
	if err := c.Desk.TellUnreachable(ctx, channel, reason, c.Operators, s.Clock.Now()); err != nil { // they are told when the card is tried again
		s.about(i).Warn("telling the operators of a channel", "error", err)
	}
}

// passing reports whether an error may pass by itself, or is one of the program's own.
func passing(err error) bool {
	switch slackapi.ScopeOf(err) {
	case slackapi.Channel, slackapi.Gone, slackapi.Refused:
		return false
	default:
		return true
	}
}

// gone handles a message that was deleted, or whose card was, without an event of it. The
// desk posts a new card, and replies wait for that. A failed reply has the card edited: that
// edit shows whether the card is gone.
func (s *Sender) gone(ctx context.Context, i Item, reason string) error {
	switch {
	case i.Ticket == 0 || i.Standing() && i.Kind != desk.NoticeCard:
		return s.fail(ctx, i, Failure{State: Dropped, Reason: reason})
	case i.Kind != desk.NoticeCard:
		return s.fail(ctx, i, Failure{State: Waiting, Reason: reason, After: backoff(i.Attempts), AskCard: true})
	}
	card, now := i.Posted, s.Clock.Now()
	_, err := s.composer.Load().Desk.Withhold(ctx, desk.Gesture{
		Ticket: i.Ticket, By: ticket.ByDeletion, At: now, Now: now, Key: desk.DeletionKey(card),
	}, card)
	if err != nil {
		s.about(i).Warn("noting that a card is gone", "error", err)
	}
	return s.fail(ctx, i, i.again(reason))
}

// refused handles a message that Slack does not take as it is. It is sent again without
// blocks.
func (s *Sender) refused(ctx context.Context, i Item, p Plan, err error) error {
	s.once(i, "Slack refuses a message", err)
	if i.Ephemeral() {
		return s.fail(ctx, i, Failure{State: Dropped, Reason: reasonOf(err)})
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

// refusedInPlainWords leaves a notice to an operator. A card is tried for ever, because
// without its card nobody sees the ticket.
func (s *Sender) refusedInPlainWords(ctx context.Context, i Item, err error) error {
	if i.Kind == desk.NoticeCard {
		return s.fail(ctx, i, i.again(reasonOf(err)))
	}
	return s.fail(ctx, i, Failure{State: Undeliverable, Reason: reasonOf(err)})
}

// isPerson reports whether a channel is a person's id: direct messages are addressed by it.
func isPerson(channel string) bool {
	return strings.HasPrefix(channel, "U") || strings.HasPrefix(channel, "W")
}

// reasonOf is an error as operators read it in the outbox: codes only.
func reasonOf(err error) string {
	if code := slackapi.CodeOf(err); code != "" {
		return code
	}
	if code := ticket.CodeOf(err); code != "" {
		return string(code)
	}
	return "internal error"
}

// backoff is the wait after a number of tries: 1 s, 2 s, 4 s … 5 min.
func backoff(attempts int) time.Duration {
	return min(time.Second<<min(max(attempts-1, 0), 9), 5*time.Minute)
}
