package slackview

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

func TestReadStats(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	c := Countable{
		Categories: []string{"Payments", "Access rights", "7d"},
		Squads:     map[string][]string{"Payments": {"Payments", "Access rights"}, "Web": {"Access rights"}, "Idle": nil},
		Now:        now, Zone: time.UTC,
	}
	week, month := insight.LastDays(7, now), insight.LastDays(30, now)
	of := func(name string, categories ...string) insight.Selection {
		return insight.Selection{Name: name, Categories: append([]string{}, categories...)}
	}
	for text, want := range map[string]AskedNumbers{
		"":                          {Period: week},
		"30d":                       {Period: month},
		"payments":                  {Period: week, Of: of("Payments", "Payments")},
		"30d access RIGHTS":         {Period: month, Of: of("Access rights", "Access rights")},
		`30d "Access rights"`:       {Period: month, Of: of("Access rights", "Access rights")},
		"squad:Payments":            {Period: week, Of: of("Payments", "Payments", "Access rights")},
		"30d squad: web":            {Period: month, Of: of("Web", "Access rights")},
		"web":                       {Period: week, Of: of("Web", "Access rights")},
		"Idle":                      {Period: week, Of: of("Idle")},
		"category:Access rights":    {Period: week, Of: of("Access rights", "Access rights")},
		"2026-11-01..2026-11-02 7d": {Period: ticket.Period{From: now.AddDate(0, 0, -22).Add(-9 * time.Hour), To: now.AddDate(0, 0, -20).Add(-9 * time.Hour)}, Of: of("7d", "7d")},
	} {
		got, ok, err := ReadStats(text, c)
		if diff := cmp.Diff(want, got); diff != "" || !ok || err != nil {
			t.Errorf("%q: %v, %v (-want +got):\n%s", text, ok, err, diff)
		}
		if got.Of.All() != (got.Of.Name == "") {
			t.Errorf("%q selects %+v", text, got.Of)
		}
	}
	for _, text := range []string{"page is broken", "payments page", "category:Web", "squad:Access rights", `"`} {
		if got, ok, err := ReadStats(text, c); ok || err != nil {
			t.Errorf("%q is a title, but asks for %+v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"30d Paymnts <!here>":    "There is no category and no squad “Paymnts !here”.",
		"2026-11-02..2026-11-01": "That ends before it begins. Write the earlier day first.",
	} {
		if _, ok, err := ReadStats(text, c); !ok || ticket.SentenceOf(err) != want {
			t.Errorf("%q: %v, %v, want %q", text, ok, err, want)
		}
	}
}
