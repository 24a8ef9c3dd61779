package app_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// elsewhere is a program that has the rota of Checkout, on a server of its own.
type elsewhere struct {
	text  atomic.Pointer[string] // nil: it does not work
	asked atomic.Int32
}

func (e *elsewhere) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	e.asked.Add(1)
	text := e.text.Load()
	if text == nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_, _ = w.Write([]byte(*text))
}

// says has it say who is on duty: an hour of "bob@example.com 16T10".
func (e *elsewhere) says(hours ...string) {
	var all strings.Builder
	all.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
	for _, h := range hours {
		who, from, _ := strings.Cut(h, " ")
		all.WriteString("BEGIN:VEVENT\r\nUID:" + from + "\r\nATTENDEE:" + who + "\r\nSUMMARY:On Call\r\nDTSTART:202611" + from + "0000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n")
	}
	text := all.String() + "END:VCALENDAR\r\n"
	e.text.Store(&text)
}

func (e *elsewhere) serve(t *testing.T) func(c *config_, sim *simConfig) {
	t.Helper()
	s := httptest.NewServer(e)
	t.Cleanup(s.Close)
	return func(c *config_, sim *simConfig) {
		rota(c, sim)
		c.Squads[0].Rota = []config.Layer{{ICal: config.Secret(s.URL + "/private/s3kr1t"), Names: []config.CalendarName{
			{Name: "Bob@example.com", Person: "U0BOB1"}, {Name: "dana@example.com", Person: "U0DANA"},
		}}}
	}
}

// Who is on duty is read from another program at the start, and again when it has changed; while the
// program does not answer, and after a restart, what was read last counts. The log has no address, and says
// once what is wrong.
func TestARotaFromElsewhere(t *testing.T) {
	t.Parallel()
	var pager elsewhere
	pager.says("bob@example.com 16T10", "dana@example.com 16T11", "dana@example.com 16T12", "erin@example.com 16T13")
	h := newHarness(t, pager.serve(t))
	stop := h.startOne()
	h.advance(time.Second)
	h.as("bob").gets("You are on duty for Checkout until")
	h.as("alice").types("/support duty")
	says(t, h.as("alice").hears("On duty now").Rendered(), "Checkout: Bob until", ", then Dana.")

	pager.says("bob@example.com 16T10", "bob@example.com 16T11", "dana@example.com 16T12", "erin@example.com 16T13")
	reads := func() {
		t.Helper()
		if err := h.bot.ReadCalendars(h.ctx); err != nil {
			t.Fatal(err)
		}
	}
	reads() // too soon
	h.as("alice").types("/support duty checkout 11:30")
	h.as("alice").hears("Checkout: Dana until")
	h.advance(6 * time.Minute)
	reads()
	h.as("alice").types("/support duty checkout 11:31")
	h.as("alice").hears("Checkout: Bob until")

	pager.text.Store(nil)
	for range 3 {
		h.advance(6 * time.Minute)
		reads()
	}
	stop()
	stop = h.startOne()
	h.as("alice").types("/support duty checkout 11:32")
	h.as("alice").hears("Checkout: Bob until")
	h.as("alice").types("/support duty checkout 13:30")
	h.as("alice").hears("Checkout: nobody")
	var report bytes.Buffer
	app.Doctor(h.ctx, h.cfg, &report)
	says(t, report.String(), "warn  squads[0].rota[0].ical", "answered 502", "Until then what was read at 2026-11-16T10:06")
	pager.says("bob@example.com 16T10", "erin@example.com 16T13")
	report.Reset()
	app.Doctor(h.ctx, h.cfg, &report)
	says(t, report.String(), `nobody is on duty in the shifts of "erin@example.com": write in names who they are`)
	stop()
	log := h.log.String()
	if n := strings.Count(log, "a calendar could not be read"); n != 1 || strings.Contains(log+report.String(), "s3kr1t") {
		t.Errorf("the log says %d times that it could not be read, or has the address:\n%s", n, log)
	}
}

