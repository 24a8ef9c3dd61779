package catchup_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"supporty/internal/catchup"
	"supporty/internal/ticket"
)

// card is a card by its channel and ts, such as "C1 2.0".
func card(name string) ticket.Message {
	channel, ts, _ := strings.Cut(name, " ")
	return ticket.Message{Channel: channel, TS: ts}
}

func cards(names ...string) (all []catchup.Thread) {
	for _, name := range names {
		all = append(all, catchup.Thread{Root: card(name)})
	}
	return all
}

func TestLapAhead(t *testing.T) {
	t.Parallel()
	all := cards("C2 3.0", "C1 1.0", "C1 2.0", "C2 4.0", "C1 5.0")
	for name, test := range map[string]struct{ began, at, want string }{
		"the first of all":              {want: "C1 5.0, C1 2.0, C1 1.0, C2 4.0, C2 3.0"},
		"some are read":                 {at: "C1 1.0", want: "C1 1.0, C2 4.0, C2 3.0"},
		"it begins in the middle":       {began: "C1 1.0", at: "C1 1.0", want: "C1 1.0, C2 4.0, C2 3.0, C1 5.0, C1 2.0"},
		"it began in the middle":        {began: "C1 1.0", at: "C2 3.0", want: "C2 3.0, C1 5.0, C1 2.0"},
		"it has come round":             {began: "C2 4.0", at: "C1 2.0", want: "C1 2.0, C1 1.0"},
		"a new card at the beginning":   {at: "C1 4.0", want: "C1 2.0, C1 1.0, C2 4.0, C2 3.0"},
		"the card with which it began":  {began: "C1 1.5", at: "C1 2.0", want: "C1 2.0"},
		"nothing is left before it":     {began: "C1 1.5", at: "C1 1.7", want: ""},
		"a channel that has cards less": {at: "C1 0.5", want: "C2 4.0, C2 3.0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, one := range (catchup.Lap{Began: card(test.began), At: card(test.at)}).Ahead(all) {
				got = append(got, one.Root.Channel+" "+one.Root.TS)
			}
			if got := strings.Join(got, ", "); got != test.want {
				t.Errorf("ahead is %s; want %s", got, test.want)
			}
		})
	}
}

// However often a lap is interrupted, by a stop or by a gap that begins another one: every
// card is read after the last gap, and none twice in one lap.
func TestLapsReadEveryCard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all []catchup.Thread
		for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(10, 99), 1, 20, rapid.ID).Draw(t, "cards") {
			all = append(all, cards(fmt.Sprintf("C%d %d.0", n%3, n))...)
		}
		var lap catchup.Lap
		read := map[ticket.Message]int{}
		for ahead := lap.Ahead(all); len(ahead) > 0; {
			n := rapid.IntRange(1, len(ahead)).Draw(t, "page")
			for _, one := range ahead[:n] {
				read[one.Root]++
			}
			if ahead = ahead[n:]; len(ahead) == 0 {
				break
			}
			lap.At = ahead[0].Root
			switch rapid.SampledFrom([]string{"", "", "a stop", "a gap"}).Draw(t, "interruption") {
			case "a stop":
				ahead = lap.Ahead(all)
			case "a gap":
				lap.Began = lap.At
				clear(read)
				ahead = lap.Ahead(all)
			}
		}
		for _, one := range all {
			if read[one.Root] != 1 {
				t.Fatalf("%v was read %d times", one.Root, read[one.Root])
			}
		}
	})
}
