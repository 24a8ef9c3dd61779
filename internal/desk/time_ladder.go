package desk

import (
	"context"
	"slices"
	"time"
)

// LadderPeople are whom the P1s of a category call while the desk is closed, beside those on duty.
type LadderPeople struct {
	Lead   string // who leads the squad; empty for nobody
	Last   string // who is called last
	Guests bool   // the P1s of guests call pages as well
}

// Climbing returns the desk, whose P1s call people along these ladders, by category; pages are the
// names of those that reach a person, by the person's id.
func (d *Desk) Climbing(ladders map[string]LadderPeople, pages map[string][]string) *Desk {
	own := *d
	own.ladders, own.pages = ladders, pages
	return &own
}

// climb takes the steps of the ladder that are due. After an absence of the bot it takes those
// that it has missed at once. Of a flood, only the first ticket calls, and nobody is called for
// the first time once the desk is open again.
func (d *Desk) climb(ctx context.Context, c *Change, due []Alert) error {
	if len(due) == 0 {
		return nil
	}
	follows, err := d.follows(ctx, c.After.Ticket)
	if err != nil {
		return err
	}
	slices.SortFunc(due, func(a, b Alert) int { return a.At.Compare(b.At) })
	calls := !follows && (c.After.Ticket.Drill != "" || c.After.isCalling() || c.After.closedFrom(c.Now).Equal(c.Now))
	for i := range due {
		due[i].DecidedAt, due[i].Notified = c.Now, calls
	}
	c.Alerts = append(c.Alerts, due...)
	switch last := due[len(due)-1]; {
	case !calls:
		return nil
	case last.tellsUnreached():
		d.enqueueUnreached(ctx, c, last)
		return nil
	default:
		return d.enqueueCalls(ctx, c, due)
	}
}

// isCalling reports whether a step of the ladder has called somebody since somebody is needed.
func (r Record) isCalling() bool {
	return slices.ContainsFunc(r.ladder(), func(step Alert) bool {
		return slices.ContainsFunc(r.Alerts, func(a Alert) bool { return a.Notified && a.Key() == step.Key() })
	})
}

// enqueueCalls calls the people of steps, each once: by direct message, by their pages, and by a
// mention in the ticket's thread if they read it.
func (d *Desk) enqueueCalls(ctx context.Context, c *Change, steps []Alert) error {
	people, err := d.climbers(ctx, c.After, c.Now)
	if err != nil {
		return err
	}
	last := steps[len(steps)-1]
	details := NoticeDetails{At: last.At, Escalation: &last}
	var called, calls []string
	for _, step := range steps {
		person := people.first(step.calls())
		if slices.Contains(called, person) || c.After.calledLately(person, c.Now) {
			continue
		}
		called = append(called, person)
		recipient := RecipientDuty
		if person != "" {
			recipient = RecipientPerson.Recipient(person)
			paged := d.enqueueCall(ctx, c, person, people, details)
			if p, err := d.people.Person(ctx, person); err == nil {
				d.note(c, people.squad, p, string(step.Step), paged)
			}
		}
		if d.elsewhere(ctx, c.After, recipient) == "" {
			calls = append(calls, recipient)
		}
	}
	if len(calls) > 0 {
		details.Call = calls
		c.enqueue(c.After.notice(NoticeEscalation, "", c.Now, details))
	}
	return nil
}

// calledLately reports whether somebody was called within the last minute; the empty id is
// nobody in particular.
func (r Record) calledLately(person string, now time.Time) bool {
	return slices.ContainsFunc(r.Posted, func(p Posted) bool {
		return p.Kind == NoticeEscalation && p.notice().OnLadder() && p.To == person && now.Sub(p.DueAt) < time.Minute
	})
}

// enqueueCall calls one person, whether they read the ticket's thread or not. Who may not read a
// private ticket learns whom to call. It reports whether a page calls them.
func (d *Desk) enqueueCall(ctx context.Context, c *Change, person string, people climbers, details NoticeDetails) (paged bool) {
	t := c.After.Ticket
	if p, err := d.people.Person(ctx, person); t.Private() && err == nil && !MayRead(p, t) {
		details.Call = people.readers
	}
	c.enqueueAlone(NoticeEscalation, person, c.Now, details)
	if p, err := d.people.Person(ctx, t.Requester); !d.ladders[t.Category].Guests && err == nil && p.Outsider() {
		return false
	}
	details.Call = []string{RecipientPerson.Recipient(person)}
	for _, page := range d.pages[person] {
		c.enqueueAlone(NoticePage, page, c.Now, details)
	}
	return len(d.pages[person]) > 0
}

// climbers are the people of a ticket's ladder who can be called at a moment.
type climbers struct {
	squad   string            // its name; empty for none with a rota
	by      map[string]string // by whom a step calls
	readers []string          // those of them who may read the ticket
}

// climbers looks for the people of a ticket's ladder: those who are there, and did not ask for the
// ticket themselves. A private ticket calls only its own people, and the last.
func (d *Desk) climbers(ctx context.Context, r Record, now time.Time) (climbers, error) {
	roster, err := d.Roster(ctx, now)
	if err != nil {
		return climbers{}, err
	}
	squad, _ := roster.Of(r.Ticket.Category)
	second := squad.Rota.Second(now, func(person string) bool { return d.hasLeft(ctx, person) })
	ladder := d.ladders[r.Ticket.Category]
	all := climbers{squad: squad.Name, by: map[string]string{}}
	for _, of := range []struct{ calls, person string }{
		{RecipientDuty, squad.Rota.At(now)}, {recipientSecond, second}, {recipientLead, ladder.Lead}, {recipientLast, ladder.Last},
	} {
		if of.person == "" || of.person == r.Ticket.Requester {
			continue
		}
		p, err := d.people.Person(ctx, of.person)
		reads := err == nil && MayRead(p, r.Ticket)
		switch {
		case p.Deactivated, p.Bot:
			continue
		case r.Ticket.Private() && !reads && of.calls != recipientLast:
			continue
		}
		all.by[of.calls] = of.person
		if recipient := RecipientPerson.Recipient(of.person); reads && !slices.Contains(all.readers, recipient) {
			all.readers = append(all.readers, recipient)
		}
	}
	return all, nil
}

// first returns whom a step calls. If they are not there, that is who is on duty or, if nobody
// is, the next one of the ladder; empty if there is nobody at all.
func (c climbers) first(calls string) string {
	for _, calls := range []string{calls, RecipientDuty, recipientSecond, recipientLead, recipientLast} {
		if person := c.by[calls]; person != "" {
			return person
		}
	}
	return ""
}

// enqueueUnreached tells the requester, the channel and the squad's lead that nobody was reached.
func (d *Desk) enqueueUnreached(ctx context.Context, c *Change, step Alert) {
	t, details := c.After.Ticket, NoticeDetails{At: step.At, Escalation: &step}
	tell := func(to string) { c.enqueue(c.After.notice(NoticeUnreached, to, c.Now, details)) }
	if d.elsewhere(ctx, c.After, RecipientPerson.Recipient(t.Requester)) != "" {
		tell("")
	}
	tell(t.Requester)
	lead := d.ladders[t.Category].Lead
	if lead == "" || lead == t.Requester {
		return
	}
	if p, err := d.people.Person(ctx, lead); err == nil && !p.Deactivated && (!t.Private() || MayRead(p, t)) {
		c.enqueueAlone(NoticeUnreached, lead, c.Now, details)
	}
}
