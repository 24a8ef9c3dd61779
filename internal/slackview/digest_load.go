package slackview

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"supporty/internal/insight"
)

// LoadPart is a part of what people carry, in words.
type LoadPart struct {
	Name     string
	People   int       // who have any of it
	Quarters [3]string // a quarter of these people, half of them and three quarters have no more
}

// LoadParts are those of which enough people have any.
func LoadParts(d insight.Digest) (parts []LoadPart) {
	l := d.This.Load
	count := strconv.Itoa
	hours := func(long time.Duration) string { return fmt.Sprintf("%.0f h", long.Hours()) }
	inHours, out := " in opening hours", " out of hours"
	if d.Hours.Always() {
		inHours = ""
	}
	parts = []LoadPart{
		loadPart("Open tickets", l.Open, count),
		loadPart("On duty"+inHours, l.Hours, hours), loadPart("On duty"+out, l.OutOfHours, hours),
		loadPart("Called"+inHours, l.Calls, count), loadPart("Called"+out, l.CallsOut, count),
	}
	return slices.DeleteFunc(parts, func(p LoadPart) bool { return p.People == 0 })
}

func loadPart[T int | time.Duration](name string, q insight.Quarters[T], say func(T) string) LoadPart {
	return LoadPart{name, q.People, [3]string{say(q.One), say(q.Two), say(q.Three)}}
}

// load is how what people carry is spread. It names nobody.
func (r report) load() string {
	parts := LoadParts(r.Digest)
	if len(parts) == 0 {
		return ""
	}
	rows := []string{fmt.Sprintf("*What people carry* (told if %d or more have any: a quarter of these, half, three quarters have no more than)", insight.TellingCarriers)}
	for _, p := range parts {
		rows = append(rows, fmt.Sprintf("%s, of %d people: %s", p.Name, p.People, strings.Join(p.Quarters[:], ", ")))
	}
	return lines(rows...)
}
