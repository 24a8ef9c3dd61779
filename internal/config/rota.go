package config

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"supporty/internal/duty"
	"supporty/internal/sla"
)

// Layer is a part of a squad's rota: people who take turns.
type Layer struct {
	// Handover is when turns end, and which zone's clocks tell that.
	Handover Handover
	// Turn is the length of a turn by the wall clock; 0 is a week if the handover has a day of
	// the week, and a day if it has none.
	Turn time.Duration
	// Starts is the date on or after which the first turn begins; empty for 2024-01-01, a Monday.
	Starts string
	// People are the ids of those who take turns, in order; empty for the squad's members.
	People []string
	// Hours limit the layer.
	Hours LayerHours
	// ICal is the address of a calendar whose shifts the layer has, in place of turns; empty for none. It
	// is a secret: with it anybody can read the calendar.
	ICal Secret
	// Names say who stands for whom in the calendar.
	Names []CalendarName
}

// CalendarName is how a calendar calls somebody.
type CalendarName struct {
	// Name is their address or their name there.
	Name string
	// Person is their id.
	Person string
}

// Handover is a time of day, and perhaps a day of the week.
type Handover struct {
	Weekday int // a time.Weekday; -1 for every day
	Minute  int // since midnight
	Zone    string
}

// LayerHours are the hours in which somebody of a layer is on duty: by default always.
type LayerHours struct {
	Desk    bool       // while the squad's desk is open
	Outside bool       // while it is closed
	Own     *sla.Hours // while these are open; nil for none
}

const (
	mostInLayer = duty.MostPeople
	mostLayers  = 10
	firstTurn   = "2024-01-01"
)

var layerFields = []field[Layer]{
	{"handover", in(func(l *Layer) *Handover { return &l.Handover }, scalar(handover))},
	{"turn", in(func(l *Layer) *time.Duration { return &l.Turn }, scalar(turn))},
	{"starts", in(func(l *Layer) *string { return &l.Starts }, scalar(date))},
	{"people", in(func(l *Layer) *[]string { return &l.People }, atMost(mostInLayer, list(scalar(person), itself)))},
	{"hours", in(func(l *Layer) *LayerHours { return &l.Hours }, layerHours)},
	{"ical", in(func(l *Layer) *Secret { return &l.ICal }, hidden(calendarURL))},
	{"names", in(func(l *Layer) *[]CalendarName { return &l.Names }, atMost(mostInLayer, list(group(nameFields), CalendarName.key)))},
}

// rota reads layers, or a handover alone: then there is one layer.
func rota(at string, raw any, into *[]Layer) Problems {
	if _, short := raw.(string); short {
		var only Layer
		problems := scalar(handover)(at, raw, &only.Handover)
		if len(problems) == 0 {
			*into = []Layer{only}
		}
		return problems
	}
	layers := 0
	each := func(Layer) string { layers++; return strconv.Itoa(layers) } // two layers may be alike
	return atMost(mostLayers, list(layer, each))(at, raw, into)
}

func layer(at string, raw any, into *Layer) Problems {
	problems := group(layerFields)(at, raw, into)
	given, ok := raw.(map[string]any)
	if ok && given["ical"] != nil {
		return append(problems, into.checkCalendar(at, given)...)
	}
	if ok && given["handover"] == nil {
		problems = append(problems, Problem{Path: at + ".handover", Want: "is missing; " + writeHandover})
	}
	return problems
}

const writeHandover = "write when a turn ends, like Mon 09:00 or 18:00, with a zone behind it if it is not that of the desk's hours"

// handover parses "Mon 09:00 Europe/London", in which only the time is needed.
func handover(raw any) (Handover, error) {
	value, err := text(raw)
	if err != nil {
		return Handover{}, err
	}
	h, words := Handover{Weekday: -1}, strings.Fields(value)
	if len(words) > 0 {
		if day, ok := readDay(words[0]); ok {
			h.Weekday, words = int(day), words[1:]
		}
	}
	if len(words) == 2 {
		if h.Zone, err = zoneName(words[1]); err != nil {
			return Handover{}, err
		}
		words = words[:1]
	}
	if len(words) == 1 {
		if at, err := time.Parse("15:04", words[0]); err == nil {
			h.Minute = at.Hour()*60 + at.Minute()
			return h, nil
		}
	}
	return Handover{}, errors.New("is not a handover; " + writeHandover)
}

