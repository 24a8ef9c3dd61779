package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// atATime is the greatest number of messages on their way. Slack's limits are kept
// elsewhere, so a slow Slack does not make people wait for each other.
const atATime = 64

// Soon is the time within which a message that was taken begins; else it is put back. A more
// urgent message that comes meanwhile waits no longer than that.
const Soon = 100 * time.Millisecond

const (
	exchangeWithin = LeaseTime / 2 // a later answer would be of no use
	againAfter     = 200 * time.Millisecond
	tellErrorAfter = 10 * time.Second // an error that lasts is logged once in this time
)

// errUnrecorded says that the outcome of a message could not be recorded before the end.
var errUnrecorded = errors.New("not recorded")

// loop is the state of a running sender. Each message that it takes is carried out in a
// goroutine of its own, which reports the outcome. One exchange with the store records all
// that was reported and takes all that is next. Only the goroutine of Run uses a loop.
type loop struct {
	*Sender
	epoch    int64           // of the lease that is held; 0 if none is
	held     int64           // the last epoch that was held
	returned int64           // the last epoch of which this copy gave the lease back
	free     bool            // nobody holds the lease, as far as is known
	renewed  time.Time       // when the lease was last asked for
	under    context.Context // of what was taken under the lease
	cancel   context.CancelFunc

	underway  map[try]bool         // true: recorded, and about to end
	unknown   map[string]time.Time // ids whose outcome could not be recorded under this lease, and until when they are not taken
	reported  []report             // to be recorded
	seenShown []sighting           // to be noted
	caution   caution              // after an error
	later     bool                 // some reports wait for tickets that are locked
	seen      time.Time            // when the store last answered, by its clock

	woken bool      // there is something to take
	more  bool      // others could be taken, but for Slack's limits
	taken time.Time // when messages were last taken
	next  time.Time // when the next step is due, if nothing happens before
	told  time.Time // when an error was last logged
}

func newLoop(s *Sender) *loop {
	return &loop{Sender: s, underway: map[try]bool{}, unknown: map[string]time.Time{}, cancel: func() {}}
}

// step exchanges messages with the store, if there is anything to exchange.
func (l *loop) step(ctx context.Context) {
	now := time.Now()
	e := l.exchange(now)
	if !e.Lease && len(e.Posted)+len(e.Returned)+len(e.Shown)+e.Most == 0 {
		l.plan(now, false)
		return
	}
	answer, err := l.send(ctx, e)
	l.tellSighted(answer.Noted, err)
	if err != nil {
		l.onError(now, err)
		return
	}
	l.answer(e, answer)
	l.taken, l.woken = now, l.woken && e.Most == 0 || l.caution == reportNothing
	l.caution = l.caution.less()
	if !answer.At.IsZero() {
		l.seen = answer.At
	}
	if e.Lease {
		l.onLease(ctx, now, answer.Lease)
		l.woken = l.woken || e.Most == 0 && l.epoch != 0 // it was taken because something is pending
	}
	for _, i := range answer.Items {
		l.start(i)
	}
	l.plan(now, answer.More || len(e.Returned) > 0)
}

// caution is what is left out of the next exchange after an error: a report that cannot be
// recorded must not keep the lease from being renewed, and others from being taken.
type caution int

const (
	reportAll caution = iota
	reportOne
	reportNothing // and take again: the store may have taken what nobody has
)

func (c caution) less() caution { return max(c-1, reportAll) }

// exchange is the next exchange.
func (l *loop) exchange(now time.Time) Exchange {
	e := Exchange{
		Holder: l.Holder, Now: l.Clock.Now(),
		Lease: l.epoch == 0 && !now.Before(l.next) || now.Sub(l.renewed) >= RenewEvery,
		Busy:  len(l.underway) > 0 || l.isWanted(),
	}
	e.add(l.toRecord())
	for _, n := range l.seenShown {
		e.Shown = append(e.Shown, n.Shown)
	}
	if l.woken || l.epoch != 0 && l.Holding() { // if not, there is hardly anything to take
		e.Most = l.slots() + len(e.Posted) + len(e.Returned)
		e.Room, e.Files = l.Slack.Room(Soon), cap(l.bringing)-len(l.bringing)
		e.Underway, e.Seen = l.ids(now), l.seen
	}
	return e
}

// add adds what was reported.
func (e *Exchange) add(reports []report) {
	for _, r := range reports {
		if r.posted != nil {
			e.Posted = append(e.Posted, *r.posted)
		} else {
			e.Returned = append(e.Returned, *r.returned)
		}
	}
}

