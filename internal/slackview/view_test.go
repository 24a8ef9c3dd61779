package slackview

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/dev/slacksim/blockkit"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

var update = flag.Bool("update", false, "write the golden files anew")

// friday is the day on which the ticket of the tests is filed.
var friday = time.Date(2026, 11, 20, 9, 50, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return friday.Add(d) }

// people are the names of the people in the tests. Each name contains something
// dangerous.
var people = map[string]string{
	"UALICE": "Alice", "UBOB": "Bob", "UDANA": "Dana <!here> & @channel",
}

func called(id string) string {
	if name, ok := people[id]; ok {
		return name
	}
	return "a colleague"
}

func sceneAt(now time.Time) Scene {
	return Scene{Names: called, Command: "/support", Now: now}
}

const hostile = "<!channel> @here <!subteam^S1> `x` *b* <@UBOB> & :skull: 👀 \u202e\u05d0\u05d1 https://example.com/a?b=1&c=<2>."

// opened is the first entry of most timelines in the tests.
func opened() ticket.Entry {
	return ticket.Entry{
		Kind: ticket.Opened, Actor: "UALICE", Role: ticket.RoleRequester, HappenedAt: friday,
		Details: ticket.Details{
			Title: "Checkout fails for US cards", Category: "Payments", Priority: ticket.P2, Policy: 1,
			Text: "Since this morning.\nSee https://status.example.com/42, please.",
		},
	}
}

func entry(kind ticket.Kind, actor string, d time.Duration, details ticket.Details) ticket.Entry {
	return ticket.Entry{Kind: kind, Actor: actor, Role: ticket.RoleResponder, HappenedAt: after(d), Details: details}
}

// history is a desk's history with one ticket; the desk computes the record from its
// timeline.
type history struct {
	desk.Store
	record desk.Record
}

func (h history) Load(context.Context, ticket.Number) (desk.Record, error) { return h.record, nil }

// members counts everybody as a member of the support channel.
type members struct{}

func (members) Person(_ context.Context, id string) (desk.Person, error) {
	return desk.Person{ID: id, Member: true}, nil
}

func (members) IsMember(context.Context, string, string) (bool, error) { return true, nil }

// promises1 is the policy of version 1.
type promises1 struct{}

func (promises1) Current() int { return 1 }

func (promises1) Policy(_ context.Context, version int) (sla.Policy, error) {
	switch version {
	case 2:
		return withHours, nil
	case 3:
		return byCategory, nil
	case 4:
		return yearEnd, nil
	}
	return sla.Policy{Targets: sla.Targets{
		1: {Resolve: time.Hour, Respond: 15 * time.Minute, AlertRespond: true, WarnAt: 0.75},
		2: {Resolve: 3 * time.Hour, Respond: 45 * time.Minute, WarnAt: 0.75},
		3: {Resolve: 24 * time.Hour, Respond: 6 * time.Hour, WarnAt: 0.75},
	}}, nil
}

// ticket42 is the record of the timeline that begins with first.
func ticket42(t interface{ Fatal(...any) }, first ticket.Entry, rest ...ticket.Entry) desk.Record {
	stored := desk.Record{
		Ticket: ticket.Ticket{Number: 42}, Timeline: append([]ticket.Entry{first}, rest...),
		Card: ticket.Message{Channel: "CSUPPORT", TS: "1763632200.000100"},
	}
	r, err := desk.New(history{record: stored}, nil, promises1{}, nil).Find(context.Background(), 42)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// golden compares a rendered value with its golden file.
func golden(t *testing.T, name string, value any) {
	t.Helper()
	var got bytes.Buffer
	e := json.NewEncoder(&got)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func goldenMessage(t *testing.T, name string, m slackformat.Message, mentioned ...string) {
	t.Helper()
	checkMessage(t, m, mentioned...)
	shown := map[string]any{"text": m.Text, "blocks": m.Blocks}
	if m.Broadcast {
		shown["broadcast"] = true
	}
	golden(t, name, shown)
}

type reporter interface {
	Helper()
	Errorf(string, ...any)
}

// checkMessage reports content that Slack would refuse, and every mention that the
// message should not have.
func checkMessage(t reporter, m slackformat.Message, mentioned ...string) {
	t.Helper()
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Errorf("encoding: %v", err)
	}
	for _, problem := range blockkit.Message(raw) {
		t.Errorf("Slack would refuse it: %s", problem)
	}
	if len(m.Blocks) == 0 || m.Text == "" || len(m.Text) > 4000 { // bytes, as chat.update counts
		t.Errorf("%d blocks and a text of %d bytes", len(m.Blocks), len(m.Text))
	}
	if len(m.Blocks) == 0 {
		return
	}
	if first := m.Blocks[0].BlockType(); first != slack.MBTHeader && first != slack.MBTSection {
		t.Errorf("it begins with a %s, which bears no mark of what it is", first)
	}
	checkMarkup(t, m.Text, mentioned)
	checkParts(t, raw, mentioned)
}

func checkModal(t reporter, m Modal) {
	t.Helper()
	raw, err := json.Marshal(m)
	if err != nil {
		t.Errorf("encoding: %v", err)
	}
	for _, problem := range blockkit.View(raw) {
		t.Errorf("Slack would refuse it: %s", problem)
	}
	checkParts(t, raw, nil)
}

func checkParts(t reporter, raw []byte, mentioned []string) {
	t.Helper()
	var decoded any
	if err := json.Unmarshal(raw, &decoded); err != nil {
		t.Errorf("decoding: %v", err)
	}
	eachObject(decoded, func(o map[string]any) {
		switch o["type"] {
		case "mrkdwn":
			if o["verbatim"] != true {
				t.Errorf("mrkdwn that is not verbatim: %v", o["text"])
			}
			checkMarkup(t, o["text"].(string), mentioned)
		case "broadcast", "user", "usergroup", "channel":
			t.Errorf("a rich text element of the type %v", o["type"])
		}
	})
}

func eachObject(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			eachObject(e, visit)
		}
	case map[string]any:
		visit(v)
		for _, e := range v {
			eachObject(e, visit)
		}
	}
}

var (
	anyCode   = regexp.MustCompile(`<([^>]*)>?`)
	harmless  = regexp.MustCompile(`^(!date\^\d+\^[^|<>]+\|[^<>]+ UTC|#C[A-Z0-9]+|https://acme\.slack\.com/archives/\w+/p\d+\|[^<>]+|https://ci\.example\.com/[\w/?=&;.-]+\|[^<>]+|https://(github\.com|acme\.atlassian\.net)/[\w/.-]+\|[\w/#-]+)$`) // the last ones: a deployment, and a link in a thread
	typedPing = regexp.MustCompile(`@(here|channel|everyone)`)
	formatted = regexp.MustCompile("[*_~`]evil|evil[*_~`]|(^|\n)&gt;")
)

// checkFormat reports marks in people's text that would format.
func checkFormat(t reporter, text string) {
	t.Helper()
	if found := formatted.FindString(text); found != "" {
		t.Errorf("%q formats in %q", found, text)
	}
}

// checkMarkup reports codes that this package does not write.
func checkMarkup(t reporter, text string, mentioned []string) {
	t.Helper()
	if typedPing.MatchString(text) {
		t.Errorf("a typed mention survives in %q", text)
	}
	checkFormat(t, text)
	for _, found := range anyCode.FindAllStringSubmatch(text, -1) {
		if !harmless.MatchString(found[1]) && !slices.Contains(mentioned, found[1]) {
			t.Errorf("the code %q survives in %q", found[0], text)
		}
	}
}
