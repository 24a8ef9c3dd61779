package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"supporty/internal/dev/slacksim"
)

// file files a ticket and stores the place of its card.
func (p *Player) file(ctx context.Context, t Ticket, place int) error {
	p.cards[place] = card{ts: lastIn(p.Slack.State().Channel("support"))} // the card comes after it; titles repeat
	values := slacksim.FormValues{"priority": t.Priority, "title": t.Title, "text": t.Text, "category": t.Category}
	if err := p.form(ctx, t.Requester, values, func() error { return p.enter(t) }); err != nil {
		return err
	}
	return p.awaitCard(ctx, t, place)
}

func lastIn(c slacksim.Channel) string {
	if len(c.Messages) == 0 {
		return ""
	}
	return c.Messages[len(c.Messages)-1].TS
}

// enter opens the form in the ticket's way.
func (p *Player) enter(t Ticket) error {
	switch t.Way {
	case ByShortcut:
		return p.act(slacksim.Action{Do: "shortcut", As: t.Requester, Callback: "ticket_new"})
	case ByMessage:
		said, err := p.Slack.Do(slacksim.Action{Do: "say", As: t.Author, Channel: t.Channel, Text: t.Text})
		if err != nil {
			return err
		}
		return p.act(slacksim.Action{
			Do: "message_shortcut", As: t.Requester, Channel: t.Channel, TS: said.TS, Callback: "ticket_from_message",
		})
	}
	return p.act(slacksim.Action{Do: "command", As: t.Requester, Channel: "general", Command: "/support"})
}

// awaitCard waits for the ticket's newest card.
func (p *Player) awaitCard(ctx context.Context, t Ticket, place int) error {
	old := p.cards[place]
	var found card
	_, err := p.Slack.Await(ctx, func(s slacksim.State) bool {
		found = newestCard(s, t, old)
		return found.ts != ""
	})
	if err != nil {
		return fmt.Errorf("the card: %w", err)
	}
	p.cards[place] = found
	return p.awaitBot(ctx)
}

// newestCard finds the card that was posted after the old one. Before there is a card, it
// looks after the last message in the channel. A card whose text is withheld has no
// title, but keeps its number.
func newestCard(s slacksim.State, t Ticket, old card) card {
	for _, m := range slices.Backward(s.Channel("support").Messages) {
		if m.TS <= old.ts {
			break
		}
		var number int
		if m.User != s.BotUserID || m.IsReply() {
			continue
		}
		if _, err := fmt.Sscanf(m.Text, "#%d ", &number); err != nil {
			continue
		}
		if number == old.number || old.number == 0 && strings.Contains(m.Text, t.Title) {
			return card{number: number, ts: m.TS}
		}
	}
	return card{}
}

func (p *Player) step(ctx context.Context, t Ticket, c card, s Step) error {
	on := slacksim.Action{As: s.Who, Channel: "support", TS: c.ts}
	switch s.Do {
	case Reply:
		return p.act(slacksim.Action{Do: "say", As: s.Who, Channel: "support", Thread: c.ts, Text: s.Text})
	case Answer:
		return p.answer(s, c)
	case Join, Leave:
		return p.act(slacksim.Action{Do: string(s.Do), As: s.Who, Channel: "support"})
	case ClaimEmoji, ResolveTick, ResolveMark, Thank:
		on.Do, on.Emoji = "react", emoji[s.Do]
		return p.act(on)
	case Unclaim, Undo:
		on.Do, on.Emoji = "unreact", emoji[s.Do]
		return p.act(on)
	case DeleteCard:
		on.Do = "delete"
		return p.act(on)
	case ClaimButton, Reopen, ShowText:
		return p.click(on, buttons[s.Do])
	case Hourglass:
		return p.mark(s, c)
	case PutBack, Resume:
		return p.choose(ctx, on, options[s.Do], c)
	case ClaimAlert, ClaimAsked, JustComment, How, SolvedIt, Withdraw, ReopenTold, OnIt, TakeOver, AnswerCall:
		return p.clickNotice(ctx, c, s)
	case HandOver, Edit, Priority, ResolveForm, Close, Ask, Hold, Longer, Incident:
		return p.fillIn(ctx, t, on, c, s)
	}
	return fmt.Errorf("nobody knows how to do this")
}

