package slackview

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"supporty/internal/insight"
	"supporty/internal/slackformat"
)

// Digest is the week in one post, about five lines. Lines without content are left out; a
// week without tickets takes one line. Nobody is named.
func Digest(d insight.Digest, s Scene) slackformat.Message {
	r := report{d, s}
	if d.This.Quiet() {
		return paragraphs(r.title() + ": no tickets.")
	}
	return paragraphs(lines(r.movement(), r.onTime(), r.unowned(), r.oldest(), r.lookAt()))
}

// report words a digest. Its methods return "" for a part without content.
type report struct {
	insight.Digest
	scene Scene
}

// paragraphs makes a message of mrkdwn texts; empty ones are left out.
func paragraphs(texts ...string) slackformat.Message {
	var m slackformat.Message
	for _, t := range texts {
		if t != "" {
			m.Blocks = append(m.Blocks, section(t))
		}
	}
	m.Text = lines(texts...)
	return m
}

// title names what is counted, and the period.
func (r report) title() string {
	return slackformat.Escape(r.plainTitle())
}

// plainTitle is the title as it is, for what is no message.
func (r report) plainTitle() string {
	if r.Of.All() {
		return capital(r.name())
	}
	return slackformat.Clip(r.Of.Name, longestName) + ", " + r.name()
}

// name is the name of the period: its days, and its ISO week for the weekly post.
func (r report) name() string {
	from, to := r.local(r.Period.From), r.local(r.Period.To)
	if to.After(from) && to.Equal(midnight(to)) {
		to = to.AddDate(0, 0, -1) // whole days: the last one is named
	}
	days := fromTo(from, to)
	if r.Period.Weekly() && !r.Asked {
		_, week := from.ISOWeek()
		return fmt.Sprintf("week %d, %s", week, days)
	}
	return days
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// fromTo are two days, with the year if it is not the same.
func fromTo(from, to time.Time) string {
	switch {
	case from.Year() != to.Year():
		return from.Format("2 Jan 2006") + " to " + to.Format("2 Jan 2006")
	case midnight(from).Equal(midnight(to)):
		return from.Format("2 Jan")
	}
	return from.Format("2 Jan") + " to " + to.Format("2 Jan")
}

func (r report) local(t time.Time) time.Time { return t.In(cmp.Or(r.Zone, time.UTC)) }

// movement lists opened and ended tickets, so that the number of open ones follows from
// that of the period before.
func (r report) movement() string {
	n := r.This
	said := []string{fmt.Sprintf("%s: %d opened", r.title(), n.Opened)}
	if n.Reopened > 0 {
		said = append(said, fmt.Sprintf("%d reopened", n.Reopened))
	}
	said = append(said, fmt.Sprintf("%d resolved", n.Resolved))
	if n.Closed > 0 {
		said = append(said, fmt.Sprintf("%d closed without a solution", n.Closed))
	}
	return strings.Join(said, ", ") + fmt.Sprintf(", %d open.", n.Open)
}

func (r report) onTime() string {
	var shares []string
	for _, a := range r.This.Priorities {
		if a.Counted > 0 {
			shares = append(shares, a.Priority.String()+" "+a.Share())
		}
	}
	if len(shares) == 0 {
		return ""
	}
	return "On time: " + strings.Join(shares, ", ") + "."
}

// unowned is how many of the late tickets had no owner at their target.
func (r report) unowned() string {
	late, unowned := r.This.Late(), r.This.LateUnowned
	switch {
	case unowned == 0:
		return ""
	case late == 1:
		return "The late one had no owner."
	case late == 2 && unowned == 2:
		return "Both late ones had no owner."
	case late == unowned:
		return fmt.Sprintf("All %s late ones had no owner.", inWords(late))
	case late <= most:
		return fmt.Sprintf("%s of %s late ones had no owner.", capital(inWords(unowned)), inWords(late))
	}
	return fmt.Sprintf("%d of %d late ones had no owner.", unowned, late)
}

func (r report) oldest() string {
	o := r.This.Oldest
	if o.Number == 0 {
		return ""
	}
	return fmt.Sprintf("Oldest: %s, %s.", r.standingLink(), age(r.Period.To.Sub(o.OpenedAt)))
}

func (r report) standingLink() string {
	return linked(r.scene.Link(r.This.Oldest.Card), r.This.Oldest.Number.String())
}

func (r report) lookAt() string {
	c, ok := r.LookAt()
	if !ok {
		return ""
	}
	return "Look at " + categoryLine(c) + "."
}

// longestName is how much of a category's name is shown.
const longestName = 40

func categoryLine(c insight.Category) string {
	return fmt.Sprintf("%s: %s, %s", slackformat.Escape(slackformat.Clip(c.Name, longestName)),
		many(c.Tickets, "ticket", "tickets"), many(c.CodeChanges, "code change", "code changes"))
}
