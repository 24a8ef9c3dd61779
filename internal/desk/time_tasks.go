package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Task is what a squad has to do again and again. A ticket is opened for it at fixed times.
type Task struct {
	Squad    string
	Title    string
	Text     string
	Category string
	People   []string // whose it is: the first of them who is there
	Spec     string
	Next     func(time.Time) time.Time // the first time after another one
}

func (t Task) name() string { return "task:" + t.Squad + ":" + t.Title }

// key is the key of the ticket that is opened for a time. It is kept for good.
func (t Task) key(at time.Time) string {
	return fmt.Sprintf("%s:%d", t.name(), at.Unix())
}

// OpenTasks opens the tickets of tasks whose time has come. Of each there is one at a time: while
// that is open, another time passes by. If several times were missed, one ticket is opened.
func (d *Desk) OpenTasks(ctx context.Context, tasks []Task, now time.Time) error {
	now = micros(now)
	var failed []error
	for _, t := range tasks {
		if err := d.openTask(ctx, t, now); err != nil {
			failed = append(failed, fmt.Errorf("opening the ticket of a task of %s: %w", t.Squad, err))
		}
	}
	return errors.Join(failed...)
}

func (d *Desk) openTask(ctx context.Context, t Task, now time.Time) error {
	known, read, err := d.taskSchedule(ctx, t, func(s Schedule) Schedule { return s })
	if err != nil || !read {
		return err // if another copy has it, that one opens the ticket
	}
	last, err := d.taskTicket(ctx, t, known.LastAt)
	if err != nil {
		return err
	}
	isOpen := last.Ticket.Number != 0 && !last.Ticket.State.Ended()
	faster := false
	after, read, err := d.taskSchedule(ctx, t, func(s Schedule) Schedule {
		if faster = s != known; faster {
			return s
		}
		return t.advance(s, isOpen, now)
	})
	if err != nil || !read || faster || after.LastAt.IsZero() {
		return err
	}
	if after.LastAt.Equal(known.LastAt) && last.Ticket.Number != 0 {
		return d.giveTask(ctx, t, last, now)
	}
	return d.fileTask(ctx, t, after.LastAt, now)
}

// taskSchedule changes the schedule of a task. It reports whether it could: not while another copy has it.
func (d *Desk) taskSchedule(ctx context.Context, t Task, change func(Schedule) Schedule) (after Schedule, read bool, err error) {
	err = d.schedules.Schedule(ctx, t.name(), func(s Schedule) (Schedule, []Notice) {
		after, read = change(s), true
		return after, nil
	})
	return after, read && err == nil, err
}

// advance moves the schedule of a task on. LastAt is the time whose ticket was opened last, or is to be.
func (t Task) advance(s Schedule, isOpen bool, now time.Time) Schedule {
	switch {
	case s.Spec != t.Spec || s.NextAt.IsZero():
		s.Spec, s.NextAt = t.Spec, t.Next(now).UTC()
	case now.Before(s.NextAt):
	default:
		instant := newest(s.NextAt, t.Next, now)
		if s.NextAt = t.Next(instant).UTC(); !isOpen {
			s.LastAt = instant.UTC()
		}
	}
	return s
}

// taskTicket is the ticket of a time; the zero Record if there is none.
func (d *Desk) taskTicket(ctx context.Context, t Task, at time.Time) (Record, error) {
	if at.IsZero() {
		return Record{}, nil
	}
	n, err := d.index.ByInput(ctx, t.key(at))
	if err != nil || n == 0 {
		return Record{}, err
	}
	return d.Find(ctx, n)
}

