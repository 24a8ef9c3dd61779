package desk

import (
	"context"
	"reflect"
	"slices"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Explanation says how the times of a ticket came to be. It is made from the
// timeline, by the function that computes the times themselves.
type Explanation struct {
	Record Record
	Now    time.Time
	Cycles [][]Line // of every cycle, in the order of time; what is after Now is still to come
}

// Line is something that the clocks of a cycle did.
type Line struct {
	Kind  LineKind
	At    time.Time
	Entry ticket.Entry // of LineGesture: what somebody did

	Before  sla.Cycle // the clocks until then; zero at the cycle's beginning
	After   sla.Cycle // the clocks from then on
	Spent   time.Duration
	Left    time.Duration // to solve it, at this moment, as Clock.Left
	Closing Closing       // of LineClosed

	// Overdue is set where the priority was raised though the answer was late already:
	// it counts by the new priority from here. Again is when it is asked for again, as
	// long as there is none; empty if that priority does not.
	Overdue bool
	Again   []time.Time
}

// LineKind tells lines apart.
type LineKind string

// The kinds of lines.
const (
	LineGesture   LineKind = "gesture"    // somebody did something that the clocks noticed
	LineClosed    LineKind = "closed"     // the desk closed, once or several times
	LineAnswerDue LineKind = "answer_due" // the time to answer passed, and nobody had
	LineDue       LineKind = "due"        // the time to solve it passed, or will
	LineNow       LineKind = "now"        // how it stands; of clocks that run
)

// Closing is when the desk was closed while a clock ran.
type Closing struct {
	Until    time.Time     // when it opened again, the last time; zero if it never does
	Times    int           // how often it closed until then
	Open     time.Duration // how long it was open in between
	Holidays []string      // days on which it stayed closed as no other week, "2026-12-25"
}

// Why explains the times of a ticket at now to a person who may see it, as Read.
func (d *Desk) Why(ctx context.Context, n ticket.Number, reader string, now time.Time) (Explanation, error) {
	r, err := d.Read(ctx, n, reader)
	if err != nil {
		return Explanation{}, err
	}
	moves, err := d.moves(ctx, r.Timeline)
	if err != nil {
		return Explanation{}, unavailable(err)
	}
	x := Explanation{Record: r, Now: micros(now)}
	for i := range r.Cycles {
		x.Cycles = append(x.Cycles, walk(ofCycle(moves, i+1), x.Now))
	}
	return x, nil
}

// move is an entry that the clocks noticed.
type move struct {
	entry         ticket.Entry
	before, after []sla.Cycle
}

// moves computes the clocks anew after every entry, as they were seen then.
func (d *Desk) moves(ctx context.Context, timeline []ticket.Entry) ([]move, error) {
	var moves []move
	var before []sla.Cycle
	for i, e := range timeline {
		if e.Void != "" {
			continue
		}
		events, err := d.events(ctx, timeline[:i+1])
		if err != nil {
			return nil, err
		}
		after := sla.Cycles(events)
		if noticed(e, before, after) {
			moves = append(moves, move{e, before, after})
		}
		before = after
	}
	return moves, nil
}

// noticed reports whether an entry meant something to the clocks. A change of
// the priority that does not is worth a line as well: people expect it to.
func noticed(e ticket.Entry, before, after []sla.Cycle) bool {
	n := len(after)
	if n > 0 && n == len(before) && !before[n-1].Clock(sla.Resolve).Running() && !after[n-1].Clock(sla.Resolve).Running() {
		return false // it had ended
	}
	return e.Kind == ticket.Reprioritised || !reflect.DeepEqual(before, after)
}

// ofCycle returns the moves from the beginning of a cycle to that of the next.
func ofCycle(moves []move, number int) []move {
	return slices.DeleteFunc(slices.Clone(moves), func(m move) bool { return len(m.after) != number })
}

// cycle is the newest of some cycles; the zero Cycle if it is not the numbered one.
func cycle(all []sla.Cycle, number int) sla.Cycle {
	if len(all) != number {
		return sla.Cycle{}
	}
	return all[number-1]
}

// walk returns the lines of a cycle: the moves, and what the clocks did between them.
func walk(moves []move, now time.Time) []Line {
	var lines []Line
	for i, m := range moves {
		c := cycle(m.after, len(m.after))
		lines = append(lines, line(LineGesture, m.entry.HappenedAt, c))
		lines[len(lines)-1].made(m, c)
		if i+1 < len(moves) {
			next := moves[i+1]
			if !c.Clock(sla.Resolve).Running() {
				c = cycle(next.after, c.Number) // taken back, it had never stopped
			}
			lines = append(lines, between(c, m.entry.HappenedAt, next.entry.HappenedAt)...)
			continue
		}
		lines = append(lines, between(c, m.entry.HappenedAt, now)...)
		lines = append(lines, ahead(c, now)...)
	}
	return once(lines)
}

// made records the gesture of a line, and what it meant for a late answer.
func (l *Line) made(m move, c sla.Cycle) {
	l.Entry, l.Before = m.entry, cycle(m.before, c.Number)
	respond := c.Clock(sla.Respond)
	l.Overdue = l.Before.Number > 0 && !respond.RaisedAt.Equal(l.Before.Clock(sla.Respond).RaisedAt)
	if l.Overdue && len(respond.Steps()) > 0 {
		l.Again = askedAgain(respond)
	}
}

func line(kind LineKind, at time.Time, c sla.Cycle) Line {
	resolve := c.Clock(sla.Resolve)
	return Line{Kind: kind, At: at, Before: c, After: c, Spent: resolve.Spent(at), Left: resolve.Left(at)}
}

// between returns the lines that time alone brought.
func between(c sla.Cycle, from, to time.Time) []Line {
	var lines []Line
	respond, resolve := c.Clock(sla.Respond), c.Clock(sla.Resolve)
	if due := respond.DueAt; passes(respond, from, to) {
		lines = append(closed(c, from, due), line(LineAnswerDue, due, c))
		from = due
	}
	lines = append(lines, closed(c, from, to)...)
	if passes(resolve, from, to) {
		lines = append(lines, line(LineDue, resolve.DueAt, c))
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return a.At.Compare(b.At) })
	return lines
}

