package app_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/app"
	"supporty/internal/config"
)

func settings(t *testing.T, hours string) config.Config {
	t.Helper()
	cfg, err := config.LoadOffline("", []string{"HOME=/h", "SUPPORTY_HOURS=" + hours})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

const office = "Mon-Fri 09:00-17:00 Europe/London"

func TestExplainAsJSON(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		hours, priority, at string
		want                string // respond: warned, due; resolve: warned, due
	}{
		{"", "P2", "2026-03-27 16:30", "2026-03-27T17:03:45.000Z 2026-03-27T17:15:00.000Z 2026-03-27T18:45:00.000Z 2026-03-27T19:30:00.000Z"},
		{office, "p2", "2026-03-27 16:30", "2026-03-30T08:03:45.000Z 2026-03-30T08:15:00.000Z 2026-03-30T09:45:00.000Z 2026-03-30T10:30:00.000Z"},
		{office, "P2", "2026-03-27T16:30:15.123Z", "2026-03-30T08:04:00.123Z 2026-03-30T08:15:15.123Z 2026-03-30T09:45:15.123Z 2026-03-30T10:30:15.123Z"},
		{office, "P2", "2026-03-27T12:30:00-04:00", "2026-03-30T08:03:45.000Z 2026-03-30T08:15:00.000Z 2026-03-30T09:45:00.000Z 2026-03-30T10:30:00.000Z"},
		{office, "P1", "2026-03-29 03:00", "2026-03-29T02:11:15.000Z 2026-03-29T02:15:00.000Z 2026-03-29T02:45:00.000Z 2026-03-29T03:00:00.000Z"},
	} {
		e, err := app.Explain(settings(t, test.hours), test.priority, "", test.at)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		if err := e.WriteJSON(&got); err != nil {
			t.Fatal(err)
		}
		times := strings.Fields(test.want)
		want := `{"respond_warn_at":"` + times[0] + `","respond_due_at":"` + times[1] +
			`","resolve_warn_at":"` + times[2] + `","resolve_due_at":"` + times[3] + "\"}\n"
		if diff := cmp.Diff(want, got.String()); diff != "" {
			t.Errorf("%s, %s at %s (-want +got):\n%s", test.hours, test.priority, test.at, diff)
		}
	}
}

func TestExplainForPeople(t *testing.T) {
	t.Parallel()
	cfg := settings(t, office)
	cfg.Priorities[2].Resolve = config.Target{Days: 1}
	for _, test := range []struct{ priority, want string }{
		{"P1", `P1, filed Fri 27 Mar 2026 16:30:00 (Europe/London); every hour counts.
Answered within 15m: by Fri 27 Mar 2026 16:45:00, warned Fri 27 Mar 2026 16:41:15.
Solved   within 1h: by Fri 27 Mar 2026 17:30:00, warned Fri 27 Mar 2026 17:15:00.
`},
		{"P3", `P3, filed Fri 27 Mar 2026 16:30:00 (Europe/London); opening hours count.
Answered within 6h: by Mon 30 Mar 2026 14:30:00, measured in silence.
Solved   within 1 working day: by Mon 30 Mar 2026 16:30:00, warned Mon 30 Mar 2026 14:30:00.
`},
	} {
		e, err := app.Explain(cfg, test.priority, "", "2026-03-27 16:30")
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		if err := e.WriteText(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, got.String()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestExplainACategory(t *testing.T) {
	t.Parallel()
	cfg := settings(t, office)
	cfg.Squads = []config.Squad{{Name: "Payments", Override: config.Override{
		Hours:   new(settings(t, "Mon-Sun 08:00-20:00 America/New_York").Hours),
		Targets: []config.TargetChange{{Name: "P2", Resolve: config.Target{Open: 2 * time.Hour}}},
	}}}
	cfg.Categories = []config.Category{{Name: "Payments", Squad: "Payments"}, {Name: "Gardening", NoClock: true}}
	for _, test := range []struct{ category, text, json string }{
		{"payments", `P2, filed Fri 27 Mar 2026 18:30:00 (America/New_York); opening hours count.
Answered within 45m: by Fri 27 Mar 2026 19:15:00, measured in silence.
Solved   within 2h: by Sat 28 Mar 2026 08:30:00, warned Fri 27 Mar 2026 20:00:00.
`, `{"respond_warn_at":"2026-03-27T23:03:45.000Z","respond_due_at":"2026-03-27T23:15:00.000Z",` +
			`"resolve_warn_at":"2026-03-28T00:00:00.000Z","resolve_due_at":"2026-03-28T12:30:00.000Z"}` + "\n"},
		{"Gardening", "P2, filed Fri 27 Mar 2026 18:30:00 (Europe/London): no target.\n",
			`{"respond_warn_at":null,"respond_due_at":null,"resolve_warn_at":null,"resolve_due_at":null}` + "\n"},
	} {
		e, err := app.Explain(cfg, "P2", test.category, "2026-03-27 18:30")
		if err != nil {
			t.Fatal(err)
		}
		var text, asJSON strings.Builder
		if err := errors.Join(e.WriteText(&text), e.WriteJSON(&asJSON)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{test.text, test.json}, []string{text.String(), asJSON.String()}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.category, diff)
		}
	}
	if _, err := app.Explain(cfg, "P2", "Data", "2026-03-27 18:30"); err == nil || err.Error() != `"Data" is not a category; write one of Payments, Gardening` {
		t.Errorf("%v", err)
	}
}

func TestExplainRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ priority, at, want string }{
		{"P4", "2026-03-27 16:30", `"P4" is not a priority; write P1, P2 or P3`},
		{"P2", "2250-01-01 09:00", `"2250-01-01 09:00" is not in the years that are counted; write a time from 1970 to 2200`},
		{"P2", "1969-12-31T23:00:00Z", `"1969-12-31T23:00:00Z" is not in the years that are counted; write a time from 1970 to 2200`},
		{"P2", "tomorrow", `"tomorrow" is not a time; write something like "2026-03-27 16:30" or 2026-03-27T16:30:00Z`},
	} {
		if _, err := app.Explain(config.Default(), test.priority, "", test.at); err == nil || err.Error() != test.want {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
}
