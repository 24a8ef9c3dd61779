package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"supporty/internal/sla"
)

// form is the opening hours as they are written.
type form struct {
	zone, country, region string
	open                  []opening
	holidays              []string
}

var hoursFields = []field[form]{
	{"zone", in(func(f *form) *string { return &f.zone }, scalar(zoneName))},
	{"open", in(func(f *form) *[]opening { return &f.open }, list(scalar(readOpening), func(o opening) string { return o.text }))},
	{"holidays", in(func(f *form) *[]string { return &f.holidays }, atMost(mostHolidays, list(scalar(date), itself)))},
	{"country", in(func(f *form) *string { return &f.country }, scalar(code))},
	{"region", in(func(f *form) *string { return &f.region }, scalar(code))},
}

// hours reads the opening hours. It reports missing fields together with wrong ones. A
// field that could not be read does not count as missing.
func hours(at string, raw any, into *sla.Hours) Problems {
	var f form
	problems := readForm(at, raw, &f)
	h, lacks := f.hours(at)
	for _, lack := range lacks {
		if !slices.ContainsFunc(problems, func(p Problem) bool { return within(p.Path, at) || within(p.Path, lack.Path) }) {
			problems = append(problems, lack)
		}
	}
	if len(problems) == 0 {
		*into = h
	}
	return problems
}

// within reports whether a problem belongs to a setting or to an item of its list. The
// path may be the setting's path or the name of its variable.
func within(path, setting string) bool {
	path, _, _ = strings.Cut(path, "[")
	return path == setting || path == variable(setting)
}

// readForm reads the short form, which is one text with the zone at its end, or the full
// form, which is a group. Fields with variables of their own override either.
func readForm(at string, raw any, into *form) Problems {
	switch raw := raw.(type) {
	case nil:
		return nil
	case overlaid:
		problems := readForm(at, raw.below, into)
		return append(problems, group(hoursFields)(at, raw.over, into)...)
	case map[string]any:
		return group(hoursFields)(at, raw, into)
	}
	return scalar(shortForm)(at, raw, into)
}

const shortExample = "Mon-Fri 09:00-18:00 Europe/London"

// shortForm accepts "always" as well as the empty text, because an empty environment
// variable counts as not set.
func shortForm(raw any) (form, error) {
	value, err := text(raw)
	if err != nil {
		return form{}, err
	}
	words := strings.Fields(value)
	if len(words) == 0 || strings.EqualFold(value, "always") {
		return form{}, nil
	}
	last := len(words) - 1
	location, err := zone(words[last])
	if err != nil {
		return form{}, errors.New("does not end with a time zone; write something like " + shortExample)
	}
	f := form{zone: location.String()}
	for line := range strings.SplitSeq(strings.Join(words[:last], " "), ",") {
		o, err := readOpening(line)
		if err != nil {
			return form{}, err
		}
		f.open = append(f.open, o)
	}
	_, err = weekOf(f.open)
	return f, err
}

func (f form) empty() bool {
	return f.zone == "" && len(f.open) == 0 && len(f.holidays) == 0 && f.country == "" && f.region == ""
}

// hours converts the form, unless it returns problems about missing fields.
func (f form) hours(at string) (sla.Hours, Problems) {
	if f.empty() {
		return sla.Hours{}, nil
	}
	var problems Problems
	week, err := weekOf(f.open)
	public, field, unknown := publicHolidays(f.country, f.region)
	switch {
	case len(f.open) == 0:
		problems = append(problems, Problem{Path: at + ".open", Want: "is not set; write when the desk is open, like Mon-Fri 09:00-18:00"})
	case err != nil:
		problems = append(problems, Problem{Path: at + ".open", Want: err.Error()})
	}
	if f.zone == "" {
		problems = append(problems, Problem{Path: at + ".zone", Want: "is not set; write the time zone of the hours, like Europe/London"})
	}
	if unknown != nil {
		problems = append(problems, Problem{Path: at + "." + field, Want: unknown.Error()})
	}
	if last := slices.Max(append(f.holidays, "")); f.country != "" && last > lastHoliday {
		problems = append(problems, Problem{Path: at + ".holidays", Value: show(last), Want: fmt.Sprintf("is after %d, the last year for which a country's holidays are known; leave it out", lastHolidays)})
	}
	holidays := slices.Concat(public, f.holidays)
	slices.Sort(holidays)
	h := sla.Hours{Zone: f.zone, Week: week, Holidays: slices.Compact(holidays)}
	if from := closedFrom(h); from != "" && len(problems) == 0 {
		problems = append(problems, Problem{Path: at + ".holidays", Want: "close the desk for more than a year, from " + from + " on; write only the days on which it stays closed"})
	}
	return h, problems
}

// mostHolidays is ten years of holidays without a break.
const mostHolidays = 3660

