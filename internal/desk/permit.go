package desk

import (
	"cmp"
	"slices"
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
	case responds(p, t):
		return ticket.RoleResponder
	}
	return ticket.RoleOther
}

// responds reports whether a person may claim and resolve a ticket.
func responds(p Person, t ticket.Ticket) bool {
	if t.Private() {
		return p.Answers() && MayRead(p, t)
	}
	return p.In(t.Channel).Responder
}

// MayRead reports whether a person may see a ticket. Members of the channel in which it lives
// see it, and who answers there; everybody else sees what they asked for. A private ticket is
// for who asked for it, has it or made it private, and for the people of its category.
func MayRead(p Person, t ticket.Ticket) bool {
	is := func(id string) bool { return p.ID != "" && p.ID == id }
	if t.Private() {
		return is(t.Requester) || is(t.Assignee) || is(t.PrivateBy) || slices.Contains(p.Entrusted, t.Category)
	}
	return p.reads(p.In(t.Channel)) || is(t.Requester) || is(t.Filer) || is(t.Assignee)
}

// hidden returns an error if a private ticket is none of the person's business: the same as if
// there were no such ticket. What somebody has written or deleted where it lives counts in
// any case.
func hidden(kind ticket.Kind, p Person, t ticket.Ticket) error {
	if !t.Private() || MayRead(p, t) {
		return nil
	}
	switch kind {
	case ticket.Reached, ticket.Replied, ticket.Amended, ticket.Retracted, ticket.Withheld, ticket.Retargeted, ticket.Unfollowed, ticket.Agreed, ticket.Declined:
		return nil
	default:
		return unknown(t.Number)
	}
}

// unknown says that there is no ticket of a number.
func unknown(n ticket.Number) error {
	return ticket.Errorf(ticket.Unknown, "There is no ticket %s.", n)
}

// permit returns an error if the person may not do what the entry records. Whether the
// ticket's state allows it is decided by the fold.
func permit(e ticket.Entry, p Person, t ticket.Ticket) error {
	return cmp.Or(hidden(e.Kind, p, t), permitVisible(e, p, t))
}

// forResponders are what only people may do who answer in the ticket's channel, and what others read.
var forResponders = map[ticket.Kind]string{
	ticket.Claimed:      "Only people who answer in the support channel can take a ticket.",
	ticket.HandedOver:   "Only people who answer in the support channel can take a ticket.",
	ticket.PutBack:      "Only people who answer in the support channel can put a ticket back.",
	ticket.Acknowledged: "Only people who answer in the support channel can do that.",
	ticket.Expected:     "Only people who answer in the support channel can do that.",
	ticket.Waited:       "Only people who answer in the support channel can pause a ticket.",
	ticket.Held:         "Only people who answer in the support channel can pause a ticket.",
	ticket.Assessed:     "Only people who answer in the support channel can say what an incident is.",
}

// permitVisible is permit for who may read the ticket.
func permitVisible(e ticket.Entry, p Person, t ticket.Ticket) error {
	responder := responds(p, t)
	requester, owner, filer := p.ID == t.Requester, p.ID != "" && p.ID == t.Assignee, p.ID != "" && p.ID == t.Filer
	switch e.Kind {
	case ticket.Claimed, ticket.HandedOver, ticket.PutBack, ticket.Acknowledged, ticket.Expected, ticket.Waited, ticket.Held, ticket.Assessed:
		return allowIn(t, responder, forResponders[e.Kind])
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
	case ticket.MadePrivate:
		return allowIn(t, responder || requester || filer || p.Operator, "Only {name}, who asked, people who answer in the support channel, and operators can make the ticket private.", t.Requester)
	case ticket.Resumed, ticket.Escalated:
		return allowIn(t, responder || requester, "Only {name}, who asked, and people who answer in the support channel can do that.", t.Requester)
	case ticket.Redacted:
		return allow(requester || owner || filer || p.Operator, "Only {name}, who asked, the owner and operators can redact something.", t.Requester)
	case ticket.Replied:
		if e.Saved {
			return allowIn(t, responder, "Only people who answer in the support channel can post saved answers.")
		}
		return allow(!p.Bot, "Only people's replies are counted.")
	case ticket.Thanked, ticket.Unthanked:
		return allow(!p.Bot && MayRead(p, t), "Only people who can read the ticket say thanks.")
	case ticket.Followed: // grants no right to read it
		return allowIn(t, MayRead(p, t), "People in the support channel can follow tickets. Ask there to be let in, and follow it then.")
	case ticket.Noted:
		return allowIn(t, MayRead(p, t), "Only people in the support channel, and who asked for the ticket, can note something about it.")
	case ticket.Opened, ticket.Reached, ticket.FoldedIn, ticket.Parted, ticket.Unfollowed, ticket.Agreed, ticket.Declined, ticket.Withheld, ticket.Retargeted, ticket.Amended, ticket.Retracted: // whoever is there may, or did
	case ticket.Classed:
		return allow(MayLookAfter(p) && MayRead(p, t), "Only those who lead a squad, and operators, can say which kind of work a ticket is.")
	case ticket.Shown, ticket.Rated:
		return allow(requester, "Only {name}, who asked, can "+map[ticket.Kind]string{ticket.Shown: "show the text again.", ticket.Rated: "say how the help was."}[e.Kind], t.Requester)
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
