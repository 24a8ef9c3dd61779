package app_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"supporty/internal/dev/slacksim"
)

// In this company people write more. Outsiders are requesters as well as members. People
// mention each other, write asides, and reopen tickets of others.

var isOutsider = map[string]bool{"carol": true}

// talk varies the actions in a company where people write more.
func (c *company) talk(l *life, d action) action {
	switch d.what {
	case "reply":
		c.spoken++
		d.words = fmt.Sprintf("Word %d about it.", c.spoken)
		if d.who != l.requester {
			d.words = pickOne(c.rng, []string{"", "", "", "@" + l.requester + " ", "// "}) + d.words
		}
	case "reopen":
		d.who = pickOne(c.rng, append([]string{l.requester, l.requester}, responders...))
	}
	return d
}

// aMinute is a little longer than the time for which the bot holds a message back because
// a person may write the same.
const aMinute = time.Minute + time.Second

// minutes is the earliest end of such a time.
func (c *company) minutes(now, to time.Time) time.Time {
	for _, l := range c.lives {
		for _, d := range l.actions {
			if at := d.at.Add(aMinute); at.After(now) {
				to = earlier(to, at)
			}
		}
	}
	return to
}

// reopens presses a button: on the card, or in direct messages if the person does not see
// the card.
func (c *company) reopens(l *life, d action, on slacksim.Action) bool {
	on.Do, on.ActionID = "click", "reopen"
	if isOutsider[d.who] {
		withButton := func(m *slacksim.Message) bool { return strings.Contains(string(m.Blocks), `"reopen"`) }
		about := slices.DeleteFunc(c.directs(l), func(m *slacksim.Message) bool { return !withButton(m) })
		if len(about) == 0 {
			return false
		}
		on.Channel, on.TS = "@supporty", about[len(about)-1].TS
	}
	c.do(on)
	return true
}

// directs are the bot's direct messages to the requester about a ticket.
func (c *company) directs(l *life) (about []*slacksim.Message) {
	state := c.h.sim.State()
	for _, m := range state.DMs(l.requester) {
		if m.User == state.BotUserID && speaksOf(m.Rendered(), l) {
			about = append(about, m)
		}
	}
	return about
}

func speaksOf(text string, l *life) bool {
	return slices.Contains(numbers.FindAllString(text, -1), fmt.Sprintf("#%d", l.number))
}