// passes reports whether a clock becomes late, after from and before to. At its
// deadline it is not late yet.
func passes(c sla.Clock, from, to time.Time) bool {
	return ticks(c) && !c.DueAt.Before(from) && c.DueAt.Before(to)
}

// ticks reports whether a clock runs towards a deadline at this moment.
func ticks(c sla.Clock) bool { return c.Running() && c.Promised() && !c.Paused() }

// ahead returns how a running clock stands, and the lines until its deadline.
func ahead(c sla.Cycle, now time.Time) []Line {
	resolve := c.Clock(sla.Resolve)
	if !resolve.Running() {
		return nil
	}
	lines := []Line{line(LineNow, now, c)}
	if !ticks(resolve) || resolve.Late(now) {
		return lines
	}
	lines = append(lines, closed(c, now, resolve.DueAt)...)
	return append(lines, line(LineDue, resolve.DueAt, c))
}

// singly is how many closings are told one by one.
const singly = 2

// closed returns when the desk closed while the clock ran towards its deadline.
func closed(c sla.Cycle, from, to time.Time) []Line {
	resolve := c.Clock(sla.Resolve)
	if !ticks(resolve) {
		return nil
	}
	if resolve.DueAt.Before(to) {
		to = resolve.DueAt
	}
	var lines []Line
	for open, until := resolve.Calendar.State(from); from.Before(to); open, until = resolve.Calendar.State(from) {
		if !open {
			s := line(LineClosed, from, c)
			s.Closing = Closing{Until: until, Times: 1, Holidays: resolve.Calendar.HolidaysBetween(from, until)}
			lines = append(lines, s)
		}
		if until.IsZero() {
			break
		}
		from = until
	}
	if len(lines) > singly {
		return []Line{merged(lines)}
	}
	return lines
}

// merged makes one line of several closings.
func merged(lines []Line) Line {
	s, last := lines[0], lines[len(lines)-1]
	s.Closing.Until, s.Closing.Times = last.Closing.Until, len(lines)
	s.Closing.Open = s.After.Clock(sla.Resolve).Calendar.Between(s.At, last.At)
	for _, other := range lines[1:] {
		s.Closing.Holidays = append(s.Closing.Holidays, other.Closing.Holidays...)
	}
	return s
}

// once leaves out a closing that was told already: somebody did something while
// the desk was closed.
func once(lines []Line) []Line {
	var told time.Time
	return slices.DeleteFunc(lines, func(s Line) bool {
		if s.Kind != LineClosed {
			return false
		}
		again := s.Closing.Times == 1 && s.Closing.Until.Equal(told)
		told = s.Closing.Until
		return again
	})
}
