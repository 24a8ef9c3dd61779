package sla

import "time"

// AtWallClock returns the moment, in UTC, at which the clocks of a zone show what wall shows in
// UTC. If a change of the clocks skips that time, it is the moment of the change. If the clocks
// show it twice, it is the first time.
func AtWallClock(wall time.Time, zone *time.Location) time.Time {
	year, month, day := wall.Date()
	hour, minute, second := wall.Clock()
	t := time.Date(year, month, day, hour, minute, second, wall.Nanosecond(), zone)
	begin, end := t.ZoneBounds()
	switch shown := wallClock(t, zone); {
	case shown.After(wall):
		t = begin
	case shown.Before(wall):
		t = end
	case !begin.IsZero():
		t = firstOf(t, begin)
	}
	return t.UTC()
}

// firstOf is the moment before begin at which the clocks showed the same as at t, if they were set
// back at begin. If there is none, it is t itself.
func firstOf(t, begin time.Time) time.Time {
	_, now := t.Zone()
	_, then := begin.Add(-1).Zone()
	first := t.Add(time.Duration(now-then) * time.Second)
	if first.Before(begin) {
		return first
	}
	return t
}

// wallClock is the time that the clocks of a zone show, as a time in UTC: its days have 24 hours
// and can be counted.
func wallClock(t time.Time, zone *time.Location) time.Time {
	_, offset := t.In(zone).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// Reached is the latest time that the clocks of a zone have shown by a moment, as a time in UTC.
// When they are set back, it stays at the time before the change until they show more. So a later
// moment never has an earlier time. It agrees with AtWallClock: from the moment that AtWallClock
// gives for a time, Reached is at least that time, and before it Reached is less.
func Reached(t time.Time, zone *time.Location) time.Time {
	shown := wallClock(t, zone)
	begin, _ := t.In(zone).ZoneBounds()
	if begin.IsZero() {
		return shown
	}
	_, then := begin.Add(-1).Zone()
	return later(shown, begin.UTC().Add(time.Duration(then)*time.Second))
}
