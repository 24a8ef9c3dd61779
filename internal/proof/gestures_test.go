package proof

import (
	"slices"
	"strings"

	"supporty/internal/slacksim"
)

// gesture is something that people do to a ticket. May says whether this person
// would, as they see it; blind gestures are made without waiting until the card
// shows what was done before.
type gesture struct {
	name  string
	blind bool
	may   func(p *player, c *ticketCase, s situation) bool
	make  func(p *player, c *ticketCase, card *slacksim.Message) step
}

// gestures are all that the product has. Each line is one.
var gestures = []gesture{
	{"claim by emoji", true, unowned("eyes"), reacts("eyes", func(p *player) change {
		return func(s situation) situation { return claim(s, p.called) }
	})},
	{"put back by emoji", true, gave("eyes"), unreacts("eyes", func(p *player) change {
		return func(s situation) situation { return putBack(s, p.called) }
	})},
	{"resolve by emoji", true, running("white_check_mark"), reacts("white_check_mark", func(p *player) change {
		return func(s situation) situation { return end(s, "resolved", p.called, true) }
	})},
	{"undo by emoji", true, gave("white_check_mark"), unreacts("white_check_mark", func(p *player) change {
		return func(s situation) situation { return undo(s, p.called) }
	})},
	{"claim by button", false, unowned(""), clicks("claim", func(p *player) change {
		return func(s situation) situation { return claim(s, p.called) }
	})},
	{"reopen by button", false, over, clicks("reopen", func(*player) change { return reopen })},
	{"put back by menu", false, owning, picks("put_back", func(p *player) change {
		return func(s situation) situation { return putBack(s, p.called) }
	})},
	{"resolve by form", false, running(""), fills("resolve", func(p *player) (slacksim.Values, change) {
		return slacksim.Values{"solution": "code", "note": "mended"}, func(s situation) situation { return end(s, "resolved", p.called, false) }
	})},
	{"close by form", false, running(""), fills("close", func(p *player) (slacksim.Values, change) {
		return slacksim.Values{"reason": "not_an_issue"}, func(s situation) situation { return end(s, "closed", p.called, false) }
	})},
	{"take over by form", false, owned, fills("hand_over", func(p *player) (slacksim.Values, change) {
		return slacksim.Values{"assignee": p.name}, func(s situation) situation { return handOver(s, p.called) }
	})},
	{"hand over by form", false, owned, fills("hand_over", func(p *player) (slacksim.Values, change) {
		to := p.heir()
		return slacksim.Values{"assignee": to.Name, "note": "yours"}, func(s situation) situation { return handOver(s, to.RealName) }
	})},
	{"wait by form", false, owning, fills("wait", func(p *player) (slacksim.Values, change) {
		return slacksim.Values{"question": "Which one?"}, func(s situation) situation { return pauseFor(s, "waiting", p.called) }
	})},
	{"hold by form", false, owning, fills("hold", func(p *player) (slacksim.Values, change) {
		return slacksim.Values{"reason": "the supplier"}, func(s situation) situation { return pauseFor(s, "hold", p.called) }
	})},
	{"resume by menu", false, paused, picks("resume", func(*player) change { return unpause })},
	{"reprioritise by form", false, running(""), fills("priority", func(p *player) (slacksim.Values, change) {
		to := []string{"P1", "P2", "P3"}[p.chance.IntN(3)]
		return slacksim.Values{"priority": to, "reason": "so it is"}, func(s situation) situation { return reprioritise(s, to) }
	})},
	{"reply", true, always, replies},
}

// change is what a gesture does to a ticket.
type change = func(situation) situation

func isResponder(p *player) bool { return slices.Contains(responders, p.name) }

func always(*player, *ticketCase, situation) bool { return true }

func unowned(emoji string) func(*player, *ticketCase, situation) bool {
	return func(p *player, c *ticketCase, s situation) bool {
		return isResponder(p) && s.state == "open" && (emoji == "" || !c.used[p.name+emoji])
	}
}

func running(emoji string) func(*player, *ticketCase, situation) bool {
	return func(p *player, c *ticketCase, s situation) bool {
		return isResponder(p) && !s.ended() && (emoji == "" || !c.used[p.name+emoji])
	}
}

func gave(emoji string) func(*player, *ticketCase, situation) bool {
	return func(p *player, c *ticketCase, _ situation) bool {
		return c.used[p.name+emoji] && !c.used[p.name+"-"+emoji]
	}
}

func over(p *player, _ *ticketCase, s situation) bool { return isResponder(p) && s.ended() }
func owned(p *player, _ *ticketCase, s situation) bool {
	return isResponder(p) && !s.ended() && s.owner != ""
}
func owning(p *player, _ *ticketCase, s situation) bool { return !s.ended() && s.owner == p.called }
func paused(p *player, _ *ticketCase, s situation) bool {
	return isResponder(p) && !s.ended() && s.pause != ""
}

