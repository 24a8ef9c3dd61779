package slackview

import (
	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
)

// OfferID is the action_id of the button of Offer. Its value is the ts of the message.
const OfferID = "offer"

// Offer asks the author of a message whether to open a ticket from it.
func Offer(n desk.Notice) slackformat.Message {
	return say("Make this a ticket?", slack.NewButtonBlockElement(OfferID, n.Thread.TS, plain("Yes, open the form")))
}

// filedAtOnce tells the author of a message that it was filed, and offers to correct the
// ticket.
func filedAtOnce(r desk.Record, s Scene) slackformat.Message {
	m, n := Filed(r, r.Card.Channel, s), r.Ticket.Number
	m.Blocks = withButtons(m.Blocks, []slack.BlockElement{buttonSaying(ActionEdit, "Edit", n), button(ActionNotATicket, n)})
	return m
}