// closedFrom is the first day of holidays that close the desk for more than a year, or
// "".
func closedFrom(h sla.Hours) string {
	closed := map[string]bool{}
	for _, day := range h.Holidays {
		closed[day] = true
	}
	for _, holiday := range h.Holidays {
		day, err := time.Parse(time.DateOnly, holiday)
		if err != nil || closed[day.AddDate(0, 0, -1).Format(time.DateOnly)] {
			continue // it belongs to an earlier row of holidays
		}
		open := func(day time.Time) bool { return len(h.Week[day.Weekday()]) > 0 && !closed[day.Format(time.DateOnly)] }
		end := day.AddDate(1, 0, 0)
		for day.Before(end) && !open(day) {
			day = day.AddDate(0, 0, 1)
		}
		if !day.Before(end) {
			return holiday
		}
	}
	return ""
}

// opening is one line: the spans in which the desk is open on some days.
type opening struct {
	text  string
	days  []time.Weekday
	spans []sla.Span
}

// readOpening parses "Mon-Fri 09:00-12:30 13:30-18:00": days, then times.
func readOpening(raw any) (opening, error) {
	value, err := text(raw)
	if err != nil {
		return opening{}, err
	}
	o := opening{text: strings.ToLower(value)}
	for word := range strings.FieldsSeq(strings.ReplaceAll(value, "–", "-")) {
		if days := readDays(word); days != nil && len(o.spans) == 0 {
			o.days = append(o.days, days...)
			continue
		}
		span, err := readSpan(word)
		if err != nil {
			return opening{}, err
		}
		o.spans = append(o.spans, span)
	}
	if len(o.days) == 0 || len(o.spans) == 0 {
		return opening{}, errNoOpening
	}
	return o, nil
}

var errNoOpening = errors.New("is not a line of opening hours; write days and then times, like Mon-Fri 09:00-18:00")

// readDays parses "Mon" or "Mon-Fri", which may go over Sunday. It returns nil for other
// text.
func readDays(word string) []time.Weekday {
	first, last, isRange := strings.Cut(word, "-")
	from, ok := readDay(first)
	if !ok {
		return nil
	}
	if !isRange {
		return []time.Weekday{from}
	}
	to, ok := readDay(last)
	if !ok {
		return nil
	}
	var days []time.Weekday
	for day := from; day != to; day = (day + 1) % 7 {
		days = append(days, day)
	}
	return append(days, to)
}

func readDay(word string) (time.Weekday, bool) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if len(word) >= 3 && strings.HasPrefix(strings.ToLower(day.String()), strings.ToLower(word)) {
			return day, true
		}
	}
	return 0, false
}

var spanText = regexp.MustCompile(`^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$`)

// readSpan parses "09:00-18:00". A span that ends before it begins ends on the next day.
func readSpan(word string) (sla.Span, error) {
	parts := spanText.FindStringSubmatch(word)
	if parts == nil {
		return sla.Span{}, errNoOpening
	}
	var numbers [4]int
	for i, part := range parts[1:] {
		numbers[i], _ = strconv.Atoi(part) // one or two digits
	}
	s := sla.Span{From: 60*numbers[0] + numbers[1], To: 60*numbers[2] + numbers[3]}
	switch {
	case numbers[1] > 59 || numbers[3] > 59 || s.From >= minutesADay || s.To > minutesADay:
		return sla.Span{}, errors.New("has a time in it that no day has; write times from 00:00 to 24:00")
	case s.From == s.To:
		return sla.Span{}, errors.New("opens and closes at the same time; for a whole day, write 00:00-24:00")
	case s.To < s.From:
		s.To += minutesADay
	}
	return s, nil
}

const minutesADay = 24 * 60

// weekOf refuses two openings of one day that overlap: probably one of them should
// replace the other.
func weekOf(openings []opening) ([7][]sla.Span, error) {
	var week [7][]sla.Span
	for _, o := range openings {
		for _, day := range o.days {
			week[day] = append(week[day], o.spans...)
		}
	}
	for day, spans := range week {
		slices.SortFunc(spans, func(a, b sla.Span) int { return a.From - b.From })
		for i := 1; i < len(spans); i++ {
			if spans[i].From < spans[i-1].To {
				return week, fmt.Errorf("opens twice at the same time on %s; write each day's hours once", time.Weekday(day))
			}
		}
	}
	return week, nil
}

func zoneName(raw any) (string, error) {
	value, err := text(raw)
	if err != nil || value == "" {
		return "", err
	}
	location, err := zone(value)
	if err != nil {
		return "", err
	}
	return location.String(), nil
}

// date also accepts the value that YAML makes of a date without quotes.
func date(raw any) (string, error) {
	day, ok := raw.(time.Time)
	if !ok {
		value, err := text(raw)
		if err != nil {
			return "", err
		}
		if day, err = time.Parse(time.DateOnly, value); err != nil {
			return "", errors.New("is not a date; write something like 2026-12-25")
		}
	}
	if day.Year() < sla.FirstYear || day.Year() > sla.LastYear {
		return "", fmt.Errorf("is not in the years that are counted; write a date from %d to %d", sla.FirstYear, sla.LastYear)
	}
	return day.Format(time.DateOnly), nil
}

// code parses a country or a region, in any case, to capitals.
func code(raw any) (string, error) {
	value, err := text(raw)
	return strings.ToUpper(value), err
}
