package insight

import (
	"cmp"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Satisfaction is what requesters said of the help.
//
// Who asks for two periods that differ by a day, or for all tickets and all categories but one, and is told
// the stars of each, knows by subtraction what one person said. So stars are told of groups that are cut once
// for everybody (see groupsOf): each answer is in one of them at most, and a period has those groups whose
// answers became final in it.
type Satisfaction struct {
	Answers int // solutions that got their first stars in the period

	Told  int           // answers in the groups that became final in the period
	Weeks ticket.Period // in which these were given first; zero if there are none
	// Stars counts them by the stars that they have in the end: Stars[0] are those with one star.
	Stars [ticket.MostStars]int
	// Rose are those with more stars than their ticket got first, because somebody changed them or because
	// a later solution was better; by the stars, the lowest first.
	Rose []Rise
}

// Rise is how often stars rose from one number to another.
type Rise struct{ From, To, Count int }

// A group has so many answers, of so many different people, about the help of so many others: there is no
// rating of a single person.
const (
	TellingAnswers = 5
	TellingRaters  = 3
	TellingHelpers = 2
)

// Answer is a solution that has stars. Its ticket is as it was when they were given: if groups followed what it is
// now, two readings could differ by one answer.
type Answer struct {
	At           time.Time // of the first stars
	Category     string
	First, Stars int // that the ticket got first, and that the solution has now
	Rater        string
	Helper       string // who had the ticket; empty for nobody
}

// group are answers that are told together, without a category if they are of several. It is final as soon as
// nobody can change their answers any more.
type group struct {
	category string
	weeks    ticket.Period
	final    time.Time
	answers  []Answer
}

// RatedIn is when those answers were given that can be in a group which becomes final in a period. All answers
// of these weeks have to be known, whatever their category.
func RatedIn(p ticket.Period) ticket.Period {
	const longestMonth = 5 * 7
	return ticket.Period{From: monday(p.From).AddDate(0, 0, -longestMonth-14), To: monday(p.To)}
}

// SatisfactionOf adds up the groups that became final in a period, of answers given in RatedIn, which must not
// be about tickets that were private then. given is how many answers the selected tickets got in the period itself.
func SatisfactionOf(given int, all []Answer, p ticket.Period, of Selection) Satisfaction {
	s := Satisfaction{Answers: given}
	rose := map[Rise]int{}
	for _, g := range groupsOf(all) {
		if g.final.Before(p.From) || !g.final.Before(p.To) || !of.All() && !slices.Contains(of.Categories, g.category) {
			continue
		}
		s.Told += len(g.answers)
		s.span(g.weeks)
		for _, a := range g.answers {
			s.Stars[a.Stars-1]++
			if a.Stars > a.First {
				rose[Rise{From: a.First, To: a.Stars}]++
			}
		}
	}
	for r, count := range rose {
		s.Rose = append(s.Rose, Rise{r.From, r.To, count})
	}
	slices.SortFunc(s.Rose, func(a, b Rise) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return s
}

// span widens the weeks of what is told.
func (s *Satisfaction) span(weeks ticket.Period) {
	if s.Weeks.From.IsZero() || weeks.From.Before(s.Weeks.From) {
		s.Weeks.From = weeks.From
	}
	if weeks.To.After(s.Weeks.To) {
		s.Weeks.To = weeks.To
	}
}

// groupsOf cuts answers into groups: of a week and a category; what is left, of a week; and what is left
// then, of the weeks that begin in a month. What is left at last is told nowhere. Weeks begin on Monday, in
// UTC, so that they are the same for everybody.
func groupsOf(all []Answer) (groups []group) {
	weeks := map[time.Time][]Answer{}
	for _, a := range all {
		weeks[monday(a.At)] = append(weeks[monday(a.At)], a)
	}
	months := map[time.Time][]Answer{}
	for week, answers := range weeks {
		weekly, left := cut(answers)
		for _, g := range weekly {
			g.weeks = ticket.Period{From: week, To: week.AddDate(0, 0, 7)}
			groups = append(groups, g)
		}
		month := firstMonday(week.Year(), week.Month())
		months[month] = append(months[month], left...)
	}
	for month, left := range months {
		if telling(left) {
			groups = append(groups, group{weeks: ticket.Period{From: month, To: firstMonday(month.Year(), month.Month()+1)}, answers: left})
		}
	}
	for i, g := range groups {
		groups[i].final = g.weeks.To.Add(ticket.RateWindow)
	}
	return groups
}

// cut cuts the answers of a week into groups by category and one of the others, and returns what is left.
func cut(answers []Answer) (groups []group, left []Answer) {
	categories := map[string][]Answer{}
	for _, a := range answers {
		categories[a.Category] = append(categories[a.Category], a)
	}
	for category, of := range categories {
		if telling(of) {
			groups = append(groups, group{category: category, answers: of})
		} else {
			left = append(left, of...)
		}
	}
	if telling(left) {
		return append(groups, group{answers: left}), nil
	}
	return groups, left
}

// telling reports whether answers are about nobody in particular.
func telling(answers []Answer) bool {
	raters, helpers := map[string]bool{}, map[string]bool{}
	for _, a := range answers {
		raters[a.Rater] = true
		if a.Helper != "" {
			helpers[a.Helper] = true
		}
	}
	return len(answers) >= TellingAnswers && len(raters) >= TellingRaters && len(helpers) >= TellingHelpers
}

// monday is the beginning of a moment's week.
func monday(t time.Time) time.Time {
	y, m, day := t.UTC().Date()
	return time.Date(y, m, day-int(t.UTC().Weekday()+6)%7, 0, 0, 0, 0, time.UTC)
}

// firstMonday is the first one in a month.
func firstMonday(y int, m time.Month) time.Time {
	return monday(time.Date(y, m, 7, 0, 0, 0, 0, time.UTC))
}
