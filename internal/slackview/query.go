package slackview

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Asked is what the text behind the words find and list asks for.
type Asked struct {
	Query desk.Query
	Text  string // the text itself, to ask for another page
	Note  string // what else the person should know; may be empty
}

// Empty reports whether it asks for nothing: neither words nor a filter.
func (a Asked) Empty() bool {
	return len(a.Query.Words) == 0 && a.Query.Number == 0 && a.Query.Filter == desk.Filter{Scope: desk.ScopeAll}
}

// Reading is what is needed to read such a text.
type Reading struct {
	Categories []string
	Person     string // whom "me" means
}

// Limits of a query.
const (
	longestQuery = 500 // characters
	mostWords    = 12
	longestWord  = 60 // characters
)

// filterWords are the words with a colon, by which tickets are selected.
var filterWords = []struct {
	word string
	read func(f *desk.Filter, value string, r Reading) error
}{
	{"state", readStateWord},
	{"by", readRequester},
	{"owner", readOwner},
	{"category", readCategory},
	{"priority", readPriority},
	{"before", func(f *desk.Filter, value string, _ Reading) error { return readDay(&f.Before, "before", value) }},
	{"after", func(f *desk.Filter, value string, _ Reading) error { return readDay(&f.After, "after", value) }},
}

// ReadQuery reads the text behind the word find. In it people are ids: "@U0ALICE". It returns a
// ticket.Error with the code Invalid for a filter whose value means nothing; anything else is
// searched.
func ReadQuery(text string, r Reading) (Asked, error) {
	text = slackformat.Clip(slackformat.OneLine(text), longestQuery)
	a := Asked{Text: text, Query: desk.Query{Filter: desk.Filter{Scope: desk.ScopeAll}}}
	for _, t := range queryWords(text) {
		known, err := t.filter(&a.Query.Filter, r)
		if err != nil {
			return Asked{}, err
		}
		if known {
			continue
		}
		if t.key != "" && a.Note == "" {
			a.Note = fmt.Sprintf("“%s:” is no filter, so it was searched as a word. %s", slackformat.Escape(t.key), filterHelp)
		}
		a.addWords(t.key + " " + t.value)
	}
	return a, nil
}

// filterHelp lists the filters.
const filterHelp = "Filters are `state:`, `by:`, `owner:`, `category:`, `priority:`, `before:` and `after:`."

// addWords adds the words of a text. The number of a ticket is one, if nothing else was asked for or it has its #.
func (a *Asked) addWords(text string) {
	for word := range strings.FieldsSeq(text) {
		if n, rest := Number(word); n > 0 && rest == "" && (word[0] == '#' || a.Text == word) {
			a.Query.Number = n
			continue
		}
		if len(a.Query.Words) < mostWords && strings.ContainsFunc(word, isOfWord) {
			a.Query.Words = append(a.Query.Words, slackformat.Clip(word, longestWord))
		}
	}
}

func isOfWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// ReadFilter reads the text behind the word list: the filters of ReadQuery, and P1, unowned,
// paused or a category alone. It returns false if the text contains anything else.
func ReadFilter(text string, r Reading) (desk.Filter, bool, error) {
	var f desk.Filter
	text = strings.Join(strings.Fields(text), " ")
	for text != "" {
		if c, ok := categoryNamed(text, r.Categories); ok {
			f.Category = c
			return f, true, nil
		}
		t, rest := nextWord(text)
		known, err := t.filter(&f, r)
		if err != nil {
			return desk.Filter{}, false, err
		}
		if !known && !bareWord(&f, t.value) {
			return desk.Filter{}, false, nil
		}
		text = rest
	}
	return f, true, nil
}

// bareWord reads a word that selects tickets without a colon.
func bareWord(f *desk.Filter, word string) bool {
	p, err := ticket.ParsePriority(word)
	switch {
	case err == nil:
		f.Priority = p
	case strings.EqualFold(word, "unowned"):
		f.Unowned = true
	case strings.EqualFold(word, "paused"):
		f.Paused = true
	default:
		return false
	}
	return true
}

// queryWord is a word, or a filter with its value.
type queryWord struct {
	key   string // in lower case; empty for a word
	value string
}

func queryWords(text string) []queryWord {
	var all []queryWord
	for text = strings.TrimSpace(text); text != ""; {
		var t queryWord
		t, text = nextWord(text)
		all = append(all, t)
	}
	return all
}

var (
	keyed  = regexp.MustCompile(`^([A-Za-z]+):[ ]?([^/ ].*)$`)
	quotes = map[rune]string{'"': `"`, '“': "”", '”': "”", '„': "“", '«': "»"}
)

