package slackin

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/directory"
	"supporty/internal/duty"
	"supporty/internal/insight"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// Slack is the part of Slack that a gesture calls at once, beside acknowledgements.
type Slack interface {
	OpenView(ctx context.Context, trigger string, v slack.ModalViewRequest) (id, hash string, err error)
	UpdateView(ctx context.Context, id, hash string, v slack.ModalViewRequest) (newHash string, err error)
	UpdateViewIfRoom(ctx context.Context, id, hash string, v slack.ModalViewRequest) (newHash string, err error)
	Ephemeral(ctx context.Context, guard slackapi.Guard, channel, thread, person string, m slackformat.Message) error
	Reply(ctx context.Context, channel, ts string) (thread string, w slackapi.Written, err error)
	Thread(ctx context.Context, channel, root string, since time.Time) (slackapi.Thread, error)
	IsPublic(ctx context.Context, channel string) (bool, error)
	CompleteStep(ctx context.Context, execution string, outputs map[string]string) error
	FailStep(ctx context.Context, execution, sentence string) error
	Answer(ctx context.Context, responseURL, thread string, m slackformat.Message, replace bool) error
	Replace(ctx context.Context, responseURL string, m slackformat.Message) error
}

// Directory answers questions about people, and is notified when they change.
type Directory interface {
	Name(ctx context.Context, id string) string
	Person(ctx context.Context, id string) (desk.Person, error)
	Learn(ctx context.Context, p directory.Profile) error
	Joined(ctx context.Context, place, person string, member bool) error
}

// Outbox is notified of changes to messages of ours.
type Outbox interface {
	// Overwritten notes that a message of ours shows a version since a time, by Slack's
	// clock. If it showed a newer version before, the newer one is posted again, and
	// Overwritten returns true. The order in which Slack reports the two does not matter.
	Overwritten(ctx context.Context, at ticket.Message, version int64, observed time.Time) (bool, error)
	Resume(ctx context.Context) (int64, error)
}

// Digests computes the numbers of a period.
type Digests interface {
	Digest(ctx context.Context, p ticket.Period, of insight.Selection) (insight.Digest, error)
	WithWeeks(ctx context.Context, d insight.Digest) (insight.Digest, error)
	WithLessons(ctx context.Context, d insight.Digest) (insight.Digest, error)
}

// Options of a Handler.
type Options struct {
	Desk       *desk.Desk
	Slack      Slack
	Directory  Directory
	Outbox     Outbox
	Digests    Digests
	Pictures   bool                      // the bot may upload pictures of numbers
	Squads     map[string][]string       // the categories that each squad owns
	Zone       *time.Location            // of the days that people write; nil is UTC
	Feed       func(squad string) string // the address of a squad's calendar; empty if there is none
	Days       duty.Days                 // tell weekends and holidays
	Rates      duty.Rates                // what being on duty is paid
	Home       Home
	HomeOffers slackview.HomeOffers
	Form       slackview.FormParams // the form's choices; its content comes from each gesture
	Support    string               // channel id
	Homes      []string             // the other channels in which tickets live, or have lived
	Groups     []string             // user groups whose members matter
	Bot        slackapi.Identity
	Command    string                 // "/support"
	Signs      map[string]ticket.Sign // by the names of their emoji
	Thanks     []string               // names of the emoji that say thanks
	Offers     map[string]string      // the gestures that emoji on a card offer, by the emoji's name
	Opens      []string               // names of the emoji that open a ticket from a message
	Ask        bool                   // asks the author of a message about no ticket whether to open one
	FileUnder  string                 // files such a message at once in this category; empty to ask instead
	Urgent     string                 // the advice in an urgent case while the database is away; may be empty
	Now        func() time.Time
	// OnEnqueued is called when a message may have been enqueued, OnFiled when a form may have
	// opened a ticket, whose messages the store tells the sender of, OnRevoked when the workspace
	// has revoked the tokens, and OnChannelsChanged when the bot may have gained or lost a
	// channel. Each may be nil.
	OnEnqueued        func()
	OnFiled           func()
	OnRevoked         func()
	OnChannelsChanged func()
	// OnLost is called when an event happened, or may have happened, that was not handled
	// and is not certain to come again. The end of each socket counts as well. It may be
	// nil.
	OnLost func(at time.Time)
	// OnLeft is called when the bot has left a channel with tickets, and OnBack when it is in
	// one again. After an error the event is left to Slack's next try. Each may be nil.
	OnLeft func(ctx context.Context, channel string, since time.Time) error
	OnBack func(ctx context.Context, channel string) error
	// OnHandled is called with the time until an envelope was handled, and OnAcknowledged
	// with the time until it was acknowledged. Both may be nil.
	OnHandled      func(kind, outcome string, took time.Duration)
	OnAcknowledged func(kind string, took time.Duration)
	Log            *slog.Logger
	// Patience multiplies the waits for what is not essential: the calls to Slack before
	// a form opens, and the card before its link is given. 0 means 1, which suits the
	// three seconds that Slack gives to an answer.
	Patience int
}

// hasTickets reports whether tickets live in a channel.
func (o Options) hasTickets(channel string) bool {
	return channel == o.Support || slices.Contains(o.Homes, channel)
}

// wait is the longest wait for something that usually takes less.
func (o Options) wait(usual time.Duration) time.Duration {
	return usual * time.Duration(max(1, o.Patience))
}

