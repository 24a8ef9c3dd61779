package outbox

import (
	"context"
	"slices"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/ticket"
)

// A room is the private channel of a private ticket. Its name has the ticket's number, and Slack
// gives a name once: so a room is made once at most. A channel of that name that this bot has
// made is the ticket's room, though the answer was lost. A channel of that name that somebody
// else has made is not.

// archiveAgain is how long a room waits for what is still to be posted in it.
const archiveAgain = time.Hour

// keepRoom makes a ticket's room, brings its people in, and archives it when it is over.
func (s *Sender) keepRoom(ctx context.Context, i Item) error {
	r, err := s.composer.Load().Desk.Find(ctx, i.Ticket)
	switch {
	case err != nil:
		return s.fail(ctx, i, i.untried("finding the ticket: "+reasonOf(err)))
	case i.Gone:
		return s.archive(ctx, i, r)
	}
	at := i.Posted
	if !i.Standing() {
		if at, err = s.makeRoom(ctx, i); err != nil {
			return s.noRoomYet(ctx, i, r, err)
		}
	}
	if err := s.bringPeople(ctx, i, r, at.Channel); err != nil {
		return s.noRoomYet(ctx, i, r, err)
	}
	return s.recordPosted(ctx, i, at)
}

// makeRoom makes the channel, or finds the one that this bot has made.
func (s *Sender) makeRoom(ctx context.Context, i Item) (ticket.Message, error) {
	if err := s.check(); err != nil {
		return ticket.Message{}, err
	}
	name := desk.RoomName(i.Notice)
	id, err := s.Slack.CreatePrivateChannel(ctx, name)
	if slackapi.CodeOf(err) == "name_taken" {
		own, lookErr := s.ownRoom(ctx, name)
		if lookErr != nil {
			return ticket.Message{}, lookErr
		}
		if own != "" {
			id, err = own, nil
		}
	}
	return ticket.Message{Channel: id, TS: desk.RoomTS}, err
}

// ownRoom returns the channel of a name that this bot has made; "" if there is none.
func (s *Sender) ownRoom(ctx context.Context, name string) (string, error) {
	bot, err := s.Slack.Identify(ctx)
	if err != nil {
		return "", err
	}
	channels, err := s.Slack.OwnChannels(ctx)
	if err != nil {
		return "", err
	}
	for _, c := range channels {
		if c.Name == name && c.Creator == bot.UserID && c.Private && !c.Archived {
			return c.ID, nil
		}
	}
	return "", nil
}

// noRoomYet puts off a room that could not be made, or whose people could not be brought in.
// Nothing of its ticket is posted meanwhile. If Slack refuses the channel, its requester and
// the operators are told.
func (s *Sender) noRoomYet(ctx context.Context, i Item, r desk.Record, err error) error {
	reason := reasonOf(err)
	switch slackapi.ScopeOf(err) {
	case slackapi.Limited:
		return s.fail(ctx, i, Failure{State: Waiting, Reason: reason, After: slackapi.RetryAfter(err), Free: true})
	case slackapi.Workspace:
		return s.deliveryFailed(ctx, i, Plan{}, err)
	case slackapi.Temporary, slackapi.Unsure:
		return s.fail(ctx, i, i.again(reason))
	default: // Slack refuses it
	}
	s.once(i, "Slack does not let the channel of a private ticket be made; it is tried on", err)
	f := i.again(reason)
	f.Enqueue = r.Parked("", s.Clock.Now())
	failed := s.recordFailure(ctx, i, f)
	if failed == nil {
		s.tellOperatorsOfRoom(ctx, i, reason)
	}
	return unlessOvertaken(failed)
}

func (s *Sender) tellOperatorsOfRoom(ctx context.Context, i Item, reason string) {
	c := s.composer.Load()
	if err := c.Desk.TellRoomless(ctx, i.Notice, reason, c.Operators, s.Clock.Now()); err != nil { // they are told at the next try
		s.about(i).Warn("telling the operators of a channel that cannot be made", "error", err)
	}
}

// archive archives a room once all of its ticket is posted.
func (s *Sender) archive(ctx context.Context, i Item, r desk.Record) error {
	switch {
	case !i.Standing():
		return s.fail(ctx, i, i.obsolete("the ticket was over before its room was made"))
	case r.Unposted() && r.Card.Channel == i.Posted.Channel:
		return s.fail(ctx, i, i.later(archiveAgain, "messages are still to be posted there"))
	}
	if err := s.check(); err != nil {
		return s.fail(ctx, i, i.later(0, "it was not archived"))
	}
	err := s.Slack.Archive(ctx, i.Posted.Channel)
	if scope := slackapi.ScopeOf(err); err != nil && !slices.Contains([]slackapi.Scope{slackapi.Channel, slackapi.Gone}, scope) {
		return s.fail(ctx, i, i.again(reasonOf(err)))
	}
	return s.recordPosted(ctx, i, i.Posted)
}
