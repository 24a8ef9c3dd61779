package slackview

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Brief tells somebody that they are on duty for a squad, until when, and what they find. A zero
// until means that no end is in sight. Without open tickets it is one line.
func Brief(b desk.Brief, squad, reader string, until time.Time, s Scene) slackformat.Message {
	s.Direct = true
	head := "You are on duty for " + slackformat.Escape(squad)
	if !until.IsZero() {
		head += " until " + date(until)
	}
	return say(lines(
		sentences(head+".", openWords(b.Figures)),
		briefShelf("Without an owner", b.Unowned, func(r desk.HomeRow) string { return promise(r.Clock(sla.Resolve), s.Now) }, s),
		briefShelf("Waiting and on hold", b.Paused, func(r desk.HomeRow) string {
			return dots(stateAndOwner(r.Ticket, s), promise(r.Clock(sla.Resolve), s.Now))
		}, s),
	), takeButtons(b, squad, reader)...)
}

// takeButtons take the tickets of a brief, each with one press: those that its reader does not have.
func takeButtons(b desk.Brief, squad, reader string) (buttons []slack.BlockElement) {
	for _, r := range slices.Concat(b.Unowned.Rows, b.Paused.Rows) {
		if r.Ticket.Assignee == reader {
			continue
		}
		n := int64(r.Ticket.Number)
		buttons = append(buttons, slack.NewButtonBlockElement(fmt.Sprintf("%s:%d", TakeID, n), fmt.Sprintf("%d:%s", n, squad), plain("Take "+r.Ticket.Number.String())))
	}
	return buttons
}

// ReadTake reads the value of TakeID: a ticket, and the squad whose brief it stands in.
func ReadTake(value string) (n ticket.Number, squad string, err error) {
	number, squad, _ := strings.Cut(value, ":")
	read, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		err = ticket.Errorf(ticket.Invalid, "That button is no longer in use.").Because(err)
	}
	return ticket.Number(read), squad, err
}

func openWords(f desk.Figures) string {
	if f.Open == 0 {
		return "Nothing is open."
	}
	open := "1 ticket is open"
	if f.Open > 1 {
		open = fmt.Sprintf("%d tickets are open", f.Open)
	}
	if f.Late == 0 {
		return open + "."
	}
	return fmt.Sprintf("%s, %d late.", open, f.Late)
}

// briefShelf lists the tickets of a kind, with a few words about each; it is "" if there are none.
func briefShelf(title string, of desk.Shelf, about func(desk.HomeRow) string, s Scene) string {
	if len(of.Rows) == 0 {
		return ""
	}
	all := []string{"*" + title + "*"}
	for _, r := range of.Rows {
		all = append(all, bullet(briefly(r, about, s)))
	}
	if more := of.Total - len(of.Rows); more > 0 {
		all = append(all, fmt.Sprintf("and %d more", more))
	}
	return lines(all...)
}

// briefly is a ticket in a list for who is on duty. Of a private one it is the number, also to who may
// read it: such a list is read wherever somebody is.
func briefly(r desk.HomeRow, about func(desk.HomeRow) string, s Scene) string {
	if r.Ticket.Private() {
		return number(r.Record, s) + ", a private ticket"
	}
	return dots(titled(r.Record, s), about(r))
}

// mostPressing is how many tickets a lead reads of.
const mostPressing = 5

// LeftUnowned tells a squad's lead which pressing tickets have no owner, and who is on duty;
// onDuty is empty for nobody.
func LeftUnowned(rows []desk.HomeRow, squad, onDuty string, s Scene) slackformat.Message {
	s.Direct = true
	who := "Nobody is on duty"
	if onDuty != "" {
		who = s.name(onDuty) + " is on duty"
	}
	all := []string{fmt.Sprintf("An open hour after the handover in %s, this has no owner. %s.", slackformat.Escape(squad), who)}
	for _, r := range rows[:min(len(rows), mostPressing)] {
		all = append(all, bullet(r.Ticket.Priority.String()+" "+briefly(r, func(r desk.HomeRow) string { return promise(r.Clock(sla.Resolve), s.Now) }, s)))
	}
	if more := len(rows) - mostPressing; more > 0 {
		all = append(all, fmt.Sprintf("and %d more", more))
	}
	return say(lines(all...))
}

// Overridden tells somebody that they are on duty, with what is hard about that, or that somebody is in
// their place; or that this was taken back.
func Overridden(n desk.Notice, hard duty.Strain, s Scene) slackformat.Message {
	when := fmt.Sprintf("from %s until %s", date(n.At), date(n.By))
	squad := slackformat.Escape(n.Squad)
	switch {
	case n.Over && n.To == n.From:
		return say(fmt.Sprintf("%s took back that you are on duty for %s, %s.", s.name(n.Actor), squad, when))
	case n.Over:
		return say(fmt.Sprintf("You are on duty for %s again, %s. %s took back that %s is.", squad, when, s.name(n.Actor), s.name(n.From)))
	case n.To == n.From && n.Actor == n.To:
		return say(sentences(fmt.Sprintf("You are on duty for %s, %s.", squad, when), hardship(hard)))
	case n.To == n.From:
		return say(sentences(fmt.Sprintf("%s put you on duty for %s, %s.", s.name(n.Actor), squad, when), hardship(hard)))
	case n.Actor == n.From:
		return say(fmt.Sprintf("%s is on duty for %s in your place, %s.", s.name(n.From), squad, when))
	}
	return say(fmt.Sprintf("%s is on duty for %s in your place, %s. %s changed that.", s.name(n.From), squad, when, s.name(n.Actor)))
}
