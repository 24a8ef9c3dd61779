package ticket

// paused begins a pause. Only the owner can do that. A new pause replaces the present one: a
// second question, or a question while the ticket is on hold.
func (t Ticket) paused(e Entry) (Ticket, error) {
	state := StateWaiting
	if e.Kind == Held {
		state = StateOnHold
	}
	switch {
	case t.State.Ended():
		return t, t.ended()
	case !t.Owned():
		return t, Errorf(Conflict, "Nobody has %s. Claim it first.", t.Number)
	case t.Assignee != e.Actor:
		return t, Errorf(Conflict, "{name} has %s and says what it waits for. To take it over, use More, Hand over.", t.Number).About(t.Assignee)
	case t.State == state && t.Pause.asksAgain(e):
		return t, errSame
	}
	t.Pauses++
	t.State = state
	t.Pause = Pause{State: state, Number: t.Pauses, Since: e.HappenedAt, Inexact: e.Inexact, Question: e.Message, Text: e.Text, ReviewAt: e.ReviewAt}
	return t, nil
}

// asksAgain reports whether an entry asks for the present pause again: by another emoji on the
// same question, or with the same text.
func (p Pause) asksAgain(e Entry) bool {
	if p.Question != e.Message {
		return false
	}
	return p.Question != (Message{}) || p.Text == e.Text && p.ReviewAt.Equal(e.ReviewAt)
}

// resumed ends a pause that a person ends. If an emoji on a question is removed, only the wait
// for that question ends.
func (t Ticket) resumed(e Entry) (Ticket, error) {
	_, stands := t.standIn(e)
	switch {
	case t.State.Ended():
		return t, t.ended()
	case !t.Paused() || e.Gesture == ByEmoji && (stands || t.Pause.Question != e.Message):
		return t, errSame
	}
	return t.unpause(), nil
}

func (t Ticket) unpause() Ticket {
	t.Pause = Pause{}
	if t.Paused() {
		t.State = StateClaimed
	}
	return t
}

// amended changes the text of a question while the ticket waits for the answer.
func (t Ticket) amended(e Entry) Ticket {
	if t.waitsFor(e.Message) && e.Text != "" {
		t.Pause.Text = e.Text
	}
	return t
}

// retracted ends the wait for a question that was deleted: nobody can answer it any more.
func (t Ticket) retracted(e Entry) Ticket {
	if t.waitsFor(e.Message) {
		t = t.unpause()
	}
	return t
}

// waitsFor reports whether the ticket waits for the answer to a message.
func (t Ticket) waitsFor(m Message) bool {
	return t.State == StateWaiting && t.Pause.Question == m && m != (Message{})
}
