package app_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/dev/slacksim"
)

// alerted is an alert in the database.
type alerted struct {
	telling
	said bool // false: posted together with another, or left out
}

func (c *company) alerts() map[int][]alerted {
	c.t.Helper()
	conn, err := pgx.Connect(c.h.ctx, c.h.dbURL)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = conn.Close(c.h.ctx) }()
	rows, err := conn.Query(c.h.ctx, `SELECT ticket, cycle, source, step, at, decided_at, notified FROM alerts`)
	if err != nil {
		c.t.Fatal(err)
	}
	all := map[int][]alerted{}
	var n int
	var a alerted
	_, err = pgx.ForEachRow(rows, []any{&n, &a.cycle, &a.clock, &a.step, &a.at, &a.told, &a.said}, func() error {
		if a.step != "passed" || a.said { // the target is never announced if the owner gave another time
			all[n] = append(all[n], a)
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return all
}

// compare compares the alerts with those that a plain reading of the rules expects.
func (c *company) compare() {
	c.t.Helper()
	all, state, n := c.alerts(), c.h.sim.State(), 0
	for _, l := range c.lives {
		want, got := c.read(l, livesEnd).tellings, all[l.number]
		n += len(want)
		thread := state.Channel("support").Thread(l.card)
		diffs := slices.Concat(c.times(want, got), c.words(want, l), c.delays(want, thread))
		if len(diffs) > 0 {
			c.t.Errorf("SEED=%d LIVES=%d, %s\n%s%s%s", c.seed, len(c.lives), l.category, l.story(), lists(want, got), strings.Join(diffs, "\n"))
		}
	}
	if n < 2*len(c.lives) {
		c.t.Errorf("seed %d: only %d alerts in %d lives", c.seed, n, len(c.lives))
	}
	c.t.Logf("seed %d: %d lives, %d alerts", c.seed, len(c.lives), n)
}

// times compares the steps, their due times, and how soon after that they were posted.
func (c *company) times(want []telling, got []alerted) (diffs []string) {
	slack := c.h.cfg.Sweep.Interval + time.Second
	left := slices.SortedFunc(slices.Values(got), func(a, b alerted) int { return a.told.Compare(b.told) })
	for _, t := range want {
		i := slices.IndexFunc(left, func(a alerted) bool {
			return a.cycle == t.cycle && a.clock == t.clock && a.step == t.step && a.at.Sub(t.at).Abs() <= time.Millisecond
		})
		if i < 0 {
			diffs = append(diffs, "  missing: "+t.String())
			continue
		}
		if late := left[i].told.Sub(t.told); late < -time.Millisecond || late > slack {
			diffs = append(diffs, fmt.Sprintf("  told %s late: %s", late, t))
		}
		left = slices.Delete(left, i, i+1)
	}
	for _, a := range left {
		diffs = append(diffs, "  too much: "+a.String())
	}
	return diffs
}

// sentences match the text of each step.
var sentences = map[string]*regexp.Regexp{
	"respond warn":   regexp.MustCompile(`has no answer yet and is to be answered by`),
	"respond late":   regexp.MustCompile(`has no answer yet and was to be answered by`),
	"respond again1": regexp.MustCompile(`still has no answer`),
	"respond again2": regexp.MustCompile(`still has no answer`),
	"respond again3": regexp.MustCompile(`still has no answer`),
	"resolve warn":   regexp.MustCompile(`^(@\w+,? )?#\d+ Life \d+\.( \(Alice\))? (has no owner and )?is to be solved by|It is to be solved by`),
	"resolve late":   regexp.MustCompile(`#\d+ Life \d+\.( \(Alice\))? (passed its .* target|was expected to be solved by)`),
	"resolve silent": regexp.MustCompile(`has not answered. Whoever is free can take it over`),
	"pause nudge":    regexp.MustCompile(`needs your answer on #\d+`),
	"pause close":    regexp.MustCompile(`is closed because the question above had no answer`),
	"pause review":   regexp.MustCompile(`#\d+ Life \d+\.( \(Alice\))? is on hold since`),
}

// words compares the texts in the thread. All steps of one time have one message, with
// the lateness if that is among them. The message is new, or an edit of an earlier one.
// The thread contains no other messages about clocks.
func (c *company) words(want []telling, l *life) (diffs []string) {
	said := c.saidByClocks(l)
	var standing saying
	aloud := map[int]string{} // by cycle, the message in the channel about a ticket without an owner
	for len(want) > 0 {
		n := 1
		for n < len(want) && want[n].told.Equal(want[0].told) {
			n++
		}
		together := want[:n]
		want = want[n:]
		i := c.saidIn(said, together)
		if i < 0 && standing.m != nil && standing.toNobody() && reads(standing, together) {
			continue // the standing message says so already
		}
		if i < 0 {
			diffs = append(diffs, fmt.Sprintf("  not said in its thread: %s", together))
			continue
		}
		if where, cycle := said[i].m.TS, together[0].cycle; said[i].toNobody() {
			rings := slices.ContainsFunc(together, func(t telling) bool { return t.rings })
			switch before := aloud[cycle]; {
			case !rings && before != "" && before != where:
				diffs = append(diffs, fmt.Sprintf("  posted anew, and calls nobody: %s", together))
			case rings && !said[i].posted:
				diffs = append(diffs, fmt.Sprintf("  edited, which nobody sees: %s", together))
			}
			aloud[cycle] = where
		}
		standing = said[i]
		said = slices.Delete(said, i, i+1)
	}
	for _, s := range said {
		if s.posted {
			diffs = append(diffs, fmt.Sprintf("  said too much: %s %s", s.m.TS, s.m.Rendered()))
		}
	}
	return diffs
}

// saidIn returns the index of the text that tells steps of one time, a new message before an
// edit; -1 if there is none. An end that is undone restores the message of an earlier
// repetition, which reads the same.
func (c *company) saidIn(said []saying, together []telling) int {
	tells := func(s saying) bool { return c.tells(s, together) }
	if i := slices.IndexFunc(said, func(s saying) bool { return s.posted && tells(s) }); i >= 0 {
		return i
	}
	return slices.IndexFunc(said, tells)
}

// delays compares how often, and when, the requester was told about a delay.
func (c *company) delays(want []telling, thread []*slacksim.Message) (diffs []string) {
	told := slices.DeleteFunc(slices.Clone(thread), func(m *slacksim.Message) bool {
		return !strings.Contains(m.Rendered(), "is taking longer than")
	})
	for _, t := range want {
		if !t.toAsker {
			continue
		}
		if len(told) == 0 || !c.inTime(told[0], t) || !strings.HasPrefix(told[0].Rendered(), "@Alice, ") {
			return append(diffs, fmt.Sprintf("  who asked does not hear of: %s", t))
		}
		told = told[1:]
	}
	for _, m := range told {
		diffs = append(diffs, fmt.Sprintf("  who asked hears too much: %s %s", m.TS, m.Rendered()))
	}
	return diffs
}

// saying is a text that appeared in a thread at a time.
type saying struct {
	at     time.Time
	m      *slacksim.Message
	posted bool // false: an edit
}

// toNobody reports whether the message tells the channel that the ticket has no owner.
func (s saying) toNobody() bool {
	said := s.m.Rendered()
	return s.m.Broadcast && (strings.Contains(said, "has no owner") || strings.Contains(said, "has no answer"))
}

// listens records the texts that the bot has posted since the last call.
func (c *company) listens() {
	now := c.h.clock.Now()
	for _, m := range c.h.sim.State().Channel("support").Messages {
		before, known := c.heard[m.TS]
		if !m.IsReply() || m.User != c.h.sim.BotUserID() || before == m.Text {
			continue
		}
		c.heard[m.TS] = m.Text
		c.sayings[m.ThreadTS] = append(c.sayings[m.ThreadTS], saying{at: now, m: m, posted: !known})
	}
}

// saidByClocks are the bot's texts under a card that a clock has caused.
func (c *company) saidByClocks(l *life) (said []saying) {
	for _, s := range c.sayings[l.card] {
		for _, sentence := range sentences {
			if sentence.MatchString(withoutAddresses(s.m)) {
				said = append(said, s)
				break
			}
		}
	}
	return said
}

// inTime reports whether a message was posted at the time of a step.
func (c *company) inTime(m *slacksim.Message, t telling) bool {
	seconds, err := strconv.ParseFloat(m.TS, 64)
	if err != nil {
		return false
	}
	after := time.UnixMicro(int64(seconds * 1e6)).Sub(t.told)
	return after >= -time.Millisecond && after <= c.h.cfg.Sweep.Interval+time.Second
}

func (c *company) tells(s saying, together []telling) bool {
	after := s.at.Sub(together[0].told)
	if after < -time.Millisecond || after > c.h.cfg.Sweep.Interval+time.Second || s.posted && !c.inTime(s.m, together[0]) {
		return false
	}
	return reads(s, together)
}

// reads compares the texts only.
func reads(s saying, together []telling) bool {
	says := func(t telling) bool { return sentences[t.clock+" "+t.step].MatchString(withoutAddresses(s.m)) }
	isLate := func(t telling) bool { return t.clock == "resolve" && t.step == "late" }
	if i := slices.IndexFunc(together, isLate); i >= 0 {
		return says(together[i])
	}
	if i := slices.IndexFunc(together, isWarning); i >= 0 && !says(together[i]) {
		return false // the lateness must be in the message, whatever else is
	}
	return slices.ContainsFunc(together, says)
}

func isWarning(t telling) bool { return t.clock == "resolve" && t.step == "warn" }

// withoutAddresses is the text of a message without the addresses of its links.
func withoutAddresses(m *slacksim.Message) string { return address.ReplaceAllString(m.Rendered(), "") }

func lists(want []telling, got []alerted) string {
	var b strings.Builder
	for _, t := range want {
		fmt.Fprintf(&b, "  expected %s told %s\n", t, stamp(t.told))
	}
	slices.SortFunc(got, func(a, b alerted) int { return a.told.Compare(b.told) })
	for _, a := range got {
		fmt.Fprintf(&b, "  came     %s told %s, said %t\n", a, stamp(a.told), a.said)
	}
	return b.String()
}

func (t telling) String() string {
	return fmt.Sprintf("cycle %d %s %s at %s", t.cycle, t.clock, t.step, stamp(t.at))
}

func stamp(t time.Time) string { return t.In(london).Format("Mon 02 Jan 15:04:05.000") }

func (l *life) story() string {
	var b strings.Builder
	if l == nil {
		return ""
	}
	fmt.Fprintf(&b, "#%d\n", l.number)
	for _, d := range l.actions {
		fmt.Fprintf(&b, "  %s %s by %s", stamp(d.at), d.what, d.who)
		if d.priority > 0 {
			fmt.Fprintf(&b, " P%d", d.priority)
		}
		if d.to != "" {
			fmt.Fprintf(&b, " to %s", d.to)
		}
		if !d.until.IsZero() {
			fmt.Fprintf(&b, " until %s", stamp(d.until))
		}
		b.WriteString("\n")
	}
	return b.String()
}