var emoji = map[Action]string{
	ClaimEmoji: "eyes", Unclaim: "eyes", ResolveTick: "white_check_mark", Undo: "white_check_mark", ResolveMark: "heavy_check_mark",
	Thank: "pray",
}

// options are the options of a card's menu.
var options = map[Action]string{
	PutBack: "put_back", Resume: "resume", HandOver: "hand_over", Edit: "edit", Priority: "priority", Close: "close",
	Ask: "wait", Hold: "hold", Incident: "incident",
}

// buttons are the action ids of buttons.
var buttons = map[Action]string{
	ClaimButton: "claim", ClaimAlert: "claim", ClaimAsked: "claim", Reopen: "reopen", ShowText: "show_text",
	OnIt: "on_it", AnswerCall: "reach", Longer: "expect", TakeOver: "take_over",
	JustComment: "just_a_comment", SolvedIt: "solved_it", ReopenTold: "reopen", Withdraw: "withdraw",
}

// fillIn does a step that has a form of its own.
func (p *Player) fillIn(ctx context.Context, t Ticket, on slacksim.Action, c card, s Step) error {
	var values slacksim.FormValues
	switch s.Do {
	case Longer:
		by := p.Now().Add(2 * time.Hour).Truncate(time.Minute)
		values = slacksim.FormValues{"expected": float64(by.Unix()), "reason": s.Text}
	case Ask:
		values = slacksim.FormValues{"question": s.Text}
	case Hold:
		values = slacksim.FormValues{"reason": s.Text}
	case HandOver:
		values = slacksim.FormValues{"assignee": s.To, "note": s.Text}
	case Edit:
		values = slacksim.FormValues{"text": s.Text, "category": s.To}
	case Priority:
		values = slacksim.FormValues{"priority": s.To, "reason": s.Text}
	case Close:
		values = slacksim.FormValues{"reason": s.To, "note": s.Text}
		if t.Original >= 0 {
			values["duplicate"] = fmt.Sprint(p.cards[t.Original].number)
		}
	case Incident:
		values = slacksim.FormValues{"incident": "yes"}
	case ResolveForm:
		values = slacksim.FormValues{"solution": s.To, "note": s.Text}
	}
	return p.form(ctx, s.Who, values, func() error {
		switch s.Do {
		case ResolveForm:
			return p.click(on, "resolve")
		case Longer:
			return p.clickNotice(ctx, c, s)
		}
		return p.choose(ctx, on, options[s.Do], c)
	})
}

// answer writes to the bot, in the thread of its message about the ticket.
func (p *Player) answer(s Step, c card) error {
	state := p.Slack.State()
	m := newest(state.DMs(s.Who), func(m *slacksim.Message) bool { return m.User == state.BotUserID && about(m, c) })
	if m == nil {
		return errors.New("the bot has not written to them about it")
	}
	return p.act(slacksim.Action{Do: "say", As: s.Who, Channel: "@" + state.BotUserID, Thread: cmp.Or(m.ThreadTS, m.TS), Text: s.Text})
}

// clickNotice presses a button of a message about the ticket: in the thread, visible to
// all or to one person, or in direct messages.
func (p *Player) clickNotice(ctx context.Context, c card, s Step) error {
	button := buttons[s.Do]
	if s.Do == How {
		button = "how_" + s.To
	}
	var found *slacksim.Message
	_, err := p.Slack.Await(ctx, func(state slacksim.State) bool {
		list := state.DMs(s.Who)
		switch s.Do {
		case ClaimAlert, OnIt, Longer, TakeOver:
			list = state.Thread(c.ts)[1:]
		case ClaimAsked, JustComment, How:
			list = state.Ephemerals(s.Who)
		}
		found = newest(list, func(m *slacksim.Message) bool { return about(m, c) && offers(m, button) })
		return found != nil
	})
	if err != nil {
		return fmt.Errorf("a message with the button %q: %w", button, err)
	}
	return p.click(slacksim.Action{As: s.Who, Channel: found.Channel, TS: found.TS}, button)
}

func newest(list []*slacksim.Message, wanted func(*slacksim.Message) bool) *slacksim.Message {
	for _, m := range slices.Backward(list) {
		if wanted(m) {
			return m
		}
	}
	return nil
}

