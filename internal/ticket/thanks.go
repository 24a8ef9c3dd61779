package ticket

import (
	"slices"
	"time"
)

// Thank is that a person says thanks, by an emoji that stands.
type Thank struct {
	Person string
	At     time.Time
}

// thanked notes thanks, or takes them back. They change nothing else, in no state.
func (t Ticket) thanked(e Entry) (Ticket, error) {
	i := slices.IndexFunc(t.Thanks, func(k Thank) bool { return k.Person == e.Actor })
	if (i >= 0) == (e.Kind == Thanked) {
		return t, errSame
	}
	if i >= 0 {
		t.Thanks = slices.Delete(slices.Clone(t.Thanks), i, i+1)
		return t, nil
	}
	t.Thanks = append(slices.Clip(t.Thanks), Thank{Person: e.Actor, At: e.HappenedAt})
	return t, nil
}

// Thankful are the people who said thanks for the solution in a period, in that order. What was said before
// there was any is a request: the same emoji means please.
func (t Ticket) Thankful(p Period) []string {
	var all []string
	for _, k := range t.Thanks {
		if t.State == StateResolved && !k.At.Before(t.FirstSolved) && !k.At.Before(p.From) && k.At.Before(p.To) {
			all = append(all, k.Person)
		}
	}
	return all
}

// ThankedAt is when somebody said thanks last; zero if nobody does.
func (t Ticket) ThankedAt() (at time.Time) {
	for _, k := range t.Thanks {
		if k.At.After(at) {
			at = k.At
		}
	}
	return at
}

// Helpers are those who helped: who has the ticket, who resolved it, and who wrote in its thread; without
// who asked.
func (t Ticket) Helpers() []string {
	var all []string
	for _, p := range append([]string{t.Assignee, t.EndedBy}, t.People...) {
		if p != "" && p != t.Requester && p != t.Filer && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}
