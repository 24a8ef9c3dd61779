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

// End returns the first end of a night after a moment, in a zone.
func (n Night) End(t time.Time, zone *time.Location) time.Time {
	y, m, day := t.In(zone).Date()
	for ; ; day++ {
		if end := time.Date(y, m, day, 0, n.To, 0, 0, zone); end.After(t) {
			return end
		}
	}
}

// Middles counts the nights whose middle is in a shift, by the clocks of a zone.
func (n Night) Middles(s Shift, zone *time.Location) (nights int) {
	long := (n.To - n.From + minutesADay) % minutesADay
	if long == 0 {
		return 0
	}
	middle := (n.From + long/2) % minutesADay
	y, m, day := s.From.In(zone).Date()
	for at := time.Date(y, m, day, 0, middle, 0, 0, zone); at.Before(s.Until); {
		if !at.Before(s.From) {
			nights++
		}
		day++
		at = time.Date(y, m, day, 0, middle, 0, 0, zone)
	}
	return nights
}

const minutesADay = 24 * 60
