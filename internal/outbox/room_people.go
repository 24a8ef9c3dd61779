package outbox

import (
	"context"
	"fmt"
	"slices"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/ticket"
)

// Who belongs in a room changes with the ticket, with the settings, with a user group, and when
// somebody leaves the company. Whom the bot has invited is stored with the room, so that it removes
// those alone, and does not invite again who has left by themselves.

// StandingRoom is a room that stands, and what decides who belongs in it.
type StandingRoom struct {
	ID      string // of its row
	Channel string
	Ticket  ticket.Ticket
	Brought []string
}

// FollowRooms has each room kept anew in which not those are whom it should have. Who is told of
// somebody that comes or goes, Slack decides.
func (s *Sender) FollowRooms(ctx context.Context) error {
	rooms, err := s.Store.StandingRooms(ctx)
	if err != nil {
		return err
	}
	var changed []string
	for _, room := range rooms {
		wanted, err := s.peopleOf(ctx, room.Ticket)
		if err != nil {
			return err
		}
		if !slices.Equal(room.Brought, wanted) {
			changed = append(changed, room.ID)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	defer s.Wake()
	return s.Store.KeepRooms(ctx, changed)
}

// peopleOf are those who belong in a ticket's room, in order: its own people, but who has left the
// company.
func (s *Sender) peopleOf(ctx context.Context, t ticket.Ticket) ([]string, error) {
	people := s.composer.Load().People
	entrusted, err := people.EntrustedWith(ctx, t.Category)
	if err != nil {
		return nil, fmt.Errorf("looking up the people of a category: %w", err)
	}
	var wanted []string
	for _, id := range (desk.Record{Ticket: t}).RoomPeople(entrusted) {
		p, err := people.Person(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("looking up who belongs in a room: %w", err)
		}
		if !p.Deactivated {
			wanted = append(wanted, id)
		}
	}
	return wanted, nil
}

// bringPeople invites the people of a ticket into its room, and removes those it has invited and
// who belong there no more. If nobody is left, the operators are told.
func (s *Sender) bringPeople(ctx context.Context, i Item, r desk.Record, room string) error {
	wanted, err := s.peopleOf(ctx, r.Ticket)
	if err != nil {
		return err
	}
	if err := s.invite(ctx, i, room, without(wanted, i.Brought)); err != nil {
		return err
	}
	if err := s.remove(ctx, i, room, without(i.Brought, wanted)); err != nil {
		return err
	}
	if len(wanted) == 0 {
		s.tellOperatorsOfRoom(ctx, i, desk.NobodyLeft)
	}
	if slices.Equal(i.Brought, wanted) {
		return nil
	}
	// If that cannot be recorded, it is done again.
	return unlessOvertaken(s.persist(ctx, func(ctx context.Context) error { return s.Store.RecordBrought(ctx, i, wanted) }))
}

// invite invites people. Who cannot come, such as a guest, is not in the room: a requester then
// follows the ticket in direct messages.
func (s *Sender) invite(ctx context.Context, i Item, room string, people []string) error {
	if len(people) == 0 {
		return nil
	}
	refused, err := s.Slack.Invite(ctx, room, people)
	if err != nil {
		return err
	}
	for _, person := range people {
		if why, out := refused[person]; out {
			s.about(i).Warn("somebody cannot come into the channel of a private ticket", "person", person, "reason", why)
			continue
		}
		if err := s.noteIn(ctx, room, person, true); err != nil {
			return err
		}
	}
	return nil
}

// remove removes people. If the workspace does not let the bot do that, they stay, and the
// operators have to remove them.
func (s *Sender) remove(ctx context.Context, i Item, room string, people []string) error {
	for _, person := range people {
		err := s.Slack.RemoveMember(ctx, room, person)
		switch slackapi.ScopeOf(err) {
		case slackapi.Temporary, slackapi.Unsure, slackapi.Limited, slackapi.Workspace:
			return err
		case slackapi.Call:
			s.about(i).Error("Slack does not let somebody be removed from the channel of a private ticket; remove them there", "person", person, "error", err)
			if err := s.tellStaysInside(ctx, i, person); err != nil {
				return err
			}
			continue
		default: // they are not in it
		}
		if err := s.noteIn(ctx, room, person, false); err != nil {
			return err
		}
	}
	return nil
}

// tellStaysInside tells the operators. It is tried with the room, because nothing else would: the
// room has no more to do with who was to be removed.
func (s *Sender) tellStaysInside(ctx context.Context, i Item, person string) error {
	c := s.composer.Load()
	return c.Desk.TellStaysInside(ctx, i.Notice, person, c.Operators, s.Clock.Now())
}

func (s *Sender) noteIn(ctx context.Context, room, person string, in bool) error {
	if err := s.composer.Load().People.Joined(ctx, room, person, in); err != nil {
		return fmt.Errorf("noting who is in a room: %w", err)
	}
	return nil
}

// without returns those of some people who are not among others.
func without(some, others []string) []string {
	return slices.DeleteFunc(slices.Clone(some), func(p string) bool { return slices.Contains(others, p) })
}
