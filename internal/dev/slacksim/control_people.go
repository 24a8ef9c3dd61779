package slacksim

import (
	"cmp"
	"fmt"
)

func createPerson(tx *Tx, p Person) (Person, error) {
	if p.Name == "" || tx.person(p.Name) != nil {
		return Person{}, fmt.Errorf("a person needs a name that is free, not %q", p.Name)
	}
	p.Home, p.Modals, p.Notified = nil, nil, nil
	created := tx.addPerson(p)
	tx.journal.add(Entry{Kind: KindPeople, What: "person created", User: created.ID})
	tx.tellUser(created, "team_join")
	return *created, nil
}

func createChannel(tx *Tx, c Channel) (Channel, error) {
	if c.Name == "" || tx.channel(c.Name) != nil {
		return Channel{}, fmt.Errorf("a channel needs a name that is free, not %q", c.Name)
	}
	c.Messages, c.Ephemerals, c.IM, c.MPIM = nil, nil, false, false
	created := tx.addChannel(c)
	tx.journal.add(Entry{Kind: KindPeople, What: "channel created", Channel: created.ID})
	return *created, nil
}

func setGroup(tx *Tx, g Usergroup) (Usergroup, error) {
	if g.Handle == "" {
		return Usergroup{}, fmt.Errorf("a user group needs a handle")
	}
	if old := tx.group(cmp.Or(g.ID, g.Handle)); old != nil {
		old.Handle = g.Handle
		tx.regroup(old, tx.ids(g.Members), g.Disabled)
		return *old, nil
	}
	created := tx.addGroup(g)
	tx.journal.add(Entry{Kind: KindPeople, What: "group created", Detail: created.ID})
	return *created, nil
}

// setBeliefs replaces all of them.
func setBeliefs(tx *Tx, b Beliefs) (Beliefs, error) {
	tx.beliefs = b
	return b, nil
}
