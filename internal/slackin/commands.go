package slackin

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
)

// handleCommand runs a slash command. The command has been acknowledged already, so an
// error goes to the person who typed it in a message of its own.
func (h *Handler) handleCommand(ctx context.Context, payload json.RawMessage) error {
	c, err := decodeCommand(payload)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, slackapi.Timeout)
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

// onCommand returns the answer for the person who typed the command, or nil if a form was
// opened. A text that begins with no known command is the title of a new ticket.
func (h *Handler) onCommand(ctx context.Context, c command) (*slackformat.Message, error) {
	text := strings.TrimSpace(c.Text)
	title, quoted := unquoted(h.typed(ctx, text))
	word, rest, _ := strings.Cut(text, " ")
	known, ok := slackview.CommandOf(word)
	if a, takes := h.readBehind(ctx, known.Takes, rest); ok && takes {
		a.command = c
		return byWord[known.Word](h, ctx, a)
	}
	form := h.newForm(c.UserID, c.ResponseURL)
	form.Title = title
	if own := form.CategoryOfCommand(word); own != "" && !quoted {
		form.Category = own
		_, form.Title, _ = strings.Cut(title, " ")
	} else if !quoted {
		form.Hint = h.hint(ctx, word, rest)
	}
	_, err := h.openNew(ctx, c.TriggerID, form)
	return nil, err
}

// hint is the command that somebody may have meant whose text is none; empty if it is a
// title like others.
func (h *Handler) hint(ctx context.Context, word, rest string) string {
	if known, ok := slackview.CommandOf(word); ok {
		return slackview.Hint(known, h.Command)
	}
	near, ok := slackview.CommandNear(word)
	if _, takes := h.readBehind(ctx, near.Takes, rest); ok && takes {
		return slackview.Hint(near, h.Command)
	}
	return ""
}

// commandFunc runs a command and returns its answer.
type commandFunc func(h *Handler, ctx context.Context, a asked) (*slackformat.Message, error)

// byWord maps each of slackview.Commands to its function.
var byWord = map[string]commandFunc{
	"help":   (*Handler).help,
	"list":   (*Handler).list,
	"mine":   (*Handler).mine,
	"find":   (*Handler).find,
	"show":   (*Handler).show,
	"why":    (*Handler).why,
	"me":     (*Handler).me,
	"duty":   (*Handler).duty,
	"drill":  (*Handler).drill,
	"digest": (*Handler).stats, // of the last seven days
	"stats":  (*Handler).stats,

	"claim":     changes(gesture{makes: plainly((*desk.Desk).Claim)}),
	"putback":   changes(gesture{makes: plainly((*desk.Desk).PutBack)}),
	"give":      changes(gesture{makes: give, lacks: noPerson, action: slackview.ActionHandOver, fields: note}),
	"resolve":   changes(gesture{makes: resolve}),
	"wait":      changes(gesture{makes: wait, lacks: noWords, action: slackview.ActionWait}),
	"hold":      changes(gesture{makes: hold, lacks: noWords, action: slackview.ActionHold}),
	"resume":    changes(gesture{makes: plainly((*desk.Desk).Resume)}),
	"priority":  changes(gesture{makes: prioritise, lacks: noPriority, action: slackview.ActionPriority, fields: priorityAndReason}),
	"duplicate": changes(gesture{makes: duplicate, lacks: noOriginal, action: slackview.ActionClose, fields: asDuplicate}),
	"close":     changes(gesture{makes: closeAs, lacks: noCloseReason, action: slackview.ActionClose, fields: note}),
	"withdraw":  changes(gesture{makes: withdraw}),
	"reopen":    changes(gesture{makes: plainly((*desk.Desk).Reopen)}),
	"escalate":  changes(gesture{makes: escalate, lacks: noPersonOrWords, action: slackview.ActionEscalate, fields: personAndReason, tells: true}),
	"say":       (*Handler).say,
	"note":      changes(gesture{makes: writeDown, lacks: noWords, action: slackview.ActionNote, tells: true}),
	"private":   changes(gesture{lacks: always, action: slackview.ActionMakePrivate}),
	"follow":    follows((*desk.Desk).Follow, slackview.ActionFollow),
	"unfollow":  follows((*desk.Desk).Unfollow, slackview.ActionUnfollow),
}

