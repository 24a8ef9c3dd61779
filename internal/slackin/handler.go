package slackin

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/directory"
	"supporty/internal/insight"
	"supporty/internal/slackapi"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// Slack is what is answered at once, beside acknowledgements.
type Slack interface {
	OpenView(ctx context.Context, trigger string, v slack.ModalViewRequest) (id string, err error)
	UpdateView(ctx context.Context, id, hash string, v slack.ModalViewRequest) error
	Ephemeral(ctx context.Context, guard slackapi.Guard, channel, thread, person string, m slackapi.Message) error
	Reply(ctx context.Context, channel, ts string) (thread string, w slackapi.Written, err error)
	IsPublic(ctx context.Context, channel string) (bool, error)
	Answer(ctx context.Context, responseURL, thread string, m slackapi.Message, replace bool) error
}

// Directory is what the way in tells and asks about people.
type Directory interface {
	Name(ctx context.Context, id string) string
	Person(ctx context.Context, id string) (desk.Person, error)
	Learn(ctx context.Context, p directory.Profile) error
	Joined(ctx context.Context, place, person string, member bool) error
}

// Outbox is what the way in learns about messages of ours.
type Outbox interface {
	Overwritten(ctx context.Context, at ticket.Message, version int64, shown time.Time) error
	Resume(ctx context.Context) (int64, error)
}

// Digests computes the numbers of a period.
type Digests interface {
	Week(ctx context.Context, p insight.Period) (insight.Digest, error)
}

// Options of a Handler.
type Options struct {
	Desk      *desk.Desk
	Slack     Slack
	Directory Directory
	Outbox    Outbox
	Digests   Digests
	Form      slackview.FormParams // the choices of the form; what is typed is added
	Support   string               // channel id
	Group     string               // user group of the responders; may be empty
	Bot       slackapi.Identity
	Command   string                 // "/support"
	Signs     map[string]ticket.Sign // by the names of their emoji
	Ask       bool                   // who writes a message that is about no ticket is asked whether it is to be one
	FileUnder string                 // or it is filed at once, in this category; empty for asking
	Urgent    string                 // what to do in an urgent case while the database is away; may be empty
	Now       func() time.Time
	Changed   func() // something may be owed now; may be nil
	OnRevoked func() // the workspace has taken the tokens back; may be nil
	Channels  func() // in which channels the bot can write has changed; may be nil
	// Lost is told when an event happened, or may have, that was not handled and is
	// not certain to come again: also of the end of each socket. Nil for nobody.
	Lost func(at time.Time)
	// Observe is told how long an envelope took until it was handled, and
	// Acknowledged until it was acknowledged; nil for nobody.
	Observe      func(kind, outcome string, took time.Duration)
	Acknowledged func(kind string, took time.Duration)
	Log          *slog.Logger
	// Patience multiplies how long what is not essential is waited for: what Slack is
	// asked before a form opens, and the card before its link is given. 0 is 1, which
	// suits the three seconds that Slack gives to an answer.
	Patience int
}

// wait is how long something is waited for that usually takes less.
func (o Options) wait(usual time.Duration) time.Duration {
	return usual * time.Duration(max(1, o.Patience))
}

// Handler decides what an envelope means, has it done, and answers it:
//
//   - forms and buttons after the change is committed, or with an error that
//     leaves what was typed where it is;
//   - commands, shortcuts and buttons that open a form at once: the form has to
//     stand within three seconds;
//   - events after the change is committed; if it cannot be, not at all, so that
//     Slack sends them again. After a longer outage they are answered all the
//     same: Slack stops sending to who does not answer.
//
// It is safe for concurrent use.
type Handler struct {
	Options
	*progress
}

// progress is what goes on while settings change.
type progress struct {
	answering chan struct{} // a place for each answer under way
	filing    chan struct{} // and for each receipt
	said      sync.WaitGroup

	mu   sync.Mutex
	down time.Time // since when the database is away; zero if it is not
	seen time.Time // when it was found away last
}

// NewHandler returns a handler.
func NewHandler(o Options) *Handler {
	return &Handler{Options: o.completed(), progress: &progress{
		answering: make(chan struct{}, asyncAnswers), filing: make(chan struct{}, filedAtATime),
	}}
}

// reloaded returns the handler with other options: what is under way goes on.
func (h *Handler) reloaded(o Options) *Handler {
	return &Handler{Options: o.completed(), progress: h.progress}
}

func (o Options) completed() Options {
	if o.Changed == nil {
		o.Changed = func() {}
	}
	if o.Lost == nil {
		o.Lost = func(time.Time) {}
	}
	if o.OnRevoked == nil {
		o.OnRevoked = func() {}
	}
	if o.Channels == nil {
		o.Channels = func() {}
	}
	if o.Observe == nil {
		o.Observe = func(string, string, time.Duration) {}
	}
	if o.Acknowledged == nil {
		o.Acknowledged = func(string, time.Duration) {}
	}
	return o
}

// giveUpEventsAfter is how long the database may be away until events are
// acknowledged unhandled: Slack's own tries have ended by then.
const giveUpEventsAfter = 5 * time.Minute

// handleWithin bounds everything that is done for one envelope: a database that
// does not answer must not keep a worker for ever.
const handleWithin = 15 * time.Second

