//go:build unix

package e2e

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"supporty/internal/dev/slacksim"
)

// perform makes a gesture. A step without an outcome was not made, because what it
// needs has gone.
type perform func(p *player, c *ticketCase, card *slacksim.Message) step

func reacts(emoji string, does func(*player) change) perform {
	return func(p *player, c *ticketCase, card *slacksim.Message) step {
		c.used[p.name+emoji] = true
		if _, err := p.actor.React(p.ctx, card.Channel, card.TS, emoji); err != nil {
			p.t.Errorf("%s cannot react: %v", p.name, err)
			return step{outcome: refused}
		}
		return step{outcome: done, does: does(p), event: reactionEvent("reaction_added", p.id, card.TS, emoji)}
	}
}

func unreacts(emoji string, does func(*player) change) perform {
	return func(p *player, c *ticketCase, card *slacksim.Message) step {
		c.used[p.name+"-"+emoji] = true
		if _, err := p.actor.Unreact(p.ctx, card.Channel, card.TS, emoji); err != nil {
			p.t.Errorf("%s cannot take an emoji back: %v", p.name, err)
			return step{outcome: refused}
		}
		return step{outcome: done, does: does(p), event: reactionEvent("reaction_removed", p.id, card.TS, emoji)}
	}
}

// marks puts ⏳ on what the player wrote last in the thread, which was a question
// then; unmarks takes it away again.
func marks(p *player, c *ticketCase, card *slacksim.Message) step {
	question := c.wrote[p.name]
	c.used[p.name+question] = true
	if _, err := p.actor.React(p.ctx, card.Channel, question, hourglass); err != nil {
		p.t.Errorf("%s cannot react: %v", p.name, err)
	}
	return step{outcome: done, does: asks(p, question), event: reactionEvent("reaction_added", p.id, question, hourglass)}
}

func unmarks(p *player, c *ticketCase, card *slacksim.Message) step {
	question := c.wrote[p.name]
	c.used[p.name+"-"+question] = true
	if _, err := p.actor.Unreact(p.ctx, card.Channel, question, hourglass); err != nil {
		p.t.Errorf("%s cannot take an emoji back: %v", p.name, err)
	}
	does := func(s situation) situation { return unask(s, question) }
	return step{outcome: done, does: does, event: reactionEvent("reaction_removed", p.id, question, hourglass)}
}

const hourglass = "hourglass_flowing_sand"

func asks(p *player, question string) change {
	return func(s situation) situation { return pauseFor(s, "waiting", p.called, question) }
}

// clicks presses a button of the card. Whether it did something is known from the
// card only: what could not be done is told aside.
func clicks(action string, does func(*player) change) perform {
	return func(p *player, _ *ticketCase, card *slacksim.Message) step {
		_, err := p.actor.Click(p.ctx, card.Channel, card.TS, action)
		return pressed(err, does(p))
	}
}

// clicksOn presses a button of the last message that has one.
func clicksOn(where place, action string, does func(*player) change) perform {
	return func(p *player, _ *ticketCase, card *slacksim.Message) step {
		m := withButton(where(p, card), action)
		if m == nil {
			return step{}
		}
		_, err := p.actor.Click(p.ctx, m.Channel, m.TS, action)
		return pressed(err, does(p))
	}
}

func picks(option string, does func(*player) change) perform {
	return func(p *player, _ *ticketCase, card *slacksim.Message) step {
		return pressed(p.chooses(option, card), does(p))
	}
}

func commands(words string, does func(*player) change) perform {
	return func(p *player, _ *ticketCase, card *slacksim.Message) step {
		word, rest, _ := strings.Cut(words, " ")
		_, err := p.actor.Command(p.ctx, "general", "/support", word+" "+numberOf(card)+" "+rest)
		return pressed(err, does(p))
	}
}

func pressed(err error, does change) step {
	if err != nil {
		return step{} // the button has gone
	}
	return step{outcome: unknown, does: does}
}

// fills opens a form of the card or of the last message that has a button for it,
// fills it in, and presses until it closes; one in ten gives up when it does not.
func fills(action string, in func(*player) (slacksim.FormValues, change)) perform {
	return func(p *player, c *ticketCase, card *slacksim.Message) step {
		if !p.opens("form_"+action, func() error { return p.asksFor(action, card) }) {
			return step{}
		}
		values, does := in(p)
		closed, sure, err := p.presses(c, action, values)
		switch {
		case err != nil:
			p.t.Errorf("%s cannot submit %s: %v", p.name, action, err)
			return step{outcome: unknown, does: does}
		case closed:
			return step{outcome: done, does: does}
		case sure:
			return step{outcome: refused}
		}
		return step{outcome: unknown, does: does}
	}
}

