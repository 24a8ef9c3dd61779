package desk

import (
	"strings"

	"supporty/internal/ticket"
)

// roleOf returns the role of a person in a ticket.
func roleOf(p Person, t ticket.Ticket) ticket.Role {
	switch {
	case p.ID == t.Requester:
		return ticket.RoleRequester
	case p.ID != "" && p.ID == t.Assignee:
		return ticket.RoleOwner
	case p.In(t.Channel).Responder:
		return ticket.RoleResponder
	}
	return ticket.RoleOther
}

// MayRead reports whether a person may see a ticket. Members of the channel in which it lives
// see it, and who answers there; everybody else sees what they asked for.
func MayRead(p Person, t ticket.Ticket) bool {
	return p.reads(p.In(t.Channel)) || p.ID != "" && (p.ID == t.Requester || p.ID == t.Filer || p.ID == t.Assignee)
}

// permit returns an error if the person may not do what the entry records. Whether the
// ticket's state allows it is decided by the fold.
func permit(e ticket.Entry, p Person, t ticket.Ticket) error {
	responder := p.In(t.Channel).Responder
	requester, owner, filer := p.ID == t.Requester, p.ID != "" && p.ID == t.Assignee, p.ID != "" && p.ID == t.Filer
	switch e.Kind {
	case ticket.Claimed, ticket.HandedOver:
		return allowIn(t, responder, "Only people who answer in the support channel can take a ticket.")
	case ticket.PutBack:
		return allowIn(t, responder, "Only people who answer in the support channel can put a ticket back.")
	case ticket.Reprioritised:
		if err := allowIn(t, responder, "Only people who answer in the support channel can change the priority."); err != nil {
			return err
		}
		return needReason(e, t)
	case ticket.Reopened:
		folded := p.ID != "" && t.FoldOf(p.ID) != (ticket.FoldedTicket{})
		return allowIn(t, responder || requester || folded, "Only {name}, who asked, and people who answer in the support channel can do that.", t.Requester)
	case ticket.Resolved, ticket.Undone, ticket.Explained, ticket.Closed:
		return allowIn(t, responder || requester, "Only {name}, who asked, and people who answer in the support channel can do that.", t.Requester)
	case ticket.Edited:
		return allow(requester || owner || filer, "Only {name}, who asked, and the owner can edit the ticket.", t.Requester)
	case ticket.Acknowledged, ticket.Expected:
		return allowIn(t, responder, "Only people who answer in the support channel can do that.")
	case ticket.Waited, ticket.Held:
		return allowIn(t, responder, "Only people who answer in the support channel can pause a ticket.")
	case ticket.Resumed, ticket.Escalated:
		return allowIn(t, responder || requester, "Only {name}, who asked, and people who answer in the support channel can do that.", t.Requester)
	case ticket.Redacted:
		return allow(requester || owner || filer || p.Operator, "Only {name}, who asked, the owner and operators can redact something.", t.Requester)
	case ticket.Replied:
		if e.Saved {
			return allowIn(t, responder, "Only people who answer in the support channel can post saved answers.")
		}
		return allow(!p.Bot, "Only people's replies are counted.")
	case ticket.Followed: // grants no right to read it
		return allowIn(t, MayRead(p, t), "People in the support channel can follow tickets. Ask there to be let in, and follow it then.")
	case ticket.Noted:
		return allowIn(t, MayRead(p, t), "Only people in the support channel, and who asked for the ticket, can note something about it.")
	case ticket.Opened, ticket.FoldedIn, ticket.Parted, ticket.Unfollowed, ticket.Agreed, ticket.Declined, ticket.Withheld, ticket.Retargeted, ticket.Amended, ticket.Retracted: // whoever is there may, or did
	case ticket.Shown:
		return allow(requester, "Only {name}, who asked, can show the text again.", t.Requester)
	}
	return nil
}

// allowIn is allow, with a sentence about the channel of the ticket.
func allowIn(t ticket.Ticket, permitted bool, sentence string, about ...string) error {
	return allow(permitted, inChannelOf(t, sentence), about...)
}

// inChannelOf returns a sentence that speaks of the support channel. If the ticket lives
// elsewhere, it speaks of the ticket's channel.
func inChannelOf(t ticket.Ticket, sentence string) string {
	if t.Channel == "" {
		return sentence
	}
	return strings.ReplaceAll(sentence, "the support channel", "the channel of this ticket")
}

func needReason(e ticket.Entry, t ticket.Ticket) error {
	if e.Priority > t.Priority && e.Note == "" {
		return ticket.Errorf(ticket.Invalid, "Say why it can wait: the requester will read it.").At(FieldReason)
	}
	return nil
}

func allow(permitted bool, sentence string, about ...string) error {
	if permitted {
		return nil
	}
	err := ticket.Errorf(ticket.Forbidden, "%s", sentence)
	if len(about) > 0 {
		err = err.About(about[0])
	}
	return err
}
