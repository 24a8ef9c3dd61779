package desk

import "supporty/internal/ticket"

// Written is what somebody wrote about a ticket. It is kept only where it has to
// stand on the other side of the conversation as well: of everything else the desk
// records who wrote and when, never what.
type Written struct {
	Message ticket.Message // where it was written
	Private bool           // to the bot, and not in the ticket's own thread
	Text    string         // plain text
}

// words are what was written, by message.
type words map[ticket.Message]Written

func (w Written) words() words {
	w.Text = clean(w.Text)
	return words{w.Message: w}
}
