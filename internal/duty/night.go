package duty

import "time"

// Night is the hours in which people sleep, by the wall clock.
type Night struct {
	From, To int // minutes since midnight; From is in the evening, and To, exclusive, in the morning
}

// UsualNight is from ten in the evening to seven in the morning.
var UsualNight = Night{From: 22 * 60, To: 7 * 60}

// At reports whether it is night in a zone at a moment.
func (n Night) At(t time.Time, zone *time.Location) bool {
	here := t.In(zone)
	minute := here.Hour()*60 + here.Minute()
	if n.From <= n.To {
		return n.From <= minute && minute < n.To
	}
	return minute >= n.From || minute < n.To
}
