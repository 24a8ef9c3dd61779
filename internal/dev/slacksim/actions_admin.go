package slacksim

import (
	"fmt"
	"slices"
)

func (s *Server) joinChannel(p *Person, a Action) (Outcome, error) {
	c := s.ws.channel(a.Channel)
	if c == nil || c.Private || c.direct() || c.Archived {
		return Outcome{}, fmt.Errorf("%q cannot be joined", a.Channel)
	}
	s.ws.join(c, p.ID, "")
	return Outcome{}, nil
}

func (s *Server) leaveChannel(p *Person, a Action) (Outcome, error) {
	c, err := s.place(p, a.Channel)
	if err != nil {
		return Outcome{}, err
	}
	if c.direct() {
		return Outcome{}, fmt.Errorf("nobody can leave a direct message")
	}
	s.ws.leave(c, p.ID)
	return Outcome{}, nil
}

// invite adds somebody, the bot included, to a channel that one is in.
func (s *Server) invite(p *Person, a Action) (Outcome, error) {
	c, guest, err := s.member(p, a)
	if err != nil {
		return Outcome{}, err
	}
	s.ws.join(c, guest.ID, p.ID)
	return Outcome{}, nil
}

func (s *Server) kick(p *Person, a Action) (Outcome, error) {
	c, guest, err := s.member(p, a)
	if err != nil {
		return Outcome{}, err
	}
	s.ws.leave(c, guest.ID)
	return Outcome{}, nil
}

func (s *Server) member(p *Person, a Action) (*Channel, *Person, error) {
	c, err := s.place(p, a.Channel)
	if err != nil {
		return nil, nil, err
	}
	guest := s.ws.person(a.Person)
	if c.direct() {
		return nil, nil, fmt.Errorf("who is in a direct message does not change")
	}
	if guest == nil {
		return nil, nil, fmt.Errorf("nobody is called %q", a.Person)
	}
	return c, guest, nil
}

func (s *Server) archive(p *Person, a Action) (Outcome, error)   { return s.setArchived(p, a, true) }
func (s *Server) unarchive(p *Person, a Action) (Outcome, error) { return s.setArchived(p, a, false) }

func (s *Server) setArchived(p *Person, a Action, archived bool) (Outcome, error) {
	c := s.ws.channel(a.Channel)
	if c == nil || c.direct() {
		return Outcome{}, fmt.Errorf("there is no channel %q", a.Channel)
	}
	s.ws.archive(c, p.ID, archived)
	return Outcome{}, nil
}

func (s *Server) rename(_ *Person, a Action) (Outcome, error) {
	c := s.ws.channel(a.Channel)
	if c == nil || c.direct() || a.Name == "" {
		return Outcome{}, fmt.Errorf("%q cannot be renamed to %q", a.Channel, a.Name)
	}
	s.ws.rename(c, a.Name)
	return Outcome{}, nil
}

func (s *Server) deactivate(p *Person, _ Action) (Outcome, error) {
	s.ws.alter(p, "deactivated", func(p *Person) { p.Deactivated = true })
	return Outcome{}, nil
}

func (s *Server) reactivate(p *Person, _ Action) (Outcome, error) {
	s.ws.alter(p, "reactivated", func(p *Person) { p.Deactivated = false })
	return Outcome{}, nil
}

func (s *Server) makeGuest(p *Person, a Action) (Outcome, error) {
	s.ws.alter(p, "guest", func(p *Person) { p.Restricted = a.Guest })
	return Outcome{}, nil
}

// formerUser and formerBot are who the app was before it was created anew.
const (
	formerUser = "U0FORMER"
	formerBot  = "B0FORMER"
)

// recreateApp makes all that the app has written another's, and takes it out of its direct
// messages: those with the new one are other conversations.
func (s *Server) recreateApp(_ *Person, _ Action) (Outcome, error) {
	for _, c := range s.ws.channels {
		if i := slices.Index(c.Members, s.ws.bot.user); c.direct() && i >= 0 {
			c.Members = slices.Clone(c.Members)
			c.Members[i] = formerUser
		}
		for i, m := range c.Messages {
			if m.BotID == s.ws.bot.bot {
				theirs := *m
				theirs.User, theirs.BotID = formerUser, formerBot
				c.Messages[i] = &theirs
			}
		}
	}
	s.ws.journal.add(Entry{Kind: KindPeople, What: "app created anew"})
	return Outcome{}, nil
}

// setStatus sets text, emoji and presence; "" clears a text or emoji and leaves
// the presence.
func (s *Server) setStatus(p *Person, a Action) (Outcome, error) {
	s.ws.alter(p, "status", func(p *Person) {
		p.StatusText, p.StatusEmoji = a.StatusText, a.StatusEmoji
		if a.Presence != "" {
			p.Presence = a.Presence
		}
	})
	return Outcome{}, nil
}
