package slackview

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Why explains line by line how the times of a ticket came to be.
func Why(x desk.Explanation, s Scene) slackformat.Message {
	head := fmt.Sprintf("Why %s has these times", x.Record.Ticket.Number)
	return slackformat.Message{Text: head, Blocks: append([]slack.Block{section("*" + head + "*")}, explanation(x, s)...)}
}

// WhyPage is Why as a form with nothing to send.
func WhyPage(x desk.Explanation, s Scene) Modal {
	n := x.Record.Ticket.Number
	return page(FormWhy, fmt.Sprintf("Times of %s", n), n, explanation(x, s)...)
}

func explanation(x desk.Explanation, s Scene) []slack.Block {
	return sections(newestRows(WhyRows(x, s)))
}

// why is one line.
func why(line desk.Line, now time.Time, s Scene) string {
	switch line.Kind {
	case desk.LineGesture:
		return sentences(when(line.Entry)+" "+moved(line.Entry, s), begun(line), answeredAfter(line), untaken(line), paused(line), stopped(line), retargeted(line), overdueAnswer(line))
	case desk.LineClosed:
		return date(line.At) + " " + closing(line, now)
	case desk.LineAnswerDue:
		return date(line.At) + " The time to answer had passed: " + goalOf(line.After.Clock(sla.Respond)) + "."
	case desk.LineDue:
		return date(line.At) + " " + passed(line, now)
	case desk.LineNow:
		return sentences(date(line.At)+" *Now*: "+standing(line.After.Clock(sla.Resolve), line), foreseen(line.After, now))
	}
	return ""
}

// moved describes what a person did, in short.
func moved(e ticket.Entry, s Scene) string {
	if e.Kind == ticket.Edited {
		return fmt.Sprintf("%s moved it to %s.", s.name(e.Actor), slackformat.Escape(slackformat.OneLine(e.Category)))
	}
	e.Note = ""
	return describe(e, 1, s)
}

// goalOf is a clock's target: "3 h of opening hours".
func goalOf(c sla.Clock) string {
	switch {
	case c.Days > 0:
		return within(0, c.Days)
	case c.Calendar.Always():
		return amount(c.Target)
	}
	return amount(c.Target) + " of opening hours"
}

// begun describes the beginning of a cycle.
func begun(line desk.Line) string {
	if line.Before.Number > 0 {
		return ""
	}
	resolve, respond := line.After.Clock(sla.Resolve), line.After.Clock(sla.Respond)
	if !resolve.Promised() {
		return "There is no target."
	}
	said := "To be solved within " + goalOf(resolve)
	if respond.Running() && respond.Promised() {
		said += ", answered within " + goalOf(respond)
	}
	return said + "."
}

// answeredAfter tells that the time to answer was met, or by how much it was missed.
// Solving a ticket counts as an answer.
func answeredAfter(line desk.Line) string {
	c := line.After.Clock(sla.Respond)
	if line.Before.Number == 0 || c.Running() || !line.Before.Clock(sla.Respond).Running() || !line.After.Clock(sla.Resolve).Running() || !c.Promised() {
		return ""
	}
	took := amount(c.Spent(line.At))
	if c.Late(line.At) {
		return fmt.Sprintf("Answered after %s; the target was %s.", took, goalOf(c))
	}
	return fmt.Sprintf("Answered after %s, within the %s.", took, goalOf(c))
}

// paused tells that the clock was paused, or that it runs again.
func paused(line desk.Line) string {
	before, after := line.Before.Clock(sla.Resolve), line.After.Clock(sla.Resolve)
	switch {
	case !before.Paused() && after.Paused():
		return "The clock stands still: " + standing(after, line)
	case before.Paused() && !after.Paused() && after.Running():
		return fmt.Sprintf("The clock goes on after %s %s: %s", amount(line.At.Sub(before.PausedAt)), pauseWords(before.PausedBy), dueAgain(after, line))
	}
	return ""
}

func pauseWords(kind sla.EventKind) string {
	if kind == sla.Hold {
		return "on hold"
	}
	return "of waiting"
}

func dueAgain(c sla.Clock, line desk.Line) string {
	if !c.Promised() || c.Late(line.At) {
		return standing(c, line)
	}
	return fmt.Sprintf("%s left, due %s.", amount(line.Left), date(c.DueAt))
}

// untaken tells that an end was taken back.
func untaken(line desk.Line) string {
	if line.Before.Number == 0 || line.Before.Clock(sla.Resolve).Running() || !line.After.Clock(sla.Resolve).Running() {
		return ""
	}
	return "The clock counts as if it had never stopped: " + standing(line.After.Clock(sla.Resolve), line)
}

// stopped describes the end of a cycle.
func stopped(line desk.Line) string {
	c := line.After.Clock(sla.Resolve)
	switch {
	case line.Before.Number == 0 || c.Running() || !line.Before.Clock(sla.Resolve).Running():
		return ""
	case line.Entry.Kind == ticket.Closed:
		return "It counts neither as on time nor as late."
	case !c.Promised():
		return "There was no target."
	case c.Late(line.At):
		return fmt.Sprintf("Late by %s, after %s.", amount(-line.Left), amount(line.Spent))
	}
	return fmt.Sprintf("On time, after %s and with %s left.", amount(line.Spent), amount(line.Left))
}