// Handler decides what an envelope means, has it done, and answers it:
//
//   - forms and buttons after the change is committed, or with an error that
//     leaves the content of the form where it is;
//   - commands, shortcuts and buttons that open a form at once: the form has to
//     be open within three seconds;
//   - events after the change is committed. If it cannot be committed, events are not
//     acknowledged, so that Slack sends them again. After a longer outage they are
//     acknowledged all the same: Slack stops sending events to an app that does not answer.
//
// It is safe for concurrent use.
type Handler struct {
	Options
	*progress
}

// progress is the state that outlives a change of the settings.
type progress struct {
	answering chan struct{} // one slot for each answer under way
	filing    chan struct{} // one slot for each receipt under way
	said      sync.WaitGroup
	drafts    drafts
	searching chan struct{} // one slot for each search for suggestions under way

	mu   sync.Mutex
	down time.Time // since when the database is away; zero if it is not
	seen time.Time // when the database last failed to answer
	slow time.Time // when the database was last too slow for suggestions

	elsewhere map[string]bool // other workspaces that were told of in the log
}

// NewHandler returns a handler.
func NewHandler(o Options) *Handler {
	return &Handler{Options: o.completed(), progress: &progress{
		answering: make(chan struct{}, asyncAnswers), filing: make(chan struct{}, filedAtATime),
		searching: make(chan struct{}, searchesAtATime),
	}}
}

// reloaded returns the handler with other options. Work under way goes on.
func (h *Handler) reloaded(o Options) *Handler {
	return &Handler{Options: o.completed(), progress: h.progress}
}

func (o Options) completed() Options {
	if o.OnEnqueued == nil {
		o.OnEnqueued = func() {}
	}
	if o.OnFiled == nil {
		o.OnFiled = func() {}
	}
	if o.OnLost == nil {
		o.OnLost = func(time.Time) {}
	}
	if o.OnLeft == nil {
		o.OnLeft = func(context.Context, string, time.Time) error { return nil }
	}
	if o.OnBack == nil {
		o.OnBack = func(context.Context, string) error { return nil }
	}
	if o.OnRevoked == nil {
		o.OnRevoked = func() {}
	}
	if o.OnChannelsChanged == nil {
		o.OnChannelsChanged = func() {}
	}
	if o.OnHandled == nil {
		o.OnHandled = func(string, string, time.Duration) {}
	}
	if o.OnAcknowledged == nil {
		o.OnAcknowledged = func(string, time.Duration) {}
	}
	return o
}

// giveUpEventsAfter is how long the database may be away before events are acknowledged
// unhandled: by then Slack's own tries have ended.
const giveUpEventsAfter = 5 * time.Minute

// handleWithin bounds the work for one envelope, so that a database that does not answer
// cannot keep a worker for ever.
const handleWithin = 15 * time.Second

// handle answers an envelope at most once, by calling answer; answer(nil) is a plain
// acknowledgement.
func (h *Handler) handle(ctx context.Context, e envelope, received time.Time, answer func(payload any)) {
	ctx, cancel := context.WithTimeout(ctx, handleWithin)
	defer cancel()
	if h.isElsewhere(e.Payload) {
		answer(nil)
		return
	}
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
	h.OnHandled(e.Kind, outcomeOf(err), time.Since(received))
	if err != nil {
		h.Log.Log(ctx, levelOf(err), "handling an envelope", "kind", e.Kind, "envelope", e.ID, "event", eventID(e.Payload), "retry", e.Retry, "error", err)
	}
}

// logGesture adds the gesture's ticket to the log. Text that people wrote stays out of the
// log.
func (h *Handler) logGesture(g desk.Gesture) desk.Gesture {
	h.Log.Info("gesture", "ticket", int64(g.Ticket), "by", g.By, "key", g.Key)
	return g
}

// levelOf is lower for people's mistakes than for our own failures.
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

// handleEvent acknowledges an event when it is handled, or when another try would not
// help.
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
		return nil // the person has been told
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

// lose reports an event that was not handled and does not come again.
func (h *Handler) lose(e event) {
	at := slackformat.Time(cmp.Or(e.EventTS, e.TS))
	if at.IsZero() {
		at = h.Now().Add(-2 * oneOutage) // before Slack's first try
	}
	h.OnLost(at)
}

// oneOutage separates outages: two failures further apart belong to different ones.
// Slack's last try comes five minutes after the one before.
const oneOutage = 6 * time.Minute

func isAway(err error) bool {
	return ticket.CodeOf(err) == ticket.Unavailable || errors.Is(err, desk.ErrNotSaved) || errors.Is(err, desk.ErrUnsure)
}

// names looks up people's names for rendering.
func (h *Handler) names(ctx context.Context) slackformat.Names {
	return func(id string) string { return h.Directory.Name(ctx, id) }
}

func (h *Handler) scene(ctx context.Context) slackview.Scene {
	return slackview.Scene{Names: h.names(ctx), Command: h.Command, About: h.Form.About, Workspace: h.Bot.URL, Now: h.Now()}
}

// refusal tells a person why their gesture was not possible.
func (h *Handler) refusal(ctx context.Context, err error) slackformat.Message {
	return slackview.Plain(slackview.Refusal(err, h.names(ctx)))
}

// explain posts to a person alone, in a channel, why their gesture was not possible. It
// returns refusal, for the log and the metrics.
func (h *Handler) explain(ctx context.Context, channel, person string, refusal error) error {
	m := h.refusal(ctx, refusal)
	h.async(ctx, func(ctx context.Context) error { return h.Slack.Ephemeral(ctx, nil, channel, "", person, m) })
	return refusal
}

const (
	asyncAnswers = 16 // answers under way beside the workers
	asyncWithin  = 5 * time.Second
)

// async posts something for which nobody has to wait, so that one slow answer of Slack
// does not keep a worker from the next form. It posts nothing while too many are under
// way.
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