// toRecord are the reports that are recorded next.
func (l *loop) toRecord() []report {
	switch {
	case l.caution == reportNothing:
		return nil
	case l.caution == reportOne && len(l.reported) > 1:
		l.reported = append(l.reported[1:], l.reported[0])
		return l.reported[:1]
	}
	return l.reported
}

// slots is how many more messages can be on their way.
func (l *loop) slots() int {
	free := atATime
	for _, recorded := range l.underway {
		if !recorded {
			free--
		}
	}
	return free
}

// ids are the messages that this copy has, and those whose outcome it does not know.
func (l *loop) ids(now time.Time) []string {
	var ids []string
	for t := range l.underway {
		ids = append(ids, t.id)
	}
	for id, until := range l.unknown {
		if now.After(until) { // by now it is unsure, and is looked for
			delete(l.unknown, id)
			continue
		}
		ids = append(ids, id)
	}
	return ids
}

// send is not interrupted by the loss of the lease or the end of the program: the store might
// have taken messages that nobody would know of.
func (l *loop) send(ctx context.Context, e Exchange) (Exchanged, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), exchangeWithin)
	defer cancel()
	return l.Store.Exchange(ctx, e)
}

// onError has the step done again. The lease is asked for then, because it may have been
// taken, and may be the next epoch's by now.
func (l *loop) onError(now time.Time, err error) {
	if now.Sub(l.told) > tellErrorAfter {
		l.told = now
		l.Log.Warn("exchanging messages with the database; trying again", "error", err)
	}
	if l.epoch != 0 && !l.Holding() {
		l.lose()
	}
	l.setIdle(false)
	l.composer.Load().Desk.ForgetRecords() // after a fail-over, changes may be lost
	l.caution, l.renewed, l.next = reportNothing, time.Time{}, time.Now().Add(againAfter)
}

// answer tells those who reported what became of it. The desk learns first what it can know
// by now. What could not be recorded yet stays.
func (l *loop) answer(e Exchange, answer Exchanged) {
	l.tellDesk(e, answer.Recorded)
	n := len(e.Posted) + len(e.Returned)
	rest := slices.Clone(l.reported[n:])
	for _, r := range l.reported[:n] {
		if r.posted != nil && answer.Later[r.posted.ID] {
			rest = append(rest, r)
			continue
		}
		l.tellReporter(r, r.outcome(answer.Recorded))
	}
	l.reported, l.later = rest, len(answer.Later) > 0
}

// tellReporter answers who reported, if anybody waits for that.
func (l *loop) tellReporter(r report, outcome error) {
	if r.answer != nil {
		l.underway[r.try()] = true
		r.answer <- outcome
	}
}

func (r report) outcome(recorded map[string]int64) error {
	if r.posted == nil {
		return nil
	}
	if _, ok := recorded[r.posted.ID]; !ok {
		return ErrOvertaken
	}
	return nil
}

// tellDesk tells the desk which messages stand for the first time.
func (l *loop) tellDesk(e Exchange, recorded map[string]int64) {
	stand := map[ticket.Number][]desk.Posted{}
	versions := map[ticket.Number]int64{}
	for _, p := range e.Posted {
		if version := recorded[p.ID]; version > 0 && !p.Standing() {
			stand[p.Ticket], versions[p.Ticket] = append(stand[p.Ticket], p.known(e.Now)), version
		}
	}
	for n, messages := range stand {
		l.composer.Load().Desk.NotePosted(n, versions[n], messages...)
	}
}

func (r report) try() try {
	if r.posted != nil {
		return r.posted.try()
	}
	return r.returned.try()
}

