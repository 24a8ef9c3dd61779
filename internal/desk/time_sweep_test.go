package desk_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// beat is a moment: somebody may do something, then the desk is swept.
type beat struct {
	m    float64 // minutes after nine
	do   gesture
	said string  // the alert that is enqueued, and to whom
	also int     // how many lesser ones are passed over
	next float64 // when the ticket wants to be swept again; 0 for never
}

func TestSweep(t *testing.T) {
	t.Parallel()
	const day = 24 * 60
	const instant = 1.0 / 60_000_000 // a microsecond, in minutes
	for name, test := range map[string]struct {
		priority ticket.Priority
		beats    []beat
	}{
		"P2 that nobody looks at": {ticket.P2, []beat{
			{m: 0, next: 135},
			{m: 135 - instant, next: 135},
			{m: 135, said: "1/resolve/0/warn", next: 180},
			{m: 135, next: 180},
			{m: 180 - instant, next: 180},
			{m: 180, said: "1/resolve/0/late"},
			{m: 181}, {m: 5000}}},
		"P1 that nobody looks at": {ticket.P1, []beat{
			{m: 11.25, said: "1/respond/0/warn", next: 15},
			{m: 15, said: "1/respond/0/late", next: 25},
			{m: 25, said: "1/respond/0/again1", next: 35},
			{m: 35, said: "1/respond/0/again2", next: 45},
			{m: 45, said: "1/respond/0/again3", next: 60},
			{m: 60, said: "1/resolve/0/late"},
			{m: 5000}}},
		"P1 that is claimed between repetitions": {ticket.P1, []beat{
			{m: 15, said: "1/respond/0/late", also: 1, next: 25},
			{m: 25, said: "1/respond/0/again1", next: 35},
			{m: 30, do: claim(ann, 30), next: 45},
			{m: 45, said: "1/resolve/0/warn to UANN", next: 60}}},
		"P1 that is answered between repetitions": {ticket.P1, []beat{
			{m: 25, said: "1/respond/0/late", also: 2, next: 35},
			{m: 34, do: reply(bob, 34), next: 45},
			{m: 45, said: "1/resolve/0/warn", next: 60}}},
		"P1 that is claimed, and put back": {ticket.P1, []beat{
			{m: 20, said: "1/respond/0/late", also: 1, next: 25},
			{m: 21, do: claim(ann, 21), next: 45},
			{m: 22, do: putBack(ann, 22), next: 45}}},
		"P3 warns for the solution only": {ticket.P3, []beat{
			{m: 1079, next: 1080}, {m: 1080, said: "1/resolve/0/warn", next: 1440}, {m: 1440, said: "1/resolve/0/late"}}},
		"P1 after an outage": {ticket.P1, []beat{{m: 120, said: "1/resolve/0/late", also: 6}, {m: 121}}},
		"P1 after a short outage": {ticket.P1, []beat{
			{m: 50, said: "1/respond/0/late", also: 4, next: 60}, {m: 60, said: "1/resolve/0/late"}}},
		"claimed: no word on the answer": {ticket.P1, []beat{
			{m: 5, do: claim(ann, 5), next: 45}, {m: 15, next: 45}, {m: 45, said: "1/resolve/0/warn to UANN", next: 60}}},
		"claimed between warning and lateness": {ticket.P1, []beat{
			{m: 11.25, said: "1/respond/0/warn", next: 15}, {m: 12, do: reply(bob, 12), next: 45}, {m: 15, next: 45}}},
		"put back: nobody is named": {ticket.P2, []beat{
			{m: 5, do: claim(ann, 5), next: 135}, {m: 6, do: putBack(ann, 6), next: 135}, {m: 135, said: "1/resolve/0/warn", next: 180}}},
		"resolved":          {ticket.P1, []beat{{m: 5, do: tick(ann, 5)}, {m: 5000}}},
		"resolved, and not": {ticket.P1, []beat{{m: 5, do: tick(ann, 5)}, {m: 6, do: untick(ann, 6), next: 11.25}}},
		"closed":            {ticket.P1, []beat{{m: 5, do: closeAs(ann, ticket.NotAnIssue, 0, 5)}, {m: 5000}}},
		"resolved in time, known too late": {ticket.P2, []beat{
			{m: 180, said: "1/resolve/0/late", also: 1}, {m: 181, do: tick(ann, 179)}, {m: 5000}}},
		"raised": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 100, do: reprioritise(bob, ticket.P1, "", 100), next: 145},
			{m: 145, said: "1/resolve/1/warn to UANN", next: 160},
			{m: 160, said: "1/resolve/1/late to UANN, silent", also: 1}}},
		"raised after the warning, to the same deadline: it does not warn again": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 135, said: "1/resolve/0/warn to UANN", next: 165},
			{m: 136, do: reprioritise(bob, ticket.P1, "", 136), next: 150},
			{m: 150, said: "1/resolve/0/silent to UANN, silent", next: 180}}},
		"raised when nobody had answered": {ticket.P2, []beat{
			{m: 100, do: reprioritise(bob, ticket.P1, "", 100), said: "1/respond/1/late", also: 1, next: 110},
			{m: 110, said: "1/respond/1/again1", next: 120},
			{m: 120, said: "1/respond/1/again2", next: 130},
			{m: 130, said: "1/respond/1/again3", next: 145}}},
		"lowered after the warning": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 135, said: "1/resolve/0/warn to UANN", next: 165},
			{m: 140, do: reprioritise(ann, ticket.P3, "A detail.", 140), next: 1080},
			{m: 1080, said: "1/resolve/1/warn to UANN", next: 1320},
			{m: 1320, said: "1/resolve/1/silent to UANN, silent", next: 1440},
			{m: 1440, said: "1/resolve/1/late to UANN"}}},
		"raised when late: late it stays": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 180, said: "1/resolve/0/late to UANN", also: 1},
			{m: 200, do: reprioritise(bob, ticket.P1, "", 200)}}},
		"a question that is never answered": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 10, do: wait(ann, "Which card?", 10), next: 10 + day},
			{m: 10 + day, said: "1/pause/1/nudge to URITA", next: 10 + 3*day},
			{m: 10 + 3*day, said: "closed to URITA; closed to UANN"}}},
		"a question that is answered": {ticket.P2, []beat{
			{m: 10, do: claim(ann, 1), next: 135},
			{m: 10, do: wait(ann, "Which card?", 10), next: 10 + day},
			{m: 70, do: reply(bob, 70), next: 10 + day},
			{m: 80, do: reply(rita, 70), next: 195},
			{m: 195, said: "1/resolve/0/warn to UANN", next: 225},
			{m: 225, said: "1/resolve/0/silent to UANN, silent", next: 240}}},
		"an answer that is read after a day": {ticket.P2, []beat{
			{m: 10, do: claim(ann, 1), next: 135},
			{m: 10, do: wait(ann, "Which card?", 10), next: 10 + day},
			{m: day, do: reply(rita, 70), said: "1/resolve/0/late to UANN", also: 1}}},
		"a reminder that comes late gives a day": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 10, do: wait(ann, "Which card?", 10), next: 10 + day},
			{m: 5 * day, said: "1/pause/1/nudge to URITA", next: 6 * day},
			{m: 6 * day, said: "closed to URITA; closed to UANN"}}},
		"another question begins anew": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 10, do: wait(ann, "Which card?", 10), next: 10 + day},
			{m: 10 + day, said: "1/pause/1/nudge to URITA", next: 10 + 3*day},
			{m: 2 * day, do: wait(ann, "And which bank?", 2*day), next: 3 * day},
			{m: 3 * day, said: "1/pause/2/nudge to URITA", next: 5 * day}}},
		"on hold": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 10, do: hold(ann, "A part.", 10), next: 10 + 5*day},
			{m: 10 + 5*day, said: "1/pause/1/review to UANN"},
			{m: 6 * day, do: hold(ann, "Another part.", 6*day), next: 11 * day},
			{m: 7 * day, do: resume(ann, 7*day), next: 7*day + 125}}},
		"on hold until a day": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 10, do: holdUntil(ann, "A part.", nine.AddDate(0, 0, 2), 10), next: 2 * day}}},
		"late, then on hold": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 181, do: hold(ann, "A part.", 181), said: "1/resolve/0/late to UANN", also: 1, next: 181 + 5*day}}},
		"put back while it waits": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 10, do: wait(ann, "Which card?", 10), next: 10 + day},
			{m: 20, do: putBack(ann, 20), next: 145}}},
		"resolved while it waits, and not": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 10, do: wait(ann, "Which card?", 10), next: 10 + day},
			{m: 20, do: tick(ann, 20)},
			{m: 25, do: untick(ann, 25), next: 10 + day}}},
		"reopened": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 180, said: "1/resolve/0/late to UANN", also: 1},
			{m: 181, do: tick(ann, 181)},
			{m: 200, do: reopen(rita, 200), next: 335},
			{m: 335, said: "2/resolve/0/warn to UANN", next: 365},
			{m: 380, said: "2/resolve/0/late to UANN", also: 1}}},
		"replies that are not promised": {ticket.P3, []beat{
			{m: 1, do: claim(ann, 1), next: 1080},
			{m: 10, do: reply(rita, 10), next: 1080}}},
		"an owner who is silent": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 135, said: "1/resolve/0/warn to UANN", next: 165},
			{m: 165, said: "1/resolve/0/silent to UANN, silent", next: 180},
			{m: 180, said: "1/resolve/0/late to UANN"}}},
		"an owner who is silent until it is late, and longer": {ticket.P3, []beat{
			{m: 1, do: claim(ann, 1), next: 1080},
			{m: 1080, said: "1/resolve/0/warn to UANN", next: 1320},
			{m: 1100, do: expect(ann, 1200, 1100), next: 1175},
			{m: 1175, said: "1/resolve/1/warn to UANN", next: 1200},
			{m: 1200, said: "1/resolve/1/late to UANN", next: 1415},
			{m: 1415, said: "1/resolve/1/silent to UANN, silent", next: 1440}}},
		"an owner who is on it": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 135, said: "1/resolve/0/warn to UANN", next: 165},
			{m: 140, do: onIt(ann, 140), next: 180},
			{m: 180, said: "1/resolve/0/late to UANN"}}},
		"an owner who is away": {ticket.P2, []beat{
			{m: 1, do: claim(zoe, 1), next: 135},
			{m: 135, said: "1/resolve/0/warn to UZOE, away", next: 165}}},
		"an owner who needs longer": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 135, said: "1/resolve/0/warn to UANN", next: 165},
			{m: 140, do: expect(ann, 300, 140), next: 180},
			{m: 180, also: 1, next: 260},
			{m: 260, said: "1/resolve/1/warn to UANN", next: 290},
			{m: 290, said: "1/resolve/1/silent to UANN, silent", next: 300},
			{m: 300, said: "1/resolve/1/late to UANN"}}},
		"a new time after lateness, and another": {ticket.P2, []beat{
			{m: 1, do: claim(ann, 1), next: 135},
			{m: 180, said: "1/resolve/0/late to UANN", also: 1},
			{m: 181, do: expect(ann, 241, 181), also: 1, next: 226},
			{m: 230, do: expect(ann, 250, 230), also: 1, next: 245},
			{m: 231, do: reprioritise(ann, ticket.P1, "", 231), next: 245},
			{m: 250, said: "1/resolve/2/late to UANN", also: 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			h.live(h.open(test.priority), test.beats)
		})
	}
}

