package slackview

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"supporty/internal/insight"
)

// LoadPart is a part of what people carry, in words.
type LoadPart struct {
	Name     string
	Quarters [3]string // a quarter of the people, half of them and three quarters have no more
}

// LoadParts are those of which anybody has any; none if they are of too few people.
func LoadParts(d insight.Digest) (parts []LoadPart) {
	l := d.This.Load
	if !l.Telling {
		return nil
	}
	count := strconv.Itoa
	hours := func(long time.Duration) string { return fmt.Sprintf("%.0f h", long.Hours()) }
	parts = append(parts, loadPart("Open tickets", l.Open, count))
	if d.Hours.Always() {
		return append(parts, loadPart("On duty", l.Hours, hours), loadPart("Called", l.Calls, count))
	}
	return append(parts,
		loadPart("On duty in opening hours", l.Hours, hours), loadPart("On duty out of hours", l.OutOfHours, hours),
		loadPart("Called in opening hours", l.Calls, count), loadPart("Called out of hours", l.CallsOut, count))
}

func loadPart[T int | time.Duration](name string, q insight.Quarters[T], say func(T) string) LoadPart {
	return LoadPart{name, [3]string{say(q.One), say(q.Two), say(q.Three)}}
}

// load is how what people carry is spread. It names nobody.
func (r report) load() string {
	parts := LoadParts(r.Digest)
	if len(parts) == 0 {
		return ""
	}
	rows := []string{fmt.Sprintf("*What people carry* (of %d people: a quarter, half, three quarters have no more than)", r.This.Load.People)}
	for _, p := range parts {
		rows = append(rows, p.Name+": "+strings.Join(p.Quarters[:], ", "))
	}
	return lines(rows...)
}
