package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

var nameFields = []field[CalendarName]{
	{"name", in(func(n *CalendarName) *string { return &n.Name }, scalar(line(1, 200)))},
	{"person", in(func(n *CalendarName) *string { return &n.Person }, scalar(person))},
}

func (n CalendarName) key() string { return strings.ToLower(strings.TrimSpace(n.Name)) }

// calendarURL parses the address of a calendar. Pagers write webcal for https.
func calendarURL(value string) (string, error) {
	if rest, ok := strings.CutPrefix(value, "webcal://"); ok {
		value = "https://" + rest
	}
	parsed, err := url.Parse(value)
	if err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" || parsed.Host == "" || parsed.Fragment != "" {
		return "", errors.New("is not the address of a calendar; write something like https://pager.example.com/private/…/feed")
	}
	return value, nil
}

// checkCalendar finds what is missing in a layer that is a calendar, and what such a layer does not have.
func (l Layer) checkCalendar(at string, given map[string]any) (problems Problems) {
	for _, other := range []string{"handover", "turn", "starts", "people", "hours"} {
		if given[other] != nil {
			problems = append(problems, Problem{Path: at + "." + other, Want: "does not stand beside ical: the calendar says who is on duty, and when; take it out"})
		}
	}
	if given["names"] == nil {
		return append(problems, Problem{Path: at + ".names", Want: "is missing; write who stands for whom in the calendar, like [{name: bob@example.com, person: U0123456789}]"})
	}
	for i, n := range l.Names {
		if n.Name == "" || n.Person == "" {
			problems = append(problems, Problem{Path: fmt.Sprintf("%s.names[%d]", at, i), Want: "says only half; write a name and a person, like {name: bob@example.com, person: U0123456789}"})
		}
	}
	return problems
}

// named are the ids of those who have a name in a calendar, each once.
func (l Layer) named() (people []string) {
	for _, n := range l.Names {
		if !slices.Contains(people, n.Person) {
			people = append(people, n.Person)
		}
	}
	return people
}

// Called are the ids of people by how a calendar calls them, in lower case.
func (l Layer) Called() map[string]string {
	people := map[string]string{}
	for _, n := range l.Names {
		people[n.key()] = n.Person
	}
	return people
}

// Calendar is a layer of a squad that is a calendar, and the zone for its times that have none.
type Calendar struct {
	Squad string
	Path  string // of its setting
	Layer Layer
	Zone  *time.Location
}

// Calendars returns the layers of all squads that are calendars. The settings have to be checked.
func (c Config) Calendars() (all []Calendar) {
	for i, s := range c.Squads {
		for j, l := range s.Rota {
			if l.ICal == "" {
				continue
			}
			zone := time.UTC
			if layer, err := c.layer(s, l); err == nil {
				zone = layer.Zone
			}
			all = append(all, Calendar{Squad: s.Name, Path: fmt.Sprintf("squads[%d].rota[%d].ical", i, j), Layer: l, Zone: zone})
		}
	}
	return all
}