func (h *deskHarness) sweep(m float64) int {
	h.t.Helper()
	n, err := h.Sweep(h.t.Context(), minutes(m))
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// alerts describes the alerts that were enqueued.
func (h *deskHarness) alerts() string {
	h.t.Helper()
	var said string
	for _, n := range h.enqueued() {
		if n.Kind == desk.NoticeDelayed { // see TestRequesterHearsOfLateness
			continue
		}
		if n.Alert == nil {
			said += string(n.Kind)
		} else {
			said += n.Alert.Key()
		}
		if n.To != "" {
			said += " to " + n.To
		}
		if n.Absence != "" {
			said += ", " + string(n.Absence)
		}
		if n.Escalation != nil {
			said += " for " + string(n.Escalation.Step)
		}
		if len(n.Call) > 0 {
			said += " calls " + strings.Join(n.Call, " ")
		}
		said += "; "
	}
	return strings.TrimSuffix(said, "; ")
}

// passed returns how many alerts were not said because of more severe ones.
func (h *deskHarness) passed() int {
	h.t.Helper()
	return int(h.number(`SELECT count(*) FROM alerts WHERE NOT notified`))
}

// next returns when the ticket wants to be swept; the zero time for never.
func (h *deskHarness) next(n ticket.Number) time.Time {
	h.t.Helper()
	var at *time.Time
	if err := h.conn.QueryRow(h.t.Context(), `SELECT next_at FROM tickets WHERE number = $1`, n).Scan(&at); err != nil {
		h.t.Fatal(err)
	}
	if at == nil {
		return time.Time{}
	}
	return *at
}

func orNever(m float64) time.Time {
	if m == 0 {
		return time.Time{}
	}
	return minutes(m)
}

func TestAlertNotice(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, p := range ticket.Priorities {
		n := h.open(p)
		h.do(n, claim(ann, 1))
		h.enqueued()
		due := h.find(n).Clock(sla.Resolve).DueAt
		now := due.Add(7 * time.Second)
		if _, err := h.Sweep(t.Context(), now.Add(999*time.Nanosecond)); err != nil {
			t.Fatal(err)
		}
		want := []desk.Notice{{
			Kind: desk.NoticeAlert, Ticket: n, OrderingKey: desk.OrderingKey(n), Queue: desk.QueueSupport, To: ann, DueAt: now,
			Urgency: desk.Urgency(p) - 1,
			NoticeDetails: desk.NoticeDetails{At: due, Cycle: 1, Alert: &desk.Alert{
				Cycle: 1, Source: "resolve", Step: "late", At: due}},
		}}
		delay := want[0]
		delay.Kind, delay.To, delay.Urgency = desk.NoticeDelayed, rita, desk.Urgency(p)+2
		want = append(want, delay)
		if diff := gocmp.Diff(want, h.enqueued()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", p, diff)
		}
		decided := []desk.Alert{
			{Cycle: 1, Source: "resolve", Step: "late", At: due, DecidedAt: now, Notified: true},
			{Cycle: 1, Source: "resolve", Step: "warn", At: h.find(n).Clock(sla.Resolve).WarnAt, DecidedAt: now},
		}
		got := h.find(n).Alerts
		byTime := gocmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
		if diff := gocmp.Diff(decided, got, byTime); diff != "" {
			t.Errorf("%s decided (-want +got):\n%s", p, diff)
		}
	}
}

// However many copies sweep, each alert is enqueued once, and none is forgotten.
func TestSweepsAtOnce(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const tickets = desk.SweepBatch + 5
	for range tickets {
		h.open(ticket.P2)
	}
	var wg sync.WaitGroup
	for range 3 {
		copied := desk.New(h.connect(), everybody, h.policies, categories)
		wg.Go(func() {
			for h.left(t, copied) > 0 {
			}
		})
	}
	wg.Wait()
	if n := h.sweep(135); n != 0 {
		t.Errorf("%d tickets are left", n)
	}
	said := h.number(`SELECT count(*) FROM alerts WHERE notified`)
	enqueued := h.number(`SELECT count(DISTINCT ticket) FROM outbox WHERE kind = 'alert'`)
	rows := h.number(`SELECT count(*) FROM outbox WHERE kind = 'alert'`)
	if said != tickets || enqueued != tickets || rows != tickets {
		t.Errorf("%d alerts, %d enqueued about %d tickets; want %d of each", said, rows, enqueued, tickets)
	}
}

// left sweeps once and returns how many tickets there were.
func (h *deskHarness) left(t *testing.T, d *desk.Desk) int {
	n, err := d.Sweep(t.Context(), minutes(135))
	if err != nil || n > desk.SweepBatch {
		t.Errorf("swept %d: %v", n, err)
		return 0
	}
	return n
}

func TestSweepTakesABatch(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for range desk.SweepBatch + 1 {
		h.open(ticket.P2)
	}
	soon := h.open(ticket.P1)
	if n := h.sweep(135); n != desk.SweepBatch || h.next(soon) != (time.Time{}) {
		t.Errorf("swept %d tickets, the most urgent next at %v; want %d, and it first", n, h.next(soon), desk.SweepBatch)
	}
	if n := h.sweep(135); n != 2 {
		t.Errorf("then %d, want the other 2", n)
	}
}

// Whatever is done, and whenever the desk is swept: one alert a sweep at most,
// none twice, none for a clock that has stopped, and the ticket is due again
// exactly at its first step that was not told.
func TestSweepProperties(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	rapid.Check(t, func(rt *rapid.T) {
		h.exec(`UPDATE tickets SET next_at = NULL`) // those of earlier rounds
		n := h.open(rapid.SampledFrom(ticket.Priorities).Draw(rt, "priority"))
		told := map[string]bool{}
		m := 0.0
		for range rapid.IntRange(1, 8).Draw(rt, "beats") {
			m += float64(rapid.IntRange(1, 200).Draw(rt, "minutes"))
			if _, err := drawGesture(rt, m)(h, n); err != nil && ticket.CodeOf(err) != ticket.Conflict {
				rt.Fatal(err)
			}
			h.enqueued()
			if swept := h.sweep(m) + h.sweep(m); swept > 1 {
				rt.Fatalf("swept %d times", swept)
			}
			r := h.find(n)
			if said := h.alerts(); said != "" {
				if told[said] || r.Ticket.State.Ended() {
					rt.Fatalf("%s is told when the ticket is %s; told before: %v", said, r.Ticket.State, told)
				}
				told[said] = true
			}
			if want, got := firstUntold(r), h.next(n); !got.Equal(want) {
				rt.Fatalf("next at %v, want %v", got, want)
			}
		}
	})
}

func drawGesture(rt *rapid.T, m float64) gesture {
	p := rapid.SampledFrom(ticket.Priorities).Draw(rt, "new priority")
	return rapid.SampledFrom([]gesture{
		eyes(ann, m), noEyes(ann, m), tick(ann, m), untick(ann, m), reply(bob, m),
		reopen(rita, m), reprioritise(bob, p, "Because.", m), closeAs(rita, ticket.Withdrawn, 0, m),
	}).Draw(rt, "gesture")
}

func firstUntold(r desk.Record) time.Time {
	told := map[string]bool{}
	for _, a := range r.Alerts {
		told[a.Key()] = true
	}
	var first time.Time
	for _, c := range r.Cycle().Clocks {
		for _, s := range append(c.Steps(), again(c)...) {
			key := fmt.Sprintf("%d/%s/%d/%s", r.Cycle().Number, c.Name, c.Promise, s.Name)
			if !told[key] && (first.IsZero() || s.At.Before(first)) {
				first = s.At
			}
		}
	}
	if silent := silentAt(r); !silent.IsZero() && !told[fmt.Sprintf("%d/resolve/%d/silent", r.Cycle().Number, r.Clock(sla.Resolve).Promise)] &&
		(first.IsZero() || silent.Before(first)) {
		return silent
	}
	return first
}

// again is when an answer that is late is asked for again.
func again(c sla.Clock) []sla.Step {
	if c.Name != sla.Respond || !c.Alerts || !c.Running() || !c.Promised() {
		return nil
	}
	from := c.DueAt
	if c.RaisedAt.After(from) {
		from = c.RaisedAt
	}
	return []sla.Step{
		{Name: "again1", At: from.Add(10 * time.Minute)}, {Name: "again2", At: from.Add(20 * time.Minute)}, {Name: "again3", At: from.Add(30 * time.Minute)},
	}
}

// silentAt is when the owner has left a warning unanswered for too long: after a
// quarter of an hour, half an hour or four hours.
func silentAt(r desk.Record) time.Time {
	c := r.Clock(sla.Resolve)
	for _, a := range r.Alerts {
		if a.Cycle != r.Cycle().Number || a.Source.Clock() != c.Name || a.Promise != c.Promise || a.Step != "warn" || !c.Running() || r.Ticket.Assignee == "" {
			continue
		}
		warned := a.At
		if a.DecidedAt.After(a.At.Add(time.Minute)) {
			warned = a.DecidedAt
		}
		for _, e := range r.Timeline {
			if e.HappenedAt.After(warned) && e.Void == "" && (e.Actor == r.Ticket.Assignee || e.Kind == ticket.HandedOver) {
				return time.Time{}
			}
		}
		if a.Notified {
			return warned.Add([]time.Duration{0, 15 * time.Minute, 30 * time.Minute, 4 * time.Hour}[r.Ticket.Priority])
		}
	}
	return time.Time{}
}

// The alerts of a flood call nobody, because the channel is told of all of them. They
// do not count as told before that can be.
func TestFloodIsToldAfterAll(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for range 5 {
		h.open(ticket.P2)
	}
	h.enqueued()
	h.exec(`BEGIN`)
	h.exec(`LOCK TABLE schedules`)
	if _, err := h.Sweep(t.Context(), minutes(140)); err == nil {
		t.Error("the flood could be told")
	}
	h.exec(`ROLLBACK`)
	h.sweep(140.1)
	h.sweep(140.2)
	told := map[desk.NoticeKind]int{}
	for _, n := range h.enqueued() {
		told[n.Kind]++
	}
	if told[desk.NoticeFlood] != 1 || told[desk.NoticeAlert] != 5 {
		t.Errorf("told %v, want 5 alerts and 1 flood", told)
	}
}

// watched is a directory before which somebody looks around.
type watched struct {
	desk.People
	look func()
}

func (w watched) Person(ctx context.Context, id string) (desk.Person, error) {
	w.look()
	return w.People.Person(ctx, id)
}

// To look somebody up can mean to ask Slack: nobody's gesture waits for that.
func TestNothingIsLockedWhileOwnersAreLookedUp(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do(h.open(ticket.P2), claim(ann, 1))
	looked := 0
	h.Desk = desk.New(h.db, watched{everybody, func() {
		looked++
		if free := h.number(`SELECT count(*) FROM (SELECT FROM tickets FOR UPDATE SKIP LOCKED) AS free`); free != 1 {
			t.Errorf("%d tickets are free", free)
		}
	}}, h.policies, categories)
	if n, err := h.Sweep(t.Context(), minutes(140)); n != 1 || err != nil || looked != 1 {
		t.Errorf("%d swept, %d times looked up, %v", n, looked, err)
	}
}
