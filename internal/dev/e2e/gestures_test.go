//go:build unix

package e2e

import (
	"fmt"
	"slices"
	"time"

	"supporty/internal/dev/slacksim"
)

// gesture is something that people do to a ticket. May says whether this person
// would, as they see it; blind gestures are made without waiting until the card
// shows what was done before.
type gesture struct {
	name  string
	blind bool
	may   func(p *player, c *ticketCase, s situation) bool
	make  perform
}

// gestures are, with answers, all that the product has. Each line is one.
var gestures = []gesture{
	{"claim by emoji", true, unowned("eyes"), reacts("eyes", func(p *player) change {
		return func(s situation) situation { return putEyes(s, p.called) }
	})},
	{"put back by emoji", true, gave("eyes"), unreacts("eyes", func(p *player) change {
		return func(s situation) situation { return takeEyes(s, p.called) }
	})},
	{"resolve by emoji", true, seldom(running("white_check_mark")), reacts("white_check_mark", func(p *player) change {
		return func(s situation) situation { return tick(s, p.called) }
	})},
	{"undo by emoji", true, gave("white_check_mark"), unreacts("white_check_mark", func(p *player) change {
		return func(s situation) situation { return untick(s, p.called) }
	})},
	{"claim by button", false, unowned(""), clicks("claim", func(p *player) change {
		return func(s situation) situation { return claim(s, p.called) }
	})},
	{"reopen by button", false, over, clicks("reopen", func(*player) change { return reopen })},
	{"put back by menu", false, owning, picks("put_back", func(p *player) change {
		return func(s situation) situation { return putBack(s, p.called) }
	})},
	{"resolve by form", false, seldom(running("")), fills("resolve", func(p *player) (slacksim.FormValues, change) {
		return slacksim.FormValues{"solution": "code", "note": "mended"}, func(s situation) situation { return end(s, "resolved", p.called, false) }
	})},
	{"close by form", false, seldom(running("")), fills("close", func(p *player) (slacksim.FormValues, change) {
		return slacksim.FormValues{"reason": "not_an_issue"}, func(s situation) situation { return end(s, "closed", p.called, false) }
	})},
	{"take over by form", false, owned, fills("hand_over", func(p *player) (slacksim.FormValues, change) {
		return slacksim.FormValues{"assignee": p.name}, func(s situation) situation { return handOver(s, p.called) }
	})},
	{"hand over by form", false, owned, fills("hand_over", func(p *player) (slacksim.FormValues, change) {
		to := p.newOwner()
		return slacksim.FormValues{"assignee": to.Name, "note": "yours"}, func(s situation) situation { return handOver(s, to.RealName) }
	})},
	{"wait by form", false, owning, fills("wait", func(p *player) (slacksim.FormValues, change) {
		return slacksim.FormValues{"question": "Which one?"}, asks(p, "")
	})},
	{"hold by form", false, owning, fills("hold", func(p *player) (slacksim.FormValues, change) {
		return slacksim.FormValues{"reason": "the supplier"}, holds(p)
	})},
	{"wait by emoji", true, asking, marks},
	{"resume by emoji", true, asked, unmarks},
	{"wait by command", false, owning, commands("wait Which one?", func(p *player) change { return asks(p, "") })},
	{"hold by command", false, owning, commands("hold the supplier", holds)},
	{"resume by command", false, paused, commands("resume", func(*player) change { return unpause })},
	{"resume by menu", false, paused, picks("resume", func(*player) change { return unpause })},
	{"reprioritise by form", false, seldom(running("")), fills("priority", func(p *player) (slacksim.FormValues, change) {
		to := []string{"P1", "P2", "P3"}[p.chance.IntN(3)]
		return slacksim.FormValues{"priority": to, "reason": "so it is"}, func(s situation) situation { return reprioritise(s, to) }
	})},
	{"edit by form", false, editing, fills("edit", func(p *player) (slacksim.FormValues, change) {
		text := fmt.Sprintf("Since %d o'clock.", p.chance.IntN(1000))
		return slacksim.FormValues{"text": text}, func(s situation) situation { s.text = text; return s }
	})},
	{"escalate by form", false, seldom(running("")), fills("escalate", func(p *player) (slacksim.FormValues, change) {
		return slacksim.FormValues{"person": p.newOwner().Name, "reason": "it grows"}, nothing(p)
	})},
}

// reply is what people do most, and the only thing where they are not sure how a
// ticket stands.
var reply = gesture{"reply", true, always, replies}

// answers are gestures that a message of the bot's asks for.
var answers = []gesture{
	{"needs longer by form", false, owning, fills("expect", func(p *player) (slacksim.FormValues, change) {
		by := time.Now().Add(between(p.chance, 20*time.Second, time.Minute)).Unix()
		return slacksim.FormValues{"expected": by, "reason": "harder than it looked"}, nothing(p)
	})},
	{"on it by button", false, owning, clicksOn(thread, "on_it", nothing)},
	{"take over by button", false, owned, clicksOn(thread, "take_over", func(p *player) change {
		return func(s situation) situation { return handOver(s, p.called) }
	})},
	{"claim when asked", false, unowned(""), clicksOn(ephemeral, "claim", func(p *player) change {
		return func(s situation) situation { return claim(s, p.called) }
	})},
	{"explain when asked", false, over, clicksOn(ephemeral, "how_code", nothing)},
	{"solved by who asked", true, mine, clicksOn(inPrivate, "solved_it", func(p *player) change {
		return func(s situation) situation { return end(s, "resolved", p.called, false) }
	})},
	{"withdrawn by who asked", true, mine, clicksOn(inPrivate, "withdraw", func(p *player) change {
		return func(s situation) situation { return withdraw(s, p.called) }
	})},
	{"reopen by who asked", true, mine, clicksOn(inPrivate, "reopen", func(*player) change { return reopen })},
}

// nothing about the ticket changes.
func nothing(*player) change { return nil }

func holds(p *player) change {
	return func(s situation) situation { return pauseFor(s, "hold", p.called, "") }
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

// seldom is for what everybody may do to any ticket: most should live a while.
func seldom(may func(*player, *ticketCase, situation) bool) func(*player, *ticketCase, situation) bool {
	return func(p *player, c *ticketCase, s situation) bool { return p.chance.IntN(5) == 0 && may(p, c, s) }
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

// asking: the owner has written in the thread, and not marked it yet.
func asking(p *player, c *ticketCase, s situation) bool {
	question := c.wrote[p.name]
	return owning(p, c, s) && question != "" && !c.used[p.name+question]
}

func asked(p *player, c *ticketCase, _ situation) bool {
	question := c.wrote[p.name]
	return question != "" && c.used[p.name+question] && !c.used[p.name+"-"+question]
}

// editing is for the owner, and for who asked.
func editing(p *player, c *ticketCase, s situation) bool {
	return isResponder(p) && !s.ended() && (s.owner == p.called || c.maker == p.name)
}

// mine: who asked has it in private, being outside the channel.
func mine(p *player, c *ticketCase, _ situation) bool { return !isResponder(p) && c.maker == p.name }

func (p *player) newOwner() slacksim.Person {
	return p.now.Load().Person(responders[p.chance.IntN(len(responders))])
}
