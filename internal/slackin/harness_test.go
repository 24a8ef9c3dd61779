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
	"supporty/internal/slackformat"
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

// card is the card of ticket #1.
var card = ticket.Message{Channel: support, TS: "1790000000.000100"}

// harness is a handler before a real desk, whose store is in memory.
type harness struct {
	*Handler
	store     *memoryStore
	slack     *fakeSlack
	directory *fakeDirectory
	outbox    *fakeOutbox

	mu       sync.Mutex
	outcomes []string
}

func newHarness(t testing.TB, changes ...func(*Options)) *harness {
	t.Helper()
	h := &harness{store: newMemoryStore(), slack: &fakeSlack{}, directory: &fakeDirectory{}, outbox: &fakeOutbox{}}
	o := Options{
		Desk:  desk.New(h.store, people{ann: {}, ben: {Member: true, Responder: true}}, promise{}, []string{"Billing"}),
		Slack: h.slack, Directory: h.directory, Outbox: h.outbox, Digests: numbers{}, Home: h.slack,
		Form: slackview.FormParams{
			Rooms:      true,
			Priorities: []slackview.PriorityChoice{{Priority: ticket.P2, Title: "P2", Impact: "It hurts."}},
			Categories: []string{"Billing"}, Command: "/support",
			SavedAnswers: []slackview.SavedAnswer{{Name: "Which card?", Text: "Which card is it?"}},
		},
		Support: support, Bot: slackapi.Identity{UserID: bot, BotID: "B0BOT"},
		Command: "/support", Signs: map[string]ticket.Sign{"eyes": ticket.SignOf(ticket.Claimed), "white_check_mark": ticket.SignOf(ticket.Resolved)},
		Urgent: "Urgent? Call 555.", Now: time.Now, OnHandled: h.observe,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	tracked(&o.Form.IssueForms, "https://github.com/acme/shop/issues/new?title={title}")
	for _, change := range changes {
		change(&o)
	}
	h.Handler = NewHandler(o)
	_, err := o.Desk.Open(t.Context(), desk.NewTicket{
		Content:   desk.Content{Priority: ticket.P2, Title: "Cards fail", Text: "In the US.", Category: "Billing"},
		Requester: ann, Gesture: ticket.ByForm, Key: "form:first", At: time.Now(), Now: time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	h.store.stand(1, card)
	return h
}

// tracked names a form for the issues of every category.
func tracked[F ~string](forms *map[string]F, form F) { *forms = map[string]F{"": form} }

func (h *harness) observe(_, outcome string, _ time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.outcomes = append(h.outcomes, outcome)
}

// counted checks that an outcome that operators should see was counted.
func (h *harness) counted(t *testing.T, outcome string) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if !slices.Contains(h.outcomes, outcome) {
		t.Errorf("%q is not among what was counted: %q", outcome, h.outcomes)
	}
}

// answers collects the answers to an envelope, and when they came.
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
func (h *harness) gets(t testing.TB, kind, payload string) *answers {
	t.Helper()
	a := &answers{}
	h.handle(t.Context(), envelope{ID: "E1", Kind: kind, Payload: []byte(payload)}, time.Now(), a.take)
	return a
}

// people is a directory of people for the desk.
type people map[string]desk.Person

func (s people) Person(_ context.Context, id string) (desk.Person, error) {
	p, ok := s[id]
	if !ok {
		return desk.Person{}, directory.ErrUnknown
	}
	p.ID, p.Name = id, "Somebody"
	return p, nil
}

func (s people) IsMember(_ context.Context, _, id string) (bool, error) { return s[id].Member, nil }

// fakeSlack is Slack as the handler calls it.
type fakeSlack struct {
	mu      sync.Mutex
	calls   []string
	refuses error
	hangs   bool                   // what is shown to one person only
	view    slack.ModalViewRequest // that was drawn last
}

func (e *fakeSlack) draw(v slack.ModalViewRequest) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.view = v
}

// drawn returns the form that was drawn last, and forgets it.
func (e *fakeSlack) drawn() slack.ModalViewRequest {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.view
}

func (e *fakeSlack) CompleteStep(context.Context, string, map[string]string) error {
	return e.hear("complete step")
}

func (e *fakeSlack) FailStep(context.Context, string, string) error { return e.hear("fail step") }

func (e *fakeSlack) forget() { e.draw(slack.ModalViewRequest{}) }

func (e *fakeSlack) hear(call string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls = append(e.calls, call)
	return e.refuses
}

func (e *fakeSlack) heard() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string(nil), e.calls...)
}