// presses Submit until the form closes. Sure is whether every answer until then
// said that nothing was stored.
func (p *player) presses(c *ticketCase, action string, values slacksim.FormValues) (closed, sure bool, err error) {
	out, err := p.actor.Submit(p.ctx, values)
	sure = true
	for tries := 0; err == nil && !out.Closed; tries++ {
		sure = sure && surelyNot(out)
		if out.Error == "" && out.Banner == "" && len(out.Errors) == 0 {
			p.violate(c, "the form %s stayed open without a word", action)
		}
		if isFinal(out) || p.chance.IntN(10) == 0 || tries > 40 {
			c.tell("%s gave %s up: %s", p.name, action, answerOf(out))
			_, err = p.actor.CloseAll(p.ctx)
			break
		}
		pause(p.ctx, between(p.chance, 200*time.Millisecond, time.Second))
		out, err = p.actor.Resubmit(p.ctx)
	}
	return out.Closed, sure, err
}

// isFinal: pressing again would not help.
func isFinal(out slacksim.Outcome) bool {
	said := answerOf(out)
	return out.Banner == "" && !slices.ContainsFunc([]string{"Still saving", "Not filed yet", "Very many", "Something went wrong"},
		func(s string) bool { return strings.Contains(said, s) })
}

// asksFor presses the button, or chooses in the menu, what opens a form.
func (p *player) asksFor(action string, card *slacksim.Message) error {
	switch m := withButton(thread(p, card), action); {
	case m != nil:
		_, err := p.actor.Click(p.ctx, m.Channel, m.TS, action)
		return err
	case action == "expect":
		return errNoButton
	}
	return p.chooses(action, card)
}

var errNoButton = errors.New("nothing has that button now")

// chooses in the card's menu, or under More… if the menu has no room for it.
func (p *player) chooses(option string, card *slacksim.Message) error {
	menu := func(option string) error {
		_, err := p.actor.Choose(p.ctx, card.Channel, card.TS, "menu", option+":"+numberOf(card))
		return err
	}
	if menu(option) == nil {
		return nil
	}
	if !p.opens("form_more", func() error { return menu("more") }) {
		return errNoButton
	}
	_, err := p.actor.ClickModal(p.ctx, option)
	return err
}

// numberOf is the ticket's number, as the card has it.
func numberOf(card *slacksim.Message) string {
	number, _, _ := strings.Cut(strings.TrimPrefix(card.Text, "#"), " ")
	return number
}

// replies writes in the thread; Carol to the bot. What the requester writes is an
// answer.
func replies(p *player, c *ticketCase, card *slacksim.Message) step {
	said := &saying{c: c, passed: true}
	var err error
	switch about := p.told(card); {
	case isResponder(p):
		said.channel, said.aside = card.Channel, p.chance.IntN(6) == 0
		err = p.says(said, func(text string, options ...slacksim.SayOption) (slacksim.Outcome, error) {
			return p.actor.Say(p.ctx, card.Channel, text, append(options, slacksim.InThread(card.TS))...)
		})
	case c.maker == p.name && about != nil:
		said.channel, said.private = about.Channel, true
		err = p.says(said, func(text string, options ...slacksim.SayOption) (slacksim.Outcome, error) {
			return p.actor.SayToBot(p.ctx, text, append(options, slacksim.InThread(cmp.Or(about.ThreadTS, about.TS)))...)
		})
	default:
		return step{}
	}
	if err != nil {
		p.t.Errorf("%s cannot reply: %v", p.name, err)
		return step{}
	}
	if isResponder(p) {
		c.wrote[p.name] = said.ts
	}
	s := step{outcome: done, event: messageEvent(p.id, said.ts)}
	if c.maker == p.name {
		s.does = answer
	}
	return s
}

// told is the last thing that the bot told somebody in private about a ticket. A question
// where something belongs only offers the ticket.
func (p *player) told(card *slacksim.Message) *slacksim.Message {
	all := slices.DeleteFunc(inPrivate(p, card), isPlaced)
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// place is where somebody looks for a button.
type place func(p *player, card *slacksim.Message) []*slacksim.Message

func thread(p *player, card *slacksim.Message) []*slacksim.Message {
	return p.now.Load().Channel("support").Thread(card.TS)
}

func inPrivate(p *player, card *slacksim.Message) []*slacksim.Message {
	return about(p.now.Load().DMs(p.name), card)
}

func ephemeral(p *player, card *slacksim.Message) []*slacksim.Message {
	return about(p.now.Load().Ephemerals(p.name), card)
}

func about(list []*slacksim.Message, card *slacksim.Message) []*slacksim.Message {
	return slices.DeleteFunc(slices.Clone(list), func(m *slacksim.Message) bool { return m.BotID == "" || firstNumber(m) != numberOf(card) })
}

// withButton is the last of the messages that has a button; nil if none has.
func withButton(list []*slacksim.Message, action string) *slacksim.Message {
	for _, m := range slices.Backward(list) {
		if m.BotID != "" && strings.Contains(string(m.Blocks), fmt.Sprintf("%q", action)) {
			return m
		}
	}
	return nil
}