// fileTask opens the ticket of a time. While nobody is there whose it could be, it waits. A ticket that is
// there already stays as people have made it, whatever the settings say by now.
func (d *Desk) fileTask(ctx context.Context, t Task, at, now time.Time) error {
	known, err := d.taskTicket(ctx, t, at)
	if err != nil {
		return err
	}
	if known.Ticket.Number != 0 {
		return d.giveTask(ctx, t, known, now)
	}
	person, err := d.taskPerson(ctx, t)
	if err != nil || person == "" {
		return err
	}
	r, err := d.Open(ctx, NewTicket{
		Content:   Content{Priority: ticket.P3, Title: t.Title, Text: t.Text, Category: t.Category},
		Requester: person, Gesture: ticket.ByClock, Key: t.key(at), At: now, Now: now, Answered: true,
	})
	if err != nil {
		return err
	}
	return d.giveTask(ctx, t, r, now)
}

// taskPerson is whose a task is now: who is away has it only if all are.
func (d *Desk) taskPerson(ctx context.Context, t Task) (string, error) {
	away := ""
	for _, id := range t.People {
		p, err := d.people.Person(ctx, id)
		switch {
		case err != nil:
			return "", err
		case p.Deactivated:
		case !p.Away:
			return id, nil
		case away == "":
			away = id
		}
	}
	return away, nil
}

// giveTask makes a ticket of a task that nobody has touched its gardener's, and tells them, once.
func (d *Desk) giveTask(ctx context.Context, t Task, r Record, now time.Time) error {
	told := func(p Posted) bool { return p.Kind == NoticeTask }
	touched := func(e ticket.Entry) bool { return e.Gesture != ticket.ByClock } // a copy can end between the two changes below
	person := r.Ticket.Requester
	if !slices.ContainsFunc(r.Timeline, touched) && !slices.ContainsFunc(r.Posted, told) {
		key := "gives:" + t.name() + r.Ticket.Number.String()
		_, err := d.Claim(ctx, Gesture{Ticket: r.Ticket.Number, Actor: person, By: ticket.ByClock, Key: key, Now: now})
		if err != nil && ticket.CodeOf(err) != ticket.Forbidden {
			return err
		}
		_, _, err = d.change(ctx, r.Ticket.Number, "telling of", func(r Record) (Change, error) {
			c := Change{Key: key + ":told", Now: now, After: r, NextAt: nextAt(r, now)}
			c.enqueueAlone(NoticeTask, person, now, NoticeDetails{At: r.Ticket.OpenedAt, Squad: t.Squad})
			return c, nil
		})
		return err
	}
	return nil
}

// Gardened is which share of a squad's tickets its gardeners have taken, of those that somebody has.
type Gardened struct {
	Squad       string
	From, Until time.Time
	Took, Of    int
	Own         bool // it is told to the gardener themself
}

// fewestGardened is how many tickets a share says anything about.
const fewestGardened = 5

// gardened returns the share of the last month for those who lead squads, and of the last seven days for
// gardeners themselves. A gardener is one person, so nobody else reads of less than a month.
func (d *Desk) gardened(ctx context.Context, reader Person, now time.Time) (all []Gardened, err error) {
	for squad, people := range d.Gardeners() {
		g := Gardened{Squad: squad, Own: slices.Contains(people, reader.ID)}
		switch {
		case slices.Contains(reader.Leads, squad) && !g.Own:
			g.From, g.Until = d.lastMonth(now)
		case g.Own:
			g.From, g.Until = d.lately(now)
			people = []string{reader.ID}
		default:
			continue
		}
		if g.Took, g.Of, err = d.homes.Took(ctx, people, d.squads[squad], g.From, g.Until); err != nil {
			return nil, unavailable(fmt.Errorf("counting what gardeners took: %w", err))
		}
		if g.Own && g.Of > 0 || g.Of >= fewestGardened {
			all = append(all, g)
		}
	}
	slices.SortFunc(all, func(a, b Gardened) int { return cmp.Compare(a.Squad, b.Squad) })
	return all, nil
}

// lastMonth is the month before this one, by the clock of the desk.
func (d *Desk) lastMonth(now time.Time) (from, until time.Time) {
	zone := d.days.Zone
	if zone == nil {
		zone = time.UTC
	}
	y, m, _ := now.In(zone).Date()
	until = time.Date(y, m, 1, 0, 0, 0, 0, zone)
	return until.AddDate(0, -1, 0).UTC(), until.UTC()
}
