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
