package desk

import (
	"context"
	"fmt"
)

// People knows who is who. Implementations are safe for concurrent use and
// answer from a cache where they can.
type People interface {
	Person(ctx context.Context, id string) (Person, error)
	// IsMember reports whether somebody is in the support channel. It asks nobody but
	// the cache.
	IsMember(ctx context.Context, id string) (bool, error)
}

// Person is somebody of the workspace, or a bot in it.
type Person struct {
	ID          string
	Name        string // how they are called; never empty
	Zone        string // IANA; empty if unknown
	Member      bool   // of the support channel: a mention there reaches them
	Responder   bool   // may claim and resolve; never true for bots, guests and externals
	Bot         bool
	Away        bool // their status says that they are not there
	Deactivated bool // their account is deactivated
	External    bool // they belong to another company

	Operator bool // runs the desk

	Squads []string // the names of the squads that they are in
	Leads  []string // the names of those that they lead
}

// CanRequest reports whether a ticket can be for this person.
func (p Person) CanRequest() bool { return !p.Bot && !p.Deactivated && !p.External }

// actor looks up the person who acts. The empty id is nobody: some events, such as a
// deletion, do not say who caused them.
func (d *Desk) actor(ctx context.Context, id string) (Person, error) {
	if id == "" {
		return Person{}, nil
	}
	p, err := d.people.Person(ctx, id)
	if err != nil {
		return Person{}, unavailable(fmt.Errorf("looking up the actor: %w", err))
	}
	return p, nil
}
