package ticket

import (
	"math"
	"time"
)

const day = 24 * time.Hour

// Period is a span of time, From inclusive, To exclusive, both UTC. It is stored as JSON.
type Period struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Before returns the period of the same length that ends where p begins. Whole days stay whole
// days of the zone. So the week before a change to daylight-saving time is the same one that
// the digest of that week had. The zone must not be nil.
func (p Period) Before(zone *time.Location) Period {
	from := p.From.In(zone)
	days := int(math.Round(p.To.Sub(p.From).Hours() / 24))
	if !from.AddDate(0, 0, days).Equal(p.To) {
		return Period{From: p.From.Add(-p.To.Sub(p.From)), To: p.From}
	}
	return Period{From: from.AddDate(0, 0, -days).UTC(), To: p.From}
}

// Until returns the part of p that is over at now. It is empty (To is From) if p has not begun.
func (p Period) Until(now time.Time) Period {
	switch {
	case now.Before(p.From):
		p.To = p.From
	case now.Before(p.To):
		p.To = now
	}
	return p
}

// Weekly reports whether p is a week long, a day more or less: a weekly digest may be posted on
// a Tuesday instead of a Monday.
func (p Period) Weekly() bool {
	length := p.To.Sub(p.From)
	return length >= 6*day && length <= 8*day
}
