package app_test

import (
	"cmp"
	"fmt"
	"strings"

	"supporty/internal/dev/slacksim"
)

// People of the workspace: what they do and what they see.

// as is a person in the workspace whose gestures have to succeed. They press again if the
// machine was too busy for an answer in time.
func (h *harness) as(name string) *person {
	return &person{h: h, actor: h.slack.As(name).Insistent(3)}
}

type person struct {
	h     *harness
	actor *slacksim.Actor
}

// ok fails the test unless the gesture was accepted.
func (p *person) ok(out slacksim.Outcome, err error) slacksim.Outcome {
	p.h.t.Helper()
	if err != nil || out.Error != "" || out.Banner != "" {
		p.h.t.Fatalf("a gesture failed: %v %s %s\n%s", err, out.Error, out.Banner, p.h.log)
	}
	return out
}

// newTicket is the content of the form.
type newTicket struct{ priority, title, text, category string }

func (f newTicket) values() slacksim.FormValues {
	return slacksim.FormValues{"priority": f.priority, "title": f.title, "text": f.text, "category": f.category}
}

func usual(title string) newTicket {
	return newTicket{priority: "P2", title: title, text: "It does not work.", category: "Payments"}
}

// opens files a ticket and returns its card.
func (p *person) opens(f newTicket) *slacksim.Message {
	p.h.t.Helper()
	p.ok(p.actor.Command(p.h.ctx, "general", "/support", ""))
	p.seesForm()
	if out := p.sends(f.values()); !out.Closed {
		p.h.t.Fatalf("the form stayed open: %v", out.Errors)
	}
	return p.h.reads("support", f.title)
}

// seesForm checks that a form is open.
func (p *person) seesForm() {
	p.h.t.Helper()
	if _, err := p.actor.View(p.h.ctx); err != nil {
		p.h.t.Fatalf("no form: %v\n%s", err, p.h.log)
	}
}

func (p *person) reacts(m *slacksim.Message, emoji string) {
	p.h.t.Helper()
	p.ok(p.actor.React(p.h.ctx, m.Channel, m.TS, emoji))
}

func (p *person) unreacts(m *slacksim.Message, emoji string) {
	p.h.t.Helper()
	p.ok(p.actor.Unreact(p.h.ctx, m.Channel, m.TS, emoji))
}

func (p *person) replies(m *slacksim.Message, text string) {
	p.h.t.Helper()
	p.ok(p.actor.Say(p.h.ctx, m.Channel, text, slacksim.InThread(m.TS)))
}

// answers writes to the bot, in the thread of one of its direct messages.
func (p *person) answers(m *slacksim.Message, text string) slacksim.Outcome {
	p.h.t.Helper()
	return p.ok(p.actor.SayToBot(p.h.ctx, text, slacksim.InThread(cmp.Or(m.ThreadTS, m.TS))))
}

// asks is replies, and returns the reply.
func (p *person) asks(card *slacksim.Message, text string) *slacksim.Message {
	p.h.t.Helper()
	out := p.ok(p.actor.Say(p.h.ctx, card.Channel, text, slacksim.InThread(card.TS)))
	return &slacksim.Message{Channel: card.Channel, TS: out.TS}
}

// types types a command in #general.
func (p *person) types(line string) {
	p.h.t.Helper()
	command, text, _ := strings.Cut(line, " ")
	p.ok(p.actor.Command(p.h.ctx, "general", command, text))
}

// ephemerals are the messages that only this person sees.
func (p *person) ephemerals() []*slacksim.Message {
	p.h.t.Helper()
	s, err := p.h.slack.State(p.h.ctx)
	if err != nil {
		p.h.t.Fatal(err)
	}
	return s.Ephemerals(p.name())
}

