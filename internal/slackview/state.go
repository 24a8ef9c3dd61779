package slackview

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"supporty/internal/ticket"
)

// Metadata is what a form remembers while it is open: its private_metadata. Whoever
// draws a form again hands on all of it.
type Metadata struct {
	Ticket  ticket.Number  `json:"ticket,omitempty"`  // 0 for a new one
	Source  ticket.Message `json:"source,omitzero"`   // the message that a new one is made from
	Follows ticket.Number  `json:"follows,omitempty"` // the earlier ticket that a new one follows
	Private bool           `json:"private,omitempty"` // others cannot open a link to the source
	Thread  string         `json:"thread,omitempty"`  // ts of the thread that the source stands in; empty for none
	Author  string         `json:"author,omitempty"`  // of the source, whom everybody may know
	Files   string         `json:"files,omitempty"`   // ids of the files of a source, with spaces between them
	Held    Held           `json:"held,omitzero"`     // of a source that is private
	Answer  Answer         `json:"answer,omitzero"`   // where who opened a new one hears of it
}

// Held is what somebody wrote in private, and is not shown before they agree.
type Held struct {
	Is    bool   `json:"is,omitempty"`
	By    string `json:"by,omitempty"`    // who has to agree; empty if they cannot be asked
	Words string `json:"words,omitempty"` // plain text, shortened to what a form can remember
}

// Answer is the response_url of a command, a shortcut or a press: what is sent there
// is seen by its maker alone, where they were, also where the bot is not. The address
// is a secret: it is never printed.
type Answer struct {
	URL   string `json:"url,omitempty"`
	Since int64  `json:"since,omitempty"` // when it was made, in Unix seconds of the real time

	Instead bool `json:"instead,omitempty"` // the answer takes the place of the question that was pressed
}

// Slack takes five answers within half an hour; of a form's there is one. The last
// minute is left for the way there, and for clocks that differ.
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
const (
	answerLife  = 29 * time.Minute
	longestURL  = 1000 // characters: a form remembers 3000, of which this is the greatest part
	hiddenWords = "(an address for answers)"
)

// AnswerAt returns what is known of a response_url that was made at a moment of the
// real time; the zero Answer if there is none, or if no form could remember it.
func AnswerAt(url string, made time.Time) Answer {
	if url == "" || len(url) > longestURL {
		return Answer{}
	}
	return Answer{URL: url, Since: made.Unix()}
}

// Open reports whether Slack still takes an answer, at a moment of the real time.
func (a Answer) Open(now time.Time) bool {
	return a.URL != "" && now.Before(time.Unix(a.Since, 0).Add(answerLife))
}

// String keeps the address out of logs.
func (a Answer) String() string {
	if a.URL == "" {
		return ""
	}
	return hiddenWords
}

// mostRemembered is how much a form remembers; Slack counts characters.
// https://docs.slack.dev/reference/views/modal-views
const mostRemembered = 3000

func (m Metadata) encode() string {
	for {
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false) // an escaped & takes six characters
		_ = e.Encode(m)        // numbers and strings: cannot fail
		if b.Len() <= mostRemembered || m.Held.Words == "" {
			return strings.TrimSpace(b.String())
		}
		m.Held.Words = clip(m.Held.Words, utf8.RuneCountInString(m.Held.Words)*3/4)
	}
}

// ReadMetadata reads a form's private_metadata; the empty string is the zero
// Metadata. What this package cannot have written is a ticket.Error with the
// code Invalid.
func ReadMetadata(private string) (Metadata, error) {
	var m Metadata
	if private == "" {
		return m, nil
	}
	if err := json.Unmarshal([]byte(private), &m); err != nil || m.Ticket < 0 || m.Follows < 0 {
		return Metadata{}, unreadable(err)
	}
	return m, nil
}

func unreadable(cause error) error {
	return ticket.Errorf(ticket.Invalid, "This form could not be read. Please open it again.").Because(cause)
}

// State is what was filled into a form. The zero State is an empty form.
type State struct {
	values map[string]map[string]field // by block_id, then by action_id
}

// field holds the values of the elements that our forms are made of.
// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
type field struct {
	Value    string          `json:"value,omitempty"`
	User     string          `json:"selected_user,omitempty"`
	Date     string          `json:"selected_date,omitempty"`
	DateTime int64           `json:"selected_date_time,omitempty"`
	Files    json.RawMessage `json:"files,omitempty"`
	Selected struct {
		Value string `json:"value,omitempty"`
	} `json:"selected_option,omitzero"`
}

// ReadState reads view.state.values. Elements that it does not know count as
// empty; what is not of Slack's shape is a ticket.Error with the code Invalid.
func ReadState(raw json.RawMessage) (State, error) {
	var s State
	if len(raw) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(raw, &s.values); err != nil {
		return State{}, unreadable(err)
	}
	return s, nil
}

// Text is what was typed into a field, "" if nothing was.
func (s State) Text(name string) string { return s.field(name).Value }

// Choice is the value of the option that was chosen, "" if none was.
func (s State) Choice(name string) string { return s.field(name).Selected.Value }

// User is the id of the person who was chosen, "" if nobody was.
func (s State) User(name string) string { return s.field(name).User }

// Files is what was attached to a field, as Slack hands it over.
func (s State) Files(name string) json.RawMessage { return s.field(name).Files }

// Date is the day that was chosen, at midnight UTC; the zero time if none was.
func (s State) Date(name string) time.Time {
	day, err := time.Parse(time.DateOnly, s.field(name).Date)
	if err != nil {
		return time.Time{}
	}
	return day
}

// Time is the moment that was chosen; the zero time if none was.
func (s State) Time(name string) time.Time {
	if unix := s.field(name).DateTime; unix > 0 && unix < lastMoment {
		return time.Unix(unix, 0).UTC()
	}
	return time.Time{}
}

// lastMoment is the end of what a date picker offers, in Unix seconds.
const lastMoment = 1e10

func (s State) field(name string) field { return s.values[name][inputID(name)] }

// Digest is the same for the same content, and for no other.
func (s State) Digest() string {
	b, _ := json.Marshal(s.values) // maps of strings, which are written in order: cannot fail
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
