package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"supporty/internal/ticket"
)

// Who answers the same question for the third time is asked, alone, whether to write the answer
// down. Two answers of a person are the same if they are the same saved answer, or notes on
// solutions that share most of their words. Of what people write in threads nothing is stored, so
// it does not count.

const (
	thirdTime   = 3                   // tickets of one category with the same answer
	thirdWithin = 90 * 24 * time.Hour // the time in which those answers were given
	thirdEvery  = 7 * 24 * time.Hour  // how long nobody is asked again
	fewestWords = 3                   // of a note that says enough to be compared
	alikeShare  = 0.7                 // of the words in either of two notes, how many are in both
)

// Given is an answer that somebody has given to a ticket: a saved one, or their note on its
// solution.
type Given struct {
	Ticket   ticket.Number
	Category string    // of the ticket
	Answer   string    // see ticket.Reply; empty for a note
	Note     string    // empty for a saved answer
	Offered  time.Time // when they were asked, about this ticket, whether to write it down; zero if never
}

// Answers is what is needed to see who repeats what.
type Answers interface {
	// Given returns the answers of a person since a time, the newest first. Those that were
	// taken back are left out, and those to tickets that are private or withheld, or from
	// which something was redacted.
	Given(ctx context.Context, person string, since time.Time) ([]Given, error)
	// Repeating returns the tickets in which somebody answered with the solution of another one.
	Repeating(ctx context.Context, solved ticket.Number) ([]ticket.Number, error)
}

// AnsweredBy reports whether the last thing that happened to the ticket is such an answer of a
// person.
func (r Record) AnsweredBy(person string) bool {
	if len(r.Timeline) == 0 || r.Ticket.Private() {
		return false
	}
	e := r.Timeline[len(r.Timeline)-1]
	return e.Actor == person && e.Void == "" && (e.Answer != "" || e.Kind == ticket.Resolved && e.Note != "")
}

// OfferToWriteDown asks who has answered a ticket, and nobody else, whether to write the answer
// down, if it is the third of its kind: once for each answer, and once a week.
func (d *Desk) OfferToWriteDown(ctx context.Context, person string, n ticket.Number, now time.Time) error {
	given, err := d.answers.Given(ctx, person, now.Add(-thirdWithin))
	if err != nil {
		return orUnavailable(err, "looking for answers of somebody")
	}
	same := repeated(given, n)
	lately := func(g Given) bool { return now.Sub(g.Offered) < thirdEvery }
	before := func(g Given) bool { return !g.Offered.IsZero() }
	if len(same) != thirdTime || slices.ContainsFunc(given, lately) || slices.ContainsFunc(same, before) {
		return nil
	}
	_, _, err = d.change(ctx, n, "offering to write down an answer to", func(r Record) (Change, error) {
		c := Change{Key: thirdKey(person, n), Now: micros(now), After: r, NextAt: nextAt(r, micros(now))}
		c.enqueue(r.notice(NoticeThirdTime, person, c.Now, NoticeDetails{At: c.Now, Alike: numbersOf(same)}))
		return c, nil
	})
	return err
}

func thirdKey(person string, n ticket.Number) string {
	return fmt.Sprintf("third:%s:%d", person, int64(n))
}

// repeated returns all answers that are the same as the newest one to a ticket.
func repeated(given []Given, n ticket.Number) []Given {
	i := slices.IndexFunc(given, func(g Given) bool { return g.Ticket == n })
	if i < 0 {
		return nil
	}
	return given[i].among(given)
}

// mostRepeated returns the answer to a ticket that was given most often, and all that are the same.
func mostRepeated(given []Given, n ticket.Number) (answer Given, same []Given) {
	for _, g := range given {
		if all := g.among(given); g.Ticket == n && len(all) > len(same) {
			answer, same = g, all
		}
	}
	return answer, same
}

