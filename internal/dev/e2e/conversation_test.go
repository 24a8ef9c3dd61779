//go:build unix

package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"supporty/internal/dev/slacksim"
)

// The rules of conversation, held against all that was ever said: what concerns a
// requester reaches them, and what is written in private stays so.

// placements are how a question where something belongs begins, or its answer.
var placements = []string{"Where do", "Nobody else sees ", "Filed as ", "Passed on to #", "Taken back"}

func isPlaced(m *slacksim.Message) bool {
	return slices.ContainsFunc(placements, func(s string) bool { return strings.HasPrefix(m.Text, s) })
}

// mayGo: what repeats people's words goes with them, and so does a question about them,
// and what stands for a file; that it goes with nothing else, attached sees. The note of
// a claim gives way to that of another priority.
func (k *checker) mayGo(m *slacksim.Message) bool {
	text := m.Rendered()
	return len(wordsIn(text)) > 0 || isPlaced(m) || strings.Contains(text, " could not be brought here") ||
		strings.Contains(text, " has #") && k.reprioritised(ticketIn.FindString(text))
}

var ticketIn = regexp.MustCompile(`#\d+\b`)

// reprioritised reports whether anybody was told of another priority of a ticket.
func (k *checker) reprioritised(number string) bool {
	told := regexp.MustCompile(` (raised|lowered) ` + number + `\b`)
	return slices.ContainsFunc(k.posted, func(m *slacksim.Message) bool { return told.MatchString(m.Rendered()) })
}

// echo is a message of the bot's that repeats what somebody wrote.
type echo struct {
	m       *slacksim.Message
	version int
}

// conversation looks at everything that people wrote.
func (k *checker) conversation() {
	standing, ever := map[int][]echo{}, map[int][]echo{}
	for _, m := range slices.Concat(k.posted, k.record.changed) {
		for n, version := range wordsIn(m.Rendered()) {
			if m.BotID != "" {
				ever[n] = append(ever[n], echo{m, version})
			}
		}
	}
	for _, c := range k.state.Channels {
		for _, m := range c.Messages {
			for n, version := range wordsIn(m.Rendered()) {
				if m.BotID != "" {
					standing[n] = append(standing[n], echo{m, version})
				}
			}
		}
	}
	for n, s := range k.sayings {
		k.staysPrivate(s, ever[n])
		k.followed(s, standing[n])
		k.attached(s)
		k.ringsOnce(s)
	}
}

// broken notes a violation, with all that is known of what was written and of the questions
// about such things.
func (k *checker) broken(s *saying, format string, args ...any) {
	story := k.way(s)
	for _, m := range slices.Concat(k.posted, k.record.changed) {
		if s.private && m.Channel == k.direct(s.who) && isPlaced(m) {
			story += fmt.Sprintf("\n    %s message %d, posted at %s: %s", at(m).Format("15:04:05.000"), outboxID(m), m.TS, strings.ReplaceAll(m.Rendered(), "\n", " | "))
		}
	}
	k.violate(s.c, format+"\n    %s", append(args, story)...)
}

// staysPrivate: what was written in private and not passed on was shown to nobody.
func (k *checker) staysPrivate(s *saying, ever []echo) {
	for _, r := range ever {
		if !s.passed && r.m.Channel != k.direct(s.who) {
			k.broken(s, "word-%d of %s was private, and was shown: %s", s.n, s.who, r.m.Rendered())
			return
		}
	}
}

// direct is the id of somebody's direct channel with the bot.
func (k *checker) direct(name string) string {
	for _, m := range k.state.DMs(name) {
		return m.Channel
	}
	return ""
}

