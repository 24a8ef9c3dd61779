package slackview

import (
	"context"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

func isPublic(t ticket.Ticket) bool { return !t.Private() }

func hasRooms(p FormParams, _ ticket.Ticket) bool { return p.Rooms }

// noRooms says what is missing for private tickets.
func noRooms() error {
	return ticket.Errorf(ticket.Conflict, "I may not make private channels here. Who runs me can let me: `supporty manifest --private` prints what the app needs.")
}

func openMakePrivate(ctx context.Context, d *desk.Desk, o Opening) (Modal, error) {
	r, err := d.Read(ctx, o.Ticket, o.Person)
	switch {
	case err != nil:
		return Modal{}, err
	case r.Ticket.Private():
		return Modal{}, ticket.Errorf(ticket.Conflict, "%s is private already.", r.Ticket.Number)
	case !o.Params.Rooms:
		return Modal{}, noRooms()
	}
	return PrivateForm(r, o.Scene), nil
}

func sendMakePrivate(ctx context.Context, d *desk.Desk, by desk.Gesture, _ State, p FormParams) (desk.Record, error) {
	if !p.Rooms {
		return desk.Record{}, noRooms()
	}
	return d.MakePrivate(ctx, by)
}

// PrivateForm says what happens if a ticket is made private, before it does.
func PrivateForm(r desk.Record, s Scene) Modal {
	t := r.Ticket
	sure := &slack.CheckboxGroupsBlockElement{Type: slack.METCheckboxGroups, ActionID: inputID(desk.FieldSure), Options: []*slack.OptionBlockObject{
		option("yes", "It stays private for good"),
	}}
	return modal(FormMakePrivate, fmt.Sprintf("Make %s private", t.Number), "Make private", Metadata{Ticket: t.Number},
		section(lines(
			"• "+whereItLives(r, s),
			"• What I posted about it elsewhere is deleted: its card, its thread, and direct messages to others.",
			whatIsPostedAnew(r, s),
			"• Messages of people I cannot delete. You get a list of them, and their authors are asked to delete them.",
			whoHearsNothing(t),
		)),
		input(desk.FieldSure, "This cannot be undone", sure),
	)
}

// whereItLives tells who reads the ticket once it is private, and where.
func whereItLives(r desk.Record, s Scene) string {
	t := r.Ticket
	people := []string{s.name(t.Requester) + ", who asked"}
	if t.Owned() {
		people = append(people, s.name(t.Assignee)+", who has it")
	}
	who := fmt.Sprintf("Only %s, those whom the settings name for %s, and you read it from now on",
		strings.Join(people, ", "), slackformat.Escape(slackformat.OneLine(t.Category)))
	if !r.LivesOn(s.Now) {
		return who + ", by its number: it ended more than 7 days ago, so it gets no channel."
	}
	return who + fmt.Sprintf(", in a private channel of its own, #%s.", desk.RoomName(desk.Notice{Ticket: t.Number}))
}

// earlierRooms names the channels in which a private ticket lived before it was reopened. Who was
// there can still read them.
func earlierRooms(r desk.Record) string {
	var rooms []string
	for _, id := range r.EarlierRooms() {
		rooms = append(rooms, channelMention(id))
	}
	if len(rooms) == 0 {
		return ""
	}
	return "before it was reopened: " + strings.Join(rooms, ", ")
}

func whatIsPostedAnew(r desk.Record, s Scene) string {
	if !r.LivesOn(s.Now) {
		return ""
	}
	return "• What people wrote to me in private, and I repeated in the thread, is posted anew in its channel. What they wrote in the thread is not."
}

func whoHearsNothing(t ticket.Ticket) string {
	if t.Following() == 0 {
		return ""
	}
	return "• Who follows it, and may not read it any more, hears nothing more of it."
}
