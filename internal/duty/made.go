package duty

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"supporty/internal/sla"
)

// Bounds of a layer.
const (
	MostPeople = 200

	shortestTurn = 30 * time.Minute
	longestTurn  = 12 * 7 * 24 * time.Hour
)

// Made is a rota of one layer, as people make it without settings. It is stored as JSON, so the tags are
// part of the database's format.
type Made struct {
	Settings bool          `json:"settings,omitempty"` // no rota of its own: that of the settings counts again
	People   []string      `json:"people,omitempty"`   // ids, in the order of their turns
	Turn     time.Duration `json:"turn,omitempty"`     // by the wall clock
	Weekly   bool          `json:"weekly,omitempty"`   // handovers are on a day of the week, that of First
	First    time.Time     `json:"first,omitzero"`     // when the first turn begins, by the wall clock of Zone, as a time in UTC
	Zone     string        `json:"zone,omitempty"`     // its name
	During   During        `json:"during,omitempty"`
}

// During says when somebody of a layer is on duty.
type During string

// The values of During. They are part of the database's format.
const (
	DuringAlways  During = "always"
	DuringDesk    During = "desk"    // while the desk is open
	DuringOutside During = "outside" // while it is closed
)

// Layer is the layer of a rota that was made, of a squad whose desk has these hours.
func (m Made) Layer(desk *sla.Calendar) (Layer, error) {
	zone, err := ZoneNamed(m.Zone)
	if err != nil {
		return Layer{}, err
	}
	l := Layer{People: m.People, Zone: zone, First: m.First, Turn: max(m.Turn, time.Minute)}
	if m.During != DuringAlways {
		l.Hours, l.Outside = desk, m.During == DuringOutside
	}
	return l, nil
}

// Begins is the moment at which the first turn begins.
func (m Made) Begins() (time.Time, error) {
	zone, err := ZoneNamed(m.Zone)
	if err != nil {
		return time.Time{}, err
	}
	return sla.AtWallClock(m.First, zone), nil
}

// Handovers is the length from one handover to the next that can begin a rota: a day, or a week.
func (m Made) Handovers() time.Duration {
	if m.Weekly {
		return 7 * 24 * time.Hour
	}
	return 24 * time.Hour
}

// Same reports whether two rotas are alike.
func (m Made) Same(other Made) bool {
	return slices.Equal(m.People, other.People) && m.Settings == other.Settings && m.Turn == other.Turn && m.Weekly == other.Weekly &&
		m.First.Equal(other.First) && m.Zone == other.Zone && m.During == other.During
}

// ZoneNamed is a zone by its name, which is that of a place, or UTC.
func ZoneNamed(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || strings.EqualFold(name, "local") {
		return nil, fmt.Errorf("%q is not a time zone; write a name like Europe/London or UTC", name)
	}
	return zone, nil
}

// FirstHandover is the first handover on or after a day, by the wall clock: at a minute of the day, and on a
// day of the week if that is not negative.
func FirstHandover(day time.Time, weekday, minute int) time.Time {
	for weekday >= 0 && int(day.Weekday()) != weekday%7 {
		day = day.AddDate(0, 0, 1)
	}
	return day.Add(time.Duration(minute) * time.Minute)
}

// ParseTurn reads "12h", "1 day" or "2 weeks". All are by the wall clock, so that a handover keeps its time of
// day when the clocks change.
func ParseTurn(text string) (time.Duration, error) {
	length, err := time.ParseDuration(text)
	number, unit, _ := strings.Cut(text, " ")
	if n, failed := strconv.Atoi(number); failed == nil {
		units := map[string]time.Duration{"day": 24 * time.Hour, "week": 7 * 24 * time.Hour}
		length, err = time.Duration(min(max(n, 0), 1000))*units[strings.TrimSuffix(unit, "s")], nil
	}
	switch {
	case err != nil || length%time.Minute != 0:
		return 0, errors.New("is not the length of a turn; write something like 1 week, 1 day or 12h")
	case length < shortestTurn || length > longestTurn:
		return 0, errors.New("is out of range; write something from 30m to 12 weeks")
	}
	return length, nil
}

// TurnWords is the length of a turn as ParseTurn reads it.
func TurnWords(turn time.Duration) string {
	const day = 24 * time.Hour
	for _, u := range []struct {
		long time.Duration
		word string
	}{{7 * day, "week"}, {day, "day"}} {
		switch n := turn / u.long; {
		case turn%u.long != 0:
		case n == 1:
			return "1 " + u.word
		default:
			return fmt.Sprintf("%d %ss", n, u.word)
		}
	}
	words := turn.String()
	for _, nothing := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(words, nothing) {
			words = words[:len(words)-2]
		}
	}
	return words
}
