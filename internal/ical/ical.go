// Package ical writes the rota of a squad as a calendar that other programs read, by RFC 5545
// (https://www.rfc-editor.org/rfc/rfc5545). It knows shifts; who may read them, and where they come from,
// may not enter.
package ical

import (
	"fmt"
	"time"

	ics "github.com/arran4/golang-ical"

	"supporty/internal/duty"
)

// readAgain is after how long programs are asked to read the calendar again.
const readAgain = "PT1H"

// Calendar is the shifts of a squad in which somebody is on duty. id tells its events from those of
// other squads, names are of people, and at is when it is written. Times are written in UTC.
func Calendar(squad, id string, shifts []duty.Shift, names func(person string) string, at time.Time) string {
	c := ics.NewCalendarFor("supporty")
	c.SetMethod(ics.MethodPublish)
	c.SetName("On duty: " + squad)
	c.SetXWRCalName("On duty: " + squad)
	c.SetRefreshInterval(readAgain)
	c.SetXPublishedTTL(readAgain)
	for _, s := range shifts {
		if s.Person == "" {
			continue
		}
		e := c.AddEvent(fmt.Sprintf("%d-%s-%s@supporty", s.From.Unix(), id, s.Person))
		e.SetDtStampTime(at)
		e.SetStartAt(s.From)
		e.SetEndAt(s.Until)
		e.SetSummary(names(s.Person) + " is on duty for " + squad)
		e.SetTimeTransparency(ics.TransparencyTransparent)
	}
	return c.Serialize(ics.WithNewLineWindows)
}
