//go:build unix

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// What the torture does to duty: squads whose rotas hand over while everything goes wrong, and P1s
// that are filed while the desk of their squad is closed, so that they call people.

// handover is one that falls into the torture.
type handover struct {
	squad string
	at    time.Time
}

const (
	handoversAtATime  = 3 // in each minute
	nightsOfACategory = 4 // one more in ten minutes is a flood, of which only the first calls
)

func handoversWithin(begin time.Time, d time.Duration) (all []handover) {
	for at := begin.Truncate(time.Minute).Add(time.Minute); at.Before(begin.Add(d)); at = at.Add(time.Minute) {
		for range handoversAtATime {
			all = append(all, handover{fmt.Sprintf("Rota-%02d", len(all)+1), at})
		}
	}
	return all
}

// onDuty are the people of all rotas, by name.
var onDuty = []string{"bob", "dana"}

// withIDs gives people ids that settings can name.
func withIDs(w slacksim.Workspace) slacksim.Workspace {
	for i, p := range w.People {
		w.People[i].ID = idFor(p.Name)
	}
	return w
}

func idFor(name string) string { return "U0" + strings.ToUpper(name) + "01" }

// dutySettings have a squad for each handover, and one that works at another time of the week, so
// that its desk is closed: its P1s call along a ladder.
func dutySettings(all []handover, page string) string {
	var b strings.Builder
	members := "[" + idFor(onDuty[0]) + ", " + idFor(onDuty[1]) + "]"
	b.WriteString("squads:\n")
	for _, h := range all {
		fmt.Fprintf(&b, "  - {name: %s, members: %s, rota: \"%s UTC\"}\n", h.squad, members, h.at.UTC().Format("15:04"))
	}
	now := time.Now().UTC()
	fmt.Fprintf(&b, "  - {name: Nights, members: %s, lead: %s, rota: \"%s UTC\", hours: \"%s 09:00-10:00 UTC\", ladder: {last: %s}}\n",
		members, idFor("frank"), now.Add(6*time.Hour).Format("15:04"), now.AddDate(0, 0, 3).Format("Mon"), idFor("grace"))
	b.WriteString("categories: [Payments, Product, Access, Data, Other")
	for i := range nightCategories {
		fmt.Fprintf(&b, ", {name: %s, squad: Nights}", categoryOf(i*nightsOfACategory))
	}
	b.WriteString("]\n")
	fmt.Fprintf(&b, "pages:\n  - {name: phone, url: %q, people: %s}\n", page, members)
	return b.String()
}

// nightCategories is enough for a torture of ten minutes.
const nightCategories = 40

// categoryOf is the category of the n-th night.
func categoryOf(n int) string { return fmt.Sprintf("Nights-%02d", n/nightsOfACategory%nightCategories) }

// phone is where pages arrive. It fails, or is slow, as phones are.
type phone struct {
	server *httptest.Server

	mu    sync.Mutex
	calls map[int64]map[string]int // by ticket: how often each page arrived
}

func newPhone(t *testing.T) *phone {
	t.Helper()
	p := &phone{calls: map[int64]map[string]int{}}
	chance := rand.New(rand.NewPCG(1, 1))
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var page struct {
			Key    string `json:"dedup_key"`
			Ticket int64  `json:"ticket"`
		}
		if err := json.NewDecoder(r.Body).Decode(&page); err != nil {
			t.Errorf("a page: %v", err)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if chance.IntN(4) == 0 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		if p.calls[page.Ticket] == nil {
			p.calls[page.Ticket] = map[string]int{}
		}
		p.calls[page.Ticket][page.Key]++
	}))
	t.Cleanup(p.server.Close)
	return p
}

// night is a P1 that was filed while its desk was closed.
type night struct {
	title    string
	filed    time.Time
	accepted bool
	pressed  bool
}

// files files a P1 now and then.
func (a *tortureHarness) files(ctx context.Context, p *player) {
	for i := 0; ctx.Err() == nil; i++ {
		pause(ctx, between(p.chance, 3*time.Second, 9*time.Second))
		open := func() error { _, err := p.actor.Shortcut(p.ctx, "ticket_new"); return err }
		if ctx.Err() != nil || !p.opens("form_new", open) {
			continue
		}
		n := &night{title: fmt.Sprintf("Night-%d.", i)}
		values := problem(n.title)
		values["priority"], values["category"] = "P1", categoryOf(i)
		out, err := p.actor.Submit(p.ctx, values)
		for tries := 0; err == nil && !out.Closed && tries < 40; tries++ {
			pause(p.ctx, 500*time.Millisecond)
			out, err = p.actor.Resubmit(p.ctx)
		}
		n.accepted, n.filed = err == nil && out.Closed, time.Now()
		a.mu.Lock()
		a.nights = append(a.nights, n)
		a.mu.Unlock()
	}
}

