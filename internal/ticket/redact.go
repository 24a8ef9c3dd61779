package ticket

// Redacted is the ticket as people may read it: without its words while they are
// withheld, because any of them may hold a secret. States, people and times stay.
func (t Ticket) Redacted() Ticket {
	if !t.Withheld {
		return t
	}
	t.Title, t.Text = "", ""
	if t.Pause.State == StateWaiting {
		t.Pause.Text = "" // the question
	}
	return t
}
