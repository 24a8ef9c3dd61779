package slackview

import (
	"fmt"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// question asks a requester who does not see the owner's message.
func question(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	what := fmt.Sprintf("%s%s asks about %s: “%s”", s.call(n.To), s.name(n.Actor), number(r, s), inOneLine(n.Text))
	if n.Text == "" {
		what = fmt.Sprintf("%s%s has a question about %s, %s.", s.call(n.To), s.name(n.Actor), number(r, s), linked(s.Link(n.Thread), "in its thread"))
	}
	if !r.Pressable(n) {
		return say(what)
	}
	what += " The clock is paused until you answer."
	if s.Direct {
		what += " Write the answer in this thread and it reaches them."
	}
	return say(what)
}

func held(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	what := fmt.Sprintf("%s%s put %s on hold", s.call(n.To), s.name(n.Actor), number(r, s))
	if !r.Pressable(n) {
		return say(what + ". " + onHoldNow(n.To, r.Ticket, s))
	}
	return say(withNote(what, r.Ticket.Pause.Text) + " It is looked at again " + date(r.Ticket.Pause.ReviewAt) + ".")
}

// nudge repeats the question to a person who has not answered it.
func nudge(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	if !r.Pressable(n) {
		return say(fmt.Sprintf("%s waited for your answer. %s", number(r, s), since("It no longer does.", n.To, t, s)))
	}
	what := fmt.Sprintf("%s%s needs your answer on %s", s.call(n.To), s.name(t.Assignee), number(r, s))
	if asked(t) != "" {
		what += ": " + asked(t)
	} else {
		what += ", " + linked(s.Link(t.Pause.Question), "the question in its thread") + "."
	}
	return say(what+" The clock is paused. Without a reply it closes "+date(r.ClosesAt())+".", solvedButton(t))
}

// since is how a pause ended: it is over, or the ticket has ended.
func since(over, to string, t ticket.Ticket, s Scene) string {
	if t.State.Ended() {
		return became(to, t, s)
	}
	return over
}

// unanswered tells that the ticket was closed because nobody answered the question.
func unanswered(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	if n.To != t.Requester {
		return say(fmt.Sprintf("%s%s is closed because %s has not answered.", s.call(n.To), named(r, s), s.name(t.Requester)))
	}
	what := fmt.Sprintf("%s is closed because the question above had no answer.", number(r, s))
	return untilReopened(what, "Reply within 7 days to reopen it.", n, r)
}

// review asks the owner whether the ticket is still on hold.
func review(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	if !r.Pressable(n) {
		return say(fmt.Sprintf("%s was on hold. %s", t.Number, onHoldNow(n.To, t, s)))
	}
	what := fmt.Sprintf("%s%s is on hold since %s", s.call(n.To), named(r, s), date(t.Pause.Since))
	return say(withNote(what, t.Pause.Text)+" Is it still?",
		button(ActionResume, t.Number), buttonSaying(ActionHold, "Longer…", t.Number))
}

func onHoldNow(to string, t ticket.Ticket, s Scene) string {
	if t.State == ticket.StateOnHold {
		return "It is again, until " + date(t.Pause.ReviewAt) + "."
	}
	return since("It no longer is.", to, t, s)
}

// stillBroken asks a requester who wrote after the end whether the problem goes on. If
// the ticket can no longer be reopened, the button leads to a new ticket that follows it.
func stillBroken(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	if t.CloseReason == ticket.Duplicate {
		return stillBrokenElsewhere(t, s)
	}
	if n.At.Sub(t.EndedAt) > ticket.ReopenWindow {
		return say(fmt.Sprintf("%s was %s more than 7 days ago. Still broken? A new ticket will follow it.", t.Number, t.State),
			buttonSaying(ActionReopen, "Open a new ticket", t.Number))
	}
	return say(fmt.Sprintf("%s is %s. Still broken?", t.Number, t.State), button(ActionReopen, t.Number))
}
