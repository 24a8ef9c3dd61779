package insight

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"supporty/internal/ticket"
)

// Lesson is what the solved tickets of a category teach: which questions return, and whether somebody has
// written the answers down. Counted are the last MostLearnt tickets that were resolved in the period and still
// are, without private ones.
type Lesson struct {
	Category  string
	Tickets   int        // of those counted
	Questions []Returned // that return, the most frequent first
	Guided    int        // tickets in whose thread somebody posted the link to a runbook
}

// Returning counts the tickets of all questions that return.
func (l Lesson) Returning() (tickets int) {
	for _, q := range l.Questions {
		tickets += q.Tickets
	}
	return tickets
}

// Written counts the questions of which something was written down.
func (l Lesson) Written() (questions int) {
	for _, q := range l.Questions {
		if q.Written {
			questions++
		}
	}
	return questions
}

// Returned is a question that returns: three tickets or more whose titles are alike.
type Returned struct {
	Number  ticket.Number // of the last one
	Title   string        // of the last one; in a digest empty if its reader may not read the ticket
	Channel string        // in which the last one lives, empty for the support channel
	Card    ticket.Message
	Tickets int
	Resolve Spread // from their openings to their solutions, less pauses
	Written bool   // one of them was solved by documentation or with a saved answer, or "write it down" about one is solved
}

// SolvedTicket is what lessons are drawn from.
type SolvedTicket struct {
	Number   ticket.Number
	Category string
	Title    string
	Channel  string
	Card     ticket.Message
	Took     time.Duration
	Written  bool
	Guided   bool
}

// MostLearnt is how many tickets lessons are drawn from, the last ones of a period.
const MostLearnt = 2000

// A question returns if it was asked so often.
const returnsFrom = 3

// alike reports whether two titles ask the same, by how many words are in both, and in either: two of three,
// or half if these are four or more. Templates with a name in them are alike, and "the search is not working"
// and "the checkout is not working" are not.
func alike(both, either int) bool {
	return 3*both >= 2*either || both >= 4 && 2*both >= either
}

// LessonsOf draws lessons from tickets, which are in the order of their solutions. The category with the
// most returning tickets comes first, then by name. A category that teaches nothing is left out.
func LessonsOf(solved []SolvedTicket) (lessons []Lesson) {
	categories := map[string][]SolvedTicket{}
	for _, t := range solved {
		categories[t.Category] = append(categories[t.Category], t)
	}
	for category, of := range categories {
		l := Lesson{Category: category, Tickets: len(of), Questions: returned(of)}
		for _, t := range of {
			if t.Guided {
				l.Guided++
			}
		}
		if len(l.Questions) > 0 || l.Guided > 0 {
			lessons = append(lessons, l)
		}
	}
	slices.SortFunc(lessons, func(a, b Lesson) int {
		return cmp.Or(cmp.Compare(b.Returning(), a.Returning()), cmp.Compare(a.Category, b.Category))
	})
	return lessons
}

// returned groups the tickets of a category. Each joins the group whose first title is the most alike, the
// first of these.
func returned(of []SolvedTicket) (questions []Returned) {
	var groups [][]SolvedTicket
	var sizes []int                // of the first titles of groups
	groupsOf := map[string][]int{} // those whose first title has a word
	for _, t := range of {
		title := wordsOf(t.Title)
		shared := map[int]int{}
		for _, w := range title {
			for _, g := range groupsOf[w] {
				shared[g]++
			}
		}
		if g := nearest(shared, sizes, len(title)); g >= 0 {
			groups[g] = append(groups[g], t)
			continue
		}
		for _, w := range title {
			groupsOf[w] = append(groupsOf[w], len(groups))
		}
		groups, sizes = append(groups, []SolvedTicket{t}), append(sizes, len(title))
	}
	for _, g := range groups {
		if len(g) >= returnsFrom {
			questions = append(questions, question(g))
		}
	}
	slices.SortStableFunc(questions, func(a, b Returned) int {
		return cmp.Or(cmp.Compare(b.Tickets, a.Tickets), cmp.Compare(b.Number, a.Number))
	})
	return questions
}

func question(group []SolvedTicket) Returned {
	last := group[len(group)-1]
	q := Returned{Number: last.Number, Title: last.Title, Channel: last.Channel, Card: last.Card, Tickets: len(group)}
	var took []time.Duration
	for _, t := range group {
		took = append(took, t.Took)
		q.Written = q.Written || t.Written
	}
	slices.Sort(took)
	q.Resolve = SpreadOf([][]time.Duration{took})
	return q
}

// nearest is the group that a title of so many words is the most alike, by the words that they share; -1 for
// none.
func nearest(shared map[int]int, sizes []int, size int) int {
	best, share := -1, 0.0
	for g, both := range shared {
		either := size + sizes[g] - both
		if of := float64(both) / float64(either); alike(both, either) && (of > share || of == share && g < best) {
			best, share = g, of
		}
	}
	return best
}

// wordsOf are the words of a title, each once. What has a digit is no word: numbers differ every time.
func wordsOf(title string) (words []string) {
	for _, w := range strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if !strings.ContainsFunc(w, unicode.IsDigit) && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// readBy leaves out the titles of tickets that live in other channels: who is in none of these may not read them.
// How often a question returned is told to everybody.
func readBy(channels []string, lessons []Lesson) []Lesson {
	told := slices.Clone(lessons)
	for i, l := range told {
		told[i].Questions = slices.Clone(l.Questions)
		for j, q := range l.Questions {
			if !slices.Contains(channels, q.Channel) {
				told[i].Questions[j].Title = ""
			}
		}
	}
	return told
}

// MostReturned are the questions of all lessons that were asked most often.
func MostReturned(lessons []Lesson, most int) (questions []Returned) {
	for _, l := range lessons {
		questions = append(questions, l.Questions...)
	}
	slices.SortStableFunc(questions, func(a, b Returned) int {
		return cmp.Or(cmp.Compare(b.Tickets, a.Tickets), cmp.Compare(b.Number, a.Number))
	})
	return questions[:min(len(questions), most)]
}
