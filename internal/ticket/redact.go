package ticket

// Redacted is the ticket as people may read it: without its words while they are withheld,
// for a secret may stand in any of them. What says who does what stays.
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
