//go:build unix

package e2e

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// load is how people file: so many forms, so many people at once, while Slack answers
// the program after so many ms.
type load struct{ latency, people, forms int }

func (l load) String() string { return fmt.Sprintf("%d ms, %d", l.latency, l.people) }

// key is how the load is called in a figure's name.
func (l load) key() string { return fmt.Sprintf("%dms_%d", l.latency, l.people) }

// filesIn is where somebody files: half of the people in the support channel, half
// elsewhere. Of these, half are outsiders.
func filesIn(i int) string { return []string{"support", "general"}[i%2] }

func isOutsider(i int) bool { return i%4 == 3 }

// edition is a program that is measured.
type edition struct{ name, program string }

func thisEdition(t testing.TB) edition { return edition{"this", program(t)} }

const unlimited = "SLACK_PACE=1000" // the program keeps none of Slack's limits

// opens measures a process that has just started, on an empty database.
func (m *machine) opens(e edition, l load) opened {
	o := m.workspaceFor(e, l, m.newDatabase(), slacksim.Config{}, unlimited)
	defer o.end()
	o.called = filepath.Base(e.name) + "-" + l.key()
	return o.opens(l)
}

// workspaceFor has everybody's form open, and no program running: so the first ticket is filed
// with a process that has done nothing yet. The program migrates its database itself, because
// an older one must not meet a schema of today.
func (m *machine) workspaceFor(e edition, l load, url string, cfg slacksim.Config, settings ...string) *benchHarness {
	m.t.Helper()
	cfg.Workspace = mixedCrowd(l.forms)
	o := m.on(url, cfg, append(settings, "DATABASE_MIGRATE=true")...)
	o.in.program = e.program
	o.begin()
	o.must(openFormsIn(o.ctx, o.sim, l.forms, filesIn))
	o.leave()
	o.exec(`CHECKPOINT`)
	return o
}

func (o *benchHarness) opens(l load) opened {
	o.t.Helper()
	before := o.spent()
	o.begin()
	write := o.profile()
	started := o.spent() // its start is not counted where that can be told
	before.commits, before.wal, before.bot, before.postgres = started.commits, started.wal, started.bot, started.postgres
	j := o.load(l)
	after := o.spent()
	write()
	o.leave()
	left := o.spent()
	after.fsyncs, after.transactions = left.fsyncs, left.transactions
	return readingOf(l, j, after.since(before))
}

// roundTrips is how often, for one ticket, the program waits for the database.
func (m *machine) roundTrips(e edition, l load) float64 {
	m.t.Helper()
	url, trips := m.newDatabase(), roundTrips{}
	through, err := throughRelay(url, relay{func() string { return socketOf(url) }, trips.hear}.listen(m.t))
	m.must(err)
	o := m.workspaceFor(e, l, url, slacksim.Config{}, unlimited, "DATABASE_URL="+through)
	defer o.end()
	o.begin()
	before := trips.n.Load()
	o.load(l)
	return round(float64(trips.n.Load()-before)/float64(l.forms), 100)
}

// load has all forms submitted, and waits until the program has nothing to do any more. Who
// has filed waits for the card before somebody else files.
func (o *benchHarness) load(l load) *journey {
	o.t.Helper()
	_, err := o.slack.Fault(o.ctx, slacksim.Fault{Kind: slacksim.FaultDelay, DelayMS: l.latency})
	o.must(err)
	j := o.filed(l.forms, l.people)
	o.must(wait(o.ctx, "a message to each outsider", func() bool { return o.outsidersTold(l) }))
	o.awaitQuiet()
	return j
}

// filedWithin is how long that may take.
const filedWithin = 3 * time.Minute

// filed has so many forms submitted, so many at once until their cards stand.
func (o *benchHarness) filed(forms, atATime int) *journey {
	o.t.Helper()
	stands := map[string]chan struct{}{}
	for i := range forms {
		stands[titleOf(i)] = make(chan struct{})
	}
	return o.followed(forms, func(title string) { close(stands[title]) }, atOnce(atATime, func(i int) bool {
		closed := o.submit(o.ctx, i)
		select {
		case <-stands[titleOf(i)]:
		case <-o.ctx.Done():
		}
		return closed
	}))
}

// followed has so many forms submitted, and waits until all their cards stand.
func (o *benchHarness) followed(forms int, stood func(title string), submit func(i int) bool) *journey {
	o.t.Helper()
	ctx, cancel := context.WithTimeoutCause(o.ctx, filedWithin, errors.New("not all cards came"))
	defer cancel()
	from, closed := o.sim.State().Seq, make(chan int, 1)
	go func() { closed <- count(together(forms, submit)) }()
	j, err := o.follow(ctx, from, stood, func(j *journey) bool { return len(j.cards) == forms })
	if err != nil {
		o.t.Fatalf("%v: %d of %d", err, len(j.cards), forms)
	}
	if n := <-closed; n != forms {
		o.t.Errorf("%d of %d forms closed", n, forms)
	}
	return j
}

// outsidersTold reports whether everybody who cannot read the card has a direct message.
func (o *benchHarness) outsidersTold(l load) bool {
	now := o.sim.State()
	for i := range l.forms {
		if isOutsider(i) && len(now.DMs(filer(i))) == 0 {
			return false
		}
	}
	return true
}

// submit presses again until the form closes.
func (o *benchHarness) submit(ctx context.Context, i int) bool {
	values := problem(titleOf(i))
	for ctx.Err() == nil {
		out, err := o.sim.Do(slacksim.Action{Do: "submit", As: filer(i), Values: values})
		if err != nil || out.Closed {
			return err == nil
		}
		values = nil // it is filled in
	}
	return false
}

// atOnce lets no more than so many do it at the same time.
func atOnce[T any](n int, do func(T) bool) func(T) bool {
	places := make(chan struct{}, n)
	return func(of T) bool {
		places <- struct{}{}
		defer func() { <-places }()
		return do(of)
	}
}

// What is read of the tickets opened in one measurement; the costs are those of one ticket.
const (
	perSecond = iota
	ackP50
	ackP99
	cardP50
	longest
	commits
	transactions
	fsyncs
	walBytes
	botTime
	postgresTime
	readings
)

var headings = [readings]string{
	"tickets/s", "ack p50 ms", "ack p99 ms", "card p50 ms", "longest ms", "commits", "transactions", "fsyncs",
	"WAL bytes", "bot ms", "Postgres ms",
}

// opened is what is read of one measurement, or the medians of several.
type opened [readings]float64

func readingOf(l load, j *journey, spent costs) opened {
	n := float64(l.forms)
	cards := j.untilCards()
	return opened{
		perSecond: round(n/j.took().Seconds(), 10),
		ackP50:    percentile(j.acks, 50), ackP99: percentile(j.acks, 99),
		cardP50: percentile(cards, 50), longest: percentile(cards, 100),
		commits: round(spent.commits/n, 100), transactions: round(spent.transactions/n, 100), fsyncs: round(spent.fsyncs/n, 100),
		walBytes: round(spent.wal/n, 1), botTime: round(millisOf(spent.bot)/n, 100), postgresTime: round(millisOf(spent.postgres)/n, 100),
	}
}

func (r opened) String() string { return row(r[:]) }

func row(values []float64) string {
	var b strings.Builder
	for _, v := range values {
		fmt.Fprintf(&b, " %v |", v)
	}
	return b.String()
}