func (p *player) heir() slacksim.Person {
	return p.now.Load().Person(responders[p.chance.IntN(len(responders))])
}

func reacts(emoji string, does func(*player) change) func(*player, *ticketCase, *slacksim.Message) step {
	return func(p *player, c *ticketCase, card *slacksim.Message) step {
		c.used[p.name+emoji] = true
		if _, err := p.actor.React(p.ctx, card.Channel, card.TS, emoji); err != nil {
			p.t.Errorf("%s cannot react: %v", p.name, err)
			return step{outcome: refused}
		}
		return step{outcome: done, does: does(p), event: reactionEvent("reaction_added", p.id, card.TS, emoji)}
	}
}

func unreacts(emoji string, does func(*player) change) func(*player, *ticketCase, *slacksim.Message) step {
	return func(p *player, c *ticketCase, card *slacksim.Message) step {
		c.used[p.name+"-"+emoji] = true
		if _, err := p.actor.Unreact(p.ctx, card.Channel, card.TS, emoji); err != nil {
			p.t.Errorf("%s cannot take an emoji back: %v", p.name, err)
			return step{outcome: refused}
		}
		return step{outcome: done, does: does(p), event: reactionEvent("reaction_removed", p.id, card.TS, emoji)}
	}
}

// clicks presses a button of the card. Whether it did something is known from the
// card only: what could not be done is told aside.
func clicks(action string, does func(*player) change) func(*player, *ticketCase, *slacksim.Message) step {
	return func(p *player, _ *ticketCase, card *slacksim.Message) step {
		_, err := p.actor.Click(p.ctx, card.Channel, card.TS, action)
		return pressed(err, does(p))
	}
}

func picks(option string, does func(*player) change) func(*player, *ticketCase, *slacksim.Message) step {
	return func(p *player, _ *ticketCase, card *slacksim.Message) step {
		_, err := p.actor.Choose(p.ctx, card.Channel, card.TS, "menu", option+":"+numberOf(card))
		return pressed(err, does(p))
	}
}

func pressed(err error, does change) step {
	if err != nil {
		return step{} // the button has gone
	}
	return step{outcome: unknown, does: does}
}

// fills opens a form of the card, fills it in, and presses until it closes; one in
// ten gives up when it does not.
func fills(action string, in func(*player) (slacksim.Values, change)) func(*player, *ticketCase, *slacksim.Message) step {
	return func(p *player, c *ticketCase, card *slacksim.Message) step {
		if !p.opens(func() error { return p.asksFor(action, card) }) {
			return step{}
		}
		values, does := in(p)
		out, err := p.actor.Submit(p.ctx, values)
		sure := true
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
			pause(p.ctx, between(p.chance, 200e6, 1e9))
			out, err = p.actor.Resubmit(p.ctx)
		}
		switch {
		case err != nil:
			p.t.Errorf("%s cannot submit %s: %v", p.name, action, err)
			return step{outcome: unknown, does: does}
		case out.Closed:
			return step{outcome: done, does: does}
		case sure:
			return step{outcome: refused}
		}
		return step{outcome: unknown, does: does}
	}
}

// isFinal: pressing again would not help.
func isFinal(out slacksim.Outcome) bool {
	said := answerOf(out)
	return out.Banner == "" && !slices.ContainsFunc([]string{"Still saving", "Not filed yet", "Very many", "Something went wrong"},
		func(s string) bool { return strings.Contains(said, s) })
}

// asksFor presses the button, or chooses in the menu, what opens a form.
func (p *player) asksFor(action string, card *slacksim.Message) error {
	if action == "resolve" {
		_, err := p.actor.Click(p.ctx, card.Channel, card.TS, action)
		return err
	}
	_, err := p.actor.Choose(p.ctx, card.Channel, card.TS, "menu", action+":"+numberOf(card))
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
	var out slacksim.Outcome
	var err error
	switch about := p.told(card); {
	case isResponder(p):
		out, err = p.actor.Say(p.ctx, card.Channel, "A word on it.", slacksim.InThread(card.TS))
	case c.maker == p.name && about != nil:
		out, err = p.actor.SayToBot(p.ctx, "A word on it.", slacksim.InThread(about.TS))
	default:
		return step{}
	}
	if err != nil {
		p.t.Errorf("%s cannot reply: %v", p.name, err)
	}
	s := step{outcome: done, event: messageEvent(p.id, out.TS)}
	if c.maker == p.name {
		s.does = answer
	}
	return s
}

// told is the last thing that the bot told somebody in private about a ticket.
func (p *player) told(card *slacksim.Message) *slacksim.Message {
	var last *slacksim.Message
	for _, m := range p.now.Load().DMs(p.name) {
		if m.BotID != "" && firstNumber(m) == numberOf(card) {
			last = m
		}
	}
	return last
}
