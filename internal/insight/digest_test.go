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
			Name:        rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name"),
			Tickets:     tickets,
			CodeChanges: rapid.IntRange(0, tickets).Draw(t, "changes"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOf(category).Draw(t, "categories")
		got, ok := insight.Digest{This: insight.Numbers{Categories: all}}.LookAt()
		if ok && (got.Tickets < 3 || got.CodeChanges*3 > got.Tickets) {
			t.Fatalf("%+v is not worth a look", got)
		}
		for _, c := range all {
			if c.Tickets >= 3 && c.CodeChanges*3 <= c.Tickets && (!ok || c.Tickets > got.Tickets) {
				t.Fatalf("%+v is worth more of a look than %+v", c, got)
			}
		}
	})
}
