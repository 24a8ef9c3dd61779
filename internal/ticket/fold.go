package ticket

import (
	"errors"
	"slices"
)

// errSame marks an entry that asks for the ticket's present state. It changes nothing and is
// no mistake.
var errSame = errors.New("already so")

// Fold returns the ticket that results from a timeline, and the timeline in order. It sets
// Void on every entry that was not possible at its time, and clears it on every other. The
// given entries are not changed.
//
// The result depends only on the set of entries, not on their order. For that, at most one of
// several entries with the same time may be not stored yet.
func Fold(number Number, entries []Entry) (Ticket, []Entry) {
	timeline := append([]Entry(nil), entries...)
	Sort(timeline)
	t := Ticket{Number: number}
	for i := range timeline {
		var err error
		t, err = t.Apply(timeline[i])
		timeline[i].Void = reason(err)
	}
	return t.counted(timeline), timeline
}

// counted counts the replies that still stand, and the people who wrote them.
func (t Ticket) counted(timeline []Entry) Ticket {
	gone := map[Message]bool{}
	for _, e := range timeline {
		if e.Kind == Retracted && e.Void == "" {
			gone[e.Message] = true
		}
	}
	for _, e := range timeline {
		if e.Kind != Replied || e.Void != "" || gone[e.Message] {
			continue
		}
		t.Replies++
		if !slices.Contains(t.People, e.Actor) {
			t.People = append(t.People, e.Actor)
		}
		if !e.HappenedAt.After(t.EndedAt) {
			t.Took = Effort{Replies: t.Replies, People: len(t.People)}
		}
	}
	return t
}

func reason(err error) string {
	if Same(err) {
		return errSame.Error()
	}
	return string(CodeOf(err))
}

// Same reports whether err says that the ticket already has the requested state. Such a
// gesture is answered as if it had taken effect.
func Same(err error) bool { return errors.Is(err, errSame) }

// Apply returns the ticket after e. An error means that e is not possible in the ticket's
// state: it is a Conflict with a sentence for the actor, or Same holds for it. Then the ticket
// stays as it was, except Reactions. Apply does not check whether the actor may do it, unless
// the transition itself depends on the actor.
func (t Ticket) Apply(e Entry) (Ticket, error) {
	after, err := t.apply(e)
	return after.react(e), err
}

func (t Ticket) apply(e Entry) (Ticket, error) {
	if t.State == "" && e.Kind != Opened {
		return t, Errorf(Conflict, "%s was not opened yet.", t.Number)
	}
	transition, known := transitions[e.Kind]
	if !known {
		return t, Errorf(Invalid, "There is no such gesture.")
	}
	return transition(t, e)
}

// transitions has the effect of each kind of entry on a ticket.
var transitions = map[Kind]func(Ticket, Entry) (Ticket, error){
	Opened:        Ticket.opened,
	Claimed:       Ticket.claimed,
	PutBack:       Ticket.putBack,
	HandedOver:    Ticket.handedOver,
	Replied:       func(t Ticket, e Entry) (Ticket, error) { return t.replied(e).linked(e.Message, e.Links), nil },
	Amended:       func(t Ticket, e Entry) (Ticket, error) { return t.amended(e).linked(e.Message, e.Links), nil },
	Retracted:     func(t Ticket, e Entry) (Ticket, error) { return t.retracted(e).linked(e.Message, nil), nil },
	Edited:        Ticket.edited,
	Reprioritised: Ticket.reprioritised,
	Waited:        Ticket.paused,
	Held:          Ticket.paused,
	Resumed:       Ticket.resumed,
	Acknowledged:  func(t Ticket, e Entry) (Ticket, error) { return t, t.ownersWord(e) },
	Expected:      func(t Ticket, e Entry) (Ticket, error) { return t, t.ownersWord(e) },
	Escalated:     func(t Ticket, _ Entry) (Ticket, error) { return t.escalated() },
	Reached:       func(t Ticket, _ Entry) (Ticket, error) { return t.escalated() },
	Noted:         func(t Ticket, _ Entry) (Ticket, error) { return t, nil },
	Resolved:      Ticket.resolved,
	Undone:        Ticket.undone,
	Explained:     Ticket.explained,
	Closed:        Ticket.closed,
	Reopened:      Ticket.reopened,
	Withheld:      Ticket.withheld,
	Shown:         Ticket.withheld,
	Followed:      Ticket.followed,
	Unfollowed:    Ticket.followed,
	FoldedIn:      Ticket.foldedIn,
	Parted:        Ticket.parted,
	Agreed:        Ticket.consented,
	Declined:      Ticket.consented,
	MadePrivate:   Ticket.madePrivate,
	Redacted:      func(t Ticket, _ Entry) (Ticket, error) { return t, nil },
	Assessed:      Ticket.assessed,
	Classed:       Ticket.classed,
	Thanked:       Ticket.thanked,
	Unthanked:     Ticket.thanked,
	Rated:         Ticket.rated,
	Retargeted:    func(t Ticket, _ Entry) (Ticket, error) { return t.retargeted() },
}

