package ticket

import (
	"slices"
	"strings"
)

// consented shows a private message, or keeps it private. The first answer of the author
// holds. Other people could not open a link to the message.
func (t Ticket) consented(e Entry) (Ticket, error) {
	if t.Consent != "" {
		return t, errSame
	}
	if e.Kind == Declined {
		t.Consent = ConsentRefused
		return t, nil
	}
	t.Consent = ConsentGiven
	t.Text = strings.TrimSpace(t.Text + "\n\n" + e.Text)
	return t, nil
}

// followed adds or removes a follower. The requester hears of everything anyway.
func (t Ticket) followed(e Entry) (Ticket, error) {
	if e.Kind == Followed && e.Actor == t.Requester {
		return t, Errorf(Conflict, "You asked for %s, so you hear of it anyway.", t.Number)
	}
	if slices.Contains(t.Followers, e.Actor) == (e.Kind == Followed) {
		return t, errSame
	}
	others := slices.DeleteFunc(slices.Clone(t.Followers), func(p string) bool { return p == e.Actor })
	if e.Kind == Followed {
		others = append(others, e.Actor)
	}
	t.Followers = others
	return t, nil
}

// foldedIn adds duplicates of the ticket, and their people as followers.
func (t Ticket) foldedIn(e Entry) (Ticket, error) {
	t.Folded = append(t.without(e.Folded), e.Folded...)
	for _, p := range e.People {
		if p != t.Requester && !t.FollowedBy(p) {
			t.Followers = append(slices.Clone(t.Followers), p)
		}
	}
	return t, nil
}

// parted removes tickets that are no duplicates any more. Who asked for them does not follow
// this one any more, unless another ticket of theirs is a duplicate.
func (t Ticket) parted(e Entry) (Ticket, error) {
	kept := t.without(e.Folded)
	if len(kept) == len(t.Folded) {
		return t, errSame
	}
	t.Folded = kept
	t.Followers = slices.DeleteFunc(slices.Clone(t.Followers), func(p string) bool {
		left := slices.ContainsFunc(e.Folded, func(f FoldedTicket) bool { return f.Requester == p })
		return left && t.FoldOf(p) == (FoldedTicket{})
	})
	return t, nil
}

func (t Ticket) without(some []FoldedTicket) []FoldedTicket {
	return slices.DeleteFunc(slices.Clone(t.Folded), func(f FoldedTicket) bool {
		return slices.ContainsFunc(some, func(other FoldedTicket) bool { return other.Ticket == f.Ticket })
	})
}