// handle answers at most once, by calling answer; nil is a plain
// acknowledgement.
func (h *Handler) handle(ctx context.Context, e envelope, received time.Time, answer func(payload any)) {
	ctx, cancel := context.WithTimeout(ctx, handleWithin)
	defer cancel()
	var err error
	switch e.Kind {
	case kindEvent:
		err = h.handleEvent(ctx, e, answer)
	case kindCommand:
		answer(nil)
		err = h.handleCommand(ctx, e.Payload)
	case kindInteraction:
		err = h.handleInteraction(ctx, e.Payload, received, answer)
	default:
		answer(nil)
	}
	h.Observe(e.Kind, outcomeOf(err), time.Since(received))
	if err != nil {
		h.Log.Log(ctx, levelOf(err), "handling an envelope", "kind", e.Kind, "envelope", e.ID, "event", eventID(e.Payload), "retry", e.Retry, "error", err)
	}
}

// acting notes which ticket a gesture is about: what people wrote is not in it.
func (h *Handler) acting(a desk.Gesture) desk.Gesture {
	h.Log.Info("gesture", "ticket", int64(a.Ticket), "by", a.By, "key", a.Key)
	return a
}

// levelOf is lower for what people may do otherwise than for what ails us.
func levelOf(err error) slog.Level {
	if code := ticket.CodeOf(err); code != "" && code != ticket.Unavailable {
		return slog.LevelInfo
	}
	return slog.LevelWarn
}

func outcomeOf(err error) string {
	switch code := ticket.CodeOf(err); {
	case err == nil:
		return "ok"
	case code != "":
		return string(code)
	case errors.Is(err, errPanic):
		return outcomePanic
	}
	return "error"
}

// handleEvent acknowledges an event when it is done, or when doing it again
// would not help.
func (h *Handler) handleEvent(ctx context.Context, frame envelope, answer func(any)) error {
	e, err := decodeEvent(frame.Payload)
	if err != nil {
		answer(nil)
		return err
	}
	err = h.onEvent(ctx, e)
	if errors.Is(err, errNotOurs) {
		answer(nil)
		return nil
	}
	if h.worthAnotherTry(err) {
		if frame.Retry >= lastRetry {
			h.lose(e)
		}
		return err
	}
	if isAway(err) {
		h.lose(e)
	}
	answer(nil)
	if ticket.CodeOf(err) != "" && ticket.CodeOf(err) != ticket.Unavailable {
		return nil // its maker has been told
	}
	return err
}

func (h *Handler) worthAnotherTry(err error) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !isAway(err) {
		h.down = time.Time{}
		return false
	}
	now := time.Now()
	if h.down.IsZero() || now.Sub(h.seen) > oneOutage {
		h.down = now
	}
	h.seen = now
	return now.Sub(h.down) < giveUpEventsAfter
}

// lastRetry is Slack's last try with an event.
// https://docs.slack.dev/apis/events-api#retries
const lastRetry = 3

// lose notes an event that was not handled and does not come again.
func (h *Handler) lose(e event) {
	at := slackapi.Time(cmp.Or(e.EventTS, e.TS))
	if at.IsZero() {
		at = h.Now().Add(-2 * oneOutage) // before Slack's first try
	}
	h.Lost(at)
}

// oneOutage: failures that lie further apart are not one outage. Slack's last
// try comes five minutes after the one before.
const oneOutage = 6 * time.Minute

func isAway(err error) bool {
	return ticket.CodeOf(err) == ticket.Unavailable || errors.Is(err, desk.ErrNotSaved) || errors.Is(err, desk.ErrUnsure)
}

// names is how people are called, for rendering.
func (h *Handler) names(ctx context.Context) slackview.Names {
	return func(id string) string { return h.Directory.Name(ctx, id) }
}

func (h *Handler) scene(ctx context.Context) slackview.Scene {
	return slackview.Scene{Names: h.names(ctx), Command: h.Command, Workspace: h.Bot.URL, Now: h.Now()}
}

// refusal says to somebody why what they did was not possible.
func (h *Handler) refusal(ctx context.Context, err error) slackapi.Message {
	return out(slackview.Plain(slackview.Refusal(err, h.names(ctx))))
}

// explain tells somebody in a channel, and nobody else, why what they did was not
// possible. It returns refusal, for the log and the count.
func (h *Handler) explain(ctx context.Context, channel, person string, refusal error) error {
	m := h.refusal(ctx, refusal)
	h.async(ctx, func(ctx context.Context) error { return h.Slack.Ephemeral(ctx, nil, channel, "", person, m) })
	return refusal
}

const (
	asyncAnswers = 16 // answers under way beside the workers
	asyncWithin  = 5 * time.Second
)

// async posts something for which nobody has to wait: a Slack that is slow with
// one answer must not keep a worker from the next form. What cannot be said now
// is not said.
func (h *Handler) async(ctx context.Context, say func(context.Context) error) {
	select {
	case h.answering <- struct{}{}:
	default:
		h.Log.Warn("too many answers under way; one is left out")
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), asyncWithin)
	h.said.Go(func() {
		defer func() { cancel(); <-h.answering }()
		switch err := say(ctx); {
		case slackapi.CodeOf(err) == "not_found": // who is answered has closed the form
			h.Log.Info("a form was closed before it could be answered")
		case err != nil:
			h.Log.Warn("answering somebody", "error", err)
		}
	})
}

func out(m slackview.Message) slackapi.Message {
	return slackapi.Message{Text: m.Text, Blocks: m.Blocks}
}

func busyAnswer(e envelope) (any, bool) {
	switch e.Kind {
	case kindCommand:
		return map[string]any{"text": busySentence}, true
	case kindInteraction:
		i, err := decodeInteraction(e.Payload)
		if err == nil && i.Type == "view_submission" {
			return atTop(i, busySentence), true
		}
	}
	return nil, false
}

const busySentence = "Very many requests at this moment. Please try again in a few seconds."