func (t Ticket) opened(e Entry) (Ticket, error) {
	if t.State != "" {
		return t, Errorf(Conflict, "%s was opened already.", t.Number)
	}
	t = Ticket{
		Number: t.Number, Title: e.Title, Text: e.Text, Category: e.Category, Fields: Filled(e.Fields), Priority: e.Priority,
		State: StateOpen, Requester: e.Actor, Source: e.Message, Follows: e.Follows, Channel: e.Channel, Drill: e.Drill,
		Cycle: 1, OpenedAt: e.HappenedAt, StartedAt: e.HappenedAt,
	}
	if e.Requester != "" && e.Requester != e.Actor { // the filer is notified of the end
		t.Requester, t.Filer, t.Followers = e.Requester, e.Actor, []string{e.Actor}
	}
	if e.MakesPrivate {
		t.PrivateSince = e.HappenedAt
	}
	return t.regarded(e), nil
}

// madePrivate holds for good: what was private once is never shown to others again.
func (t Ticket) madePrivate(e Entry) (Ticket, error) {
	if t.Private() {
		return t, errSame
	}
	t.PrivateSince, t.PrivateBy = e.HappenedAt, e.Actor
	t.Reactions = nil // its new card has none
	t.Followers = slices.DeleteFunc(slices.Clone(t.Followers), func(p string) bool { return !slices.Contains(e.People, p) })
	return t, nil
}

func (t Ticket) claimed(e Entry) (Ticket, error) {
	switch {
	case t.State.Ended():
		return t, t.ended()
	case t.Assignee == e.Actor:
		return t, errSame
	case t.Owned():
		return t, Errorf(Conflict, "{name} already has %s. To take it over, ask them, or use More, Hand over.", t.Number).About(t.Assignee)
	}
	return t.own(e.Actor, e), nil
}

// own gives the ticket to a person. A pause goes on.
func (t Ticket) own(person string, e Entry) Ticket {
	if !t.Paused() {
		t.State = StateClaimed
	}
	t.Assignee, t.ClaimedAt, t.WroteAt = person, e.HappenedAt, zeroTime
	if t.RespondedAt.IsZero() {
		t.RespondedAt = e.HappenedAt
	}
	return t
}

func (t Ticket) putBack(e Entry) (Ticket, error) {
	switch {
	case t.State.Ended():
		return t, t.ended()
	case !t.Owned():
		return t, errSame
	case t.Assignee != e.Actor:
		return t, Errorf(Conflict, "{name} has %s and can put it back. To take it over, ask them, or use More, Hand over.", t.Number).About(t.Assignee)
	}
	if e.Gesture != ByEmoji {
		t = t.givenAway()
	} else if other, stands := t.standIn(e); stands {
		return t.passOn(other, e)
	}
	t.State, t.Assignee, t.ClaimedAt, t.WroteAt, t.Pause = StateOpen, "", zeroTime, zeroTime, Pause{}
	return t, nil
}

// passOn gives the ticket to a person whose emoji on the card still claims it, once the
// owner's is removed.
func (t Ticket) passOn(to Reaction, e Entry) (Ticket, error) {
	if to.Person == t.Assignee {
		return t, errSame
	}
	return t.own(to.Person, e), nil
}

func (t Ticket) handedOver(e Entry) (Ticket, error) {
	switch {
	case t.State.Ended():
		return t, t.ended()
	case t.Assignee == e.Assignee:
		return t, errSame
	}
	return t.givenAway().own(e.Assignee, e), nil
}

func (t Ticket) edited(e Entry) (Ticket, error) {
	fields := Refilled(t.Fields, e.Fields)
	if e.Title == t.Title && e.Text == t.Text && e.Category == t.Category && sameFields(fields, t.Fields) {
		return t, errSame
	}
	t.Title, t.Text, t.Category, t.Fields = e.Title, e.Text, e.Category, fields
	t = t.regarded(e)
	if e.MakesPrivate && !t.Private() {
		return t.madePrivate(e)
	}
	return t, nil
}

func (t Ticket) reprioritised(e Entry) (Ticket, error) {
	switch {
	case t.State.Ended():
		return t, t.ended()
	case t.Priority == e.Priority:
		return t, errSame
	}
	t.Priority = e.Priority
	return t, nil
}

// retargeted changes only the clocks. After its end a ticket has none that run.
func (t Ticket) retargeted() (Ticket, error) {
	if t.State.Ended() {
		return t, t.ended()
	}
	return t, nil
}

// ownersWord allows an entry to the owner only: an acknowledged warning, or the expected time.
// It changes nothing about the ticket itself.
func (t Ticket) ownersWord(e Entry) error {
	switch {
	case t.State.Ended():
		return t.ended()
	case !t.Owned():
		return Errorf(Conflict, "Nobody has %s. Claim it first.", t.Number)
	case t.Assignee != e.Actor:
		return Errorf(Conflict, "{name} has %s. To take it over, use More, Hand over.", t.Number).About(t.Assignee)
	}
	return nil
}

// escalated changes nothing about the ticket: others are called to it, or have heard.
func (t Ticket) escalated() (Ticket, error) {
	if t.State.Ended() {
		return t, t.ended()
	}
	return t, nil
}

func (t Ticket) withheld(e Entry) (Ticket, error) {
	if e.Kind == Shown && !t.Withheld {
		return t, errSame
	}
	t.Withheld = e.Kind == Withheld // a card that withholds its text can be deleted again
	if t.Withheld {
		t.Reactions = nil // the new card has none
	}
	return t, nil
}

func (t Ticket) ended() error {
	return Errorf(Conflict, "%s is already %s. Reopen it first.", t.Number, t.State)
}
