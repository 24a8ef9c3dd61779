//go:build unix

package e2e

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"supporty/internal/dev/slacksim"
)

// checker looks at what can be seen in the workspace in the end, at all that was
// ever posted, and at what people know they did. It asks nobody else.
type checker struct {
	*tortureHarness
	state   slacksim.State
	posted  []*slacksim.Message // by the bot, deletions included
	shared  []*slacksim.Message // the same, of files
	gone    map[string]bool
	byCard  map[string][]*slacksim.Message // that stand in a card's thread or speak of it in private
	extras  int                            // posted once more and deleted again
	freezes int
	awaited int // latenesses that had to be told, whatever came after
}

func (a *tortureHarness) check() *checker {
	k := &checker{tortureHarness: a, state: a.sim.State(), byCard: map[string][]*slacksim.Message{}}
	a.record.read(a.ctx)
	k.gone, k.freezes = a.record.deleted, a.faults["a copy frozen"]
	for _, m := range a.record.posted {
		switch {
		case m.BotID != "" && len(m.Files) > 0:
			k.shared = append(k.shared, m)
		case m.BotID != "":
			k.posted = append(k.posted, m)
		}
	}
	k.conversation()
	k.eachMessageOnce()
	k.inOrder()
	for _, c := range a.cases {
		k.submission(c)
	}
	k.duty()
	return k
}

// eachMessageOnce: what was posted twice was deleted again, which only a copy that
// was frozen may cause; and what was posted still stands.
func (k *checker) eachMessageOnce() {
	times, stands, sample := map[int]int{}, map[int]int{}, map[int]*slacksim.Message{}
	for _, m := range k.posted {
		id := outboxID(m)
		if id == 0 {
			k.violate(nil, "a message without identity: %s", m.Rendered())
			continue
		}
		times[id]++
		sample[id] = m
		if !k.gone[m.Channel+m.TS] {
			stands[id]++
		}
	}
	for id, n := range times {
		k.extras += n - 1
		if stands[id] != 1 && (stands[id] > 0 || !k.mayGo(sample[id])) {
			k.violate(nil, "message %d was posted %d times and stands %d times: %s", id, n, stands[id], sample[id].Rendered())
		}
	}
	if k.extras > k.freezes {
		k.violate(nil, "%d messages were posted once more and deleted, with %d freezes", k.extras, k.freezes)
	}
	k.ephemeralsOnce()
}

var aboutMessage = regexp.MustCompile(`\d{10}\.\d{6}`)

// ephemeralsOnce: what is shown to one person alone about a message is shown once. Slack keeps no
// identity of what one person alone sees, so that of others it cannot be told.
func (k *checker) ephemeralsOnce() {
	ephemeral := map[string]int{}
	for _, c := range k.state.Channels {
		for _, m := range c.Ephemerals {
			if said := string(m.Blocks); aboutMessage.MatchString(said) {
				if ephemeral[said]++; ephemeral[said] == 2 {
					k.violate(nil, "shown to one person twice: %s", m.Rendered())
				}
			}
		}
	}
}

// unordered is what nothing waits for: it is due later, or stands in place of a file
// that has failed again and again. What is about no ticket has no order with these.
var unordered = []string{" has #", " answered above about #", " wrote above about #", " could not be brought here"}

// inOrder: in every thread, and in private, messages about a ticket stand in the
// order in which they were enqueued; but for what fails again and again, which keeps nothing
// else waiting.
func (k *checker) inOrder() {
	last := map[string]*slacksim.Message{}
	for _, c := range k.state.Channels {
		for _, m := range c.Messages {
			if m.BotID == "" || len(m.Files) > 0 {
				continue
			}
			thread := m.Channel + m.ThreadTS
			if c.IM {
				thread = m.Channel + " #" + firstNumber(m)
			} else if !m.IsReply() {
				thread = m.Channel + m.TS
			}
			if slices.ContainsFunc(unordered, func(words string) bool { return strings.Contains(m.Rendered(), words) }) || isPlaced(m) {
				continue
			}
			if before := last[thread]; before != nil && outboxID(before) > outboxID(m) && k.record.tries(m) < 2 {
				k.violate(k.caseOf(m), "out of order: %q before %q", before.Rendered(), m.Rendered())
			}
			last[thread] = m
		}
	}
}

// submission: who saw the form close has exactly one card; whose answer was lost
// has one at most; who was told that nothing was filed has none.
func (k *checker) submission(c *ticketCase) {
	var cards []*slacksim.Message
	for _, m := range k.state.Channel("support").Messages {
		if m.BotID != "" && !m.IsReply() && strings.Contains(m.Text, " · "+c.title+" · ") {
			cards = append(cards, m)
		}
	}
	switch {
	case len(cards) > 1:
		k.violate(c, "has %d cards", len(cards))
	case len(cards) == 0 && c.accepted:
		k.violate(c, "was accepted and has no card")
	case len(cards) == 1 && !c.accepted && !c.maybe:
		k.violate(c, "was not filed, its maker was told, and it has a card")
	}
	if len(cards) != 1 {
		return
	}
	about := k.about(cards[0], c)
	k.final(c, cards[0], about)
	k.nothingInvented(c, about)
	k.alerts(c, cards[0], about)
}

