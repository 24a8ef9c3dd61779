package duty

import "time"

// Swap is an exchange of two shifts. Without a shift in exchange, the zero Shift, somebody takes a
// shift of another person. It is stored as JSON, so the tags are part of the database's format.
type Swap struct {
	Gives Shift  `json:"gives"`          // the shift of the person who asks
	To    string `json:"to"`             // who is asked to take it
	Takes Shift  `json:"takes,omitzero"` // the shift of that person in exchange; may be zero
}

// Overrides put the swap into effect.
func (s Swap) Overrides() []Override {
	all := []Override{{Person: s.To, From: s.Gives.From, Until: s.Gives.Until}}
	if s.Exchanges() {
		all = append(all, Override{Person: s.Gives.Person, From: s.Takes.From, Until: s.Takes.Until})
	}
	return all
}

// Exchanges reports whether a shift is taken in exchange.
func (s Swap) Exchanges() bool { return s.Takes.Person != "" }

// Has reports whether the person of a shift is on duty in all of it.
func (r Rota) Has(s Shift) bool {
	held := r.Between(s.From, s.Until)
	return s.Person != "" && len(held) == 1 && held[0].Person == s.Person
}

// Ahead lists the shifts that begin after a moment and end before another one, in order, and at most
// so many. Times in which nobody is on duty are left out.
func (r Rota) Ahead(t, until time.Time, most int) (shifts []Shift) {
	for s := r.change(t); len(shifts) < most && !s.Until.IsZero(); {
		s = r.change(s.Until)
		if s.Until.IsZero() || s.Until.After(until) {
			break
		}
		if s.Person != "" {
			shifts = append(shifts, s)
		}
	}
	return shifts
}
