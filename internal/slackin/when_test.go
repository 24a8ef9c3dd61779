package slackin

import (
	"testing"
	"time"
)

func TestWhen(t *testing.T) {
	t.Parallel()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 10, 23, 12, 0, 0, 0, time.UTC) // a Friday, 13:00 in London; on Sunday the clocks change
	for _, test := range []struct{ text, want string }{
		{"", "Fri 2026-10-23 13:00"},
		{"15:00", "Fri 2026-10-23 15:00"},
		{"9:00", "Sat 2026-10-24 09:00"},
		{"today 9:00", "Fri 2026-10-23 09:00"},
		{"tomorrow", "Sat 2026-10-24 13:00"},
		{"Tomorrow 09:30", "Sat 2026-10-24 09:30"},
		{"fri", "Fri 2026-10-23 13:00"},
		{"Friday 12:00", "Fri 2026-10-30 12:00"},
		{"mon 09:00", "Mon 2026-10-26 09:00"},
		{"2026-12-24 18:00", "Thu 2026-12-24 18:00"},
		{"2026-12-24", "Thu 2026-12-24 13:00"},
	} {
		w, ok := readWhen(test.text)
		if got := w.at(now, london).In(london).Format("Mon 2006-01-02 15:04"); !ok || got != test.want {
			t.Errorf("%q is %s (%v), want %s", test.text, got, ok, test.want)
		}
	}
	for _, text := range []string{"what is broken", "25:00", "mon tue", "9", "2026-13-01", "tomorrow morning", "15:00 mon"} {
		if w, ok := readWhen(text); ok {
			t.Errorf("%q is read as %+v", text, w)
		}
	}
}

func FuzzWhen(f *testing.F) {
	for _, text := range []string{"", "mon 9:00", "2026-12-24 18:00", "tomorrow", "9999-12-31 23:59"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, _ := readWhen(text)
		w.at(time.Date(2026, 10, 23, 12, 0, 0, 0, time.UTC), time.UTC)
	})
}
