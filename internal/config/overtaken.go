package config

import (
	"fmt"
	"time"

	"supporty/internal/sla"
)

// Overtaken finds targets in an unexpected order. For each Promise it names the first
// minute of the coming year at which a ticket of a lower priority would be due before one
// of a higher priority, or the solution before the answer. The program works with such
// settings, but people do not expect them. The start does not check this, because the
// result depends on the year.
func (c Config) Overtaken(now time.Time) Problems {
	problems := c.promise().overtaken("priorities", now)
	for i, s := range c.Squads {
		problems = append(problems, c.promise(s.Override).overtaken(fmt.Sprintf("squads[%d]", i), now)...)
	}
	for i, k := range c.Categories {
		if k.Hours != nil || len(k.Targets) > 0 {
			problems = append(problems, c.Promise(k.Name).overtaken(fmt.Sprintf("categories[%d]", i), now)...)
		}
	}
	return problems
}

// order is a pair of goals of which the first must be due before the second.
type order struct {
	first, second string // "P2 is solved within 3h"
	before, after sla.Goal
}

func (p Promise) overtaken(at string, now time.Time) Problems {
	targets, err := p.Targets()
	if err != nil {
		return Problems{{Path: at, Want: err.Error()}}
	}
	var problems Problems
	for _, o := range p.orders(targets) {
		filed, found := sla.Overtaken(o.before, o.after, now, now.AddDate(1, 0, 0))
		if !found {
			continue
		}
		zone, err := time.LoadLocation(p.Hours.Zone)
		if err != nil {
			zone = time.UTC
		}
		show := func(t time.Time) string { return t.In(zone).Format("Mon 2006-01-02 15:04") }
		problems = append(problems, Problem{Path: at, Want: fmt.Sprintf("%s, %s; but filed %s (%s) the second is due first, %s, and the other %s; write times that keep their order",
			o.first, o.second, show(filed), zone, show(o.after.Due(filed)), show(o.before.Due(filed)))})
	}
	return problems
}

// orders are the pairs: an answer before the solution, and a higher priority before the
// next lower one.
func (p Promise) orders(targets sla.Targets) []order {
	var orders []order
	for i, own := range p.Priorities {
		t := targets[i+1]
		solved, answered := own.Name+" is solved within "+own.Resolve.String(), own.Name+" is answered within "+own.Respond.String()
		orders = append(orders, order{answered, solved, t.ToRespond(), t.ToResolve()})
		if i+1 < len(p.Priorities) {
			lower, its := p.Priorities[i+1], targets[i+2]
			orders = append(orders,
				order{solved, lower.Name + " within " + lower.Resolve.String(), t.ToResolve(), its.ToResolve()},
				order{answered, lower.Name + " within " + lower.Respond.String(), t.ToRespond(), its.ToRespond()})
		}
	}
	return orders
}
