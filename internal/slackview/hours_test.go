package slackview

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// office is open from 9 to 18 on workdays.
var office = func() *sla.Calendar {
	h := sla.Hours{Zone: "Europe/London"}
	for day := time.Monday; day <= time.Friday; day++ {
		h.Week[day] = []sla.Span{{From: 9 * 60, To: 18 * 60}}
	}
	c, err := sla.NewCalendar(h)
	if err != nil {
		panic(err)
	}
	return c
}()

// withHours is the policy of version 2: P1 is 24×7.
var withHours = sla.Policy{Targets: sla.Targets{
	1: {Resolve: time.Hour, Respond: 15 * time.Minute, AlertRespond: true, WarnAt: 0.75},
	2: {Resolve: 3 * time.Hour, Respond: 45 * time.Minute, WarnAt: 0.75, Calendar: office},
	3: {ResolveDays: 1, RespondDays: 1, WarnAt: 0.75, Calendar: office},
}}

// byCategory is the policy of version 3.
var byCategory = sla.Policy{Targets: withHours.Targets, Categories: map[string]sla.Targets{
	"Payments": {
		1: {Resolve: time.Hour, Respond: 15 * time.Minute, WarnAt: 0.75},
		2: {Resolve: 90 * time.Minute, Respond: 45 * time.Minute, WarnAt: 0.75, Calendar: office},
		3: {ResolveDays: 2, RespondDays: 1, WarnAt: 0.75, Calendar: office},
	},
	"Gardening": {},
}}

func offersWithHours(now time.Time) FormParams {
	p := offers()
	p.Now, p.Policy = now, withHours
	return p
}

// afternoon is an hour and ten minutes before the desk closes for the weekend.
var afternoon = time.Date(2026, 11, 20, 16, 50, 0, 0, time.UTC)

func TestFormsWithHours(t *testing.T) {
	t.Parallel()
	for name, now := range map[string]time.Time{"open": afternoon, "closed": afternoon.Add(24 * time.Hour)} {
		m := Form(offersWithHours(now))
		checkModal(t, m)
		golden(t, "form_hours_"+name, m)
	}
}

func TestForecast(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		now  time.Time
		want string
	}{
		{afternoon, "The desk closes at 18:00. P1: solved by Fri 20 Nov 17:50. P2: solved by Mon 23 Nov 10:50. P3: solved by Mon 23 Nov 16:50."},
		{afternoon.Add(24 * time.Hour), "The desk is closed and opens Mon 23 Nov 09:00. P2 and P3 wait until then. P1: solved by Sat 21 Nov 17:50. P2: solved by Mon 23 Nov 12:00. P3: solved by Tue 24 Nov 09:00."},
		{afternoon.Add(-10 * time.Hour), "The desk is closed and opens at 09:00. P2 and P3 wait until then. P1: solved by Fri 20 Nov 07:50. P2: solved by Fri 20 Nov 12:00. P3: solved by Mon 23 Nov 09:00."},
	} {
		t.Run(test.want, func(t *testing.T) {
			if got := inUTC(forecast(offersWithHours(test.now))); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
	if got := forecast(offers()); got != "" {
		t.Errorf("without hours: %q", got)
	}
}

// Where a holiday closes the desk, the form says so, and which day that is.
func TestTheFormNamesHolidays(t *testing.T) {
	t.Parallel()
	h := sla.Hours{Zone: "UTC", Holidays: []string{"2026-12-25", "2026-12-26", "2026-12-28"}}
	for day := time.Monday; day <= time.Friday; day++ {
		h.Week[day] = []sla.Span{{From: 540, To: 1080}}
	}
	c, err := sla.NewCalendar(h)
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2026-12-24 12:00": "The desk closes at 18:00.",
		"2026-12-24 19:00": "The desk is closed and opens Tue 29 Dec 09:00. Holiday: Fri 25 Dec, Mon 28 Dec.",
		"2026-12-27 12:00": "The desk is closed and opens Tue 29 Dec 09:00. Holiday: Mon 28 Dec.",
		"2026-12-29 07:00": "The desk is closed and opens at 09:00.",
	} {
		at, err := time.Parse("2006-01-02 15:04", now)
		if got := inUTC(sentences(deskState(c, at), closedBy(c, at))); err != nil || got != want {
			t.Errorf("%s: %q, want %q", now, got, want)
		}
	}
}

// The form and the card show the same deadline, in every category.
func TestTheCardKeepsTheFormsPromise(t *testing.T) {
	t.Parallel()
	form := offersWithHours(afternoon)
	form.Policy = byCategory
	for i, category := range []string{"Product", "Payments", "Gardening", "Product", "Payments"} {
		form.Category = category
		p := ticket.Priorities[i%3]
		first := opened()
		first.Priority, first.Category, first.Policy, first.HappenedAt = p, category, 3, afternoon
		shown, said := promise(ticket42(t, first).Clock(sla.Resolve), afternoon), forecast(form)
		if category == "Gardening" {
			if shown != noTarget || said != "" || !strings.HasSuffix(priorityText(form.Priorities[0], form.target(p)), noTarget) {
				t.Errorf("without a clock: the form says %q, the card %q", said, shown)
			}
			continue
		}
		if !strings.Contains(said, p.String()+": solved by "+strings.TrimPrefix(shown, "solve by ")) {
			t.Errorf("the form says %q, the card %q", said, shown)
		}
	}
}

func TestAlertsWithHours(t *testing.T) {
	t.Parallel()
	filed := func(p ticket.Priority, at time.Time) desk.Record {
		first := opened()
		first.Priority, first.Policy, first.HappenedAt = p, 2, at
		return ticket42(t, first, ticket.Entry{Kind: ticket.Claimed, Actor: "UBOB", Role: ticket.RoleResponder, HappenedAt: at.Add(time.Minute)})
	}
	alert := func(step sla.StepName) desk.Alert {
		return desk.Alert{Cycle: 1, Source: desk.Source(sla.Resolve), Step: step}
	}
	friday := time.Date(2026, 11, 20, 15, 15, 0, 0, time.UTC)
	monday := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name string
		r    desk.Record
		step sla.StepName
		now  time.Time
		want string
	}{
		{"warned before the weekend", filed(ticket.P2, friday), sla.Warn, friday.Add(135 * time.Minute), "<@UBOB>, #42 Checkout fails for US cards (Alice) is to be solved by Mon 23 Nov 09:15, in 45 minutes of opening hours."},
		{"warned on the same day", filed(ticket.P2, monday.Add(time.Hour)), sla.Warn, monday.Add(3*time.Hour + 15*time.Minute), "<@UBOB>, #42 Checkout fails for US cards (Alice) is to be solved by 12:00, in 45 minutes."},
		{"late by a working day", filed(ticket.P3, friday), sla.Late, friday.Add(72 * time.Hour), "#42 Checkout fails for US cards (Alice) passed its 1 working day target at 15:15. <@UBOB>, please tell Alice when to expect it."},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := alert(test.step)
			n := desk.Notice{Kind: desk.NoticeAlert, To: "UBOB", NoticeDetails: desk.NoticeDetails{Alert: &a}}
			got := alertText(n, test.r, sceneAt(test.now))
			if inUTC(got) != test.want {
				t.Errorf("%q, want %q", inUTC(got), test.want)
			}
		})
	}
}

