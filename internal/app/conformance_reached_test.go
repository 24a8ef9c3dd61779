package app_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// TestRequestersAreReached lets people act at random on tickets of members and outsiders.
// It compares two things: what people did and the clocks should announce, and the
// notifications of the requesters in Slack. Every event that concerned a requester must
// have notified them, and the bot must not post too much. The test does not ask the bot's
// own tables.
func TestRequestersAreReached(t *testing.T) {
	t.Parallel()
	lives, seed := fromEnvironment(t, "LIVES", 2*livesPerWorkspace)/10, fromEnvironment(t, "SEED", 1)
	for name, reading := range readings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCompany(t, uint64(seed), reading)
			c.talks = true
			c.populate(lives)
			c.live()
			c.reached()
		})
	}
}

// concern is an event that concerned the requester of a ticket.
type concern struct {
	what   string
	at     time.Time
	within time.Duration
	told   *regexp.Regexp // matches the bot's message about it
	author string         // the author of a message; that message itself also counts
}

// Texts of the bot for events that concern a requester.
var (
	toldReceipt  = regexp.MustCompile(`^(We have it|Filed): #\d+`)
	toldClaim    = regexp.MustCompile(` has #\d+`)
	toldQuestion = regexp.MustCompile(` asks about #\d+| has a question about #\d+`)
	toldAnswer   = regexp.MustCompile(` answered above about #\d+`)
	toldDelay    = regexp.MustCompile(`#\d+ is taking longer than `)
	toldTime     = regexp.MustCompile(` needs longer for #\d+`)
	toldHold     = regexp.MustCompile(` put #\d+ on hold`)
	toldPriority = regexp.MustCompile(` (raised|lowered) #\d+ to P\d`)
	toldSolution = regexp.MustCompile(` resolved #\d+`)
	toldClosing  = regexp.MustCompile(` closed #\d+`)
	toldNoAnswer = regexp.MustCompile(`#\d+ is closed because the question above had no answer`)
	toldReopened = regexp.MustCompile(` reopened #\d+`)
	toldNotYet   = regexp.MustCompile(`#\d+ is not resolved yet`)
	toldNudge    = regexp.MustCompile(` needs your answer on #\d+`)
)

// atOnce is the longest time until a message that waits for nothing.
const atOnce = 2 * time.Second

// concerns lists the events that concerned the requester of a life. They follow from
// people's actions and from a plain reading of the clocks.
func (c *company) concerns(l *life) (all []concern) {
	for i, d := range l.actions {
		before := read(c.rules[l.category], l.requester, l.actions[:i], d.at)
		if d.who == l.requester && d.what != "file" || overtaken(d, l.actions[i+1:], l.requester) {
			continue
		}
		if of, concerned := c.concern(l, d, before); concerned {
			of.what, of.at = d.what+" by "+d.who, d.at
			all = append(all, of)
		}
	}
	for _, t := range c.read(l, livesEnd).tellings {
		if of, concerned := c.clocked(l, t); concerned {
			of.what, of.at = t.clock+" "+t.step, t.told
			all = append(all, of)
		}
	}
	return all
}

// concern is the meaning of an action for the requester.
func (c *company) concern(l *life, d action, before *reading) (concern, bool) {
	switch d.what {
	case "file":
		return concern{told: toldReceipt, within: atOnce}, true
	case "claim":
		return concern{told: toldClaim, author: d.who, within: aMinute}, true
	case "hand over":
		return concern{told: toldClaim, author: d.to, within: aMinute}, before.owner != d.to
	case "reply":
		return concern{told: toldAnswer, author: d.who, within: aMinute}, speaksTo(l, d, before)
	case "wait":
		return concern{told: toldQuestion, author: d.who, within: atOnce}, true
	case "hold":
		return concern{told: toldHold, within: atOnce}, true
	case "priority":
		return concern{told: toldPriority, within: atOnce}, d.priority != before.priority
	case "longer":
		return concern{told: toldTime, within: atOnce}, true
	case "resolve":
		return concern{told: toldSolution, within: atOnce}, true
	case "close":
		return concern{told: toldClosing, within: atOnce}, true
	case "reopen":
		return concern{told: toldReopened, within: atOnce}, true
	case "undo":
		return concern{told: toldNotYet, within: atOnce}, true
	}
	return concern{}, false
}

// speaksTo reports whether a reply is for the requester. It is if it names them, or if
// the owner wrote it. While the ticket has no owner, any responder's reply is. For a
// member any responder's reply counts, because a member is only told that somebody
// answered.
func speaksTo(l *life, d action, before *reading) bool {
	switch {
	case strings.HasPrefix(d.words, "//"):
		return false
	case strings.HasPrefix(d.words, "@"+l.requester):
		return true
	case before.owner == "" || !isOutsider[l.requester]:
		return isResponder[d.who]
	}
	return d.who == before.owner
}

// clocked is the meaning of a clock's step for the requester.
func (c *company) clocked(l *life, t telling) (concern, bool) {
	at := read(c.rules[l.category], l.requester, until(l.actions, t.told), t.told)
	switch t.clock + " " + t.step {
	case "resolve late":
		return concern{told: toldDelay, within: 2 * atOnce}, at.running()
	case "pause nudge":
		return concern{told: toldNudge, within: 2 * atOnce}, true
	case "pause close":
		return concern{told: toldNoAnswer, within: 2 * atOnce}, true
	}
	return concern{}, false
}

