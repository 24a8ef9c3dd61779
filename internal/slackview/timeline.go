package slackview

import (
	"fmt"
	"strings"

	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// mostEntries is how many lines of a timeline are shown, the newest ones.
const mostEntries = 40

// timeline is the newest part of the chronicle.
func timeline(entries []ticket.Entry, s Scene) []string { return newestRows(chronicle(entries, s)) }

// chronicle lists who did what and when, a line each, the oldest first. Entries without an
// effect are left out, and replies in a row are one line.
func chronicle(entries []ticket.Entry, s Scene) []string {
	var rows []string
	replies := 0
	var t ticket.Ticket
	for _, e := range entries {
		t, _ = t.Apply(e)
		if e.Void != "" || e.Kind == ticket.Declined || e.Kind == ticket.Rated || e.Kind == ticket.Thanked || e.Kind == ticket.Unthanked { // nobody else needs to know
			continue
		}
		if e.Kind != ticket.Replied || len(e.Links) > 0 {
			replies = 0
		} else if replies++; replies > 1 {
			rows = rows[:len(rows)-1]
		}
		rows = append(rows, when(e)+" "+describe(e, replies, s)+standIn(e, t, s))
	}
	return rows
}

// standIn names the person whose emoji still holds after an entry took another one back.
func standIn(e ticket.Entry, after ticket.Ticket, s Scene) string {
	switch {
	case e.Kind == ticket.PutBack && after.Owned():
		return " " + s.name(after.Assignee) + " has it, by the emoji on the card."
	case e.Kind == ticket.Undone && after.State.Ended():
		return " It stays resolved by " + s.name(after.EndedBy) + "."
	}
	return ""
}

// newestRows shortens a list by cutting its beginning.
func newestRows(rows []string) []string {
	if more := len(rows) - mostEntries; more > 0 {
		rows = append([]string{fmt.Sprintf("… and %d more before", more)}, rows[more:]...)
	}
	return rows
}

// when is the time of an entry, after ≈ if the time is inexact.
func when(e ticket.Entry) string { return about(e.HappenedAt, e.Inexact) }

// describe describes an entry. For replies in a row it gives their number.
func describe(e ticket.Entry, replies int, s Scene) string {
	who := s.name(e.Actor)
	switch e.Kind {
	case ticket.Opened:
		return fmt.Sprintf("%s filed it%s as %s.", who, forWhom(e, s), e.Priority)
	case ticket.Claimed:
		return who + " claimed it."
	case ticket.PutBack:
		return who + " put it back."
	case ticket.HandedOver:
		return withNote(handover(e, s), e.Note)
	case ticket.Replied:
		return replied(e, who, replies)
	case ticket.Edited, ticket.Amended, ticket.Retracted:
		return changedWords(e.Kind, who)
	case ticket.Reprioritised:
		return withNote(fmt.Sprintf("%s made it %s", who, e.Priority), e.Note)
	case ticket.Waited, ticket.Held, ticket.Resumed, ticket.Acknowledged, ticket.Reached, ticket.Expected:
		return doneAboutTime(e, who)
	case ticket.Agreed, ticket.Declined, ticket.Followed, ticket.Unfollowed, ticket.Rated, ticket.Thanked, ticket.Unthanked:
		return saidOfReading(e.Kind, who)
	case ticket.FoldedIn, ticket.Parted:
		return doneWithDuplicates(e, who)
	case ticket.Escalated, ticket.Noted:
		return withNote(besideIt(e, who, s), e.Note)
	case ticket.Resolved, ticket.Explained:
		return withNote(solving(e, who), e.Note)
	case ticket.Undone:
		return who + " took the resolution back."
	case ticket.Closed:
		return ending(e, who)
	case ticket.Reopened:
		return who + " reopened it."
	case ticket.Withheld, ticket.Shown, ticket.Redacted, ticket.MadePrivate:
		return doneToText(e, who)
	case ticket.Assessed, ticket.Classed:
		return assessed(e, who)
	case ticket.Retargeted:
		return "The settings were changed, and with them the target."
	}
	return who + " changed it."
}

func ending(e ticket.Entry, who string) string {
	if e.CloseReason == ticket.NoAnswer {
		return "It was closed because nobody answered."
	}
	return withNote(fmt.Sprintf("%s closed it as %s", who, closeWords(e.CloseReason, e.DuplicateOf)), e.Note)
}

// doneToText describes an entry about whether the ticket's text is shown.
func doneToText(e ticket.Entry, who string) string {
	switch {
	case e.Kind == ticket.Withheld:
		return "The card was deleted; its text is hidden."
	case e.Kind == ticket.Redacted && e.Gesture == ticket.ByOperator:
		return "What somebody had written was removed, together with their name."
	case e.Kind == ticket.Redacted:
		return who + " redacted something."
	case e.Kind == ticket.MadePrivate:
		return who + " made it private."
	default:
		return who + " showed the text again."
	}
}

// assessed describes what somebody said of an incident, or of the kind of work.
func assessed(e ticket.Entry, who string) string {
	switch {
	case e.Kind == ticket.Classed:
		return classed(e, who)
	case e.Incident != ticket.IsIncident:
		return who + " said that it is no incident."
	case e.Deployment == ticket.NoDeployment:
		return who + " said that it is an incident, and that no deployment caused it."
	case e.Deployment > 0:
		return who + " said that it is an incident, and which deployment caused it."
	}
	return who + " said that it is an incident."
}

// changedWords describes an entry about a message that was edited or deleted.
func changedWords(k ticket.Kind, who string) string {
	switch k {
	case ticket.Amended:
		return who + " changed what they had written."
	case ticket.Retracted:
		return who + " took back what they had written."
	default:
		return who + " edited it."
	}
}

// saidOfReading describes an entry about followers and what they may read.
func saidOfReading(k ticket.Kind, who string) string {
	switch k {
	case ticket.Agreed:
		return who + " let their message be shown."
	case ticket.Followed:
		return who + " follows it."
	case ticket.Unfollowed:
		return who + " follows it no longer."
	default: // see chronicle: that a message stays private is not told, and neither are thanks and how the help was
		return ""
	}
}

// besideIt describes an entry that changes nothing about the ticket.
func besideIt(e ticket.Entry, who string, s Scene) string {
	if e.Kind == ticket.Noted {
		return who + " noted"
	}
	return fmt.Sprintf("%s escalated it to %s", who, s.recipients(e.Notify))
}

func forWhom(e ticket.Entry, s Scene) string {
	if e.Requester == "" || e.Requester == e.Actor {
		return ""
	}
	return " for " + s.name(e.Requester)
}

// doneAboutTime describes an entry that changes the expected end.
func doneAboutTime(e ticket.Entry, who string) string {
	switch e.Kind {
	case ticket.Waited:
		return withNote(who+" asked, and waits for the answer", e.Text)
	case ticket.Held:
		return withNote(who+" put it on hold", e.Text)
	case ticket.Resumed:
		return who + " resumed it."
	case ticket.Acknowledged, ticket.Reached:
		return who + " is on it."
	case ticket.Expected:
		return withNote(who+" expects it solved by "+date(e.ExpectedAt), e.Note)
	default:
		return who + " changed it."
	}
}

func handover(e ticket.Entry, s Scene) string {
	if e.Actor == e.Assignee {
		return s.name(e.Actor) + " took it over"
	}
	return fmt.Sprintf("%s handed it over to %s", s.name(e.Actor), s.name(e.Assignee))
}

func replied(e ticket.Entry, who string, replies int) string {
	switch {
	case len(e.Links) > 0:
		return who + " linked " + namesOf(e.Links) + "."
	case replies == 1:
		return who + " replied."
	}
	return fmt.Sprintf("%d replies, the last by %s.", replies, who)
}

func namesOf(links []ticket.Link) string {
	var names []string
	for _, l := range links {
		names = append(names, slackformat.Escape(slackformat.Clip(l.Name, longestLinkName)))
	}
	return strings.Join(names, ", ")
}

func solving(e ticket.Entry, who string) string {
	switch {
	case e.Kind == ticket.Explained && e.Solution == "":
		return who + " added a note"
	case e.Kind == ticket.Explained:
		return fmt.Sprintf("%s said that it was solved %s", who, changing(e.Solution))
	case e.Solution != "":
		return fmt.Sprintf("%s resolved it, %s", who, changing(e.Solution))
	}
	return who + " resolved it"
}

// changing says in a sentence how a ticket was solved.
func changing(s ticket.Solution) string {
	if s == ticket.SolvedWithoutChange {
		return "without a change"
	}
	return "by " + strings.ToLower(s.Label())
}