// nextWord splits a text without space at its ends into its first word and the rest. A value
// in quotes may have spaces. Of two colons the first counts.
func nextWord(text string) (queryWord, string) {
	var t queryWord
	if m := keyed.FindStringSubmatch(text); m != nil {
		t.key, text = strings.ToLower(m[1]), m[2]
	}
	first := []rune(text)[0]
	if end, ok := quotes[first]; ok {
		inside := text[len(string(first)):]
		if value, rest, ok := strings.Cut(inside, end); ok {
			t.value = strings.TrimSpace(value)
			return t, strings.TrimSpace(rest)
		}
	}
	var rest string
	t.value, rest, _ = strings.Cut(text, " ")
	return t, strings.TrimSpace(rest)
}

// filter reads it into a filter, if it is one.
func (t queryWord) filter(f *desk.Filter, r Reading) (bool, error) {
	for _, w := range filterWords {
		if t.key == w.word {
			return true, w.read(f, t.value, r)
		}
	}
	return false, nil
}

// stateWords are the values of state:.
var stateWords = []struct {
	word string
	set  func(f *desk.Filter)
}{
	{"open", func(f *desk.Filter) { f.Scope = desk.ScopeOpen }},
	{"unowned", func(f *desk.Filter) { f.Scope, f.Unowned = desk.ScopeOpen, true }},
	{"claimed", only(ticket.StateClaimed)},
	{"waiting", only(ticket.StateWaiting)},
	{"hold", only(ticket.StateOnHold)},
	{"paused", func(f *desk.Filter) { f.Scope, f.Paused = desk.ScopeOpen, true }},
	{"ended", func(f *desk.Filter) { f.Scope = desk.ScopeEnded }},
	{"resolved", only(ticket.StateResolved)},
	{"closed", only(ticket.StateClosed)},
	{"any", func(f *desk.Filter) { f.Scope = desk.ScopeAll }},
}

func only(s ticket.State) func(*desk.Filter) {
	return func(f *desk.Filter) {
		f.State, f.Scope = s, desk.ScopeOpen
		if s.Ended() {
			f.Scope = desk.ScopeEnded
		}
	}
}

func readStateWord(f *desk.Filter, value string, _ Reading) error {
	var words []string
	for _, s := range stateWords {
		if strings.EqualFold(s.word, value) {
			s.set(f)
			return nil
		}
		words = append(words, s.word)
	}
	return ticket.Errorf(ticket.Invalid, "There is no state %q. Write state: and one of %s.", shown(value), strings.Join(words, ", "))
}

var person = regexp.MustCompile(`^@?([UW][A-Z0-9]{2,})$`)

// personNamed reads "me", or a person whom Slack has turned into an id.
func personNamed(key, value string, r Reading) (string, error) {
	if strings.EqualFold(value, "me") {
		return r.Person, nil
	}
	if m := person.FindStringSubmatch(value); m != nil {
		return m[1], nil
	}
	return "", ticket.Errorf(ticket.Invalid, "It is not known who %q is. Write %s:me, or %s:@ and choose a person from Slack's list.", shown(value), key, key)
}

func readRequester(f *desk.Filter, value string, r Reading) (err error) {
	f.Requester, err = personNamed("by", value, r)
	return err
}

func readOwner(f *desk.Filter, value string, r Reading) (err error) {
	if strings.EqualFold(value, "nobody") || strings.EqualFold(value, "none") {
		f.Unowned = true
		return nil
	}
	f.Owner, err = personNamed("owner", value, r)
	return err
}

func categoryNamed(value string, categories []string) (string, bool) {
	i := slices.IndexFunc(categories, func(c string) bool { return strings.EqualFold(c, value) })
	if i < 0 {
		return "", false
	}
	return categories[i], true
}

// mostCategoriesNamed is how many categories are named in a sentence.
const mostCategoriesNamed = 20

func readCategory(f *desk.Filter, value string, r Reading) error {
	c, ok := categoryNamed(value, r.Categories)
	if !ok {
		return ticket.Errorf(ticket.Invalid, "There is no category %q. There are: %s. Put a name with spaces in quotes.",
			shown(value), strings.Join(r.Categories[:min(len(r.Categories), mostCategoriesNamed)], ", "))
	}
	f.Category = c
	return nil
}

func readPriority(f *desk.Filter, value string, _ Reading) (err error) {
	if f.Priority, err = ticket.ParsePriority(value); err != nil {
		return ticket.Errorf(ticket.Invalid, "There is no priority %q. Write priority:P1, P2 or P3.", shown(value))
	}
	return nil
}

func readDay(into *time.Time, key, value string) error {
	day, err := time.Parse(time.DateOnly, value)
	if err != nil || day.Year() < 1 {
		return ticket.Errorf(ticket.Invalid, "%q is no day. Write it as in %s:2026-11-01.", shown(value), key)
	}
	*into = day
	return nil
}

// shown is a value as a sentence repeats it, which must not be able to ping anybody.
func shown(value string) string {
	return slackformat.Clip(strings.NewReplacer("<", "", ">", "", "&", "").Replace(value), longestWord)
}
