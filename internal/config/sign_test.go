package config

import (
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/ticket"
)

var signInGuide = regexp.MustCompile(`(?m)^\| (\S+) on (?:the|a) (card|reply)`)

// The guide has one line for each sign, with the place where it counts, and no other
// lines. Another test checks that the example file has a setting for each.
func TestGuideHasEverySign(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../docs/guide.md")
	if err != nil {
		t.Fatal(err)
	}
	pictures := map[string]string{"eyes": "👀", "white_check_mark": "✅", "hourglass_flowing_sand": "⏳"}
	want, got := map[string]ticket.Place{}, map[string]ticket.Place{}
	for _, s := range ticket.Signs {
		want[pictures[s.Emoji[0]]] = s.On
	}
	for _, line := range signInGuide.FindAllStringSubmatch(string(guide), -1) {
		got[line[1]] = ticket.Place(line[2])
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) != len(ticket.Signs) {
		t.Errorf("signs in docs/guide.md (-code +guide):\n%s", diff)
	}
}