func TestPriorityTextInWorkingDays(t *testing.T) {
	t.Parallel()
	c, target := offersWithHours(afternoon).Priorities[2], offersWithHours(afternoon).target(ticket.P3)
	if got, want := priorityText(c, target), "P3 · Minor · solved within 1 working day, answered within 1 working day"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	c.Title, target.ResolveDays, target.RespondDays = strings.Repeat("x", 60), 100, 100
	if got := []rune(priorityText(c, target)); len(got) > longestOption {
		t.Errorf("%d characters: %q", len(got), string(got))
	}
}

// The form says what a P1 does to people only where, and while, it does.
func TestWhatAP1Does(t *testing.T) {
	t.Parallel()
	const (
		usual  = "P1: If nobody answers, the channel is told again."
		asleep = "P1: The desk is closed. Who is on duty gets messages, but Slack's do-not-disturb can hold them back: this wakes nobody."
	)
	night, saturday, winter := time.Date(2026, 7, 21, 2, 10, 0, 0, time.UTC), afternoon.Add(24*time.Hour), time.Date(2026, 11, 21, 3, 10, 0, 0, time.UTC)
	wakes := Calling{Ladder: true, Wakes: true}
	for name, test := range map[string]struct {
		now      time.Time
		calls    map[string]Calling
		category string
		guest    bool
		want     string
	}{
		"no ladder":          {night, nil, "Payments", false, usual},
		"open":               {afternoon, map[string]Calling{"Payments": wakes}, "Payments", false, usual},
		"another category":   {night, map[string]Calling{"Payments": wakes}, "Product", false, usual},
		"no category":        {night, map[string]Calling{"Payments": wakes}, "", false, usual},
		"all categories":     {night, map[string]Calling{"Payments": wakes, "Product": wakes, "Other": wakes}, "", false, "P1: It is 03:10. This wakes a person."},
		"summer time":        {night, map[string]Calling{"Payments": wakes}, "Payments", false, "P1: It is 03:10. This wakes a person."},
		"winter time":        {winter, map[string]Calling{"Payments": wakes}, "Payments", false, "P1: It is 03:10. This wakes a person."},
		"by day":             {saturday, map[string]Calling{"Payments": wakes}, "Payments", false, "P1: The desk is closed. This calls a person who is on duty."},
		"no page":            {night, map[string]Calling{"Payments": {Ladder: true}}, "Payments", false, asleep},
		"a guest":            {night, map[string]Calling{"Payments": wakes}, "Payments", true, asleep},
		"a guest, if so set": {night, map[string]Calling{"Payments": {Ladder: true, Wakes: true, Guests: true}}, "Payments", true, "P1: It is 03:10. This wakes a person."},
		"no time":            {time.Time{}, map[string]Calling{"Payments": wakes}, "Payments", false, usual},
	} {
		p := offersWithHours(test.now)
		p.Night, p.Calling, p.Category, p.Guest = duty.UsualNight, test.calls, test.category, test.guest
		if got := ofP1(p); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// Who files while the desk is closed reads where they filed, and in the receipt, until when it waits.
func TestWhatWaitsForTheDesk(t *testing.T) {
	t.Parallel()
	first, night := opened(), afternoon.Add(8*time.Hour)
	first.Priority, first.Policy, first.HappenedAt = ticket.P2, 2, night
	r := ticket42(t, first)
	const waits = "The desk is closed: it waits until Mon 23 Nov 09:00."
	for name, text := range map[string]string{"filed": Filed(r, "CSUPPORT", sceneAt(night)).Text, "receipt": receipt(desk.Notice{Kind: desk.NoticeReceipt, To: r.Ticket.Requester}, r, sceneAt(night)).Text} {
		if got := inUTC(text); !strings.Contains(got, waits) {
			t.Errorf("%s: %q", name, got)
		}
	}
	first.Priority = ticket.P1
	if got := Filed(ticket42(t, first), "CSUPPORT", sceneAt(night)).Text; strings.Contains(got, "waits") {
		t.Errorf("a P1 that is around the clock: %q", got)
	}
}
