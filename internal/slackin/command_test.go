package slackin

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/slackview"
)

// Each command does something, no other word does, and none of them opens a new ticket.
func TestEveryCommandIsAnswered(t *testing.T) {
	t.Parallel()
	var words []string
	for _, c := range slackview.Commands {
		words = append(words, c.Word)
		behind := map[slackview.Takes]string{
			slackview.TakesNothing: "", slackview.TakesFilter: " P2 unowned", slackview.TakesQuery: " checkout", slackview.TakesStats: " 30d", slackview.TakesNumber: " #1", slackview.TakesWords: " 1 Which card?", slackview.TakesCategory: " billing", slackview.TakesDuty: " tomorrow 9:00", slackview.TakesSquad: "",
			slackview.TakesPerson: " 1 <@U0BEN|ben> because of that", slackview.TakesPriority: " 1 p1 because it hurts", slackview.TakesOriginal: " 1 of 17",
		}[c.Takes]
		for _, typed := range []string{c.Word + behind, strings.ToUpper(c.Word) + behind} {
			h := newHarness(t)
			h.gets(t, kindCommand, fmt.Sprintf(`{"text":%q,"user_id":%q,"trigger_id":"T1","response_url":"u"}`, typed, ben))
			if calls := h.slack.heard(); len(calls) != 1 || strings.HasPrefix(calls[0], "open form_new") {
				t.Errorf("%s: %q", typed, calls)
			}
		}
		if c.Takes == slackview.TakesQuery {
			continue // any text can be looked for
		}
		h := newHarness(t)
		h.gets(t, kindCommand, fmt.Sprintf(`{"text":%q,"user_id":%q,"trigger_id":"T1","response_url":"u"}`, c.Word+" what is broken", ben))
		if calls := h.slack.heard(); len(calls) != 1 || calls[0] != "open form_new T1" {
			t.Errorf("%s as the beginning of a title: %q", c.Word, calls)
		}
	}
	slices.Sort(words)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(byWord)), words); diff != "" {
		t.Errorf("commands (-handled +told):\n%s", diff)
	}
}

var (
	commandRow  = regexp.MustCompile("(?m)^\\| (`/support[^|]*) \\|")
	commandWord = regexp.MustCompile("`(?:/support )?([a-z]+)[^`]*`")
)

// The guide lists the commands of the table and no others. So does the help, but for the
// help command itself.
func TestGuideAndHelpHaveEveryCommand(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../docs/guide.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, row := range commandRow.FindAllStringSubmatch(string(guide), -1) {
		for _, word := range commandWord.FindAllStringSubmatch(row[1], -1) {
			listed = append(listed, word[1])
		}
	}
	var words []string
	help := slackview.Help(slackview.FormParams{}, slackview.Scene{Command: "/hilfe"}).Text
	for _, c := range slackview.Commands {
		words = append(words, c.Word)
		if c.Word != "help" && !strings.Contains(help, "`/hilfe "+c.Word) {
			t.Errorf("the help does not tell of %s:\n%s", c.Word, help)
		}
	}
	slices.Sort(listed)
	slices.Sort(words)
	if diff := cmp.Diff(words, listed); diff != "" {
		t.Errorf("commands in docs/guide.md (-code +guide):\n%s", diff)
	}
	if strings.Contains(help, "/support") {
		t.Errorf("the help knows the command by another name:\n%s", help)
	}
}