// A program that has never answered holds up nothing: nobody is on duty, and once it answers somebody is.
// What it says in between that is no calendar changes nothing.
func TestARotaFromElsewhereThatIsNotThere(t *testing.T) {
	t.Parallel()
	var pager elsewhere
	h := newHarness(t, pager.serve(t))
	t.Cleanup(h.startOne())
	h.as("alice").types("/support duty")
	h.as("alice").hears("Checkout: nobody")
	page := "<html>Sign in</html>"
	pager.text.Store(&page)
	h.advance(6 * time.Minute)
	if err := h.bot.ReadCalendars(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.until(`SELECT failure = 'what is at the address is not a calendar' AND version = 0 FROM rota_calendars`)
	var report bytes.Buffer
	if app.Doctor(h.ctx, h.cfg, &report) {
		t.Errorf("the doctor finds nothing:\n%s", report.String())
	}
	says(t, report.String(), "FAIL  squads[0].rota[0].ical", "Nobody is on duty by it")
	pager.says("bob@example.com 16T10")
	h.advance(6 * time.Minute)
	if err := h.bot.ReadCalendars(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.advance(time.Second)
	h.as("bob").gets("You are on duty for Checkout until")
	h.as("bob").types("/support duty")
	bob := h.as("bob")
	bob.clicks(bob.hears("Checkout: Bob until"), "take_over_duty:Checkout")
	now := h.clock.Now()
	bob.submits(slacksim.FormValues{"assignee": "U0DANA", "from": now.Truncate(time.Minute).Unix(), "until": now.Add(20 * time.Minute).Unix()})
	h.as("dana").gets("Bob put you on duty for Checkout")
}

// A calendar that is not UTF-8, with names in Latin-1 and a NUL, is kept and says who is on duty. One that is cut off
// before its end changes nothing, nor does one that the database refuses; the doctor says both.
func TestARotaFromElsewhereInOtherBytes(t *testing.T) {
	t.Parallel()
	var pager elsewhere
	pager.says("bob@example.com 16T10")
	h := newHarness(t, pager.serve(t), func(c *config_, _ *simConfig) {
		names := &c.Squads[0].Rota[0].Names
		*names = append(*names, config.CalendarName{Name: "Zoë", Person: "U0DANA"})
	})
	t.Cleanup(h.startOne())
	reads := func() error {
		h.advance(6 * time.Minute)
		return h.bot.ReadCalendars(h.ctx)
	}
	doctor := func() string {
		var report bytes.Buffer
		app.Doctor(h.ctx, h.cfg, &report)
		return report.String()
	}
	pager.says("Zo\xeb 16T10", "bob@example.com 16T11", "bob@example.com\x00 16T12")
	if err := reads(); err != nil {
		t.Fatal(err)
	}
	h.as("alice").types("/support duty checkout 10:30")
	h.as("alice").hears("Checkout: Dana until")

	pager.says("bob@example.com 16T10")
	cut := strings.TrimSuffix(*pager.text.Load(), "END:VCALENDAR\r\n")
	pager.text.Store(&cut)
	if err := reads(); err != nil {
		t.Fatal(err)
	}
	h.until(`SELECT failure = 'the calendar is cut off before its end' AND version = 2 FROM rota_calendars`)
	h.as("alice").types("/support duty checkout 10:31")
	h.as("alice").hears("Checkout: Dana until")
	says(t, doctor(), "warn  squads[0].rota[0].ical", "the calendar is cut off before its end")

	h.has(`ALTER TABLE rota_calendars ADD CHECK (content NOT LIKE '%erin@example.com%') NOT VALID`)
	pager.says("erin@example.com 16T10")
	_ = reads() // an error, unless the bot reads it by itself
	h.until(`SELECT failure = 'what was read could not be kept' FROM rota_calendars`)
	says(t, doctor(), "warn  squads[0].rota[0].ical", "what was read could not be kept")
}
