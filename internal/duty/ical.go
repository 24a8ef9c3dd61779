package duty

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// ICal writes the shifts of a squad as a calendar, by RFC 5545. id tells its events from those of other
// squads; names are of people; at is when it is written.
// https://www.rfc-editor.org/rfc/rfc5545
func ICal(squad, id string, shifts []Shift, names func(person string) string, at time.Time) string {
	var c calendar
	c.add("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//supporty//duty//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
		"NAME:"+icalText("On duty: "+squad), "X-WR-CALNAME:"+icalText("On duty: "+squad), "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H")
	for _, s := range shifts {
		if s.Person == "" {
			continue
		}
		c.add("BEGIN:VEVENT", fmt.Sprintf("UID:%d-%s-%s@supporty", s.From.Unix(), id, s.Person), "DTSTAMP:"+icalTime(at),
			"DTSTART:"+icalTime(s.From), "DTEND:"+icalTime(s.Until), "SUMMARY:"+icalText(names(s.Person)+" is on duty for "+squad), "TRANSP:TRANSPARENT", "END:VEVENT")
	}
	c.add("END:VCALENDAR")
	return c.text.String()
}

type calendar struct{ text strings.Builder }

// longestLine is how many bytes a line may have. What is longer goes on in the next one, behind a space.
const longestLine = 75

func (c *calendar) add(lines ...string) {
	for _, line := range lines {
		for most := longestLine; len(line) > most; most = longestLine - 1 {
			cut := most
			for !utf8.RuneStart(line[cut]) {
				cut--
			}
			c.text.WriteString(line[:cut] + "\r\n ")
			line = line[cut:]
		}
		c.text.WriteString(line + "\r\n")
	}
}

func icalTime(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

var icalEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r", "", "\n", `\n`)

func icalText(text string) string { return icalEscapes.Replace(text) }
