package app_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"supporty/internal/dev/slacksim"
)

// life is the life of a ticket on which people act at random.
type life struct {
	number    int
	card      string // ts of the card
	title     string
	category  string
	requester string
	actions   []action
	eyes      string // who claimed it by an emoji that still stands
	tick      string // who resolved it by emoji
	next      time.Time
	left      int // actions to come
}

var (
	responders  = []string{"bob", "dana", "frida"}
	isResponder = map[string]bool{"alice": true, "bob": true, "dana": true, "frida": true}
)

// possible are the actions that make sense in this state. Frequent ones are listed
// several times.
func possible(l *life, r *reading) []string {
	all := map[string][]string{
		"open":     {"claim", "claim", "claim", "claim", "reply", "reply of others", "resolve", "priority", "hand over"},
		"claimed":  {"wait", "wait", "wait", "hold", "put back", "reply", "reply of others", "reply of asker", "priority", "priority", "hand over", "resolve", "resolve", "close", "on it", "on it", "longer", "longer"},
		"waiting":  {"reply of asker", "reply of asker", "reply of asker", "reply", "reply of others", "resume", "resolve", "priority", "hold"},
		"on_hold":  {"resume", "resume", "reply of asker", "reply of others", "resolve", "priority", "wait"},
		"resolved": {"reopen", "reopen", "undo", "undo", "reply of asker"},
		"closed":   {"reopen", "reply of asker"},
	}[r.state]
	return slices.DeleteFunc(slices.Clone(all), func(what string) bool {
		switch what {
		case "undo":
			return l.tick == "" || r.now.Sub(r.endedAt) > 10*time.Minute
		case "priority":
			return l.category == "Gardening" || !r.expected.IsZero()
		case "reopen":
			return r.now.Sub(r.endedAt) > 7*24*time.Hour
		}
		return false
	})
}

// choose draws the next action.
func choose(rng *rand.Rand, l *life, r *reading) action {
	d := action{at: r.now, what: pickOne(rng, possible(l, r)), who: r.owner}
	if d.who == "" {
		d.who = pickOne(rng, responders)
	}
	switch d.what {
	case "reply of asker":
		d.what, d.who = "reply", l.requester
	case "reply of others":
		d.what, d.who = "reply", pickOne(rng, append([]string{"erin"}, responders...))
	case "reopen":
		d.who = l.requester
	case "undo":
		d.who = l.tick
	case "resume":
		d.who = pickOne(rng, []string{r.owner, l.requester})
	case "hand over":
		d.to = pickOne(rng, slices.DeleteFunc(slices.Clone(responders), func(p string) bool { return p == r.owner }))
		d.who = pickOne(rng, []string{d.who, d.to})
	case "priority":
		d.priority = pickOne(rng, slices.DeleteFunc([]int{1, 2, 3}, func(p int) bool { return p == r.priority }))
		d.who = pickOne(rng, responders)
	case "longer":
		d.until = r.now.Add(time.Duration(rng.Int64N(int64(20 * time.Hour)))).Truncate(time.Minute).Add(time.Minute)
	}
	return d
}

// pause is the time until the next action: often minutes, sometimes days.
func pause(rng *rand.Rand) time.Duration {
	longest := pickOne(rng, []time.Duration{20 * time.Minute, 20 * time.Minute, 90 * time.Minute, 4 * time.Hour, 4 * time.Hour, 30 * time.Hour, 120 * time.Hour})
	return time.Second + time.Duration(rng.Int64N(longest.Milliseconds()))*time.Millisecond
}

