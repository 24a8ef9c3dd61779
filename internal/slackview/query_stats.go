package slackview

import (
	"maps"
	"slices"
	"strings"
	"time"

	"supporty/internal/insight"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// AskedNumbers is what the text behind the word stats asks for.
type AskedNumbers struct {
	Period ticket.Period
	Of     insight.Selection
}

// Countable is what numbers can be asked for.
type Countable struct {
	Categories []string
	Squads     map[string][]string // the categories that each of them owns
	Now        time.Time
	Zone       *time.Location // of the days that are written
}

// usualDays is how many days are counted if no period is written.
const usualDays = 7

// ReadStats reads the text behind the word stats: a period, and a category or a squad, each of
// them optional. It returns false if the text is about something else. The error is a
// ticket.Error about a period, or about a name behind a period.
func ReadStats(text string, c Countable) (AskedNumbers, bool, error) {
	a := AskedNumbers{Period: insight.LastDays(usualDays, c.Now)}
	text = slackformat.OneLine(text)
	first, rest, _ := strings.Cut(text, " ")
	p, timed, err := insight.Span(first, c.Now, c.Zone)
	if err != nil {
		return a, true, err
	}
	if timed {
		a.Period, text = p, strings.TrimSpace(rest)
	}
	if text == "" {
		return a, true, nil
	}
	of, known := c.named(text)
	if !known && timed {
		return a, true, ticket.Errorf(ticket.Invalid, "There is no category and no squad “%s”.", shown(text))
	}
	a.Of = of
	return a, known, nil
}

// named finds a category, or else a squad, by its name. A name may stand in quotes, and behind
// "category:" or "squad:".
func (c Countable) named(text string) (insight.Selection, bool) {
	w, rest := nextWord(text)
	name := text
	if w.key != "" || rest == "" {
		name = strings.TrimSpace(w.value + " " + rest)
	}
	if category, ok := categoryNamed(name, c.Categories); ok && w.key != "squad" {
		return insight.Selection{Name: category, Categories: []string{category}}, true
	}
	squad, ok := categoryNamed(name, slices.Sorted(maps.Keys(c.Squads)))
	if !ok || w.key == "category" {
		return insight.Selection{}, false
	}
	return insight.Selection{Name: squad, Categories: append([]string{}, c.Squads[squad]...)}, true
}