// among returns the answers that are the same as one, one for each ticket, the oldest first.
func (g Given) among(given []Given) (same []Given) {
	for _, other := range slices.Backward(given) {
		counted := slices.ContainsFunc(same, func(s Given) bool { return s.Ticket == other.Ticket })
		if other.Category == g.Category && !counted && g.alike(other) {
			same = append(same, other)
		}
	}
	return same
}

func numbersOf(given []Given) (numbers []ticket.Number) {
	for _, g := range given {
		numbers = append(numbers, g.Ticket)
	}
	return numbers
}

func (g Given) alike(other Given) bool {
	if g.Answer != "" || other.Answer != "" {
		return strings.EqualFold(g.Answer, other.Answer)
	}
	return alike(g.Note, other.Note)
}

// alike reports whether two texts share most of their words, in any order.
func alike(a, b string) bool {
	one, two := wordSet(a), wordSet(b)
	both := 0
	for w := range one {
		if two[w] {
			both++
		}
	}
	either := len(one) + len(two) - both
	return min(len(one), len(two)) >= fewestWords && float64(both) >= alikeShare*float64(either)
}

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		set[w] = true
	}
	return set
}

// WriteDown files a ticket for the squad of who has answered a ticket as they answered others:
// somebody is to write the answer down. link gives the address of a message. Again for the same
// ticket, it returns the ticket of the first time.
func (d *Desk) WriteDown(ctx context.Context, g Gesture, link func(ticket.Message) string) (Record, error) {
	p, err := d.actor(ctx, g.Actor)
	if err != nil {
		return Record{}, err
	}
	given, err := d.answers.Given(ctx, g.Actor, g.Now.Add(-thirdWithin-thirdEvery))
	if err != nil {
		return Record{}, orUnavailable(err, "looking for answers of somebody")
	}
	answer, same := mostRepeated(given, g.Ticket)
	if len(same) == 0 {
		return Record{}, ticket.Errorf(ticket.Conflict, "The answers are gone, so there is nothing to write down.")
	}
	text, err := d.textOf(ctx, answer, same, link)
	if err != nil {
		return Record{}, err
	}
	return d.Open(ctx, NewTicket{
		Content:   Content{Priority: ticket.P3, Title: "Write down: " + clipped(answer.named(), MaxTitle/2), Text: text, Category: d.garden(p, answer.Category)},
		Requester: g.Actor, Gesture: g.By, Key: "written:" + thirdKey(g.Actor, g.Ticket), At: g.Now, Now: g.Now, Answered: true,
	})
}

// named is what people call an answer.
func (g Given) named() string {
	switch {
	case strings.HasPrefix(g.Answer, "#"):
		return "how " + g.Answer + " was solved"
	case g.Answer != "":
		return g.Answer
	}
	return cleanLine(g.Note)
}

// textOf tells which tickets got the same answer, with links to them.
func (d *Desk) textOf(ctx context.Context, answer Given, same []Given, link func(ticket.Message) string) (string, error) {
	lines := []string{"These tickets got the same answer, " + clipped(answer.named(), MaxText/2) + ":"}
	for _, s := range same[:min(len(same), mostAlike)] {
		card, err := d.Card(ctx, s.Ticket)
		if err != nil {
			return "", err
		}
		lines = append(lines, strings.TrimSpace(s.Ticket.String()+" "+link(card)))
	}
	return strings.Join(lines, "\n"), nil
}

// mostAlike is how many tickets with the same answer are named.
const mostAlike = 5

func clipped(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// garden is the category in which somebody writes down an answer to tickets of another: the one
// without targets of their squad, or else one that their squad owns.
func (d *Desk) garden(p Person, category string) string {
	squad := ""
	for _, s := range slices.Backward(p.Squads) {
		if squad = s; slices.Contains(d.squads[s], category) {
			break
		}
	}
	public := func(c string) bool { return !d.isPrivate(c) }
	i := slices.IndexFunc(d.squads[squad], public)
	switch {
	case d.gardens[squad] != "":
		return d.gardens[squad]
	case slices.Contains(d.squads[squad], category) || i < 0:
		return category
	}
	return d.squads[squad][i]
}
