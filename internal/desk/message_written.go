package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"supporty/internal/ticket"
)

// Written is a message about a ticket. It is kept only if it needs a copy on the other
// side of the conversation. Of all others the desk records the author and the time,
// never the text.
type Written struct {
	Message ticket.Message // where it was written
	Private bool           // to the bot, and not in the ticket's own thread
	Thread  string         // of a private one: the ts of the message that it answers; empty for none
	Text    string         // plain text; may be empty
	Names   []string       // the people it mentions
	Files   []File         // but those that were deleted

	thanks   bool     // it says nothing but thanks
	runbooks []string // the addresses of runbooks that the desk knows
}

// words are messages by their place.
type words map[ticket.Message]Written

func (w Written) words() words {
	w.Text = clean(w.Text)
	return words{w.Message: w}
}

// asideMark is how a reply begins that stays in the thread.
const asideMark = "//"

// aside reports whether a message is for the thread alone.
func (w Written) aside() bool {
	return !w.Private && strings.HasPrefix(strings.TrimSpace(w.Text), asideMark)
}

// addressed completes the replies among new entries: how each was written, and
// whether the requester has it brought to them.
func (d *Desk) addressed(ctx context.Context, before Record, said words, added []ticket.Entry) ([]ticket.Entry, error) {
	replies := func(e ticket.Entry) bool { return e.Kind == ticket.Replied }
	if !slices.ContainsFunc(added, replies) {
		return added, nil
	}
	t := before.Ticket
	requester, err := d.people.Person(ctx, t.Requester)
	if err != nil {
		return nil, unavailable(fmt.Errorf("looking up the requester: %w", err))
	}
	added = slices.Clone(added)
	for i, e := range added {
		if replies(e) {
			w := said[e.Message]
			w.runbooks = d.runbooks
			added[i].Reply, added[i].Links = replyOf(e, w, t, !before.Inside(requester)), w.links()
		}
	}
	return added, nil
}

// links are those of a message that all who read the thread may see.
func (w Written) links() []ticket.Link {
	if w.Private || w.aside() {
		return nil
	}
	found := ticket.FindLinks(w.Text)
	for _, runbook := range w.runbooks {
		if leadsTo(w.Text, runbook) {
			found = append(found, ticket.Link{Kind: ticket.LinkRunbook, Name: "Runbook", URL: runbook})
		}
	}
	return found
}

// leadsTo reports whether a text has an address, or that of a part of the same page or place.
func leadsTo(text, address string) bool {
	text = strings.ReplaceAll(text, "&amp;", "&")
	for {
		at := strings.Index(text, address)
		if at < 0 {
			return false
		}
		text = text[at+len(address):]
		next, _ := utf8.DecodeRuneInString(text)
		if text == "" || next != '-' && next != '_' && !unicode.IsLetter(next) && !unicode.IsDigit(next) {
			return true
		}
	}
}

// Guided returns the desk, which knows these addresses of runbooks: it notices where they are posted.
func (d *Desk) Guided(runbooks []string) *Desk {
	own := *d
	own.runbooks = runbooks
	return &own
}

func replyOf(e ticket.Entry, w Written, t ticket.Ticket, outside bool) ticket.Reply {
	r := ticket.Reply{
		Saved: e.Saved, Answer: e.Answer, Private: w.Private, Thread: w.Thread, Aside: w.aside(),
		Names: slices.Contains(w.Names, t.Requester), Outside: outside,
	}
	speaks := e.Role == ticket.RoleOwner || e.Role == ticket.RoleResponder && !t.Owned()
	r.Carried = outside && !r.Private && !r.Aside && e.Actor != t.Requester && (speaks || r.Names)
	return r
}

// reached reports whether somebody's reply notified the requester of itself: it was
// brought to them, it mentions them where they are a member, or they follow the
// thread. What Slack notifies people of: https://slack.com/help/articles/115000769927
func (r Record) reached(e ticket.Entry) bool {
	switch {
	case e.Kind != ticket.Replied || e.Void != "" || e.Private || e.Aside || e.Actor == r.Ticket.Requester:
		return false
	case e.Outside:
		return e.Carried
	}
	return e.Names || r.followedBefore(r.Ticket.Requester, e)
}

// followedBefore reports whether a person followed the ticket's thread when an entry
// was made: they had written in it, or were mentioned in it. Nobody follows by itself
// what a bot has begun, and whether a mention in the first message suffices is not
// documented.
func (r Record) followedBefore(person string, e ticket.Entry) bool {
	wrote := slices.ContainsFunc(r.Timeline, func(k ticket.Entry) bool {
		named := person == r.Ticket.Requester && k.Names && !k.Outside
		asked := k.Kind == ticket.Waited && k.Actor == person && k.Message != (ticket.Message{})
		wrote := k.Kind == ticket.Replied && k.Void == "" && !k.Private && (k.Actor == person || named)
		return k.HappenedAt.Before(e.HappenedAt) && (wrote || asked)
	})
	return wrote || slices.ContainsFunc(r.Posted, func(p Posted) bool {
		return p.PostedAt.Before(e.HappenedAt) && r.mentions(p, person)
	})
}

// mentions reports whether a notice mentions a person in the ticket's thread.
func (r Record) mentions(p Posted, person string) bool {
	return p.To == person && p.Stands() && p.At.Channel == r.Card.Channel
}

// notifiedOf reports whether a person was notified of a message in the thread at a time
// or later, or wrote there. Then they have seen the messages above it.
func (r Record) notifiedOf(person string, e ticket.Entry) bool {
	later := slices.ContainsFunc(r.Timeline, func(k ticket.Entry) bool {
		wrote := k.Kind == ticket.Replied && k.Actor == person && !k.Private && k.Void == ""
		return !k.HappenedAt.Before(e.HappenedAt) && (wrote || person == r.Ticket.Requester && r.reached(k))
	})
	return later || slices.ContainsFunc(r.Posted, func(p Posted) bool {
		return !p.PostedAt.Before(e.HappenedAt) && r.mentions(p, person)
	})
}

// reply returns the entry of a message in the thread; false if it is not known.
func (r Record) reply(m ticket.Message) (ticket.Entry, bool) {
	i := slices.IndexFunc(r.Timeline, func(e ticket.Entry) bool { return e.Kind == ticket.Replied && e.Message == m })
	if i < 0 {
		return ticket.Entry{}, false
	}
	return r.Timeline[i], true
}

// ownerReached reports whether the owner's messages since they have the ticket notified
// the requester.
func (r Record) ownerReached() bool {
	t := r.Ticket
	return slices.ContainsFunc(r.Timeline, func(e ticket.Entry) bool {
		return e.Actor == t.Assignee && !e.HappenedAt.Before(t.ClaimedAt) && r.reached(e)
	})
}