// retargeted describes the effect of another target on the deadline, and the rule for it.
func retargeted(line desk.Line) string {
	before, after := line.Before.Clock(sla.Resolve), line.After.Clock(sla.Resolve)
	changed := before.Target != after.Target || before.Days != after.Days || !before.Calendar.Equal(after.Calendar)
	switch {
	case line.Before.Number == 0:
		return ""
	case line.Entry.Kind == ticket.FoldedIn:
		return "What was promised there is earlier: due " + date(after.DueAt) + "."
	case !changed && before.Late(line.At) && (line.Entry.Kind == ticket.Reprioritised || line.Entry.Kind == ticket.Edited):
		return "The target had passed already: that stays."
	case !changed:
		return ""
	case !after.Promised():
		return "There is no target from here on."
	case !before.Promised():
		return fmt.Sprintf("Within %s from here: due %s.", goalOf(after), date(after.DueAt))
	case after.DueAt.Equal(before.DueAt):
		return fmt.Sprintf("Within %s; the deadline stays at %s, which is the nearer one.", goalOf(after), date(after.DueAt))
	case after.DueAt.Before(before.DueAt):
		return fmt.Sprintf("Within %s from here, which is nearer than before: due %s.", goalOf(after), date(after.DueAt))
	}
	return fmt.Sprintf("Within %s from the beginning, so that the time used counts: due %s.", goalOf(after), date(after.DueAt))
}

// overdueAnswer tells what follows if the answer was late already when the priority was
// raised.
func overdueAnswer(line desk.Line) string {
	if !line.Overdue {
		return ""
	}
	said := "The answer was late already: that stays."
	if len(line.Again) == 0 {
		return said
	}
	var times []string
	for _, t := range line.Again {
		times = append(times, strings.TrimPrefix(at(t, line.At), "at "))
	}
	return sentences(said, fmt.Sprintf("It is told at once, and again at %s as long as there is no answer.", enumerated(times)))
}

// closing tells when the desk closed, and how much time was left then.
func closing(line desk.Line, now time.Time) string {
	c, left := line.Closing, ""
	verb, open := "closed", "was open"
	if line.At.After(now) {
		verb, open = "closes", "is open"
	}
	if line.After.Clock(sla.Resolve).Days == 0 {
		left = fmt.Sprintf(", with %s left", amount(line.Left))
	}
	switch {
	case c.Until.IsZero():
		return fmt.Sprintf("The desk %s%s, and does not open again.", verb, left)
	case c.Times == 1:
		return sentences(fmt.Sprintf("The desk %s until %s%s.", verb, date(c.Until), left), holidays(c.Holidays))
	case left != "":
		left = fmt.Sprintf(", which leaves %s", amount(line.Left-c.Open))
	}
	return sentences(fmt.Sprintf("Until %s the desk %s %d times and %s for %s in between%s.",
		date(c.Until), verb, c.Times, open, amount(c.Open), left), holidays(c.Holidays))
}

// mostHolidays is how many holidays are named.
const mostHolidays = 3

func holidays(days []string) string {
	if len(days) > mostHolidays {
		return fmt.Sprintf("There are %d holidays in it.", len(days))
	}
	var named []string
	for _, day := range days {
		if t, err := time.Parse(time.DateOnly, day); err == nil {
			named = append(named, t.Format("Mon 2 Jan"))
		}
	}
	if len(named) == 0 {
		return ""
	}
	return "Holiday: " + strings.Join(named, ", ") + "."
}

func passed(line desk.Line, now time.Time) string {
	if line.At.After(now) {
		return "*Due*."
	}
	return fmt.Sprintf("The target of %s had passed: late from here on.", goalOf(line.After.Clock(sla.Resolve)))
}

// standing is how much of the target is used and how much is left.
func standing(c sla.Clock, line desk.Line) string {
	switch {
	case !c.Promised():
		return fmt.Sprintf("%s without a target.", amount(line.Spent))
	case c.Late(line.At):
		return fmt.Sprintf("late by %s.", amount(-line.Left))
	case c.Days > 0 && !c.Paused():
		return fmt.Sprintf("within %s.", goalOf(c))
	}
	return fmt.Sprintf("%s used, %s left.", amount(line.Spent), amount(line.Left))
}

// foreseen is what is still to come in a cycle, beside its deadline.
func foreseen(c sla.Cycle, now time.Time) string {
	var said []string
	if c.Clock(sla.Respond).Running() && c.Clock(sla.Respond).Promised() && !c.Clock(sla.Respond).Late(now) {
		said = append(said, fmt.Sprintf("To be answered by %s.", date(c.Clock(sla.Respond).DueAt)))
	}
	if c.Clock(sla.Resolve).Promised() && now.Before(c.Clock(sla.Resolve).WarnAt) {
		said = append(said, fmt.Sprintf("A warning comes %s.", date(c.Clock(sla.Resolve).WarnAt)))
	}
	return strings.Join(said, " ")
}

// amount is a time that a clock has counted, in hours. Days would be ambiguous, since a
// working day has no 24 hours.
func amount(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%d s", int(d.Round(time.Second).Seconds()))
	}
	d = d.Round(time.Minute)
	hours, minutes := int(d.Hours()), int(d.Minutes())%60
	switch {
	case hours == 0:
		return fmt.Sprintf("%d min", minutes)
	case minutes == 0:
		return fmt.Sprintf("%d h", hours)
	}
	return fmt.Sprintf("%d h %02d", hours, minutes)
}