// until are the actions up to a time.
func until(actions []action, t time.Time) []action {
	return slices.DeleteFunc(slices.Clone(actions), func(d action) bool { return d.at.After(t) })
}

// overtaken reports whether later actions made an action not worth a message after a
// minute.
func overtaken(d action, later []action, requester string) bool {
	if d.what != "claim" && d.what != "hand over" && d.what != "reply" {
		return false
	}
	return slices.ContainsFunc(later, func(n action) bool {
		news := []string{"claim", "hand over", "put back", "resolve", "close", "undo", "reopen"}
		return n.at.Sub(d.at) < aMinute && (slices.Contains(news, n.what) || n.who == requester)
	})
}

// reached fails the test if an event that concerned a requester did not reach them.
func (c *company) reached() {
	c.t.Helper()
	state, all := c.h.sim.State(), 0
	for _, l := range c.lives {
		var missing []string
		for _, of := range c.concerns(l) {
			if all++; !c.reachedBy(state, l, of) {
				missing = append(missing, fmt.Sprintf("  not notified: %s at %s", of.what, stamp(of.at)))
			}
		}
		missing = append(missing, c.carriedTwice(state, l)...)
		if len(missing) > 0 {
			c.t.Errorf("SEED=%d, %s, asked by %s\n%s%s%s", c.seed, l.category, l.requester, l.story(), c.rang(state, l), strings.Join(missing, "\n"))
		}
	}
	if all < 4*len(c.lives) {
		c.t.Errorf("seed %d: only %d things concerned the requesters of %d tickets", c.seed, all, len(c.lives))
	}
	c.t.Logf("seed %d: %d lives, %d things that concerned a requester", c.seed, len(c.lives), all)
}

// reachedBy reports whether Slack has notified the requester in time. The ephemeral
// receipt of a member counts as well, in the place where they typed.
func (c *company) reachedBy(state slacksim.State, l *life, of concern) bool {
	if of.told == toldReceipt && !isOutsider[l.requester] {
		return slices.ContainsFunc(state.Ephemerals(l.requester), func(m *slacksim.Message) bool {
			return m.Channel == state.Channel("general").ID && toldReceipt.MatchString(withoutAddresses(m)) && speaksOf(m.Rendered(), l)
		})
	}
	return slices.ContainsFunc(c.notifications(state, l), func(n slacksim.Notification) bool {
		after := n.Time.Sub(of.at)
		return after >= -time.Millisecond && after <= of.within && (of.told.MatchString(address.ReplaceAllString(n.Text, "")) || of.author != "" && c.isBy(state, n, of.author))
	})
}

// isBy reports whether a notification is about an author's own message, or about the
// bot's copy of it.
func (c *company) isBy(state slacksim.State, n slacksim.Notification, author string) bool {
	who := state.Person(author)
	return n.From == who.ID || strings.Contains(n.Text, who.RealName+" wrote about ")
}

// notifications are the requester's notifications about a ticket.
func (c *company) notifications(state slacksim.State, l *life) (about []slacksim.Notification) {
	for _, n := range state.Notified(l.requester) {
		if n.ThreadTS == l.card || speaksOf(n.Text, l) {
			about = append(about, n)
		}
	}
	return about
}

var (
	numbers = regexp.MustCompile(`#\d+`)
	word    = regexp.MustCompile(`Word \d+ about it`)
)

// carriedTwice names messages that notified the requester more than once, or that were
// copied to the other side more than once.
func (c *company) carriedTwice(state slacksim.State, l *life) (twice []string) {
	rang, stands := map[string]int{}, map[string]int{}
	for _, n := range c.notifications(state, l) {
		for _, w := range word.FindAllString(n.Text, -1) {
			rang[w]++
		}
	}
	for _, m := range c.of(state, l) {
		for _, w := range word.FindAllString(m.Rendered(), -1) {
			stands[w]++
		}
	}
	for _, d := range l.actions {
		if w := word.FindString(d.words); w != "" && (rang[w] > 1 || stands[w] > 1) {
			twice = append(twice, fmt.Sprintf("  %q rang %d times, and stands %d times", w, rang[w], stands[w]))
		}
		if w := word.FindString(d.words); strings.HasPrefix(d.words, "//") && stands[w] > 0 {
			twice = append(twice, fmt.Sprintf("  the aside %q was brought to the requester", w))
		}
	}
	return twice
}

// of are all messages of the bot about a ticket, its card first.
func (c *company) of(state slacksim.State, l *life) (all []*slacksim.Message) {
	for _, m := range state.Channel("support").Thread(l.card) {
		if m.User == state.BotUserID {
			all = append(all, m)
		}
	}
	return append(all, c.directs(l)...)
}

// rang lists the requester's notifications, for people to read.
func (c *company) rang(state slacksim.State, l *life) string {
	var b strings.Builder
	for _, n := range c.notifications(state, l) {
		fmt.Fprintf(&b, "  heard    %s %s: %s\n", stamp(n.Time), n.Why, n.Text)
	}
	return b.String()
}
