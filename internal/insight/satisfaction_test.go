package insight_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/insight"
)

// Stars are about nobody in particular, or are not told.
func TestSatisfaction(t *testing.T) {
	t.Parallel()
	five := []insight.Answers{{First: 2, Stars: 4, Count: 1}, {First: 1, Stars: 5, Count: 2}, {First: 5, Stars: 3, Count: 1}, {First: 4, Stars: 4, Count: 1}}
	told := insight.Satisfaction{
		Answers: 5, Stars: [5]int{0, 0, 1, 2, 2}, Telling: true,
		Rose: []insight.Rise{{From: 1, To: 5, Count: 2}, {From: 2, To: 4, Count: 1}},
	}
	for name, test := range map[string]struct {
		all             []insight.Answers
		raters, helpers int
		want            insight.Satisfaction
	}{
		"enough":             {five, 3, 2, told},
		"none":               {nil, 0, 0, insight.Satisfaction{}},
		"too few answers":    {five[1:], 3, 2, insight.Satisfaction{Answers: 4}},
		"too few who answer": {five, 2, 2, insight.Satisfaction{Answers: 5}},
		"one who helped":     {five, 3, 1, insight.Satisfaction{Answers: 5}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, insight.SatisfactionOf(test.all, test.raters, test.helpers)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
