package ticket

// paused begins a pause, of which only the owner can say that it is one. Another
// pause takes the place of the one that lasts: a second question, or a question
// about what it was on hold for.
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
	case t.State == state && t.Pause.Question == e.Message && t.Pause.Text == e.Text && t.Pause.ReviewAt.Equal(e.ReviewAt):
		return t, errSame
	}
	t.Pauses++
	t.State = state
	t.Pause = Pause{State: state, Number: t.Pauses, Since: e.HappenedAt, Inexact: e.Inexact, Question: e.Message, Text: e.Text, ReviewAt: e.ReviewAt}
	return t, nil
}

// resumed ends a pause by hand. Taking back the emoji on a question ends only
// the wait for that question.
func (t Ticket) resumed(e Entry) (Ticket, error) {
	switch {
	case t.State.Ended():
		return t, t.ended()
	case !t.Paused() || e.Gesture == ByEmoji && t.Pause.Question != e.Message:
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
