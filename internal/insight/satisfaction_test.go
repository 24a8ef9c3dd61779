package insight_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// monday is the beginning of the first week in which answers are given; November begins with it.
var monday = time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)

// spoken is an answer of a day, counted from monday. Two people help in turn.
func spoken(day int, rater, category string, first, stars int) insight.Answer {
	return insight.Answer{At: monday.AddDate(0, 0, day).Add(10 * time.Hour), Category: category, First: first, Stars: stars, Rater: rater, Helper: fmt.Sprint("helper", day%2)}
}

func days(from, to int) ticket.Period {
	return ticket.Period{From: monday.AddDate(0, 0, from), To: monday.AddDate(0, 0, to)}
}

// Stars are told of a week once it is final, if they are of enough people; else of a month.
func TestSatisfaction(t *testing.T) {
	t.Parallel()
	five := []insight.Answer{spoken(0, "a", "A", 2, 4), spoken(1, "b", "A", 1, 5), spoken(2, "c", "A", 1, 5), spoken(3, "a", "A", 5, 3), spoken(6, "b", "A", 4, 4)}
	told := insight.Satisfaction{
		Told: 5, Weeks: days(0, 7), Stars: [5]int{0, 0, 1, 2, 2}, Rose: []insight.Rise{{From: 1, To: 5, Count: 2}, {From: 2, To: 4, Count: 1}},
	}
	monthly := told
	monthly.Weeks = days(0, 35)
	mixed := append([]insight.Answer{}, five...)
	mixed[2].Category = "B"
	spread := append([]insight.Answer{}, five...)
	spread[4].At = spread[4].At.AddDate(0, 0, 21)
	one := append([]insight.Answer{}, five...)
	for i := range one {
		one[i].Helper = "helper0"
	}
	few := append([]insight.Answer{}, five...)
	few[2].Rater = "a"
	category := insight.Selection{Name: "A", Categories: []string{"A"}}
	for name, test := range map[string]struct {
		all  []insight.Answer
		in   ticket.Period
		of   insight.Selection
		want insight.Satisfaction
	}{
		"final":                   {five, days(14, 15), insight.Selection{}, told},
		"of the category":         {five, days(14, 15), category, told},
		"not final yet":           {five, days(0, 14), insight.Selection{}, insight.Satisfaction{}},
		"told before":             {five, days(15, 60), insight.Selection{}, insight.Satisfaction{}},
		"of several categories":   {mixed, days(0, 60), insight.Selection{}, told},
		"too few of the category": {mixed, days(0, 60), category, insight.Satisfaction{}},
		"of a month":              {spread, days(42, 43), insight.Selection{}, monthly},
		"of a month, not final":   {spread, days(0, 42), insight.Selection{}, insight.Satisfaction{}},
		"too few answers":         {five[1:], days(0, 60), insight.Selection{}, insight.Satisfaction{}},
		"too few who answer":      {few, days(0, 60), insight.Selection{}, insight.Satisfaction{}},
		"one who helped":          {one, days(0, 60), insight.Selection{}, insight.Satisfaction{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.want.Answers = 7
			if diff := cmp.Diff(test.want, insight.SatisfactionOf(7, test.all, test.in, test.of)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Whoever asks for any two spans, and subtracts what they are told, also of all categories from the whole,
// is left with nothing or with the stars of a group that is about nobody in particular.
func TestNobodyIsIsolatedByTwoQuestions(t *testing.T) {
	t.Parallel()
	categories := []string{"A", "B", "C"}
	answer := rapid.Custom(func(t *rapid.T) insight.Answer {
		stars := rapid.IntRange(1, 5)
		return spoken(rapid.IntRange(0, 69).Draw(t, "day"), rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}).Draw(t, "rater"),
			rapid.SampledFrom(categories).Draw(t, "category"), stars.Draw(t, "first"), stars.Draw(t, "stars"))
	})
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(answer, 0, 60).Draw(t, "answers")
		told := func(to int, of ...string) insight.Satisfaction {
			q := insight.Selection{Categories: of}
			p := days(-7, to)
			var known []insight.Answer
			for _, a := range all {
				if in := insight.RatedIn(p); !a.At.Before(in.From) && a.At.Before(in.To) {
					known = append(known, a)
				}
			}
			return insight.SatisfactionOf(0, known, p, q)
		}
		var before [5][5]int
		for to := range 120 {
			now := [5]insight.Satisfaction{told(to), told(to, "A"), told(to, "B"), told(to, "C")}
			rest := now[0]
			for _, s := range now[1:4] {
				for star, n := range s.Stars {
					rest.Stars[star] -= n
				}
			}
			now[4] = rest
			for i, s := range now {
				more := 0
				for star, n := range s.Stars {
					if n < before[i][star] {
						t.Fatalf("on day %d there are fewer answers with %d stars than the day before", to, star+1)
					}
					more += n - before[i][star]
				}
				if more > 0 && more < insight.TellingAnswers {
					t.Fatalf("day %d tells %d answers more than the day before: %v", to, more, s.Stars)
				}
				before[i] = s.Stars
			}
		}
	})
}
