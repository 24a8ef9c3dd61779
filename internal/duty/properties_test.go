package duty_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"supporty/internal/duty"
	"supporty/internal/sla"
)

var zones = []string{"UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca"}

func draw[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// drawHours are office hours, nights, weekends, or always.
func drawHours(r *rand.Rand, zone string) *sla.Calendar {
	h := sla.Hours{Zone: zone}
	for day := range h.Week {
		if r.IntN(3) > 0 {
			from := 15 * r.IntN(90)
			h.Week[day] = []sla.Span{{From: from, To: from + 15*(1+r.IntN(60))}}
		}
	}
	c, err := sla.NewCalendar(h)
	if err != nil || r.IntN(4) == 0 { // it may never open
		return nil
	}
	return c
}

func drawRota(t *testing.T, r *rand.Rand, begin time.Time) duty.Rota {
	var rota duty.Rota
	people := []string{"alice", "bob", "carol", "dana"}
	for range 1 + r.IntN(3) {
		zone := at(t, draw(r, zones...), "2026-01-01 00:00").Location()
		l := duty.Layer{Zone: zone, First: begin.Add(time.Duration(15*r.IntN(400)) * time.Minute), Turn: draw(r, 30*time.Minute, time.Hour, 7*time.Hour, 12*time.Hour, 24*time.Hour, week)}
		for range r.IntN(5) {
			l.People = append(l.People, draw(r, people...))
		}
		l.Hours = drawHours(r, zone.String())
		l.Outside = l.Hours != nil && r.IntN(2) == 0
		rota.Layers = append(rota.Layers, l)
	}
	for range r.IntN(3) {
		from := begin.Add(time.Duration(r.IntN(14*24)) * time.Hour)
		rota.Absences = append(rota.Absences, duty.Absence{Person: draw(r, people...), From: from, Until: from.Add(time.Duration(r.IntN(72)) * time.Hour)})
	}
	for range r.IntN(4) {
		from := begin.Add(time.Duration(r.IntN(14*24*4)) * 15 * time.Minute)
		rota.Overrides = append(rota.Overrides, duty.Override{Person: draw(r, people...), From: from, Until: from.Add(time.Duration(r.IntN(200)) * 15 * time.Minute)})
	}
	return rota
}

// walker is a second, slow reading of a rota: it walks from minute to minute, looks at the
// clocks of each layer's zone, and counts the turns that they have shown.
type walker struct {
	rota  duty.Rota
	turns []int
	next  []time.Time // the wall clock time at which the next turn begins
}

func newWalker(r duty.Rota) *walker {
	w := &walker{rota: r, turns: make([]int, len(r.Layers)), next: make([]time.Time, len(r.Layers))}
	for i, l := range r.Layers {
		w.turns[i], w.next[i] = -1, l.First
	}
	return w
}

// reaches walks on to a minute, and returns who is on duty in it.
func (w *walker) reaches(t time.Time) (person string) {
	for i, l := range w.rota.Layers {
		shown, err := time.Parse(time.DateTime, t.In(l.Zone).Format(time.DateTime))
		if err != nil {
			panic(err)
		}
		for !w.next[i].After(shown) {
			w.turns[i]++
			w.next[i] = w.next[i].Add(l.Turn)
		}
		open, _ := l.Hours.State(t)
		if w.turns[i] < 0 || open == l.Outside {
			continue
		}
		for k := range l.People {
			if p := l.People[(w.turns[i]+k)%len(l.People)]; w.here(p, t) {
				person = p
				break
			}
		}
	}
	for _, o := range w.rota.Overrides {
		if w.here(o.Person, t) && !t.Before(o.From) && t.Before(o.Until) {
			person = o.Person
		}
	}
	return person
}

func (w *walker) here(person string, t time.Time) bool {
	for _, a := range w.rota.Absences {
		if a.Person == person && !t.Before(a.From) && t.Before(a.Until) {
			return false
		}
	}
	return true
}

// Over random rotas, in zones whose clocks change in those weeks: At says the same as the slow
// reading at some 10^5 moments; the shifts of a period follow each other, last as long as the
// period, and name who is on duty; and Now ends where another person's turn begins.
func TestAsTheSlowReading(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		from := draw(r, time.Date(2026, 3, 24, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 24, 0, 0, 0, 0, time.UTC))
		until, rota := from.AddDate(0, 0, 13), drawRota(t, r, from.AddDate(0, 0, -2))
		shifts, w, i := rota.Between(from, until), newWalker(rota), 0
		for m := from.AddDate(0, 0, -7); m.Before(until); m = m.Add(time.Minute) {
			want := w.reaches(m)
			if m.Before(from) || m.Minute()%5 > 0 {
				continue
			}
			for !m.Before(shifts[i].Until) {
				i++
			}
			if got := rota.At(m); got != want || shifts[i].Person != want {
				t.Fatalf("at %v %q is on duty, in a shift of %q; want %q\n%+v", m, got, shifts[i].Person, want, rota)
			}
		}
		areWhole(t, rota, shifts, from, until)
	}
}

func areWhole(t *testing.T, rota duty.Rota, shifts []duty.Shift, from, until time.Time) {
	t.Helper()
	var covered time.Duration
	for i, s := range shifts {
		if covered += s.Until.Sub(s.From); i > 0 && (!s.From.Equal(shifts[i-1].Until) || s.Person == shifts[i-1].Person) {
			t.Errorf("shift %d does not follow the one before: %v", i, shifts)
		}
		now, next := rota.Now(s.From)
		if i+1 < len(shifts) && (now != s || next.Person != shifts[i+1].Person) {
			t.Errorf("from %v on it is %v, then %v; the list says %v, then %v", s.From, now, next, s, shifts[i+1])
		}
	}
	if covered != until.Sub(from) {
		t.Errorf("the shifts last %v, the period %v", covered, until.Sub(from))
	}
}

// Where an always open layer has somebody who is not absent, somebody is on duty.
func TestALayerCovers(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	from := time.Date(2026, 3, 27, 0, 0, 0, 0, time.UTC)
	for range 200 {
		rota := drawRota(t, r, from.AddDate(0, 0, -2))
		rota.Layers[0] = duty.Layer{People: []string{"eve", "frank"}, Zone: rota.Layers[0].Zone, First: from.AddDate(0, 0, -10), Turn: time.Hour}
		for _, s := range rota.Between(from, from.AddDate(0, 0, 5)) {
			if s.Person == "" {
				t.Fatalf("nobody is on duty from %v to %v: %+v", s.From, s.Until, rota)
			}
		}
	}
}

func BenchmarkNow(b *testing.B) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		b.Fatal(err)
	}
	l := duty.Layer{People: []string{"alice", "bob"}, Zone: zone, First: time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC), Turn: week}
	rota, t := duty.Rota{Layers: []duty.Layer{l, l}}, time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		rota.Now(t)
	}
}