// typed returns the text after the command, with names in place of the ids that Slack
// sends for people. It does not wait long for the names, since a form may have to open.
func (h *Handler) typed(ctx context.Context, text string) string {
	ctx, cancel := context.WithTimeout(ctx, h.wait(askedWithin))
	defer cancel()
	return slackformat.CommandText(text, desk.MaxText, h.names(ctx))
}

// newForm is the form of a new ticket for a person. The receipt goes to the place where
// they ran the command.
func (h *Handler) newForm(person, responseURL string) slackview.FormParams {
	form := h.Form
	form.Requester, form.Hidden.Answer, form.Now = person, slackview.AnswerAt(responseURL, time.Now()), h.Now()
	return form
}

// openNew opens the form and returns its id. Call nothing slow before it: the trigger
// expires after three seconds.
func (h *Handler) openNew(ctx context.Context, trigger string, form slackview.FormParams) (string, error) {
	form.Guest = h.isGuest(ctx, form)
	id, hash, err := h.Slack.OpenView(ctx, trigger, slackview.Form(form))
	if err == nil {
		h.meet(ctx, form.Requester)
		h.suggestAtOnce(ctx, view{ID: id, Hash: hash}, form)
	}
	return id, notInTime(err)
}

// isGuest reports whether a guest, or somebody of another company, has the form, where that matters;
// it does not wait long.
func (h *Handler) isGuest(ctx context.Context, form slackview.FormParams) bool {
	if len(form.Calling) == 0 || form.Requester == "" {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, h.wait(askedWithin))
	defer cancel()
	p, err := h.Directory.Person(ctx, form.Requester)
	return err == nil && p.Outsider()
}

// meet reads who somebody is while they write, because their card shows it. If it fails, it is
// read when the card is posted.
func (h *Handler) meet(ctx context.Context, person string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), filedWithin)
	if !h.beside(func() { defer cancel(); _, _ = h.Directory.Person(ctx, person) }) {
		cancel()
	}
}

func answered(m slackformat.Message) (*slackformat.Message, error) {
	return &m, nil
}

// categoryOf returns the category with a name, in any case, or "".
func categoryOf(name string, categories []string) string {
	i := slices.IndexFunc(categories, func(c string) bool { return strings.EqualFold(c, name) })
	if i < 0 {
		return ""
	}
	return categories[i]
}

func (h *Handler) help(ctx context.Context, a asked) (*slackformat.Message, error) {
	if a.filter.Category != "" {
		return answered(slackview.CategoryHelp(h.Form, a.filter.Category))
	}
	return answered(slackview.Help(h.Form, h.scene(ctx)))
}

func (h *Handler) me(ctx context.Context, a asked) (*slackformat.Message, error) {
	kept, err := h.Desk.Kept(ctx, a.UserID)
	if err != nil {
		return nil, err
	}
	return answered(slackview.Kept(kept, h.scene(ctx)))
}

func (h *Handler) show(ctx context.Context, a asked) (*slackformat.Message, error) {
	r, err := h.Desk.Read(ctx, a.number, a.UserID)
	if err != nil {
		return nil, err
	}
	return answered(slackview.Show(r, h.scene(ctx)))
}

func (h *Handler) why(ctx context.Context, a asked) (*slackformat.Message, error) {
	x, err := h.Desk.Why(ctx, a.number, a.UserID, h.Now())
	if err != nil {
		return nil, err
	}
	return answered(slackview.Why(x, h.scene(ctx)))
}
