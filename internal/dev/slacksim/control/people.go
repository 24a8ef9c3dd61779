package control

import (
	"cmp"
	"fmt"

	"supporty/internal/dev/slacksim/workspace"
)

func createPerson(tx *workspace.Tx, p workspace.Person) (workspace.Person, error) {
	if p.Name == "" || tx.Person(p.Name) != nil {
		return workspace.Person{}, fmt.Errorf("a person needs a name that is free, not %q", p.Name)
	}
	p.Home, p.Modals, p.Notified = nil, nil, nil
	created := tx.AddPerson(p)
	tx.Journal.Add(workspace.Entry{Kind: workspace.KindPeople, What: "person created", User: created.ID})
	tx.TellUser(created, "team_join")
	return *created, nil
}

func createChannel(tx *workspace.Tx, c workspace.Channel) (workspace.Channel, error) {
	if c.Name == "" || tx.Channel(c.Name) != nil {
		return workspace.Channel{}, fmt.Errorf("a channel needs a name that is free, not %q", c.Name)
	}
	c.Messages, c.Ephemerals, c.IM, c.MPIM = nil, nil, false, false
	created := tx.AddChannel(c)
	tx.Journal.Add(workspace.Entry{Kind: workspace.KindPeople, What: "channel created", Channel: created.ID})
	return *created, nil
}

func setGroup(tx *workspace.Tx, g workspace.Usergroup) (workspace.Usergroup, error) {
	if g.Handle == "" {
		return workspace.Usergroup{}, fmt.Errorf("a user group needs a handle")
	}
	if old := tx.Group(cmp.Or(g.ID, g.Handle)); old != nil {
		old.Handle, old.Admins = g.Handle, g.Admins
		tx.Regroup(old, tx.IDs(g.Members), g.Disabled)
		return *old, nil
	}
	created := tx.AddGroup(g)
	tx.Journal.Add(workspace.Entry{Kind: workspace.KindPeople, What: "group created", Detail: created.ID})
	return *created, nil
}

// setBeliefs replaces all of them.
func setBeliefs(tx *workspace.Tx, b workspace.Beliefs) (workspace.Beliefs, error) {
	tx.Beliefs = b
	return b, nil
}
