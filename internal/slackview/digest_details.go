package slackview

import (
	"cmp"
	"fmt"
	"strings"

	"supporty/internal/insight"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// DigestDetails is the reply in the digest's thread: the period against the one before,
// in lines so short that a phone does not break them. Nobody is named.
func DigestDetails(d insight.Digest, s Scene) slackformat.Message {
	if d.This.Quiet() && d.Last.Quiet() {
		return paragraphs("No tickets then, and none in the period before.")
	}
	r := report{d, s}
	return paragraphs(
		r.counts(),
		r.perPriority("*On time* (of what was solved, or became late)", insight.Attainment.Share, func(a insight.Attainment) int { return a.Counted }),
		r.onTimeByWeek(),
		r.causes(),
		r.perPriority("*Time to answer* (half within, nine in ten within)", answered, func(a insight.Attainment) int { return a.Respond.Count }),
		r.perPriority("*Time to solve* (half within, nine in ten within)", solved, func(a insight.Attainment) int { return a.Resolve.Count }),
		r.solvingByWeek(),
		r.standing(),
		r.categories(),
		r.lessons(),
		r.returned(),
		r.satisfaction(),
		r.load(),
		r.work(),
		r.workByWeek(),
		r.cost(),
		r.costs(),
		r.costliest(),
		r.delivery(),
		r.changes(),
	)
}

func (r report) counts() string {
	this, last := r.This, r.Last
	return lines(
		"*"+r.title()+"*",
		against("Opened", this.Opened, last.Opened),
		against("Reopened", this.Reopened, last.Reopened),
		against("Resolved", this.Resolved, last.Resolved),
		against("Closed without a solution", this.Closed, last.Closed),
		against("Open at the end", this.Open, last.Open),
		against("Not filed, because the form showed the solution", this.Avoided, last.Avoided),
	)
}

// causes counts the causes of lateness: "3 late: 2 unclaimed, 1 claimed late". The post
// counts every ticket without an owner; here some of those may count as reopened.
func (r report) causes() string {
	if r.This.Late()+r.Last.Late() == 0 {
		return ""
	}
	return "*Late, by cause* (each counted once; what was reopened as that)\n" + fmt.Sprintf("%s (before: %s)", counted(r.This), counted(r.Last))
}

func counted(n insight.Numbers) string {
	if n.Late() == 0 {
		return "none"
	}
	var said []string
	for _, c := range n.Causes {
		said = append(said, fmt.Sprintf("%d %s", c.Count, lateBecause(c.Cause)))
	}
	return fmt.Sprintf("%d late: %s", n.Late(), strings.Join(said, ", "))
}

func lateBecause(c ticket.Cause) string { return cmp.Or(c.Label(), "without a known cause") }

func against(what string, this, last int) string {
	if this == 0 && last == 0 {
		return ""
	}
	return fmt.Sprintf("%s: %d (before: %d)", what, this, last)
}

// perPriority writes a line for each priority that has content in this period, and a line for
// their total if there are several. It is compared with the period before where both counts
// are large enough to say something.
func (r report) perPriority(title string, say func(insight.Attainment) string, count func(insight.Attainment) int) string {
	line := func(what string, this, last insight.Attainment) string {
		if min(count(this), count(last)) < insight.Comparable {
			return what + ": " + say(this)
		}
		return fmt.Sprintf("%s: %s (before: %s)", what, say(this), say(last))
	}
	var rows []string
	for _, p := range ticket.Priorities {
		if this := r.This.Priority(p); count(this) > 0 {
			rows = append(rows, line(p.String(), this, r.Last.Priority(p)))
		}
	}
	if len(rows) == 0 {
		return ""
	}
	if len(rows) > 1 {
		rows = append(rows, line("All", r.This.All(), r.Last.All()))
	}
	return title + "\n" + lines(rows...)
}

func answered(a insight.Attainment) string { return spreadOf(a.Respond) }

func solved(a insight.Attainment) string { return spreadOf(a.Resolve) }

func spreadOf(s insight.Spread) string {
	return took(s.Median) + ", " + took(s.P90)
}

func (r report) standing() string {
	o := r.This.Oldest
	if o.Number == 0 {
		return ""
	}
	since := r.local(o.OpenedAt).Format("2 Jan")
	return fmt.Sprintf("*Oldest still open*\n%s, since %s, %s", r.standingLink(), since, age(r.Period.To.Sub(o.OpenedAt)))
}

// mostCategories is how many categories are listed: people do not read more.
const mostCategories = 10

func (r report) categories() string {
	all := r.This.Categories
	if len(all) == 0 {
		return ""
	}
	rows := []string{"*Categories* (of what was opened" + r.privateOnes() + ")"}
	for i, c := range all {
		if i == mostCategories {
			rows = append(rows, fmt.Sprintf("… and %d more", len(all)-i))
			break
		}
		row := categoryLine(c)
		if r.This.Hard(c) {
			row += " – hard to understand"
		}
		rows = append(rows, row)
	}
	return lines(rows...)
}

// privateOnes says why the categories add up to less than what was opened.
func (r report) privateOnes() string {
	if r.This.PrivateOpened() == 0 {
		return ""
	}
	return "; private tickets have none here"
}
