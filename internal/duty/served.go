package duty

import "time"

// Record is what is recorded of a squad: who came on duty, and when.
type Record struct {
	Squad   string
	Changes []Change // in order of time
}

// Served lists the shifts of a period in which somebody was on duty, in order. A shift that
// began before it, or that lasts longer, is cut. Who came on duty last stays until the end.
func (r Record) Served(from, until time.Time) (shifts []Shift) {
	for i, c := range r.Changes {
		s := Shift{Person: c.Person, From: c.At, Until: until}
		if i+1 < len(r.Changes) {
			s.Until = sooner(r.Changes[i+1].At, until)
		}
		if s.From.Before(from) {
			s.From = from
		}
		if s.Person != "" && s.From.Before(s.Until) {
			shifts = append(shifts, s)
		}
	}
	return shifts
}