func (e *fakeSlack) OpenView(_ context.Context, trigger string, v slack.ModalViewRequest) (id, hash string, err error) {
	e.draw(v)
	return "V1", "", e.hear("open " + v.CallbackID + " " + trigger)
}

func (e *fakeSlack) UpdateView(_ context.Context, id, hash string, v slack.ModalViewRequest) (string, error) {
	e.draw(v)
	return "", e.hear("update " + id + " " + hash + " to " + v.CallbackID)
}

func (e *fakeSlack) UpdateViewIfRoom(ctx context.Context, id, hash string, v slack.ModalViewRequest) (string, error) {
	return e.UpdateView(ctx, id, hash, v)
}

func (e *fakeSlack) Note(context.Context, string, bool) error { return nil }

func (e *fakeSlack) Show(_ context.Context, person string) error {
	return e.hear("show Home to " + person)
}

func (e *fakeSlack) Reply(_ context.Context, channel, ts string) (thread string, w slackapi.Written, err error) {
	return "", slackapi.Written{Text: "Which card?"}, e.hear("read " + ts + " in " + channel)
}

func (e *fakeSlack) Thread(_ context.Context, channel, root string, _ time.Time) (slackapi.Thread, error) {
	return slackapi.Thread{}, e.hear("read the thread of " + root + " in " + channel)
}

func (e *fakeSlack) IsPublic(_ context.Context, channel string) (bool, error) {
	return true, e.hear("look at " + channel)
}

func (e *fakeSlack) Ephemeral(ctx context.Context, _ slackapi.Guard, channel, thread, person string, m slackformat.Message) error {
	if e.hangs {
		<-ctx.Done()
	}
	return e.hear("tell " + person + " in " + channel + " " + thread + ": " + m.Text)
}

func (e *fakeSlack) Answer(ctx context.Context, url, _ string, m slackformat.Message, _ bool) error {
	if e.hangs {
		<-ctx.Done()
	}
	return e.hear("answer " + url + ": " + m.Text)
}

func (e *fakeSlack) Replace(ctx context.Context, url string, m slackformat.Message) error {
	return e.Answer(ctx, url, "", m, true)
}

// fakeDirectory is the directory as the handler uses it. joined, if set, is called for
// memberships.
type fakeDirectory struct {
	mu      sync.Mutex
	learned []directory.Profile
	joined  func(person string, member bool) error
}

func (b *fakeDirectory) Name(context.Context, string) string { return "Somebody" }

func (b *fakeDirectory) Person(_ context.Context, id string) (desk.Person, error) {
	return desk.Person{ID: id, Name: "Somebody"}, nil
}

func (b *fakeDirectory) Learn(_ context.Context, p directory.Profile) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.learned = append(b.learned, p)
	return nil
}

func (b *fakeDirectory) Joined(_ context.Context, _, person string, member bool) error {
	if b.joined == nil {
		return nil
	}
	return b.joined(person, member)
}

// fakeOutbox is the outbox as the handler uses it.
type fakeOutbox struct {
	overwritten []int64
	resumed     int
	refuses     error
}

func (o *fakeOutbox) Overwritten(_ context.Context, _ ticket.Message, version int64, _ time.Time) (bool, error) {
	o.overwritten = append(o.overwritten, version)
	return true, o.refuses
}

func (o *fakeOutbox) Resume(context.Context) (int64, error) {
	o.resumed++
	return 1, o.refuses
}

// numbers computes no statistics.
type numbers struct{}

func (numbers) Digest(context.Context, ticket.Period, insight.Selection) (insight.Digest, error) {
	return insight.Digest{}, nil
}

func (numbers) WithLessons(_ context.Context, d insight.Digest) (insight.Digest, error) {
	return d, nil
}

func (numbers) WithWeeks(_ context.Context, d insight.Digest) (insight.Digest, error) { return d, nil }
