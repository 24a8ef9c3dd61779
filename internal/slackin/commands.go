package slackin

import (
	"context"
	"encoding/json"
	"fmt"
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
		m := out(slackview.Plain(slackview.Refusal(err, h.names(ctx))))
		answer = &m
	}
	if answer == nil {
		return err
	}
	if failed := h.Slack.Answer(ctx, c.ResponseURL, *answer, false); failed != nil {
		return fmt.Errorf("answering a command: %w", failed)
	}
	return err
}

// onCommand returns the answer for the asker, nil if a form was opened. What is
// not one of the words below is the title of a new ticket.
func (h *Handler) onCommand(ctx context.Context, c command) (*slackout.Message, error) {
	word, rest, _ := strings.Cut(strings.TrimSpace(c.Text), " ")
	switch word = strings.ToLower(word); {
	case word == "help" && rest == "":
		return answered(slackview.Help(h.Form, h.scene(ctx)))
	case word == "list" && rest == "":
		return h.list(ctx, "", "Open tickets")
	case word == "mine" && rest == "":
		return h.list(ctx, c.UserID, "Your tickets")
	case word == "digest" && rest == "":
		return h.digest(ctx)
	case word == "show" || word == "why":
		n, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(rest), "#"), 10, 64)
		switch {
		case err == nil && word == "show":
			return h.show(ctx, ticket.Number(n))
		case err == nil:
			return h.why(ctx, ticket.Number(n))
		}
	}
	form := h.Form
	form.Title = c.Text
	return nil, h.open(ctx, c.TriggerID, form)
}

// open opens the form. Nothing slower than Slack itself may come before it: the
// trigger is valid for three seconds.
func (h *Handler) open(ctx context.Context, trigger string, form slackview.FormParams) error {
	form.Now = h.Now()
	if err := h.Slack.OpenView(ctx, trigger, slackview.Form(form)); err != nil {
		return ticket.Errorf(ticket.Unready, "The form could not be opened in time. Please try again.").Because(err)
	}
	return nil
}

func answered(m slackview.Message) (*slackout.Message, error) {
	o := out(m)
	return &o, nil
}

func (h *Handler) list(ctx context.Context, person, title string) (*slackout.Message, error) {
	list, err := h.Desk.List(ctx, desk.Filter{Person: person})
	if err != nil {
		return nil, err
	}
	return answered(slackview.List(list, title, h.scene(ctx)))
}

func (h *Handler) show(ctx context.Context, n ticket.Number) (*slackout.Message, error) {
	r, err := h.Desk.Find(ctx, n)
	if err != nil {
		return nil, err
	}
	return answered(slackview.Show(r, h.scene(ctx)))
}

func (h *Handler) why(ctx context.Context, n ticket.Number) (*slackout.Message, error) {
	x, err := h.Desk.Why(ctx, n, h.Now())
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
	head, details := slackview.Digest(d, h.scene(ctx)), slackview.DigestDetails(d, h.scene(ctx))
	head.Blocks = append(head.Blocks, details.Blocks...)
	return answered(head)
}
