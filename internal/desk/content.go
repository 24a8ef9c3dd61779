package desk

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"supporty/internal/ticket"
)

// Names of a form's fields. An error about a field carries one of them.
const (
	FieldPriority  = "priority"
	FieldTitle     = "title"
	FieldText      = "text"
	FieldCategory  = "category"
	FieldAssignee  = "assignee"
	FieldNote      = "note"
	FieldSolution  = "solution"
	FieldReason    = "reason"
	FieldDuplicate = "duplicate"
	FieldQuestion  = "question"
	FieldReview    = "review"
	FieldExpected  = "expected"
	FieldFrom      = "from"
	FieldUntil     = "until"
	FieldShift     = "shift"
	FieldPeople    = "people"
	FieldTurn      = "turn"
	FieldDay       = "day"
	FieldTime      = "time"
	FieldZone      = "zone"
	FieldDuring    = "during"
	FieldStarts    = "starts"
	FieldSettings  = "settings"
	FieldExchange  = "exchange"
	FieldPerson    = "person"
	FieldRecipient = "recipient"
	FieldRequester = "requester"
	FieldFiles     = "files"
	FieldAnswer    = "answer"
	FieldWords     = "words"
	FieldSure      = "sure"
	FieldStars     = "stars"
	FieldFollowUp  = "follow_up"

	FieldIncident   = "incident"
	FieldDeployment = "deployment"
	FieldWork       = "work"
)

// Limits of what people write, in characters. Slack's form fields hold no more
// than MaxText.
const (
	MaxTitle = 120
	MaxText  = 3000
)

// Content is what the ticket form holds.
type Content struct {
	Priority ticket.Priority
	Title    string
	Text     string
	Category string
	Fields   []ticket.Field `json:",omitempty"` // of the category; nil if nobody was asked, empty if there are none
}

// checkContent returns the content as it is stored, or an error at the field
// that is wrong. The priority is not looked at.
func (d *Desk) checkContent(c Content) (Content, error) {
	c.Title, c.Text = cleanLine(c.Title), clean(c.Text)
	switch {
	case !strings.ContainsFunc(c.Title, unicode.IsGraphic): // empty, or of invisible characters only
		return c, ticket.Errorf(ticket.Invalid, "Give it a title, so that people see what it is about.").At(FieldTitle)
	case utf8.RuneCountInString(c.Title) > MaxTitle:
		return c, ticket.Errorf(ticket.Invalid, "Please keep the title under %d characters.", MaxTitle).At(FieldTitle)
	case utf8.RuneCountInString(c.Text) > MaxText:
		return c, ticket.Errorf(ticket.Invalid, "Please keep the text under %d characters, or attach the rest in the thread.", MaxText).At(FieldText)
	}
	category, ok := d.category(c.Category)
	if !ok {
		return c, ticket.Errorf(ticket.Invalid, "Choose a category from the list.").At(FieldCategory).Because(ErrOutdated)
	}
	var err error
	c.Category = category
	c.Fields, err = d.checkFields(category, c.Fields)
	return c, err
}

func (d *Desk) category(name string) (string, bool) {
	for _, c := range d.categories {
		if strings.EqualFold(c, name) {
			return c, true
		}
	}
	return "", false
}

// clean drops what can neither be stored nor read (invalid UTF-8, control
// characters) and the white space around the text.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// cleanLine is clean for a single line. Directional overrides go as well: they
// would turn around what stands beside the title; right-to-left letters stay.
func cleanLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, clean(s))
	return strings.Join(strings.Fields(s), " ")
}