// presses answers some calls.
func (a *tortureHarness) presses(ctx context.Context, p *player) {
	for ctx.Err() == nil {
		pause(ctx, between(p.chance, 4*time.Second, 12*time.Second))
		m := withButton(p.now.Load().DMs(p.name), "reach")
		if m == nil {
			continue
		}
		a.mu.Lock()
		for _, n := range a.nights {
			n.pressed = n.pressed || strings.Contains(m.Rendered(), n.title)
		}
		a.mu.Unlock()
		if _, err := p.actor.Click(p.ctx, m.Channel, m.TS, "reach"); err == nil {
			p.count("on it", unknown)
		}
	}
}

// duty: every handover is told once, and known once; every call of the ladder reaches whom it calls
// once, and so does its page.
func (k *checker) duty() {
	for _, h := range k.handovers {
		k.handedOver(h)
	}
	calls := 0
	for _, n := range k.nights {
		if n.accepted {
			calls += k.called(n)
		}
	}
	k.made["called"] = calls
}

// handedOver checks one handover. Who was on duty until then was told so at the start.
func (k *checker) handedOver(h handover) {
	told := map[int]string{}
	for _, m := range k.posted {
		if strings.Contains(m.Rendered(), "You are on duty for "+h.squad+" ") && deadlineIn(m.Text).After(h.at) {
			told[outboxID(m)] = fmt.Sprintf("%s in %s: %s", at(m).Format(time.TimeOnly), m.Channel, m.Rendered())
		}
	}
	if len(told) != 1 {
		k.violate(nil, "the handover of %s at %s was told %d times: %v", h.squad, h.at.Format(time.TimeOnly), len(told), told)
	}
	var known int
	k.must(k.pg.ask(k.ctx, &known, `SELECT count(*) FROM duty_shifts WHERE squad = $1 AND since >= $2`, h.squad, h.at))
	if known != 1 {
		k.violate(nil, "the handover of %s at %s is known %d times", h.squad, h.at.Format(time.TimeOnly), known)
	}
}

// called checks the calls about one ticket, and returns how many there were.
func (k *checker) called(n *night) int {
	card := cardIn(&k.state, n.title)
	if card == nil {
		k.violate(nil, "%s has no card", n.title)
		return 0
	}
	var rows, steps int
	number := numberOf(card)
	k.must(k.pg.ask(k.ctx, &rows, `SELECT count(*) FROM duty_pages WHERE ticket = $1::text::bigint`, number))
	k.must(k.pg.ask(k.ctx, &steps, `SELECT count(DISTINCT (step, person)) FROM duty_pages WHERE ticket = $1::text::bigint`, number))
	direct := map[int]bool{}
	for _, m := range k.posted {
		if strings.HasPrefix(m.Channel, "D") && strings.Contains(m.Rendered(), "P1 #"+number+" ") {
			direct[outboxID(m)] = true
		}
	}
	pages := k.phone.of(number)
	switch {
	case rows != steps:
		k.violate(nil, "%s: a step of the ladder was taken twice: %d calls, %d steps", n.title, rows, steps)
	case len(direct) > rows || len(pages) > rows:
		k.violate(nil, "%s: %d calls in the ledger, %d direct messages, %d pages", n.title, rows, len(direct), len(pages))
	case n.pressed || k.someoneHas(card):
		return rows // what was on its way then need not arrive
	case rows == 0 || len(direct) != rows || len(pages) != k.toPhones(number):
		k.violate(nil, "%s: nobody pressed, and of %d calls %d direct messages and %d pages arrived", n.title, rows, len(direct), len(pages))
	}
	return rows
}

// toPhones is how many calls about a ticket were to people who have a page.
func (k *checker) toPhones(number string) (n int) {
	ids := []string{idFor(onDuty[0]), idFor(onDuty[1])}
	k.must(k.pg.ask(k.ctx, &n, `SELECT count(*) FROM duty_pages WHERE ticket = $1::text::bigint AND person = ANY ($2)`, number, ids))
	return n
}

// someoneHas reports whether a ticket has, or had, an owner or an end.
func (k *checker) someoneHas(card *slacksim.Message) bool {
	return slices.ContainsFunc(append(k.looks(card), card.Text), func(look string) bool {
		return strings.Contains(look, " has it") || strings.Contains(look, "resolved") || strings.Contains(look, "closed")
	})
}

// of returns the pages about a ticket that arrived, by their keys.
func (p *phone) of(number string) map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	for ticket, pages := range p.calls {
		if fmt.Sprint(ticket) == number {
			return pages
		}
	}
	return nil
}
