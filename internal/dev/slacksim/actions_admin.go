package slacksim

import (
	"fmt"
	"slices"
)

func joinChannel(tx *Tx, p *Person, a Action) (Outcome, error) {
	c := tx.channel(a.Channel)
	if c == nil || c.Private || c.direct() || c.Archived {
		return Outcome{}, fmt.Errorf("%q cannot be joined", a.Channel)
	}
	tx.join(c, p.ID, "")
	return Outcome{}, nil
}

func leaveChannel(tx *Tx, p *Person, a Action) (Outcome, error) {
	c, err := place(tx, p, a.Channel)
	if err != nil {
		return Outcome{}, err
	}
	if c.direct() {
		return Outcome{}, fmt.Errorf("nobody can leave a direct message")
	}
	tx.leave(c, p.ID)
	return Outcome{}, nil
}

// invite adds somebody, the bot included, to a channel that one is in.
func invite(tx *Tx, p *Person, a Action) (Outcome, error) {
	c, guest, err := member(tx, p, a)
	if err != nil {
		return Outcome{}, err
	}
	tx.join(c, guest.ID, p.ID)
	return Outcome{}, nil
}

func kick(tx *Tx, p *Person, a Action) (Outcome, error) {
	c, guest, err := member(tx, p, a)
	if err != nil {
		return Outcome{}, err
	}
	tx.leave(c, guest.ID)
	return Outcome{}, nil
}

func member(tx *Tx, p *Person, a Action) (*Channel, *Person, error) {
	c, err := place(tx, p, a.Channel)
	if err != nil {
		return nil, nil, err
	}
	guest := tx.person(a.Person)
	if c.direct() {
		return nil, nil, fmt.Errorf("who is in a direct message does not change")
	}
	if guest == nil {
		return nil, nil, fmt.Errorf("nobody is called %q", a.Person)
	}
	return c, guest, nil
}

func archive(tx *Tx, p *Person, a Action) (Outcome, error) {
	return setArchived(tx, p, a, true)
}
func unarchive(tx *Tx, p *Person, a Action) (Outcome, error) {
	return setArchived(tx, p, a, false)
}

func setArchived(tx *Tx, p *Person, a Action, archived bool) (Outcome, error) {
	c := tx.channel(a.Channel)
	if c == nil || c.direct() {
		return Outcome{}, fmt.Errorf("there is no channel %q", a.Channel)
	}
	tx.archive(c, p.ID, archived)
	return Outcome{}, nil
}

func rename(tx *Tx, _ *Person, a Action) (Outcome, error) {
	c := tx.channel(a.Channel)
	if c == nil || c.direct() || a.Name == "" {
		return Outcome{}, fmt.Errorf("%q cannot be renamed to %q", a.Channel, a.Name)
	}
	tx.rename(c, a.Name)
	return Outcome{}, nil
}

func deactivate(tx *Tx, p *Person, _ Action) (Outcome, error) {
	tx.alter(p, "deactivated", func(p *Person) { p.Deactivated = true })
	return Outcome{}, nil
}

func reactivate(tx *Tx, p *Person, _ Action) (Outcome, error) {
	tx.alter(p, "reactivated", func(p *Person) { p.Deactivated = false })
	return Outcome{}, nil
}

func makeGuest(tx *Tx, p *Person, a Action) (Outcome, error) {
	tx.alter(p, "guest", func(p *Person) { p.Restricted = a.Guest })
	return Outcome{}, nil
}

// formerUser and formerBot are who the app was before it was created anew.
const (
	formerUser = "U0FORMER"
	formerBot  = "B0FORMER"
)

// recreateApp makes all that the app has written another's, and takes it out of its direct
// messages: those with the new one are other conversations.
func recreateApp(tx *Tx, _ *Person, _ Action) (Outcome, error) {
	for _, c := range tx.channels {
		if i := slices.Index(c.Members, tx.bot.user); c.direct() && i >= 0 {
			c.Members = slices.Clone(c.Members)
			c.Members[i] = formerUser
		}
		for i, m := range c.Messages {
			if m.BotID == tx.bot.bot {
				theirs := *m
				theirs.User, theirs.BotID = formerUser, formerBot
				c.Messages[i] = &theirs
			}
		}
	}
	tx.journal.add(Entry{Kind: KindPeople, What: "app created anew"})
	return Outcome{}, nil
}

// setStatus sets text, emoji and presence; "" clears a text or emoji and leaves
// the presence.
func setStatus(tx *Tx, p *Person, a Action) (Outcome, error) {
	tx.alter(p, "status", func(p *Person) {
		p.StatusText, p.StatusEmoji = a.StatusText, a.StatusEmoji
		if a.Presence != "" {
			p.Presence = a.Presence
		}
	})
	return Outcome{}, nil
}