// turn parses "12h", "1 day" or "2 weeks". All are by the wall clock, so that a handover
// keeps its time of day when the clocks change.
func turn(raw any) (time.Duration, error) {
	value, err := text(raw)
	if err != nil {
		return 0, err
	}
	return duty.ParseTurn(value)
}

func layerHours(at string, raw any, into *LayerHours) Problems {
	word, _ := raw.(string)
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "always":
		*into = LayerHours{}
		return nil
	case "desk":
		*into = LayerHours{Desk: true}
		return nil
	case "outside":
		*into = LayerHours{Outside: true}
		return nil
	}
	var own LayerHours
	problems := ownHours(at, raw, &own.Own)
	for i := range problems {
		problems[i].Want += "; or write always, desk or outside"
	}
	if len(problems) == 0 {
		*into = own
	}
	return problems
}

// checkRotas finds layers without people or hours.
func (c Config) checkRotas() (problems Problems) {
	for i, s := range c.Squads {
		for j, l := range s.Rota {
			at := fmt.Sprintf("squads[%d].rota[%d]", i, j)
			if l.ICal != "" {
				continue
			}
			if len(l.People) == 0 && len(s.Members) == 0 {
				problems = append(problems, Problem{Path: at + ".people", Want: "is empty, and so are the members of the squad; write who takes turns, in order"})
			}
			if (l.Hours.Desk || l.Hours.Outside) && c.promise(s.Override).Hours.Zone == "" {
				problems = append(problems, Problem{Path: at + ".hours", Want: "needs the hours of the desk, and none are set; set hours, or write others here"})
			}
		}
	}
	return problems
}

// Roster returns all squads with their rotas, as far as they have one. The settings have to be checked. read returns the
// shifts of a layer that is a calendar, with the zone for times that have none.
func (c Config) Roster(read func(l Layer, zone *time.Location) []duty.Shift) (duty.Roster, error) {
	var roster duty.Roster
	for _, s := range c.Squads {
		desk, err := sla.NewCalendar(c.promise(s.Override).Hours)
		if err != nil {
			return nil, fmt.Errorf("the hours of %s: %w", s.Name, err)
		}
		squad := duty.Squad{Name: s.Name, Lead: s.Lead, Hours: desk}
		for _, k := range c.Categories {
			if strings.EqualFold(k.Squad, s.Name) {
				squad.Categories = append(squad.Categories, k.Name)
			}
		}
		for _, l := range s.Rota {
			layer, err := c.layer(s, l)
			if err != nil {
				return nil, fmt.Errorf("the rota of %s: %w", s.Name, err)
			}
			if l.ICal != "" {
				layer = duty.Layer{Fixed: read(l, layer.Zone)}
			}
			squad.Rota.Layers = append(squad.Rota.Layers, layer)
		}
		roster = append(roster, squad)
	}
	return roster, nil
}

func (c Config) layer(s Squad, l Layer) (duty.Layer, error) {
	desk := c.promise(s.Override).Hours
	hours := desk
	switch {
	case l.Hours.Own != nil:
		hours = *l.Hours.Own
	case !l.Hours.Desk && !l.Hours.Outside:
		hours = sla.Hours{}
	}
	calendar, err := sla.NewCalendar(hours)
	if err != nil {
		return duty.Layer{}, err
	}
	zone, err := time.LoadLocation(cmp.Or(l.Handover.Zone, desk.Zone, "UTC"))
	if err != nil {
		return duty.Layer{}, err
	}
	first, err := l.first()
	return duty.Layer{People: l.inTurn(s), Zone: zone, First: first, Turn: l.turn(), Hours: calendar, Outside: l.Hours.Outside}, err
}

// inTurn are the ids of those who take turns, in order.
func (l Layer) inTurn(s Squad) []string {
	switch {
	case l.ICal != "":
		return l.named()
	case len(l.People) == 0:
		return s.Members
	}
	return l.People
}

func (l Layer) turn() time.Duration {
	byDay := 24 * time.Hour
	if l.Handover.Weekday >= 0 {
		byDay *= 7
	}
	return cmp.Or(l.Turn, byDay)
}

// first is the wall clock time of the first handover.
func (l Layer) first() (time.Time, error) {
	day, err := time.Parse(time.DateOnly, cmp.Or(l.Starts, firstTurn))
	return duty.FirstHandover(day, l.Handover.Weekday, l.Handover.Minute), err
}