// about lists what the bot says of a ticket, its card apart, that still stands.
func (k *checker) about(card *slacksim.Message, c *ticketCase) []*slacksim.Message {
	var all []*slacksim.Message
	for _, m := range k.state.Channel("support").Thread(card.TS) {
		if m.BotID != "" && m.TS != card.TS {
			all = append(all, m)
		}
	}
	for _, m := range k.state.DMs(c.maker) {
		if m.BotID != "" && firstNumber(m) == numberOf(card) {
			all = append(all, m)
		}
	}
	return all
}

// final: the card shows where the ticket stands, and who is concerned was told.
func (k *checker) final(c *ticketCase, card *slacksim.Message, about []*slacksim.Message) {
	all := possible(c.first(), c.steps, k.record.isLost)
	i := slices.IndexFunc(all, func(s situation) bool { return strings.HasSuffix(card.Text, dotted(s.shown(), c.title)) })
	if i < 0 {
		k.violate(c, "shows %q, and could be %q", card.Text, shownOf(all))
		return
	}
	if len(all) > 1 {
		return
	}
	s, n := all[0], numberOf(card)
	k.reached(c, s, n)
	if !strings.Contains(card.Rendered(), s.text) {
		k.violate(c, "does not show %q", s.text)
	}
	maker := k.state.Person(c.maker).RealName
	switch {
	case s.state == "resolved" && s.endedBy != maker:
		k.expect(c, about, s.endedBy+" resolved #"+n)
	case s.state == "closed" && s.endedBy != maker:
		k.expect(c, about, s.endedBy+" closed #"+n)
	}
	if last := k.lastChange(c); !s.ended() && last != nil && last.gesture == "hand over by form" && s.owner != last.who {
		k.expect(c, about, last.who+" handed #"+n+" over to you")
	}
}

func shownOf(all []situation) []string {
	var list []string
	for _, s := range all {
		list = append(list, s.shown())
	}
	return list
}

// lastChange is the last step that changed how the ticket stands, its priority
// apart; nil if that is not known.
func (k *checker) lastChange(c *ticketCase) *step {
	for i := len(c.steps) - 1; i >= 0; i-- {
		s := &c.steps[i]
		if s.does == nil || s.outcome == refused {
			continue
		}
		before := possible(c.first(), c.steps[:i], k.record.isLost)
		if len(before) != 1 {
			return nil
		}
		if after := s.does(before[0]); after.state != before[0].state || after.owner != before[0].owner {
			return s
		}
	}
	return nil
}

func (k *checker) expect(c *ticketCase, about []*slacksim.Message, words string) {
	if !slices.ContainsFunc(about, func(m *slacksim.Message) bool { return strings.Contains(m.Rendered(), words) }) {
		k.violate(c, "nobody was told %q", words)
	}
}

// inventions are what may be said as often as somebody did it, and no more.
var inventions = []struct {
	words    string // of the message, between a name and the ticket's number
	gestures []string
	readers  int // how many people are told of one; 0 for one
}{
	{" resolved #", []string{"resolve by emoji", "resolve by form"}, 0},
	{" closed #", []string{"close by form"}, 0},
	{" says that #", []string{"solved by who asked", "resolve by emoji", "resolve by form"}, 0},
	{" withdrew #", []string{"withdrawn by who asked"}, 0},
	{" needs longer for #", []string{"needs longer by form"}, 0},
	{" escalates #", []string{"escalate by form"}, 0},
	{" asks about #", []string{"wait by form", "wait by emoji", "wait by command"}, 0},
	{" has a question about #", []string{"wait by emoji"}, 0},
	{" put #", []string{"hold by form", "hold by command"}, 0},
	{" handed #", []string{"hand over by form"}, 0},
	{" reopened #", []string{"reopen by button", "reopen by who asked"}, 2},
	{" off #", []string{"put back by emoji"}, 0},
	{" has #", []string{"claim by emoji", "claim by button", "claim when asked", "hand over by form", "take over by form", "take over by button"}, 0},
	{" raised #", []string{"reprioritise by form"}, 2},
	{" lowered #", []string{"reprioritise by form"}, 0},
	{" wrote:", []string{"reply", "pass on", "write in private"}, 0},
}

// nothingInvented: nobody was told anything that nobody did.
func (k *checker) nothingInvented(c *ticketCase, about []*slacksim.Message) {
	for _, i := range inventions {
		told, did := 0, 0
		for _, m := range about {
			if strings.Contains(m.Rendered(), i.words) {
				told++
			}
		}
		for _, s := range c.steps {
			if slices.Contains(i.gestures, s.gesture) && s.outcome != refused {
				did++
			}
		}
		if told > did*max(i.readers, 1) {
			k.violate(c, "%q was told %d times and done %d times", strings.TrimSpace(i.words), told, did)
		}
	}
}

// tellWithin is how long after its deadline a lateness has been told for sure,
// when nothing goes wrong any more.
const tellWithin = 15 * time.Second