// about reports whether a message names the ticket's number. A longer number with the
// same beginning does not count.
func about(m *slacksim.Message, c card) bool {
	_, rest, found := strings.Cut(m.Text, fmt.Sprintf("#%d", c.number))
	return found && (rest == "" || rest[0] < '0' || rest[0] > '9')
}

func offers(m *slacksim.Message, button string) bool {
	return strings.Contains(string(m.Blocks), `"action_id":"`+button+`"`)
}

func (p *Player) click(on slacksim.Action, button string) error {
	on.Do, on.ActionID = "click", button
	return p.act(on)
}

// choose chooses an option of the card's menu. Further options are in the form behind the
// menu's last option.
func (p *Player) choose(ctx context.Context, on slacksim.Action, option string, c card) error {
	value := fmt.Sprintf("%s:%d", option, c.number)
	on.Do, on.ActionID, on.Value = "choose", "menu", value
	if strings.Contains(string(p.Slack.State().Thread(c.ts)[0].Blocks), `"`+value+`"`) {
		return p.act(on)
	}
	on.Value = fmt.Sprintf("more:%d", c.number)
	if err := p.act(on); err != nil {
		return err
	}
	if err := p.awaitMore(ctx, on.As, option, true); err != nil {
		return err
	}
	if err := p.act(slacksim.Action{Do: "click", As: on.As, ActionID: option}); err != nil || option != "put_back" && option != "resume" {
		return err
	}
	if err := p.awaitMore(ctx, on.As, option, false); err != nil {
		return err
	}
	return p.act(slacksim.Action{Do: "close", As: on.As})
}

// awaitMore waits until the form behind the menu has an option, or no longer has it.
func (p *Player) awaitMore(ctx context.Context, who, option string, offered bool) error {
	_, err := p.Slack.Await(ctx, func(s slacksim.State) bool {
		person := s.Person(who)
		form := person.Modal()
		return form != nil && form.CallbackID == moreForm && strings.Contains(string(form.Body), `"`+option+`"`) == offered
	})
	if err != nil {
		return fmt.Errorf("the choices of %s: %w", who, err)
	}
	return nil
}

const moreForm = "form_more"

// mark puts the hourglass on the person's own last reply.
func (p *Player) mark(s Step, c card) error {
	state := p.Slack.State()
	thread := state.Thread(c.ts)
	id := state.Person(s.Who).ID
	m := newest(thread, func(m *slacksim.Message) bool { return m.User == id })
	if m == nil {
		return errors.New("they have not written in the thread")
	}
	return p.act(slacksim.Action{Do: "react", As: s.Who, Channel: m.Channel, TS: m.TS, Emoji: "hourglass_flowing_sand"})
}

func (p *Player) act(a slacksim.Action) error {
	out, err := p.Slack.Do(a)
	if err == nil && out.Error != "" {
		err = fmt.Errorf("%s: the workspace says %q", a.Do, out.Error)
	}
	return err
}

// form opens a form and fills it in. A visitor of the demo may have opened another form
// as the same person.
func (p *Player) form(ctx context.Context, who string, values slacksim.FormValues, open func() error) error {
	before := topForm(p.Slack.State(), who)
	if err := open(); err != nil {
		return err
	}
	opened := ""
	_, err := p.Slack.Await(ctx, func(s slacksim.State) bool {
		opened = topForm(s, who)
		return opened != "" && opened != before
	})
	if err != nil {
		return fmt.Errorf("the form of %s: %w", who, err)
	}
	out, err := p.Slack.Do(slacksim.Action{Do: "submit", As: who, View: opened, Values: values})
	for err == nil && !out.Closed && isStillSaving(out) && ctx.Err() == nil { // on a slow machine; people press again
		out, err = p.Slack.Do(slacksim.Action{Do: "submit", As: who, View: opened, Values: values})
	}
	if err == nil && !out.Closed {
		err = fmt.Errorf("the form of %s stays open: %v %s", who, out.Errors, out.Banner)
	}
	return err
}

func isStillSaving(out slacksim.Outcome) bool {
	return strings.Contains(fmt.Sprint(out.Errors, out.Banner), "Press Submit again")
}

// topForm is the id of the form that a person sees, or "".
func topForm(s slacksim.State, who string) string {
	person := s.Person(who)
	if form := person.Modal(); form != nil && form.CallbackID != moreForm {
		return form.ID
	}
	return ""
}