func pickOne[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// does carries the action out in the workspace. It returns false if that is impossible,
// because the bot has not posted the message on which the person would act.
func (c *company) does(l *life, d action) bool {
	switch on := (slacksim.Action{As: d.who, Channel: "support", TS: l.card}); d.what {
	case "claim", "resolve":
		c.emojiOrButton(l, d, on)
	case "undo":
		l.tick, on.Do, on.Emoji = "", "unreact", "white_check_mark"
		c.do(on)
	case "put back":
		c.putBack(l, d, on)
	case "reply":
		c.says(l, d.who, cmp.Or(d.words, "A word about it."))
	case "wait":
		c.waits(l, d)
	case "hold":
		c.command(d.who, fmt.Sprintf("/support hold %d Waits for the bank.", l.number))
	case "resume":
		c.command(d.who, fmt.Sprintf("/support resume %d", l.number))
	case "reopen":
		return c.reopens(l, d, on)
	case "hand over":
		c.fills(l, d, "hand_over", slacksim.FormValues{"assignee": d.to, "note": "Yours."})
	case "priority":
		c.fills(l, d, "priority", slacksim.FormValues{"priority": fmt.Sprintf("P%d", d.priority), "reason": "It is."})
	case "close":
		c.fills(l, d, "close", slacksim.FormValues{"reason": "not_an_issue"})
	case "on it":
		m, found := c.under(l, "on_it")
		if found {
			c.do(slacksim.Action{Do: "click", As: d.who, Channel: "support", TS: m.TS, ActionID: "on_it"})
		}
		return found
	case "longer":
		m, found := c.under(l, "expect")
		if found {
			c.opens(slacksim.Action{Do: "click", As: d.who, Channel: "support", TS: m.TS, ActionID: "expect"}, "form_expect")
			c.submits(d.who, "form_expect", slacksim.FormValues{"expected": float64(d.until.Unix()), "reason": "It is deep."})
		}
		return found
	}
	return true
}

func (c *company) emojiOrButton(l *life, d action, on slacksim.Action) {
	if d.what == "claim" && c.rng.IntN(2) == 0 {
		on.Do, on.ActionID = "click", "claim"
		c.do(on)
		return
	}
	on.Emoji = map[string]string{"claim": "eyes", "resolve": "white_check_mark"}[d.what]
	if c.given(l, d.who, on.Emoji) { // the emoji still stands from an earlier time
		on.Do = "unreact"
		c.do(on)
		c.settles()
	}
	on.Do = "react"
	c.do(on)
	if d.what == "resolve" {
		l.tick = d.who
	} else {
		l.eyes = d.who
	}
}

func (c *company) given(l *life, who, emoji string) bool {
	s := c.h.sim.State()
	card := s.Channel("support").Message(l.card)
	return card.ReactedBy(s.Person(who).ID, emoji)
}

func (c *company) putBack(l *life, d action, on slacksim.Action) {
	if l.eyes == d.who {
		l.eyes, on.Do, on.Emoji = "", "unreact", "eyes"
		c.do(on)
		return
	}
	c.chooses(l, d.who, "put_back")
}

func (c *company) waits(l *life, d action) {
	switch c.rng.IntN(3) {
	case 0:
		c.command(d.who, fmt.Sprintf("/support wait %d Which card?", l.number))
	case 1:
		c.fills(l, d, "wait", slacksim.FormValues{"question": "Which card?"})
	default:
		ts := c.says(l, d.who, "Which card?")
		c.do(slacksim.Action{Do: "react", As: d.who, Channel: "support", TS: ts, Emoji: "hourglass_flowing_sand"})
	}
}

func (c *company) do(a slacksim.Action) slacksim.Outcome {
	c.t.Helper()
	out, err := c.h.sim.Do(a)
	if err != nil || out.Error != "" || out.Banner != "" || len(out.Errors) > 0 {
		c.stops("%s %s as %s: %v %s %s %v", a.Do, a.ActionID, a.As, err, out.Error, out.Banner, out.Errors)
	}
	return out
}

func (c *company) says(l *life, who, text string) string {
	if isOutsider[who] {
		return c.do(slacksim.Action{Do: "say", As: who, Channel: "@supporty", Thread: c.directs(l)[0].TS, Text: text}).TS
	}
	return c.do(slacksim.Action{Do: "say", As: who, Channel: "support", Thread: l.card, Text: text}).TS
}

// command types a command and waits for its answer.
func (c *company) command(who, line string) {
	command, text, _ := strings.Cut(line, " ")
	out := c.do(slacksim.Action{Do: "command", As: who, Channel: "general", Command: command, Text: text})
	c.await("the answer to "+line, func(s slacksim.State) bool {
		heard := s.Ephemerals(who)
		return len(heard) > 0 && heard[len(heard)-1].Seq > out.Seq
	})
}

// fills opens a form from the card's menu and sends it.
func (c *company) fills(l *life, d action, option string, v slacksim.FormValues) {
	c.chooses(l, d.who, option)
	c.submits(d.who, "form_"+option, v)
}

// chooses chooses an option of the card's menu, or of the form behind the menu's last
// option.
func (c *company) chooses(l *life, who, option string) {
	value := option + ":" + strconv.Itoa(l.number)
	on := slacksim.Action{Do: "choose", As: who, Channel: "support", TS: l.card, ActionID: "menu", Value: value}
	card := c.h.sim.State().Channel("support").Message(l.card)
	inMenu := strings.Contains(string(card.Blocks), `"`+value+`"`)
	if !inMenu {
		on.Value = "more:" + strconv.Itoa(l.number)
		c.opens(on, "form_more")
		on = slacksim.Action{Do: "click", As: who, ActionID: option}
	}
	if option != "put_back" {
		c.opens(on, "form_"+option)
		return
	}
	c.do(on)
	if !inMenu {
		c.settles()
		c.do(slacksim.Action{Do: "close", As: who, All: true})
	}
}

// opens makes a gesture that opens a form. It tries again if the form does not open: on a
// busy machine Slack's three seconds can pass.
func (c *company) opens(a slacksim.Action, form string) {
	c.t.Helper()
	for range 4 {
		ctx, cancel := context.WithTimeout(c.h.ctx, 5*time.Second)
		c.do(a)
		_, err := c.h.sim.Await(ctx, func(s slacksim.State) bool {
			p := s.Person(a.As)
			return len(p.Modals) > 0 && p.Modals[len(p.Modals)-1].CallbackID == form
		})
		cancel()
		if err == nil {
			return
		}
	}
	c.stops("%s does not open", form)
}

func (c *company) submits(who, form string, v slacksim.FormValues) {
	c.t.Helper()
	if out := c.do(slacksim.Action{Do: "submit", As: who, Values: v}); !out.Closed {
		c.stops("%s stays open: %+v", form, out)
	}
}

// under finds the newest message under a card that has a button.
func (c *company) under(l *life, button string) (*slacksim.Message, bool) {
	for _, m := range slices.Backward(c.h.sim.State().Channel("support").Thread(l.card)) {
		if strings.Contains(string(m.Blocks), `"action_id":"`+button+`"`) {
			return m, true
		}
	}
	return nil, false
}
