package history

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// outageAt is when the small problem begins that became large: on a Saturday, two weeks before the end. Nobody
// files or waits for anything else then: who helps is in the channel meanwhile.
const outageAt = (weeks-2)*week + 5*day + 9*time.Hour + 40*time.Minute

// The outage takes so long, with so many replies of so many people.
const (
	outageTook    = 5*time.Hour + 10*time.Minute
	outageReplies = 143
)

// helpers come to the outage from elsewhere, and leave afterwards.
var helpers = []string{"carol", "farid", "grace", "hugo", "ines"}

// talk is what people say in the outage, in turn.
var talk = []struct{ who, text string }{
	{"bob", "I see it in the log of the gateway: one request of three times out."},
	{"alice", "Three customers on the telephone at once, all with cards."},
	{"dana", "The release of this morning changed the pool of connections. Reading it."},
	{"farid", "Customer care has a queue of %d now. What do we tell them?"},
	{"jonas", "Please tell them to try again in a few minutes; most get through the second time."},
	{"kim", "The provider says that nothing is wrong on their side. Ticket %d there."},
	{"liam", "On the second machine I count %d timeouts in a minute."},
	{"grace", "Turnover is down by %d per cent since ten. I need a time for the board."},
	{"bob", "Not yet. We know where, not why."},
	{"carol", "Here it is the same, also for American cards."},
	{"dana", "With the old setting of the pool it is better, but not gone: %d a minute."},
	{"hugo", "Orders that were paid twice come to the warehouse. Should we hold them?"},
	{"alice", "Yes please, hold all with two payments. I send you the list of %d."},
	{"ines", "The list is in the shared folder; it is renewed every ten minutes."},
	{"erin", "A customer sends a picture: the page turns for a minute, then an error."},
	{"jonas", "Try %d: three of the calls go to a host that was switched off last week."},
	{"kim", "That host is still in the list of names. Removing it on one machine."},
	{"liam", "Machine one has had no timeout for %d seconds."},
	{"bob", "Then the same on the others. One after the other, please."},
	{"farid", "The queue is at %d. Is it better already?"},
}

// outage is a ticket that was filed as a small thing: it takes half a day and everybody. Its text has no
// chance in it, so that the history before it is the same.
func outage() Ticket {
	t := Ticket{
		At: outageAt, Requester: "alice", Way: ByCommand, Priority: "P2", Category: "Payments", Original: -1,
		Title: "Some card payments take long", Text: "A few customers say that the page turns for a minute when they pay by card. Small thing, but please have a look today.",
	}
	at := outageAt + 4*time.Minute
	do := func(who string, step Step) {
		step.Who, step.At = who, at
		t.Steps = append(t.Steps, step)
	}
	do("bob", Step{Do: ClaimEmoji})
	at += time.Minute
	do("bob", Step{Do: Incident})
	for _, who := range helpers {
		at += 10 * time.Second
		do(who, Step{Do: Join})
	}
	begin, long := at, outageAt+outageTook-at-5*time.Minute
	for i := range outageReplies - 1 {
		at = begin + (long * time.Duration(i+1) / outageReplies).Truncate(time.Second)
		said := talk[i%len(talk)]
		do(said.who, Step{Do: Reply, Text: spoken(said.text, i)})
	}
	at = outageAt + outageTook - 2*time.Minute
	do("bob", Step{Do: Reply, Text: "The old host is off every list, and no payment has timed out for half an hour."})
	at = outageAt + outageTook
	do("bob", Step{Do: ResolveForm, To: "configuration", Text: "a host that was switched off is off the list; the list is checked from now on"})
	for _, who := range helpers {
		at += 2 * time.Minute
		do(who, Step{Do: Leave})
	}
	at += time.Minute
	do("alice", Step{Do: Thank})
	return t
}

// spoken fills in a number that differs each time.
func spoken(text string, i int) string {
	return strings.ReplaceAll(text, "%d", strconv.Itoa(11+i*37%83))
}

// deployments are those of twelve weeks: the shop every working day, the warehouse and the back office on some.
func deployments() (all []Deployment) {
	for d := range (weeks + 1) * 7 {
		at := time.Duration(d)*day + 11*time.Hour
		add := func(service string, after time.Duration) {
			all = append(all, Deployment{At: at + after, Service: service, Version: fmt.Sprintf("1.%d.%d", d/7, d%7)})
		}
		switch d % 7 {
		case 0, 2:
			add("shop", 0)
			add("backoffice", 3*time.Hour)
		case 1, 3:
			add("warehouse", -time.Hour)
			add("shop", 4*time.Hour)
		case 4:
			add("shop", 0)
		}
	}
	return all
}