// alerts: each step of each promise is told once, none before its time, and what
// is late in the end was told.
func (k *checker) alerts(c *ticketCase, card *slacksim.Message, about []*slacksim.Message) {
	told := map[string]int{}
	for _, m := range about {
		m = k.asPosted(m)
		key := alertKey(m)
		if key == "" {
			continue
		}
		if told[key]++; told[key] > 1 {
			k.violate(c, "%s was told twice: %s", key, m.Rendered())
		}
		if strings.Contains(key, " late ") && at(m).Before(deadlineIn(m.Text)) {
			k.violate(c, "was told to be late before its time: %s", m.Rendered())
		}
	}
	for _, m := range k.record.changed { // told in the place of what stood there
		if key := alertKey(m); key != "" && m.ThreadTS == card.TS {
			told[key] = max(told[key], 1)
		}
	}
	p := promiseOn(card)
	switch {
	case p.isLate && !p.isPaused() && time.Since(p.awaited()) > tellWithin && told[fmt.Sprint("resolve late ", p.awaited().Unix())] != 1:
		k.violate(c, "is late since %s and nobody was told", p.awaited().Format(time.TimeOnly))
	case !p.isLate && !p.due.IsZero() && time.Since(p.due) > tellWithin:
		k.violate(c, "shows %s as to come, and it has passed", p.due.Format(time.TimeOnly))
	}
	k.due(c, card, told)
}

// alertKey is a clock's step that a message tells of, and when that was due; empty if
// it tells of none.
func alertKey(m *slacksim.Message) string {
	step := alertStep(m.Text)
	if step == "" {
		return ""
	}
	return fmt.Sprint(step, " ", deadlineIn(m.Text).Unix())
}

// asPosted is a message as it was at first: what it tells is told then.
func (k *checker) asPosted(m *slacksim.Message) *slacksim.Message {
	for _, first := range k.posted {
		if first.Channel == m.Channel && first.TS == m.TS {
			return first
		}
	}
	return m
}

// timeline is all that is known of a case, in the order of time.
func (k *checker) timeline(c *ticketCase) string {
	lines := slices.Clone(c.story)
	for _, m := range k.posted {
		if strings.Contains(m.Text, c.title) || k.under(m, c) {
			outcome := ""
			if k.gone[m.Channel+m.TS] {
				outcome = " (deleted)"
			}
			lines = append(lines, fmt.Sprintf("%s message %d: %s%s", at(m).Format("15:04:05.000"), outboxID(m), strings.ReplaceAll(m.Rendered(), "\n", " | "), outcome))
		}
	}
	for _, s := range k.sayings {
		if s.c == c {
			lines = append(lines, k.way(s))
		}
	}
	slices.SortStableFunc(lines, func(a, b string) int { return cmp.Compare(a[:12], b[:12]) })
	if card := cardIn(&k.state, c.title); card != nil {
		lines = append(lines, k.looks(card)...)
		lines = append(lines, "in the end: "+card.Text, "pending: "+k.asks(card, pendingOf), "timeline: "+k.asks(card, timelineOf))
	}
	return strings.Join(lines, "\n    ")
}

// way is how the events of something that somebody wrote went.
func (k *checker) way(s *saying) string {
	line := fmt.Sprintf("%s %s wrote word-%d, %s in %s", s.at.Format("15:04:05.000"), s.who, s.n, s.ts, s.channel)
	for _, event := range s.events {
		line += "; " + event + ": " + strings.Join(k.record.ways[event], ", ")
	}
	return line
}

// What the database knows of a ticket's messages, and of what happened to it: a help to
// whoever looks for the cause.
const (
	pendingOf = `
		SELECT string_agg(concat_ws(' ', id, kind, state, posted || '/' || desired, 'observed', observed, 'epoch', epoch,
			'tries', attempts, 'looks', looked, posted_ts, reason), '; ' ORDER BY id)
		FROM outbox WHERE ticket = $1::text::bigint`
	timelineOf = `
		SELECT string_agg(concat_ws(' ', happened_at::time, kind, actor, gesture, 'known', recorded_at::time, void), '; ' ORDER BY happened_at, id)
		FROM entries WHERE ticket = $1::text::bigint`
)

func (k *checker) asks(card *slacksim.Message, sql string) string {
	var rows string
	if err := k.pg.ask(k.ctx, &rows, sql, numberOf(card)); err != nil {
		return err.Error()
	}
	return rows
}

// looks is how a card looked, one after the other.
func (k *checker) looks(card *slacksim.Message) (all []string) {
	for _, m := range k.record.changed {
		if m.Channel == card.Channel && m.TS == card.TS {
			all = append(all, "looked: "+m.Text)
		}
	}
	return all
}

// caseOf is what a message is about; nil if that is not known.
func (k *checker) caseOf(m *slacksim.Message) *ticketCase {
	for _, c := range k.cases {
		if k.under(m, c) {
			return c
		}
	}
	return nil
}

func (k *checker) under(m *slacksim.Message, c *ticketCase) bool {
	card := cardIn(&k.state, c.title)
	return card != nil && (m.ThreadTS == card.TS || m.ThreadTS == "" && strings.HasPrefix(m.Channel, "D") && firstNumber(m) == numberOf(card))
}
