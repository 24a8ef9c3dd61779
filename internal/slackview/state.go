package slackview

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Metadata is the memory of an open form: its private_metadata. Code that redraws a form
// must pass on all of it.
type Metadata struct {
	Ticket        ticket.Number  `json:"ticket,omitempty"`  // 0 for a new one
	Source        ticket.Message `json:"source,omitzero"`   // the message from which a new ticket is made
	Said          string         `json:"said,omitempty"`    // ts of the messages to the bot of which it is made, with spaces between them
	Follows       ticket.Number  `json:"follows,omitempty"` // the earlier ticket that a new one follows
	Private       bool           `json:"private,omitempty"` // others cannot open a link to the source
	Thread        string         `json:"thread,omitempty"`  // ts of the thread that the source stands in; empty for none
	Author        string         `json:"author,omitempty"`  // the author of the source, if everybody may know them
	Files         string         `json:"files,omitempty"`   // ids of the files of a source, with spaces between them
	PrivateSource PrivateSource  `json:"held,omitzero"`     // of a source that is private
	Kept          string         `json:"kept,omitempty"`    // marks of the fields that were filled in and that the form does not show now, with spaces between them
	Squad         string         `json:"squad,omitempty"`   // of FormTakeOver, FormSwap, FormDutyNote and FormRota: the name of the squad
	Rota          string         `json:"rota,omitempty"`    // of FormRota: a mark of what its reader was shown; empty if nothing was
	Answer        Answer         `json:"answer,omitzero"`   // where the person who opened the form gets the receipt
}

// PrivateSource is a private message of another person. It is not shown before its author agrees.
type PrivateSource struct {
	Is     bool   `json:"is,omitempty"`
	Author string `json:"by,omitempty"`    // the author, who has to agree; empty if they cannot be asked
	Text   string `json:"words,omitempty"` // plain text, shortened to what a form can remember
}

// Answer is the response_url of a command, a shortcut or a press. A message sent to it is
// visible to that person alone, in the place where they were, even if the bot is not in
// that channel. The address is a secret: it is never printed.
type Answer struct {
	URL   string `json:"url,omitempty"`
	Since int64  `json:"since,omitempty"` // when it was made, in Unix seconds of the real time

	Instead bool `json:"instead,omitempty"` // the answer takes the place of the question that was pressed
}

// Slack takes five answers within half an hour; for a form it takes one. The last minute
// is left for the transfer and for differing clocks.
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
const (
	answerLife  = 29 * time.Minute
	longestURL  = 1000 // characters: a form stores 3000, and this is the largest part of them
	hiddenWords = "(an address for answers)"
)

// AnswerAt is the Answer for a response_url that was made at a moment in real time. It is
// the zero Answer if there is no address, or if the address is too long for a form.
func AnswerAt(url string, made time.Time) Answer {
	if url == "" || len(url) > longestURL {
		return Answer{}
	}
	return Answer{URL: url, Since: made.Unix()}
}

// Open reports whether Slack still takes an answer, at a moment in real time.
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

// mostRemembered is the size of a form's metadata; Slack counts characters.
// https://docs.slack.dev/reference/views/modal-views
const mostRemembered = 3000

func (m Metadata) encode() string {
	for {
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false) // an escaped & takes six characters
		_ = e.Encode(m)        // numbers and strings: cannot fail
		if b.Len() <= mostRemembered || m.PrivateSource.Text == "" && m.Kept == "" {
			return strings.TrimSpace(b.String())
		}
		if m.PrivateSource.Text == "" {
			m.Kept = ""
			continue
		}
		m.PrivateSource.Text = slackformat.Clip(m.PrivateSource.Text, utf8.RuneCountInString(m.PrivateSource.Text)*3/4)
	}
}

// ReadMetadata parses a form's private_metadata; the empty string gives the zero
// Metadata. It returns a ticket.Error with the code Invalid for input that this package
// cannot have written.
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

// State is the content of a form. The zero State is an empty form.
type State struct {
	values map[string]map[string]field // by block_id, then by action_id
	labels map[string]string           // of the blocks, by block_id
}

// field holds the values of an element, for each kind of element in our forms.
// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
type field struct {
	Value    string          `json:"value,omitempty"`
	User     string          `json:"selected_user,omitempty"`
	Users    []string        `json:"selected_users,omitempty"`
	Clock    string          `json:"selected_time,omitempty"`
	Date     string          `json:"selected_date,omitempty"`
	DateTime int64           `json:"selected_date_time,omitempty"`
	Files    json.RawMessage `json:"files,omitempty"`
	Selected chosen          `json:"selected_option,omitzero"`
	Several  []chosen        `json:"selected_options,omitempty"`
}

// chosen is a chosen option.
type chosen struct {
	Value string `json:"value,omitempty"`
	Label struct {
		Text string `json:"text,omitempty"`
	} `json:"text,omitzero"`
}

// ReadState parses view.state.values. Elements of an unknown kind count as empty. It
// returns a ticket.Error with the code Invalid if the input has another shape than
// Slack's.
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

// Text is the text in a field, or "".
func (s State) Text(name string) string { return s.field(name).Value }

// Choice is the value of the chosen option, or "".
func (s State) Choice(name string) string { return s.field(name).Selected.Value }

// Choices are the values of the chosen options.
func (s State) Choices(name string) []string {
	var all []string
	for _, o := range s.field(name).Several {
		all = append(all, o.Value)
	}
	return all
}

// User is the id of the chosen person, or "".
func (s State) User(name string) string { return s.field(name).User }

// Users are the ids of the chosen people, in the order in which they were chosen.
func (s State) Users(name string) []string { return s.field(name).Users }

// Minute is the chosen time of day, in minutes since midnight; 0 if none is.
func (s State) Minute(name string) int {
	at, err := time.Parse("15:04", s.field(name).Clock)
	if err != nil {
		return 0
	}
	return at.Hour()*60 + at.Minute()
}

// Files is the list of files in a field, as Slack sends it.
func (s State) Files(name string) json.RawMessage { return s.field(name).Files }

// Date is the chosen day, at midnight UTC, or the zero time.
func (s State) Date(name string) time.Time {
	day, err := time.Parse(time.DateOnly, s.field(name).Date)
	if err != nil {
		return time.Time{}
	}
	return day
}

// Time is the chosen moment, or the zero time.
func (s State) Time(name string) time.Time {
	if unix := s.field(name).DateTime; unix > 0 && unix < lastMoment {
		return time.Unix(unix, 0).UTC()
	}
	return time.Time{}
}

// lastMoment is the end of the range of a date picker, in Unix seconds.
const lastMoment = 1e10

// field returns the element of a block. A suggestion may follow its name.
func (s State) field(name string) field {
	for id, f := range s.values[name] {
		if own, _, _ := strings.Cut(id, suggestionMark); own == inputID(name) {
			return f
		}
	}
	return field{}
}

// Digest is a hash of the content: equal for equal content, different for different
// content.
func (s State) Digest() string {
	b, _ := json.Marshal(s.values) // maps of strings, which are written in order: cannot fail
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
