package people

import (
	"fmt"
	"slices"

	"supporty/internal/dev/slacksim/workspace"
)

func joinChannel(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	c := tx.Channel(a.Channel)
	if c == nil || c.Private || c.Direct() || c.Archived {
		return Outcome{}, fmt.Errorf("%q cannot be joined", a.Channel)
	}
	tx.Join(c, p.ID, "")
	return Outcome{}, nil
}

func leaveChannel(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	c, err := place(tx, p, a.Channel)
	if err != nil {
		return Outcome{}, err
	}
	if c.Direct() {
		return Outcome{}, fmt.Errorf("nobody can leave a direct message")
	}
	tx.Leave(c, p.ID)
	return Outcome{}, nil
}

// invite adds somebody, the bot included, to a channel that one is in.
func invite(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	c, guest, err := member(tx, p, a)
	if err != nil {
		return Outcome{}, err
	}
	tx.Join(c, guest.ID, p.ID)
	return Outcome{}, nil
}

func kick(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	c, guest, err := member(tx, p, a)
	if err != nil {
		return Outcome{}, err
	}
	tx.Leave(c, guest.ID)
	return Outcome{}, nil
}

func member(tx *workspace.Tx, p *workspace.Person, a Action) (*workspace.Channel, *workspace.Person, error) {
	c, err := place(tx, p, a.Channel)
	if err != nil {
		return nil, nil, err
	}
	guest := tx.Person(a.Person)
	if c.Direct() {
		return nil, nil, fmt.Errorf("who is in a direct message does not change")
	}
	if guest == nil {
		return nil, nil, fmt.Errorf("nobody is called %q", a.Person)
	}
	return c, guest, nil
}

func archive(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	return setArchived(tx, p, a, true)
}
func unarchive(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	return setArchived(tx, p, a, false)
}

func setArchived(tx *workspace.Tx, p *workspace.Person, a Action, archived bool) (Outcome, error) {
	c := tx.Channel(a.Channel)
	if c == nil || c.Direct() {
		return Outcome{}, fmt.Errorf("there is no channel %q", a.Channel)
	}
	tx.Archive(c, p.ID, archived)
	return Outcome{}, nil
}

func rename(tx *workspace.Tx, _ *workspace.Person, a Action) (Outcome, error) {
	c := tx.Channel(a.Channel)
	if c == nil || c.Direct() || a.Name == "" {
		return Outcome{}, fmt.Errorf("%q cannot be renamed to %q", a.Channel, a.Name)
	}
	tx.Rename(c, a.Name)
	return Outcome{}, nil
}

func deactivate(tx *workspace.Tx, p *workspace.Person, _ Action) (Outcome, error) {
	tx.Alter(p, "deactivated", func(p *workspace.Person) { p.Deactivated = true })
	return Outcome{}, nil
}

func reactivate(tx *workspace.Tx, p *workspace.Person, _ Action) (Outcome, error) {
	tx.Alter(p, "reactivated", func(p *workspace.Person) { p.Deactivated = false })
	return Outcome{}, nil
}

func makeGuest(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	tx.Alter(p, "guest", func(p *workspace.Person) { p.Restricted = a.Guest })
	return Outcome{}, nil
}

// formerUser and formerBot are who the app was before it was created anew.
const (
	formerUser = "U0FORMER"
	formerBot  = "B0FORMER"
)

// recreateApp makes all that the app has written another's, and takes it out of its direct
// messages: those with the new one are other conversations.
func recreateApp(tx *workspace.Tx, _ *workspace.Person, _ Action) (Outcome, error) {
	for _, c := range tx.Channels {
		if i := slices.Index(c.Members, tx.Bot.User); c.Direct() && i >= 0 {
			c.Members = slices.Clone(c.Members)
			c.Members[i] = formerUser
		}
		for i, m := range c.Messages {
			if m.BotID == tx.Bot.ID {
				theirs := *m
				theirs.User, theirs.BotID = formerUser, formerBot
				c.Messages[i] = &theirs
			}
		}
	}
	tx.Journal.Add(workspace.Entry{Kind: workspace.KindPeople, What: "app created anew"})
	return Outcome{}, nil
}

// setStatus sets text, emoji and presence; "" clears a text or emoji and leaves
// the presence.
func setStatus(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	tx.Alter(p, "status", func(p *workspace.Person) {
		p.StatusText, p.StatusEmoji = a.StatusText, a.StatusEmoji
		if a.Presence != "" {
			p.Presence = a.Presence
		}
	})
	return Outcome{}, nil
}
