package ticket

import "slices"

// Reaction is an emoji with a sign that still stands: on the present card, or on a question in
// its thread. It also stands if its gesture was not possible when it was added.
type Reaction struct {
	Asks    Kind // what its sign means
	Person  string
	Emoji   string
	Message Message // the question; zero for the card
}

// reaction is the emoji that an entry adds or removes.
func (e Entry) reaction() Reaction {
	r := Reaction{Asks: e.Kind, Person: e.Actor, Emoji: e.Emoji, Message: e.Message}
	if asked := takes(e.Kind); asked != "" {
		r.Asks = asked
	}
	return r
}

// react notes which emoji stand after an entry, even if the entry is void.
func (t Ticket) react(e Entry) Ticket {
	if e.Gesture != ByEmoji {
		return t
	}
	r := e.reaction()
	t = t.forget(func(o Reaction) bool { return o == r })
	if SignOf(e.Kind).Added != "" {
		t.Reactions = append(slices.Clip(t.Reactions), r)
	}
	return t
}

// forget drops the emoji that drop returns true for.
func (t Ticket) forget(drop func(Reaction) bool) Ticket {
	var kept []Reaction
	for _, r := range t.Reactions {
		if !drop(r) {
			kept = append(kept, r)
		}
	}
	t.Reactions = kept
	return t
}

// givenAway drops the owner's claim emoji. After an owner has given the ticket away by another
// gesture, or lost it, the emoji does not claim it any more.
func (t Ticket) givenAway() Ticket {
	owner := t.Assignee
	return t.forget(func(r Reaction) bool { return r.Asks == Claimed && r.Person == owner })
}

// standIn returns an emoji that stands with the same meaning as the removed one: another one
// of the same person, or else the first of other people.
func (t Ticket) standIn(e Entry) (Reaction, bool) {
	gone := e.reaction()
	asks := func(r Reaction) bool { return r.Asks == gone.Asks && r.Message == gone.Message && r != gone }
	own := func(r Reaction) bool { return asks(r) && r.Person == gone.Person }
	for _, wanted := range []func(Reaction) bool{own, asks} {
		if i := slices.IndexFunc(t.Reactions, wanted); i >= 0 {
			return t.Reactions[i], true
		}
	}
	return Reaction{}, false
}
