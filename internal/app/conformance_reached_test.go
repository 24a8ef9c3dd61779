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

// TestRequestersAreReached lets tickets of members and outsiders live at random. What
// people did to them, and what a plain reading of the clocks expects, is compared with
// what Slack has notified the requesters of: nothing that concerned them is missing,
// and the bot has not become noisy. The bot's own tables are not asked.
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

// concern is something that concerned the requester of a ticket.
type concern struct {
	what   string
	at     time.Time
	within time.Duration
	told   *regexp.Regexp // how the bot tells it
	author string         // whoever wrote something themselves: then their words will do
}

// How the bot tells what concerns a requester.
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

// atOnce is how soon is told what waits for nothing.
const atOnce = 2 * time.Second

// concerns lists what concerned the requester of a life, from people's actions and a
// plain reading of the clocks.
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

// concern is what a action means to the requester.
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

// speaksTo reports whether a reply is for the requester: it names them, or it is the
// owner's, or a responder's where nobody owns the ticket. A member sees no more than
// that somebody answered, whoever of the desk it is.
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

// clocked is what it means to the requester that a clock has something to say.
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

// until are the actions that were done by some time.
func until(actions []action, t time.Time) []action {
	return slices.DeleteFunc(slices.Clone(actions), func(d action) bool { return d.at.After(t) })
}

// overtaken reports whether what somebody did was not worth telling after a minute.
func overtaken(d action, later []action, requester string) bool {
	if d.what != "claim" && d.what != "hand over" && d.what != "reply" {
		return false
	}
	return slices.ContainsFunc(later, func(n action) bool {
		news := []string{"claim", "hand over", "put back", "resolve", "close", "undo", "reopen"}
		return n.at.Sub(d.at) < aMinute && (slices.Contains(news, n.what) || n.who == requester)
	})
}

// reached fails the test if something that concerned a requester did not reach them.
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

// reachedBy reports whether Slack has notified the requester in time. Where they typed,
// the receipt of somebody who is a member counts although it is only shown.
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

// isBy reports whether somebody is notified of another's own words, or of those words
// as the bot has brought them.
func (c *company) isBy(state slacksim.State, n slacksim.Notification, author string) bool {
	who := state.Person(author)
	return n.From == who.ID || strings.Contains(n.Text, who.RealName+" wrote about ")
}

// notifications are those of the requester that are about a ticket.
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

// carriedTwice names the words that notified the requester more than once, or stand
// more than once on the other side.
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

// of is all that the bot says about a ticket, its card first.
func (c *company) of(state slacksim.State, l *life) (all []*slacksim.Message) {
	for _, m := range state.Channel("support").Thread(l.card) {
		if m.User == state.BotUserID {
			all = append(all, m)
		}
	}
	return append(all, c.directs(l)...)
}

// rang is what the requester was notified of, for people.
func (c *company) rang(state slacksim.State, l *life) string {
	var b strings.Builder
	for _, n := range c.notifications(state, l) {
		fmt.Fprintf(&b, "  heard    %s %s: %s\n", stamp(n.Time), n.Why, n.Text)
	}
	return b.String()
}
