package desk

import (
	"testing"
	"time"
)

func TestFlooded(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	opened := func(minutes ...int) []Similar {
		var all []Similar
		for _, m := range minutes {
			all = append(all, Similar{OpenedAt: start.Add(time.Duration(m) * time.Minute)})
		}
		return all
	}
	for name, test := range map[string]struct {
		similar []Similar
		at      int
		want    int
	}{
		"alone":                        {opened(0), 0, 0},
		"four":                         {opened(0, 1, 2, 3), 2, 0},
		"five":                         {opened(0, 1, 2, 3, 4), 2, 5},
		"five within just ten minutes": {opened(0, 2, 5, 7, 10), 10, 5},
		"five within eleven":           {opened(0, 2, 5, 7, 11), 5, 0},
		"the fullest span counts":      {opened(0, 9, 10, 11, 12, 13, 19), 10, 6},
		"not the one before it began":  {opened(-10, 1, 2, 3, 4, 5), -10, 0},
		"all at once":                  {opened(3, 3, 3, 3, 3, 3), 3, 6},
	} {
		t.Run(name, func(t *testing.T) {
			if got := len(flooded(test.similar, start.Add(time.Duration(test.at)*time.Minute))); got != test.want {
				t.Errorf("%d, want %d", got, test.want)
			}
		})
	}
}
