package slackview

import (
	"cmp"
	"fmt"
	"math"
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
		r.perPriority("*On time* (of what was solved, or became late)", attained),
		r.causes(),
		r.perPriority("*Time to answer* (half within, nine in ten within)", answered),
		r.perPriority("*Time to solve* (half within, nine in ten within)", solved),
		r.standing(),
		r.categories(),
		r.cost(),
	)
}

func (r report) counts() string {
	this, last := r.This, r.Last
	return lines(
		"*"+r.name()+"*",
		against("Opened", this.Opened, last.Opened),
		against("Reopened", this.Reopened, last.Reopened),
		against("Resolved", this.Resolved, last.Resolved),
		against("Closed without a solution", this.Closed, last.Closed),
		against("Open at the end", this.Open, last.Open),
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
		said = append(said, fmt.Sprintf("%d %s", c.Count, cmp.Or(c.Cause.Label(), "without a known cause")))
	}
	return fmt.Sprintf("%d late: %s", n.Late(), strings.Join(said, ", "))
}

func against(what string, this, last int) string {
	if this == 0 && last == 0 {
		return ""
	}
	return fmt.Sprintf("%s: %d (before: %d)", what, this, last)
}

// perPriority writes a line for each priority that has content in this period or the one
// before, and a line for their total if there are several.
func (r report) perPriority(title string, say func(insight.Attainment) string) string {
	var rows []string
	for _, p := range ticket.Priorities {
		if row := compared(p.String(), say(r.This.Priority(p)), say(r.Last.Priority(p))); row != "" {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return ""
	}
	if len(rows) > 1 {
		rows = append(rows, compared("All", say(r.This.All()), say(r.Last.All())))
	}
	return title + "\n" + lines(rows...)
}

func compared(what, this, last string) string {
	if this == "" && last == "" {
		return ""
	}
	return fmt.Sprintf("%s: %s (before: %s)", what, cmp.Or(this, "none"), cmp.Or(last, "none"))
}

func attained(a insight.Attainment) string {
	if a.Counted == 0 {
		return ""
	}
	return share(a)
}

func answered(a insight.Attainment) string { return spreadOf(a.Respond) }

func solved(a insight.Attainment) string { return spreadOf(a.Resolve) }

func spreadOf(s insight.Spread) string {
	if s.Count == 0 {
		return ""
	}
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
	rows := []string{"*Categories* (of what was opened)"}
	for i, c := range all {
		if i == mostCategories {
			rows = append(rows, fmt.Sprintf("… and %d more", len(all)-i))
			break
		}
		rows = append(rows, categoryLine(c))
	}
	return lines(rows...)
}

func (r report) cost() string {
	c := r.This.Cost
	if c.Replies == 0 {
		return ""
	}
	people := math.Round(10*float64(c.People)/float64(c.Tickets)) / 10
	wrote := fmt.Sprintf("%g people wrote", people)
	if people == 1 {
		wrote = "1 person wrote"
	}
	return fmt.Sprintf("*What it took*\n%s under %s; on average %s under each",
		many(c.Replies, "reply", "replies"), many(c.Tickets, "solved ticket", "solved tickets"), wrote)
}
