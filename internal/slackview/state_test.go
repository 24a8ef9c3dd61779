package slackview

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

const filled = `{
	"priority": {"priority_input": {"type": "radio_buttons", "selected_option": {"text": {"type": "plain_text", "text": "P1"}, "value": "P1"}}},
	"title": {"title_input": {"type": "plain_text_input", "value": "It is slow"}},
	"text": {"text_input": {"type": "plain_text_input", "value": null}},
	"category": {"category_input": {"type": "static_select", "selected_option": null}},
	"assignee": {"assignee_input": {"type": "users_select", "selected_user": "UBOB"}},
	"later": {"later_input": {"type": "rich_text_input", "rich_text_value": {"type": "rich_text", "elements": []}}}
}`

func TestReadState(t *testing.T) {
	t.Parallel()
	s, err := ReadState(json.RawMessage(filled))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{
		s.Choice(desk.FieldPriority), s.Text(desk.FieldTitle), s.Text(desk.FieldText), s.Choice(desk.FieldCategory),
		s.User(desk.FieldAssignee), s.Text("later"), s.Text("nowhere"), s.User(desk.FieldTitle),
	}
	if diff := cmp.Diff([]string{"P1", "It is slow", "", "", "UBOB", "", "", ""}, got); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
}

func TestReadStateOfNothing(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "null", "{}"} {
		if s, err := ReadState(json.RawMessage(raw)); err != nil || s.Text(desk.FieldTitle) != "" {
			t.Errorf("%q: %v, %v", raw, s, err)
		}
	}
	for _, raw := range []string{"[]", `{"title": 3}`, `{"title": {"title_input": {"value": 3}}}`, "{"} {
		if _, err := ReadState(json.RawMessage(raw)); ticket.CodeOf(err) != ticket.Invalid {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

func TestStateDigest(t *testing.T) {
	t.Parallel()
	read := func(raw string) string {
		s, err := ReadState(json.RawMessage(raw))
		if err != nil {
			t.Fatal(err)
		}
		return s.Digest()
	}
	one := read(`{"a": {"a_input": {"value": "x"}}, "b": {"b_input": {"value": "y"}}}`)
	if same := read(`{"b": {"b_input": {"value": "y"}}, "a": {"a_input": {"type": "t", "value": "x"}}}`); same != one {
		t.Errorf("the same content has the digests %s and %s", one, same)
	}
	for _, other := range []string{`{"a": {"a_input": {"value": "y"}}}`, `{"a": {"a_input": {"value": "x"}}, "b": {"b_input": {"value": "y "}}}`, filled} {
		if read(other) == one {
			t.Errorf("%s has the digest of other content", other)
		}
	}
}

// A form of a new ticket keeps its metadata however often it is redrawn, and the metadata
// fit into Slack's limit.
func TestFormsForgetNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		hidden := drawMetadata(t)
		p := offersByCategory()
		p.Hidden = hidden
		m := Form(p)
		for range rapid.IntRange(0, 5).Draw(t, "redraws") {
			remembered, err := ReadMetadata(m.PrivateMetadata)
			if err != nil || remembered != hidden {
				t.Fatalf("%+v became %+v, %v", hidden, remembered, err)
			}
			m = Reoffered(offersByCategory(), State{}, remembered, nil)
		}
	})
}

// However long a private message is, a form stores as much of it as fits.
func TestFormsStoreAsMuchAsFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetadata(t)
		m.PrivateSource.Text = drawText(t, "long", 5000)
		got, err := ReadMetadata(m.encode())
		if n := len(m.encode()); n > 3000 || err != nil {
			t.Fatalf("%d characters, %v", n, err)
		}
		if got.PrivateSource.Text = m.PrivateSource.Text; got != m {
			t.Errorf("%+v became %+v", m, got)
		}
	})
}

