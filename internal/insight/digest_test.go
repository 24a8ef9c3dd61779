package insight_test

import (
	"testing"

	"pgregory.net/rapid"

	"supporty/internal/insight"
)

func TestWhatIsWorthALook(t *testing.T) {
	t.Parallel()
	category := rapid.Custom(func(t *rapid.T) insight.Category {
		tickets := rapid.IntRange(1, 12).Draw(t, "tickets")
		return insight.Category{
			Name:        rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}).Draw(t, "name"),
			Tickets:     tickets,
			CodeChanges: rapid.IntRange(0, tickets).Draw(t, "changes"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		d := insight.Digest{This: insight.Numbers{Categories: rapid.SliceOfNDistinct(category, 0, 4, func(c insight.Category) string { return c.Name }).Draw(t, "categories")}}
		got, ok := d.LookAt()
		if ok && !d.This.Hard(got) {
			t.Fatalf("%+v is not worth a look", got)
		}
		for _, c := range d.This.Categories {
			if d.This.Hard(c) && (!ok || c.Tickets > got.Tickets) {
				t.Fatalf("%+v is worth more of a look than %+v", c, got)
			}
		}
	})
}

// A category is hard to understand if it stands out, never by small numbers, and never if all are alike.
func TestHardToUnderstand(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		of   [2]int // tickets and code changes
		rest [][2]int
		want bool
	}{
		"all alike, by few changes":               {of: [2]int{40, 4}, rest: [][2]int{{38, 5}, {42, 3}, {35, 4}}},
		"all alike, without a change":             {of: [2]int{9, 0}, rest: [][2]int{{9, 0}, {8, 0}, {7, 0}}},
		"nothing beside it":                       {of: [2]int{40, 0}},
		"four tickets":                            {of: [2]int{4, 0}, rest: [][2]int{{1, 1}, {1, 1}}},
		"a change for every two":                  {of: [2]int{40, 20}, rest: [][2]int{{40, 38}, {40, 40}}},
		"two changes missing":                     {of: [2]int{5, 0}, rest: [][2]int{{20, 8}}},
		"three changes missing":                   {of: [2]int{5, 0}, rest: [][2]int{{20, 12}}, want: true},
		"more than half of what it would have":    {of: [2]int{60, 11}, rest: [][2]int{{60, 21}}},
		"half of what it would have":              {of: [2]int{60, 10}, rest: [][2]int{{60, 20}}, want: true},
		"twice as many":                           {of: [2]int{12, 0}, rest: [][2]int{{6, 0}, {6, 0}, {7, 0}}, want: true},
		"twice the median between two":            {of: [2]int{11, 0}, rest: [][2]int{{4, 0}, {7, 0}}, want: true},
		"almost twice as many":                    {of: [2]int{11, 0}, rest: [][2]int{{6, 0}, {6, 0}, {7, 0}}},
		"twice as many, but more of them by code": {of: [2]int{12, 4}, rest: [][2]int{{6, 1}, {6, 1}}},
		"twice as many as only one":               {of: [2]int{12, 0}, rest: [][2]int{{6, 0}}},
	} {
		n := insight.Numbers{Categories: []insight.Category{{Name: "it", Tickets: test.of[0], CodeChanges: test.of[1]}}}
		for i, r := range test.rest {
			n.Categories = append(n.Categories, insight.Category{Name: string(rune('a' + i)), Tickets: r[0], CodeChanges: r[1]})
		}
		if got := n.Hard(n.Categories[0]); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
