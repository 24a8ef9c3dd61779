package history_test

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"supporty/internal/dev/slacksim"
)

// The bot posts little. Of 400 recorded tickets, half get at most four messages of the
// bot, and 95 % at most eight. The card and messages in the thread and in direct messages
// count. An ephemeral message does not count: it answers a gesture that its reader has
// just made. Neither does a person's message that the bot brings to the other side, nor what is
// told once a week or at a handover about many tickets. Surveys are off, as they are unless the
// settings have them.
func TestMessagesPerTicket(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("NOT COUNTED: the messages of 400 tickets; make proof does it")
	}
	p := plan(t, seed)
	if len(p.Tickets) < 400 {
		t.Fatalf("%d tickets; 400 are promised", len(p.Tickets))
	}
	perTicket := messages(playAsking(t, 0, p))
	if len(perTicket) != len(p.Tickets) {
		t.Errorf("messages about %d tickets of %d", len(perTicket), len(p.Tickets))
	}
	said := slices.Sorted(maps.Values(perTicket))
	median, p95 := said[len(said)/2], said[len(said)*95/100]
	t.Logf("%d tickets: median %d, p95 %d, most %d", len(said), median, p95, said[len(said)-1])
	if median > 4 || p95 > 8 {
		t.Errorf("median %d and p95 %d messages a ticket; at most 4 and 8 are promised", median, p95)
	}
}

var (
	number  = regexp.MustCompile(`#\d+`)
	ofMany  = regexp.MustCompile(`^(People said thanks|You are on duty|In the rota) `)
	carried = regexp.MustCompile(`^(<@\w+>, )?\S.* wrote( about \S*#\d+>?)?:|^Also written about `)
)

// messages counts the bot's messages about each ticket. Every one of them begins with the
// ticket's number.
func messages(s slacksim.State) map[string]int {
	counts := map[string]int{}
	count := func(list []*slacksim.Message) {
		for _, m := range list {
			if n := number.FindString(m.Text); m.User == s.BotUserID && n != "" && !carried.MatchString(m.Text) && !ofMany.MatchString(m.Text) {
				counts[n]++
			}
		}
	}
	count(s.Channel("support").Messages)
	for _, person := range s.People {
		if person.ID != s.BotUserID { // the other side of every direct message
			count(s.DMs(person.Name))
		}
	}
	return counts
}
