// Package plots makes charts of statistics, for messages and pages alike: what a series shows, and
// how its numbers are written. It is pure. What the numbers mean is defined by package insight, and how
// they are drawn by package chart.
package plots

import (
	"fmt"
	"time"

	"supporty/internal/chart"
	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// Of returns the charts of a digest that have something to show, the zone's days as labels. Without a
// series (insight.Digests.WithWeeks) there are none by week.
func Of(d insight.Digest) []chart.Chart {
	var shown []chart.Chart
	for _, c := range []chart.Chart{OnTime(d), Solving(d), Categories(d.This), Work(d)} {
		if len(c.Panels) > 0 && len(c.Labels) > 0 {
			shown = append(shown, c)
		}
	}
	return shown
}

// OnTime shows for each week and priority how many promises were decided, and how many of them late.
func OnTime(d insight.Digest) chart.Chart {
	c := weekly("On time and late, by week", d)
	for _, p := range ticket.Priorities {
		kept, late := make([]float64, len(d.Weeks)), make([]float64, len(d.Weeks))
		all := insight.Attainment{Priority: p}
		for i, w := range d.Weeks {
			a := w.Priority(p)
			kept[i], late[i] = float64(a.Kept), float64(a.Counted-a.Kept)
			all.Kept, all.Counted = all.Kept+a.Kept, all.Counted+a.Counted
		}
		if all.Counted > 0 {
			c.Panels = append(c.Panels, chart.Panel{Name: p.String(), Note: all.Share() + " on time", Series: []chart.Series{
				{Name: "on time", Values: kept}, {Name: "late", Tone: chart.Alert, Values: late},
			}})
		}
	}
	return c
}

// Solving shows for each week and priority how long the tickets took that were solved in it.
func Solving(d insight.Digest) chart.Chart {
	c := weekly("Time to solve, by week", d)
	c.Shape, c.Write = chart.Lines, Hours
	for _, p := range ticket.Priorities {
		half, most := make([]float64, len(d.Weeks)), make([]float64, len(d.Weeks))
		count := 0
		for i, w := range d.Weeks {
			s := w.Priority(p).Resolve
			count += s.Count
			half[i], most[i] = hoursOf(s.Median, s.Count), hoursOf(s.P90, s.Count)
		}
		if count > 0 {
			c.Panels = append(c.Panels, chart.Panel{Name: p.String(), Series: []chart.Series{
				{Name: "half within", Values: half}, {Name: "nine in ten within", Tone: chart.Soft, Values: most},
			}})
		}
	}
	return c
}

// Work shows for each week how many of the tickets that were opened are of each kind of work.
func Work(d insight.Digest) chart.Chart {
	c := weekly("Kind of work, by week", d)
	counts, sums, all := map[ticket.Work][]float64{}, map[ticket.Work]int{}, 0
	for _, w := range d.Weeks {
		by, of := d.WorkOfWeek(w)
		all += of
		for _, kind := range ticket.Works {
			counts[kind], sums[kind] = append(counts[kind], float64(by[kind])), sums[kind]+by[kind]
		}
	}
	for _, kind := range ticket.Works {
		if all > 0 {
			note := insight.Attainment{Kept: sums[kind], Counted: all}.Share()
			c.Panels = append(c.Panels, chart.Panel{Name: string(kind), Note: note, Series: []chart.Series{{Name: "tickets", Values: counts[kind]}}})
		}
	}
	return c
}

// weekly is a chart over the weeks of a series, which are called by their first days.
func weekly(title string, d insight.Digest) chart.Chart {
	c := chart.Chart{Title: title}
	zone := d.Zone
	if zone == nil {
		zone = time.UTC
	}
	for _, w := range d.Weeks {
		c.Labels = append(c.Labels, w.Period.From.In(zone).Format(dayAndMonth))
	}
	for _, m := range d.WeekMarks {
		c.Marks = append(c.Marks, mark(m, d.Weeks, zone)...)
	}
	return c
}

const dayAndMonth = "2 Jan"

// mark is a mark of a series: a change of settings, which is told by itself, or a deployment, of which
// there can be many. A mark that is in no week is none.
func mark(m insight.Mark, weeks []insight.Week, zone *time.Location) []chart.Mark {
	for i, w := range weeks {
		if m.At.Before(w.Period.From) || !m.At.Before(w.Period.To) {
			continue
		}
		at := float64(i) + m.At.Sub(w.Period.From).Hours()/w.Period.To.Sub(w.Period.From).Hours()
		if m.Kind == insight.MarkDeployment {
			return []chart.Mark{{At: at, Name: m.Service + " deployed", Many: true}}
		}
		return []chart.Mark{{At: at, Name: m.At.In(zone).Format(dayAndMonth) + ": " + m.Kind.Label() + " changed"}}
	}
	return nil
}

// mostCategories is how many categories are shown: people do not read more.
const mostCategories = 8

// Categories compares for each category how many tickets were opened with how many code changes they
// led to. Those that are hard to understand are marked.
func Categories(n insight.Numbers) chart.Chart {
	c := chart.Chart{Title: "Tickets and code changes, by category", Shape: chart.Bars}
	tickets, changes := chart.Series{Name: "tickets"}, chart.Series{Name: "code changes", Tone: chart.Soft}
	for i, category := range n.Categories {
		if i == mostCategories {
			break
		}
		note := ""
		if n.Hard(category) {
			note = "hard to understand"
		}
		c.Labels, c.Notes = append(c.Labels, category.Name), append(c.Notes, note)
		tickets.Values = append(tickets.Values, float64(category.Tickets))
		changes.Values = append(changes.Values, float64(category.CodeChanges))
	}
	if len(c.Labels) > 0 {
		c.Panels = []chart.Panel{{Series: []chart.Series{tickets, changes}}}
	}
	return c
}

func hoursOf(d time.Duration, count int) float64 {
	if count == 0 {
		return chart.Absent
	}
	return d.Hours()
}

// Hours writes a number of hours so short that it fits beside a scale: "42 min", "5 h 10", "31 h", "2.5 days".
func Hours(hours float64) string {
	minutes := int(time.Duration(hours * float64(time.Hour)).Round(time.Minute).Minutes())
	switch {
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	case minutes < 10*60 && minutes%60 > 0:
		return fmt.Sprintf("%d h %02d", minutes/60, minutes%60)
	case hours < 48:
		return fmt.Sprintf("%.0f h", hours)
	case hours < 10*24:
		return fmt.Sprintf("%.1f days", hours/24)
	}
	return fmt.Sprintf("%.0f days", hours/24)
}
