package ticket

// WithoutWithheld is the ticket as people may read it. While its text is withheld, all text is left
// out, because any of it may contain a secret. States, people and times stay.
func (t Ticket) WithoutWithheld() Ticket {
	if !t.Withheld {
		return t
	}
	t.Title, t.Text, t.Fields = "", "", nil
	if t.Pause.State == StateWaiting {
		t.Pause.Text = "" // the question
	}
	return t
}
