package history

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

const (
	day  = 24 * time.Hour
	week = 7 * day

	weeks = 12 // whole weeks, before the current one
)

// End is the end of the history: on the Thursday after twelve weeks, at a time when
// people are at work and some clocks are running.
const End = weeks*week + 3*day + 10*time.Hour + 30*time.Minute

// perDay is the number of tickets on each working day. Weekends have none.
var perDay = []int{8, 7, 6, 6, 5}

// NewPlan makes up three months, beginning on a Monday. The same seed gives the same
// plan.
func NewPlan(seed uint64, start time.Time) (Plan, error) {
	known, err := problems()
	if err != nil {
		return Plan{}, err
	}
	home, err := time.LoadLocation(zone)
	if err != nil {
		return Plan{}, fmt.Errorf("looking up the company's zone: %w", err)
	}
	d := &deck{rng: rand.New(rand.NewPCG(seed, seed)), problems: known, start: start.In(home)}
	plan := Plan{End: End, Deployments: deployments(), Duty: d.duty()}
	for _, at := range filings(d.rng) {
		plan.Tickets = append(plan.Tickets, d.tell(at, len(plan.Tickets))...)
	}
	plan.Tickets = append(plan.Tickets, today(d)...)
	plan.Tickets = append(plan.Tickets, outage(), d.night())
	inOrder(plan.Tickets)
	return plan, nil
}

// filings are the times at which tickets are filed, in order.
func filings(rng *rand.Rand) []time.Duration {
	var times []time.Duration
	for d := range (weeks + 1) * 7 {
		if d%7 >= len(perDay) {
			continue
		}
		for range perDay[d%7] {
			if at := time.Duration(d)*day + hour(rng); at < End-3*time.Hour {
				times = append(times, at)
			}
		}
	}
	slices.Sort(times)
	return times
}

// hour is a time of the day: most people write in the morning, or after lunch.
func hour(rng *rand.Rand) time.Duration {
	hours := []int{9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 12, 13, 13, 14, 14, 14, 15, 15, 16, 16, 17}
	return time.Duration(pick(rng, hours))*time.Hour + between(rng, 2*time.Minute, 58*time.Minute)
}

// working moves a time into working hours, if necessary to the next morning.
func working(rng *rand.Rand, at time.Duration, until time.Duration) time.Duration {
	if clock := at % day; clock >= until || clock < 8*time.Hour {
		at = at.Truncate(day) + 9*time.Hour + between(rng, 3*time.Minute, 35*time.Minute)
		if clock >= until {
			at += day
		}
	}
	for at%week >= 5*day {
		at += day
	}
	return at
}

// deck deals the problems like cards: each occurs once before any occurs again. Problems
// that stop the company are dealt in every third round only.
type deck struct {
	rng       *rand.Rand
	start     time.Time // in the company's zone
	problems  []problem
	left      []problem
	rounds    int
	scenarios []scenario
}

func (d *deck) problem(filed time.Duration) problem {
	if len(d.left) == 0 {
		d.left = slices.DeleteFunc(slices.Clone(d.problems), func(p problem) bool { return p.Priority == "P1" && d.rounds%3 != 1 })
		d.rounds++
		d.rng.Shuffle(len(d.left), func(i, j int) { d.left[i], d.left[j] = d.left[j], d.left[i] })
	}
	p := d.left[0]
	d.left = d.left[1:]
	return p.fill(d.rng, d.start.Add(filed))
}

// scenario deals the scenarios in the proportions of their shares.
func (d *deck) scenario() scenario {
	if len(d.scenarios) == 0 {
		for _, s := range scenarios {
			for range s.share {
				d.scenarios = append(d.scenarios, s)
			}
		}
		d.rng.Shuffle(len(d.scenarios), func(i, j int) { d.scenarios[i], d.scenarios[j] = d.scenarios[j], d.scenarios[i] })
	}
	dealt := d.scenarios[0]
	d.scenarios = d.scenarios[1:]
	return dealt
}

// tell makes up the ticket that is filed at a time, and its twin if the scenario has one.
// place is the ticket's index in the plan.
func (d *deck) tell(at time.Duration, place int) []Ticket {
	f := d.scenario()
	s := d.scene(at)
	f.tell(s)
	tickets := []Ticket{*s.ticket}
	if f.twin {
		tickets = append(tickets, d.twin(s, place))
	}
	return tickets
}

// scene begins a story.
func (d *deck) scene(at time.Duration) *scene {
	p := d.problem(at)
	s := &scene{rng: d.rng, start: d.start, problem: p, now: at, ticket: &Ticket{
		At: at, Requester: pick(d.rng, askers[p.Category]), Priority: d.priority(p.Priority),
		Category: p.Category, Title: p.Title, Text: p.Text, Way: ByCommand, Original: -1,
	}}
	s.cast()
	s.enter()
	return s
}

// priority is the priority that a requester chooses: mostly the problem's usual one.
func (d *deck) priority(usual string) string {
	if n := d.rng.IntN(10); n == 0 && usual == "P3" {
		return "P2"
	} else if n == 0 && usual == "P2" {
		return "P3"
	}
	return usual
}

// twin is the same problem, filed again by a person who had not looked.
func (d *deck) twin(first *scene, place int) Ticket {
	s := &scene{rng: d.rng, start: d.start, problem: first.problem, now: first.ticket.At, owner: first.owner, helper: first.helper, ticket: &Ticket{
		Requester: other(d.rng, []string{"alice", "farid", "carol", "ines"}, first.ticket.Requester), Way: ByCommand, Original: place,
		Priority: first.ticket.Priority, Category: first.ticket.Category, Title: first.ticket.Title + " (again)",
		Text: "Seen here as well.\n" + first.ticket.Text,
	}}
	s.pass(4*time.Minute, 25*time.Minute)
	s.ticket.At = s.now
	s.pass(3*time.Minute, 15*time.Minute)
	s.do(s.owner, Step{Do: Close, To: "duplicate", Text: "The same cause; follow the other one, please."})
	return *s.ticket
}

// inOrder sorts tickets by their filing and corrects the indexes of originals.
func inOrder(tickets []Ticket) {
	places := make([]int, len(tickets))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(tickets[a].At, tickets[b].At) })
	now := make([]int, len(tickets))
	sorted := make([]Ticket, len(tickets))
	for to, from := range places {
		now[from], sorted[to] = to, tickets[from]
	}
	for i := range sorted {
		if sorted[i].Original >= 0 {
			sorted[i].Original = now[sorted[i].Original]
		}
	}
	copy(tickets, sorted)
}

func other(rng *rand.Rand, list []string, not string) string {
	for {
		if who := pick(rng, list); who != not {
			return who
		}
	}
}
