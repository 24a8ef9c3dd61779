package postgres_test

import (
	"slices"
	"time"

	"supporty/internal/insight"
)

// plainCosts counts what threads took, without regard to speed.
type plainCosts struct {
	by     map[string]insight.Cost
	people map[string]map[string]bool // who wrote, by category; "" is private
	all    []insight.Thread
}

func newPlainCosts() *plainCosts {
	return &plainCosts{by: map[string]insight.Cost{}, people: map[string]map[string]bool{}}
}

func (p *plainCosts) count(l life) {
	thread := insight.Thread{Number: l.number}
	written := map[string][]time.Time{}
	for _, r := range l.replies {
		if !r.gone && !r.at.After(l.last().ended) {
			thread.Replies++
			written[r.who] = append(written[r.who], r.at)
		}
	}
	if p.people[l.counted()] == nil {
		p.people[l.counted()] = map[string]bool{}
	}
	for who, times := range written {
		p.people[l.counted()][who] = true
		slices.SortFunc(times, time.Time.Compare)
		for i := range times[1:] {
			if d := times[i+1].Sub(times[i]); d <= pause {
				thread.Active += d
			}
		}
	}
	thread.People = len(written)
	for _, c := range l.cycles {
		if !c.ended.IsZero() {
			thread.Took += c.ended.Sub(c.started) - c.waited - c.held
		}
	}
	p.by[l.counted()] = added(p.by[l.counted()], insight.Cost{Tickets: 1, Replies: thread.Replies, People: thread.People, Active: thread.Active})
	if thread.People >= 3 && !l.private {
		p.all = append(p.all, thread)
	}
}

func added(a, b insight.Cost) insight.Cost {
	a.Tickets, a.Replies, a.People, a.Active = a.Tickets+b.Tickets, a.Replies+b.Replies, a.People+b.People, a.Active+b.Active
	return a
}

func (p *plainCosts) addTo(n *insight.Numbers) {
	everybody := map[string]bool{}
	for category, c := range p.by {
		n.Cost = added(n.Cost, c)
		for who := range p.people[category] {
			everybody[who] = true
		}
		if category != "" && c.Tickets >= 5 && len(p.people[category]) >= 3 {
			c.Telling = true
			n.Costs = append(n.Costs, insight.CategoryCost{Name: category, Cost: c})
		}
	}
	if n.Cost.Telling = n.Cost.Tickets >= 5 && len(everybody) >= 3; !n.Cost.Telling {
		n.Cost.Active = 0
	}
	slices.SortFunc(n.Costs, insight.ByActivity)
	slices.SortFunc(p.all, insight.Costlier)
	n.Costliest = p.all[:min(3, len(p.all))]
}