// followed: what repeats a message says what that says now, stands once, and not at
// all once the message is gone or was taken back.
func (k *checker) followed(s *saying, standing []echo) {
	if slices.ContainsFunc(s.events, k.record.isLost) || s.ts == "" {
		return
	}
	standing = slices.DeleteFunc(standing, func(r echo) bool { return !r.m.IsReply() && r.m.Channel == k.support() }) // a card's own text
	if s.gone {
		for _, r := range standing {
			k.broken(s, "word-%d of %s is deleted, and stands: %s", s.n, s.who, r.m.Rendered())
		}
		return
	}
	carried := 0
	for _, r := range standing {
		if r.version != s.version {
			k.broken(s, "word-%d of %s has version %d, and version %d stands: %s", s.n, s.who, s.version, r.version, r.m.Rendered())
		}
		if isCarried(r.m) {
			carried++
		}
	}
	switch want := k.copies(s); {
	case carried > 1:
		k.broken(s, "word-%d of %s stands %d times on the other side", s.n, s.who, carried)
	case s.turned && carried == 0 && slices.ContainsFunc(standing, isQuestion): // it was brought as a question while it was an aside
	case !s.doubtful && want >= 0 && carried != want:
		k.broken(s, "word-%d of %s stands %d times on the other side, want %d", s.n, s.who, carried, want)
	}
}

// isCarried: it repeats somebody's words to the other side, and asks nothing.
func isCarried(m *slacksim.Message) bool {
	return strings.Contains(m.Rendered(), " wrote") || strings.Contains(m.Rendered(), "Also written about ")
}

func isQuestion(r echo) bool { return strings.Contains(r.m.Rendered(), " asks about ") }

// copies is how often something has to stand on the other side; -1 if that is not sure.
func (k *checker) copies(s *saying) int {
	switch {
	case !s.passed || s.aside:
		return 0
	case s.c == nil:
		return -1
	case s.private || slices.Contains(responders, s.who) && !slices.Contains(responders, s.c.maker):
		return 1
	}
	return 0
}

func (k *checker) support() string { return k.state.Channel("support").ID }

// ringsOnce: nobody is notified twice of the same words by the bot.
func (k *checker) ringsOnce(s *saying) {
	rang := map[string]map[string]bool{}
	for _, n := range k.record.rang {
		if _, says := wordsIn(n.Text)[s.n]; !says || n.From != k.state.BotUserID || k.gone[n.Channel+n.TS] || !strings.Contains(n.Text, " wrote") {
			continue
		}
		if rang[n.Person] == nil {
			rang[n.Person] = map[string]bool{}
		}
		rang[n.Person][n.TS] = true
	}
	for person, messages := range rang {
		if len(messages) > 1 {
			k.broken(s, "word-%d of %s rang %d times for %s", s.n, s.who, len(messages), person)
		}
	}
}

// allNumbers are the tickets that a text names.
func allNumbers(text string) (all []string) {
	for _, found := range hashNumber.FindAllStringSubmatch(text, -1) {
		all = append(all, found[1])
	}
	return all
}

// notified: whoever asked was notified of something about their ticket.
func (k *checker) notified(c *ticketCase, number, what string, is func(n slacksim.Notification) bool) {
	maker := k.state.Person(c.maker)
	speaks := func(n slacksim.Notification) bool {
		return n.Person == maker.ID && slices.Contains(allNumbers(n.Text), number) && is(n)
	}
	if !slices.ContainsFunc(k.record.rang, speaks) {
		k.violate(c, "%s was not notified: %s", c.maker, what)
	}
}

// reached: whatever a requester has to know of how their ticket stands has notified
// them.
func (k *checker) reached(c *ticketCase, s situation, number string) {
	maker := k.state.Person(c.maker).RealName
	says := func(words string) func(slacksim.Notification) bool {
		return func(n slacksim.Notification) bool { return strings.Contains(n.Text, words) }
	}
	if s.ended() && s.endedBy != maker {
		k.notified(c, number, s.state, says(" "+s.state+" #"))
	}
	if !s.ended() && s.state == "hold" && s.pausedBy != maker {
		k.notified(c, number, "on hold", says(" put #"))
	}
	if c.maker == "carol" {
		k.notified(c, number, "anything", func(slacksim.Notification) bool { return true })
	}
}
