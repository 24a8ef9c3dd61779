//go:build unix

package e2e

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"supporty/internal/dev/slacksim"
)

// logPrefix has the server say which process and which transaction a statement
// belongs to.
const logPrefix = "%p %v "

// statement is one that the program sent.
type statement struct {
	sql    string
	params []string // as literals of SQL
}

// unit is what was sent in one transaction.
type unit []statement

// life is what the program did for one ticket that was opened, claimed and
// resolved, everything settled between the gestures.
type life struct {
	calls      int // to Slack, by the sender
	statements int
	commits    float64 // that wrote
	script     string  // the same statements, for pgbench
	holder     string  // of the lease of the sender
}

// Numbers that occur nowhere else, so that they are found among the parameters.
const (
	firstTicket = 7_310_001
	firstOutbox = 5_820_001
)

// oneLife plays one life after another has warmed everything up, and reads in the
// database's log what was sent for it.
func (m *machine) oneLife() life {
	const more = 20 // whose commits are counted
	o := m.open(2+more, slacksim.Config{}, "SLACK_PACE=1000")
	o.exec(`ALTER DATABASE ` + o.db.Config().Database + ` SET log_statement = 'all'`)
	o.exec(fmt.Sprintf(`ALTER SEQUENCE ticket_numbers RESTART %d`, firstTicket))
	o.exec(fmt.Sprintf(`ALTER TABLE outbox ALTER COLUMN id RESTART WITH %d`, firstOutbox))
	o.begin()
	o.playLife(0)
	its := own{ticket: strconv.Itoa(firstTicket + 1), person: o.sim.State().Person(filer(1)).ID}
	o.must(o.db.QueryRow(o.ctx, `SELECT last_value, holder FROM outbox_id_seq, leases`).Scan(&its.outbox, &its.holder))
	from, callsBefore := m.logSize(), o.calls()
	o.playLife(1)
	pause(o.ctx, 300*time.Millisecond) // the log is written a moment later
	units := foreground(m.captured(from))
	l := life{calls: o.calls() - callsBefore, statements: statementsOf(units), script: scriptOf(units, its), holder: its.holder}
	before := o.spent()
	for i := range more {
		o.playLife(2 + i)
	}
	l.commits = round(o.spent().since(before).commits/more, 10)
	o.end()
	return l
}

func (o *benchHarness) playLife(i int) {
	o.t.Helper()
	alice, bob := o.slack.As(filer(i)), o.slack.As("bob")
	_, err := alice.Command(o.ctx, "general", "/support", "")
	o.must(err)
	_, err = alice.View(o.ctx)
	o.must(err)
	_, err = alice.Submit(o.ctx, problem(titleOf(i)))
	o.must(err)
	o.awaitState(i, "%")
	messages := o.sim.State().Channel("support").Roots()
	card := messages[len(messages)-1]
	_, err = bob.React(o.ctx, card.Channel, card.TS, "eyes")
	o.must(err)
	o.awaitState(i, "claimed")
	_, err = bob.React(o.ctx, card.Channel, card.TS, "white_check_mark")
	o.must(err)
	o.awaitState(i, "resolved")
}

// awaitState waits until a ticket is in a state and nothing is pending.
func (o *benchHarness) awaitState(i int, state string) {
	o.t.Helper()
	o.until(fmt.Sprintf(`SELECT count(*) = 1 FROM tickets WHERE number = %d AND state LIKE '%s'`, firstTicket+i, state))
	o.until(nothingPending)
}

// calls is how often the sender has called Slack.
func (o *benchHarness) calls() int {
	o.t.Helper()
	entries, err := o.slack.Journal(o.ctx, 0)
	o.must(err)
	n := 0
	for _, e := range entries {
		if e.Kind == slacksim.KindCall && strings.HasPrefix(e.Method, "chat.") {
			n++
		}
	}
	return n
}

func (m *machine) logSize() int64 {
	m.t.Helper()
	info, err := os.Stat(filepath.Join(m.dir, "server.log"))
	m.must(err)
	return info.Size()
}

var (
	logLine   = regexp.MustCompile(`^(\d+) (\S+) (LOG|DETAIL):  (.*)$`)
	executed  = regexp.MustCompile(`(?s)^execute \S+: (.*)$`)
	parameter = regexp.MustCompile(`(?s)\$\d+ = ('(?:[^']|'')*'|NULL)`)
)

// captured reads the statements of the server's log from a place on, in the order in which
// their transactions ended. Those of this test are not among them: it sends simple ones.
func (m *machine) captured(from int64) []unit {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join(m.dir, "server.log"))
	m.must(err)
	units, last, transaction := map[string]unit{}, []string(nil), ""
	for _, entry := range entriesOf(string(text[from:])) {
		found := logLine.FindStringSubmatch(strings.SplitN(entry, "\n", 2)[0])
		if found == nil {
			continue
		}
		_, body, _ := strings.Cut(entry, found[3]+":  ")
		if sql := executed.FindStringSubmatch(body); found[3] == "LOG" && sql != nil {
			transaction = found[1] + " " + found[2]
			units[transaction] = append(units[transaction], statement{sql: sql[1]})
			last = append(slices.DeleteFunc(last, func(t string) bool { return t == transaction }), transaction)
		} else if params, ok := strings.CutPrefix(body, "parameters: "); found[3] == "DETAIL" && ok && units[transaction] != nil {
			units[transaction].bind(params)
		}
	}
	var list []unit
	for _, transaction := range last {
		list = append(list, units[transaction])
	}
	return list
}

// bind gives the last statement its parameters.
func (u unit) bind(params string) {
	for _, p := range parameter.FindAllStringSubmatch(params, -1) {
		u[len(u)-1].params = append(u[len(u)-1].params, p[1])
	}
}

// entriesOf splits a log; what begins with a tab belongs to the line before.
func entriesOf(log string) []string {
	var entries []string
	for line := range strings.Lines(log) {
		if strings.HasPrefix(line, "\t") && len(entries) > 0 {
			entries[len(entries)-1] += "\n" + strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "\t")
			continue
		}
		entries = append(entries, strings.TrimSuffix(line, "\n"))
	}
	return entries
}

// foreground leaves out what the program does at rest, too: the lease and the
// sweep, the schedule of the digest; and the questions of this test.
func foreground(units []unit) []unit {
	return slices.DeleteFunc(units, func(u unit) bool {
		return !slices.ContainsFunc(u, func(s statement) bool { return !s.isLease() }) ||
			u.has("next_at <= $1") || u.has(nothingPending) || u.has("SELECT count(*) = 1 FROM tickets")
	})
}

// isLease reports whether a statement acquires the sender's lease, or gives it back.
func (s statement) isLease() bool { return strings.Contains(s.sql, "INSERT INTO leases") }

func (u unit) has(part string) bool {
	return slices.ContainsFunc(u, func(s statement) bool { return strings.Contains(s.sql, part) })
}

func statementsOf(units []unit) int {
	n := 0
	for _, u := range units {
		n += len(u)
	}
	return n
}

// countedBy lists how often each statement was made, by its first words.
func countedBy(units []unit) string {
	times := map[string]int{}
	for _, u := range units {
		for _, s := range u {
			words := strings.Join(strings.Fields(s.sql), " ")
			times[words[:min(len(words), 120)]]++
		}
	}
	var b strings.Builder
	for _, sql := range slices.Sorted(maps.Keys(times)) {
		fmt.Fprintf(&b, "%3d %s\n", times[sql], sql)
	}
	return b.String()
}