func drawMetadata(t *rapid.T) Metadata {
	message := rapid.Custom(func(t *rapid.T) ticket.Message {
		return ticket.Message{Channel: rapid.StringMatching(`[CDG][A-Z0-9]{8,20}`).Draw(t, "channel"), TS: rapid.StringMatching(`[0-9]{10}\.[0-9]{6}`).Draw(t, "ts")}
	})
	return Metadata{
		Ticket:  ticket.Number(rapid.Int64Min(0).Draw(t, "ticket")),
		Follows: ticket.Number(rapid.Int64Min(0).Draw(t, "follows")),
		Source:  message.Draw(t, "source"), Private: rapid.Bool().Draw(t, "private"),
		Author: rapid.SampledFrom([]string{"", "UALICE"}).Draw(t, "author"), Thread: rapid.StringMatching(`[0-9.]{0,17}`).Draw(t, "thread"),
		Kept:          strings.TrimSpace(strings.Repeat("0123456789ab ", rapid.IntRange(0, 1).Draw(t, "kept"))),
		Files:         strings.TrimSpace(strings.Repeat("F0123456789 ", rapid.IntRange(0, 10).Draw(t, "files"))),
		PrivateSource: PrivateSource{Is: true, Author: "UALICE", Text: drawText(t, "words", 200)},
		Answer:        AnswerAt("https://hooks.slack.com/"+rapid.StringMatching(`[a-zA-Z0-9/&]{0,900}`).Draw(t, "url"), friday),
	}
}

// A response_url is used for half an hour, and is never printed.
func TestAnswer(t *testing.T) {
	t.Parallel()
	a := AnswerAt("https://hooks.slack.com/commands/secret", friday)
	if !a.Open(after(28*time.Minute)) || a.Open(after(30*time.Minute)) || (Answer{}).Open(friday) {
		t.Error("it is open at the wrong times")
	}
	if printed := fmt.Sprintf("%v %+v %s", Metadata{Answer: a}, a, a); strings.Contains(printed, "secret") {
		t.Errorf("the address is printed: %s", printed)
	}
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	for _, m := range []Metadata{{}, {Ticket: 42}, {Source: ticket.Message{Channel: "C1", TS: "1763632100.000200"}}} {
		got, err := ReadMetadata(m.encode())
		if err != nil || got != m {
			t.Errorf("%+v became %+v, %v", m, got, err)
		}
	}
	if m, err := ReadMetadata(""); err != nil || m != (Metadata{}) {
		t.Errorf("nothing: %+v, %v", m, err)
	}
	for _, private := range []string{"x", `{"ticket": -1}`, `{"ticket": "42"}`, "[]"} {
		if _, err := ReadMetadata(private); ticket.CodeOf(err) != ticket.Invalid {
			t.Errorf("%q: %v", private, err)
		}
	}
}

func FuzzReadState(f *testing.F) {
	f.Add([]byte(filled))
	f.Add([]byte(`{"a":null,"b":{"b_input":null}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := ReadState(raw)
		if err != nil && ticket.CodeOf(err) != ticket.Invalid {
			t.Errorf("error %v", err)
		}
		if s.Text(desk.FieldTitle); s.Digest() == "" {
			t.Error("no digest")
		}
	})
}

func FuzzReadMetadata(f *testing.F) {
	f.Add(Metadata{Ticket: 42}.encode())
	f.Add(`{"ticket":1,"source":{"channel":"C1","ts":"1.2"}}`)
	f.Fuzz(func(t *testing.T, private string) {
		m, err := ReadMetadata(private)
		if err != nil && ticket.CodeOf(err) != ticket.Invalid {
			t.Errorf("error %v", err)
		}
		if again, err := ReadMetadata(m.encode()); err != nil || again != m {
			t.Errorf("%+v became %+v, %v", m, again, err)
		}
	})
}

func TestFilesOfAForm(t *testing.T) {
	t.Parallel()
	s, err := ReadState(json.RawMessage(`{"files":{"files_input":{"type":"file_input","files":[{"id":"F1"}]}}}`))
	if got := string(s.Files(desk.FieldFiles)); err != nil || got != `[{"id":"F1"}]` {
		t.Errorf("%s, %v", got, err)
	}
	if got := (State{}).Files(desk.FieldFiles); got != nil {
		t.Errorf("an empty form has %s", got)
	}
}
