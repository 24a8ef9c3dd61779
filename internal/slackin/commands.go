package slackin

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"supporty/internal/desk"
	"supporty/internal/insight"
	"supporty/internal/slackout"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// handleCommand does what was typed after the command. It has been acknowledged
// already; what goes wrong is told to who typed it.
func (h *Handler) handleCommand(ctx context.Context, payload json.RawMessage) error {
	c, err := decodeCommand(payload)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, slackout.Timeout)
	defer cancel()
	answer, err := h.onCommand(ctx, c)
	if err != nil {
		m := h.refusal(ctx, err)
		answer = &m
	}
	if answer == nil {
		return err
	}
	if failed := h.Slack.Answer(ctx, c.ResponseURL, "", *answer, false); failed != nil {
		return fmt.Errorf("answering a command: %w", failed)
	}
	return err
}

// onCommand returns the answer for the asker, nil if a form was opened. What is
// not one of the words below is the title of a new ticket.
func (h *Handler) onCommand(ctx context.Context, c command) (*slackout.Message, error) {
	typed := h.typed(ctx, c.Text)
	word, rest, _ := strings.Cut(typed, " ")
	n, text := numberIn(rest)
	filter, listed := filterOf(rest, h.Form.Categories)
	switch word = strings.ToLower(word); {
	case word == "help" && rest == "":
		return answered(slackview.Help(h.Form, h.scene(ctx)))
	case word == "list" && listed:
		return h.list(ctx, c.UserID, filter)
	case word == "mine" && rest == "":
		return h.list(ctx, c.UserID, desk.Filter{Person: c.UserID})
	case word == "digest" && rest == "":
		return h.digest(ctx)
	case word == "show" && n > 0 && text == "":
		return h.show(ctx, n, c.UserID)
	case word == "why" && n > 0 && text == "":
		return h.why(ctx, n, c.UserID)
	case gestures[word] != nil && n > 0:
		return h.gesture(ctx, c, word, n, text)
	}
	form := h.newForm(c.UserID, c.ResponseURL)
	form.Title = typed
	_, err := h.open(ctx, c.TriggerID, form)
	return nil, err
}

// typed is what follows the command, with the names of people whom Slack calls by their
// ids. They are not waited for long: a form may have to open.
func (h *Handler) typed(ctx context.Context, text string) string {
	ctx, cancel := context.WithTimeout(ctx, askedWithin)
	defer cancel()
	return slackview.CommandText(text, h.names(ctx))
}

// numberIn is the ticket's number at the beginning of a text, and what follows
// it; 0 if there is none.
func numberIn(text string) (ticket.Number, string) {
	word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	n, err := strconv.ParseInt(strings.TrimPrefix(word, "#"), 10, 64)
	if err != nil || n < 0 {
		return 0, ""
	}
	return ticket.Number(n), strings.TrimSpace(rest)
}

// gestures are what a command can do to a ticket, given what was typed after its
// number; the form is opened if nothing was and something is needed.
var gestures = map[string]*struct {
	do   func(d *desk.Desk, ctx context.Context, a desk.Act, text string) (desk.Record, error)
	form func(ticket.Number) slackview.Modal // nil if nothing is needed
}{
	"wait": {func(d *desk.Desk, ctx context.Context, a desk.Act, text string) (desk.Record, error) {
		return d.Wait(ctx, a, text)
	}, slackview.WaitForm},
	"hold": {func(d *desk.Desk, ctx context.Context, a desk.Act, text string) (desk.Record, error) {
		return d.Hold(ctx, a, text, time.Time{})
	}, slackview.HoldForm},
	"resume": {func(d *desk.Desk, ctx context.Context, a desk.Act, _ string) (desk.Record, error) {
		return d.Resume(ctx, a)
	}, nil},
}

func (h *Handler) gesture(ctx context.Context, c command, word string, n ticket.Number, text string) (*slackout.Message, error) {
	g := gestures[word]
	if text == "" && g.form != nil {
		_, err := h.Slack.OpenView(ctx, c.TriggerID, g.form(n))
		return nil, notInTime(err)
	}
	r, err := g.do(h.Desk, ctx, h.acting(desk.Act{
		Ticket: n, Actor: c.UserID, Gesture: ticket.ByCommand, Now: h.Now(), Key: "cmd:" + c.TriggerID,
	}), text)
	h.Changed()
	if err != nil {
		return nil, err
	}
	return answered(slackview.Stands(r, h.scene(ctx)))
}

// newForm is the form of a new ticket for somebody, who hears of it where they asked for it.
func (h *Handler) newForm(person, responseURL string) slackview.FormParams {
	form := h.Form
	form.Requester, form.Hidden.Answer = person, slackview.AnswerAt(responseURL, time.Now())
	return form
}

// open opens the form and returns its id. Nothing slower than Slack itself may come
// before it: the trigger is valid for three seconds.
func (h *Handler) open(ctx context.Context, trigger string, form slackview.FormParams) (string, error) {
	form.Now = h.Now()
	id, err := h.Slack.OpenView(ctx, trigger, slackview.Form(form))
	return id, notInTime(err)
}

func answered(m slackview.Message) (*slackout.Message, error) {
	o := out(m)
	return &o, nil
}

// filterOf reads what follows the word list: "P1 unowned", or a category. It is false
// if anything else is in it.
func filterOf(text string, categories []string) (desk.Filter, bool) {
	var f desk.Filter
	text = strings.Join(strings.Fields(text), " ")
	for text != "" {
		if i := slices.IndexFunc(categories, func(c string) bool { return strings.EqualFold(c, text) }); i >= 0 {
			f.Category = categories[i]
			return f, true
		}
		word, rest, _ := strings.Cut(text, " ")
		p, err := ticket.ParsePriority(word)
		switch {
		case err == nil:
			f.Priority = p
		case strings.EqualFold(word, "unowned"):
			f.Unowned = true
		case strings.EqualFold(word, "paused"):
			f.Paused = true
		default:
			return desk.Filter{}, false
		}
		text = rest
	}
	return f, true
}

func (h *Handler) list(ctx context.Context, reader string, f desk.Filter) (*slackout.Message, error) {
	f.Limit = slackview.MostListed
	list, err := h.Desk.List(ctx, reader, f)
	if err != nil {
		return nil, err
	}
	return answered(slackview.List(list, h.scene(ctx)))
}

func (h *Handler) show(ctx context.Context, n ticket.Number, reader string) (*slackout.Message, error) {
	r, err := h.Desk.Read(ctx, n, reader)
	if err != nil {
		return nil, err
	}
	return answered(slackview.Show(r, h.scene(ctx)))
}

func (h *Handler) why(ctx context.Context, n ticket.Number, reader string) (*slackout.Message, error) {
	x, err := h.Desk.Why(ctx, n, reader, h.Now())
	if err != nil {
		return nil, err
	}
	return answered(slackview.Why(x, h.scene(ctx)))
}

// digest is the digest of the seven days up to now.
func (h *Handler) digest(ctx context.Context) (*slackout.Message, error) {
	now := h.Now()
	d, err := h.Digests.Week(ctx, insight.Period{From: now.Add(-7 * 24 * time.Hour), To: now})
	if err != nil {
		return nil, ticket.Errorf(ticket.Unready, "The numbers could not be read. Please try again in a minute.").Because(err)
	}
	d.Asked = true
	head, details := slackview.Digest(d, h.scene(ctx)), slackview.DigestDetails(d, h.scene(ctx))
	head.Blocks = append(head.Blocks, details.Blocks...)
	return answered(head)
}
