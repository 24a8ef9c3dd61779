package webapi

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"supporty/internal/dev/slacksim/workspace"
)

func TestPagesCoverTheList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(0, 30).Draw(t, "count")
		limit := rapid.IntRange(1, 12).Draw(t, "limit")
		newestFirst := rapid.Bool().Draw(t, "newestFirst")
		var list []*workspace.Message
		for i := range count {
			list = append(list, &workspace.Message{TS: fmt.Sprintf("17000000%02d.000000", i)})
		}
		if newestFirst {
			slices.Reverse(list)
		}
		var got []*workspace.Message
		for cursor := ""; ; {
			part, next, err := messagePage(list, cursor, limit, newestFirst)
			if err != nil || len(part) > limit {
				t.Fatalf("page of %d, limit %d: %v", len(part), limit, err)
			}
			got = append(got, part...)
			if cursor = next; next == "" {
				break
			}
		}
		if !slices.Equal(got, list) {
			t.Fatalf("pages hold %d messages of %d", len(got), len(list))
		}
	})
}

func TestHistoryBounds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		ts   string
		a    args
		want bool
	}{
		{"1700000000.000001", args{}, true},
		{"1700000000.000001", args{"oldest": "1700000000.000001"}, false},
		{"1700000000.000001", args{"oldest": "1700000000.000001", "inclusive": "1"}, true},
		{"1700000000.000001", args{"oldest": "0"}, true},
		{"1700000000.000001", args{"oldest": "1700000000"}, true},
		{"1700000000.000001", args{"latest": "1700000000"}, false},
		{"1700000000.000001", args{"oldest": "999999999.5", "latest": "1700000000.1"}, true},
	}
	for _, tt := range tests {
		if got := within(tt.ts, tt.a); got != tt.want {
			t.Errorf("%s within %v: %v", tt.ts, tt.a, got)
		}
	}
}