// plan sets when the next step is due. If another copy sends, onLease has set it.
func (l *loop) plan(now time.Time, more bool) {
	l.more = more
	l.setIdle(l.epoch != 0 && !more && l.caution == reportAll && l.slots() > 0)
	if l.epoch != 0 {
		l.next = l.renewed.Add(RenewEvery)
	}
	if more {
		l.next = earlier(l.next, now.Add(Soon))
	}
	switch {
	case l.later:
		l.next = earlier(l.next, now.Add(againAfter))
	case len(l.reported) > 0, l.woken && l.epoch != 0 && l.slots() > 0:
		l.next = now
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// await waits until there is something to do.
func (l *loop) await(ctx context.Context) {
	timer := time.NewTimer(time.Until(l.next))
	defer timer.Stop()
	for due := false; !due; {
		select {
		case r := <-l.reports:
			due = l.note(r)
		case n := <-l.sightings:
			l.see(n)
		case <-l.wake:
			l.beginHanded()
			due = l.onWake()
		case <-l.begins:
			due = l.beginHanded()
		case <-timer.C:
			due = true
		case <-ctx.Done():
			due = true
		}
		timer.Reset(time.Until(l.next))
	}
	l.noteRest()
}

// noteRest notes what was reported at the same time, so that it goes along.
func (l *loop) noteRest() {
	for {
		select {
		case r := <-l.reports:
			l.note(r)
		case n := <-l.sightings:
			l.see(n)
		default:
			return
		}
	}
}

// note reports whether a report asks for a step.
func (l *loop) note(r report) bool {
	if r.ended == nil {
		l.reported = append(l.reported, r)
		return !l.awaitsOthers()
	}
	recorded := l.underway[*r.ended]
	delete(l.underway, *r.ended)
	if r.err != nil && !errors.Is(r.err, ErrOvertaken) {
		l.unknown[r.ended.id] = time.Now().Add(LostAfter + exchangeWithin)
	}
	return !recorded // what comes after it may be taken now
}

// What is reported while only a few messages are on their way waits a moment for them: each
// gesture has two or three, which then are recorded in one transaction. Among many, others
// gather anyway while an exchange is under way.
const (
	fewCalls   = 4
	companyFor = 30 * time.Millisecond
)

// awaitsOthers reports whether what was reported can wait for others, and has it wait.
func (l *loop) awaitsOthers() bool {
	onTheirWay := atATime - l.slots() - len(l.reported)
	if onTheirWay < 1 || onTheirWay > fewCalls {
		return false
	}
	l.next = earlier(l.next, time.Now().Add(companyFor))
	return true
}

// onWake reports whether a new message asks for a step at once. Among many that wait, a new
// one waits for the next look at all of them. If another copy sends, it finds the message
// itself; if it is about to give its lease back, this copy looks.
func (l *loop) onWake() bool {
	l.woken = true
	now := time.Now()
	next := now
	switch {
	case l.epoch == 0 && !l.free:
		next = now.Add(RenewEvery)
	case l.more:
		next = l.taken.Add(Soon)
	}
	if next.Before(l.next) {
		l.next = next
	}
	return !l.next.After(now)
}

// start carries a message out.
func (l *loop) start(i Item) {
	t, under := i.try(), l.under
	l.underway[t] = false
	go func() {
		err := l.carryOut(under, i)
		l.reports <- report{ended: &t, err: err}
	}()
}

// carryOut delivers a message. A panic is one failed try of that message and does not end the
// process.
func (s *Sender) carryOut(ctx context.Context, i Item) (err error) {
	defer func() {
		if r := recover(); r != nil {
			s.about(i).Error("panic while posting a message", "panic", r)
			err = errors.Join(err, s.fail(ctx, i, i.untried("panic")))
		}
	}()
	if err := s.deliver(ctx, i); err != nil {
		if ctx.Err() == nil || !errors.Is(err, ErrOvertaken) {
			s.about(i).Warn("posting what is pending", "error", err)
		}
		return fmt.Errorf("outbox %s (%s): %w", i.ID, i.Kind, err)
	}
	s.about(i).Debug("a message was dealt with", "tries", i.Attempts)
	return nil
}

// end waits for what is on its way, records it, and gives the lease back.
func (l *loop) end(ctx context.Context) {
	l.cancel()
	l.tellSighted(nil, errUnrecorded)
	l.epoch = 0
	l.beginHanded()
	for l.recordLast(ctx); len(l.underway) > 0; l.recordLast(ctx) {
		l.note(<-l.reports)
		l.noteRest()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := l.Store.ReleaseLease(ctx, l.Holder); err != nil {
		l.Log.Warn("releasing the sender's lease", "error", err)
	}
	l.setUntil(time.Time{})
}

// recordLast records what was reported. If that fails, the next sender finds the messages
// unfinished and looks for them.
func (l *loop) recordLast(ctx context.Context) {
	if len(l.reported) == 0 {
		return
	}
	e := Exchange{Holder: l.Holder, Now: l.Clock.Now()}
	e.add(l.reported)
	answer, err := l.send(ctx, e)
	if err == nil {
		l.answer(e, answer)
	}
	if len(l.reported) == 0 {
		return
	}
	l.Log.Warn("recording what became of messages", "error", err)
	for _, r := range l.reported {
		l.tellReporter(r, errUnrecorded)
	}
	l.reported = nil
}
