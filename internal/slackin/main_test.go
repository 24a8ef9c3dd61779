package slackin

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"go.uber.org/goleak"

	"supporty/internal/desk"
	"supporty/internal/directory"
	"supporty/internal/insight"
	"supporty/internal/slackapi"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The people and places of these tests.
const (
	ann     = "U0ANN"
	ben     = "U0BEN"
	bot     = "U0BOT"
	support = "C0SUPPORT"
)

// card is where the card of ticket #1 stands.
var card = ticket.Message{Channel: support, TS: "1790000000.000100"}

// front is a handler before a real desk, whose store is a shelf.
type front struct {
	*Handler
	shelf *shelf
	slack *ears
	book  *book
	tray  *tray

	mu       sync.Mutex
	outcomes []string
}

func newFront(t testing.TB, changes ...func(*Options)) *front {
	t.Helper()
	f := &front{shelf: newShelf(), slack: &ears{}, book: &book{}, tray: &tray{}}
	o := Options{
		Desk:  desk.New(f.shelf, staff{ann: {}, ben: {Member: true, Responder: true}}, promise{}, []string{"Billing"}),
		Slack: f.slack, Directory: f.book, Outbox: f.tray, Digests: numbers{},
		Form: slackview.FormParams{
			Priorities: []slackview.PriorityChoice{{Priority: ticket.P2, Title: "P2", Impact: "It hurts."}},
			Categories: []string{"Billing"}, Command: "/support",
		},
		Support: support, Bot: slackapi.Identity{UserID: bot, BotID: "B0BOT"},
		Command: "/support", Signs: map[string]ticket.Sign{"eyes": ticket.SignOf(ticket.Claimed), "white_check_mark": ticket.SignOf(ticket.Resolved)},
		Urgent: "Urgent? Call 555.", Now: time.Now, Observe: f.observe,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	for _, change := range changes {
		change(&o)
	}
	f.Handler = NewHandler(o)
	_, err := o.Desk.Open(t.Context(), desk.Filing{
		Content:   desk.Content{Priority: ticket.P2, Title: "Cards fail", Text: "In the US.", Category: "Billing"},
		Requester: ann, Gesture: ticket.ByForm, Key: "form:first", At: time.Now(), Now: time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	f.shelf.stand(1, card)
	return f
}

func (f *front) observe(_, outcome string, _ time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.outcomes = append(f.outcomes, outcome)
}

// counted looks for an outcome that an operator is to see.
func (f *front) counted(t *testing.T, outcome string) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if !slices.Contains(f.outcomes, outcome) {
		t.Errorf("%q is not among what was counted: %q", outcome, f.outcomes)
	}
}

// answers collects what an envelope was answered with, and when.
type answers struct {
	payloads []any
	at       time.Time
}

func (a *answers) take(payload any) {
	a.payloads = append(a.payloads, payload)
	a.at = time.Now()
}

func (a *answers) given() bool { return len(a.payloads) > 0 }

// gets has the handler handle a payload that has just arrived.
func (f *front) gets(t testing.TB, kind, payload string) *answers {
	t.Helper()
	a := &answers{}
	f.handle(t.Context(), envelope{ID: "E1", Kind: kind, Payload: []byte(payload)}, time.Now(), a.take)
	return a
}

// staff is a directory of people for the desk.
type staff map[string]desk.Person

func (s staff) Person(_ context.Context, id string) (desk.Person, error) {
	p, ok := s[id]
	if !ok {
		return desk.Person{}, directory.ErrUnknown
	}
	p.ID, p.Name = id, "Somebody"
	return p, nil
}

// ears is Slack as the handler calls it.
type ears struct {
	mu      sync.Mutex
	calls   []string
	refuses error
	hangs   bool                   // with what only one person sees
	view    slack.ModalViewRequest // that was drawn last
}

func (e *ears) draw(v slack.ModalViewRequest) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.view = v
}

// drawn is the form that was drawn last, since it was forgotten.
func (e *ears) drawn() slack.ModalViewRequest {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.view
}

func (e *ears) forget() { e.draw(slack.ModalViewRequest{}) }

func (e *ears) hear(call string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls = append(e.calls, call)
	return e.refuses
}

func (e *ears) heard() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string(nil), e.calls...)
}

func (e *ears) OpenView(_ context.Context, trigger string, v slack.ModalViewRequest) (string, error) {
	e.draw(v)
	return "V1", e.hear("open " + v.CallbackID + " " + trigger)
}

func (e *ears) UpdateView(_ context.Context, id, hash string, v slack.ModalViewRequest) error {
	e.draw(v)
	return e.hear("update " + id + " " + hash + " to " + v.CallbackID)
}

func (e *ears) Reply(_ context.Context, channel, ts string) (thread string, w slackapi.Written, err error) {
	return "", slackapi.Written{Text: "Which card?"}, e.hear("read " + ts + " in " + channel)
}

func (e *ears) IsPublic(_ context.Context, channel string) (bool, error) {
	return true, e.hear("look at " + channel)
}

func (e *ears) Ephemeral(ctx context.Context, _ slackapi.Guard, channel, thread, person string, m slackapi.Message) error {
	if e.hangs {
		<-ctx.Done()
	}
	return e.hear("tell " + person + " in " + channel + " " + thread + ": " + m.Text)
}

func (e *ears) Answer(ctx context.Context, url, _ string, m slackapi.Message, _ bool) error {
	if e.hangs {
		<-ctx.Done()
	}
	return e.hear("answer " + url + ": " + m.Text)
}

// book is the directory as the handler tells it; joined, if set, is called for
// memberships.
type book struct {
	mu      sync.Mutex
	learned []directory.Profile
	joined  func(person string, member bool) error
}

func (b *book) Name(context.Context, string) string { return "Somebody" }

func (b *book) Person(_ context.Context, id string) (desk.Person, error) {
	return desk.Person{ID: id, Name: "Somebody"}, nil
}

func (b *book) Learn(_ context.Context, p directory.Profile) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.learned = append(b.learned, p)
	return nil
}

func (b *book) Joined(_ context.Context, _, person string, member bool) error {
	if b.joined == nil {
		return nil
	}
	return b.joined(person, member)
}

// tray is the outbox as the handler tells it.
type tray struct {
	overwritten []int64
	resumed     int
	refuses     error
}

func (o *tray) Overwritten(_ context.Context, _ ticket.Message, version int64, _ time.Time) error {
	o.overwritten = append(o.overwritten, version)
	return o.refuses
}

func (o *tray) Resume(context.Context) (int64, error) {
	o.resumed++
	return 1, o.refuses
}

// numbers computes no statistics.
type numbers struct{}

func (numbers) Week(context.Context, insight.Period) (insight.Digest, error) {
	return insight.Digest{}, nil
}