// clicks presses a button once it is there.
func (p *person) clicks(m *slacksim.Message, action string) (out slacksim.Outcome) {
	p.h.t.Helper()
	p.h.poll("the button "+action, func() bool {
		var err error
		if out, err = p.actor.Click(p.h.ctx, m.Channel, m.TS, action); err != nil && strings.Contains(err.Error(), "there is no element") {
			return false
		}
		p.ok(out, err)
		return true
	})
	return out
}

// hears waits for a message that only this person sees.
func (p *person) hears(text string) *slacksim.Message {
	p.h.t.Helper()
	var heard *slacksim.Message
	p.h.await(fmt.Sprintf("an answer with %q for one person alone", text), func(s slacksim.State) bool {
		heard = first(s.Ephemerals(p.name()), text)
		return heard != nil
	})
	return heard
}

// gets waits for a direct message.
func (p *person) gets(text string) *slacksim.Message {
	p.h.t.Helper()
	var got *slacksim.Message
	p.h.await(fmt.Sprintf("a direct message with %q", text), func(s slacksim.State) bool {
		got = first(s.DMs(p.name()), text)
		return got != nil
	})
	return got
}

func (p *person) name() string { return p.actor.Name() }

// chooses chooses an option of a card's menu, such as "close:1", and waits for the form
// that it opens, if any. Further options are in the form behind the menu's last option.
func (p *person) chooses(m *slacksim.Message, option string) {
	p.h.t.Helper()
	action, number, _ := strings.Cut(option, ":")
	if p.picksOf(m, option, "more:"+number) != option {
		p.awaitsForm("more")
		p.ok(p.actor.ClickModal(p.h.ctx, action))
	}
	if !actsAtOnce[action] {
		p.awaitsForm(action)
	}
}

// picksOf chooses an option of a message's menu, or the other if it is not there, and returns which. If
// the message was drawn again meanwhile, it looks again.
func (p *person) picksOf(m *slacksim.Message, option, other string) string {
	p.h.t.Helper()
	for {
		seen, choice := string(p.h.asItIs(m).Blocks), option
		if !strings.Contains(seen, `"`+option+`"`) {
			choice = other
		}
		out, err := p.actor.Choose(p.h.ctx, m.Channel, m.TS, "menu", choice)
		if err == nil || string(p.h.asItIs(m).Blocks) == seen {
			p.ok(out, err)
			return choice
		}
	}
}

// actsAtOnce are the options that open no form.
var actsAtOnce = map[string]bool{"put_back": true, "resume": true, "follow": true}

// seesIn waits until the open form contains a text.
func (p *person) seesIn(text string) {
	p.h.t.Helper()
	_, err := p.actor.AwaitView(p.h.ctx, func(v *slacksim.View) bool { return strings.Contains(string(v.Body), text) })
	if err != nil {
		p.h.t.Fatalf("no form that says %q: %v\n%s", text, err, p.h.log)
	}
}

func (p *person) awaitsForm(name string) {
	p.h.t.Helper()
	_, err := p.actor.AwaitView(p.h.ctx, func(v *slacksim.View) bool { return v.CallbackID == "form_"+name })
	if err != nil {
		p.h.t.Fatalf("no form to %s: %v\n%s", name, err, p.h.log)
	}
}

// sends fills in the open form and sends it. If the form is still being saved at Slack's
// deadline, it is sent again: on a busy machine that happens to people as well.
func (p *person) sends(v slacksim.FormValues) slacksim.Outcome {
	p.h.t.Helper()
	out := p.ok(p.actor.Submit(p.h.ctx, v))
	for !out.Closed && strings.Contains(fmt.Sprint(out.Errors), "Still saving") && p.h.ctx.Err() == nil {
		out = p.ok(p.actor.Resubmit(p.h.ctx))
	}
	return out
}

// submits fills in the open form, which has to close.
func (p *person) submits(v slacksim.FormValues) {
	p.h.t.Helper()
	p.seesForm()
	if out := p.sends(v); !out.Closed {
		p.h.t.Fatalf("the form stayed open: %v", out.Errors)
	}
}
